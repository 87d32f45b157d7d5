/**
 * An immutable map of names that keeps the order in which they were added. A change gives a new map, in O(log n), and shares with the one
 * before it whatever stayed.
 *
 * Two balanced trees hold it: one finds the number of a name, the other has the values in the order of their numbers.
 *
 * ```
 *   places   a → 1   b → 3   c → 2             a new value for b changes the entries alone
 *   entries  1 → a, …   2 → c, …   3 → b, …    a name that is added has the number behind the last
 * ```
 *
 * @see https://doi.org/10.1017/S0956796800000885
 */

/** @internal */
export class OrderedMap<V> {
  readonly #places: Tree<string, number>
  readonly #entries: Tree<number, readonly [string, V]>

  private constructor(places: Tree<string, number>, entries: Tree<number, readonly [string, V]>) {
    this.#places = places
    this.#entries = entries
  }

  static empty<V>(): OrderedMap<V> {
    return new OrderedMap<V>(undefined, undefined)
  }

  get size(): number {
    return sizeOf(this.#places)
  }

  get(key: string): V | undefined {
    const place = lookup(this.#places, key)
    return place === undefined ? undefined : lookup(this.#entries, place)?.[1]
  }

  has(key: string): boolean {
    return lookup(this.#places, key) !== undefined
  }

  /** A name that is there keeps its place; a new one comes last. */
  with(key: string, value: V): OrderedMap<V> {
    const known = lookup(this.#places, key)
    const place = known ?? (lastOf(this.#entries)?.key ?? 0) + 1
    const places = known === undefined ? insert(this.#places, key, place) : this.#places
    return new OrderedMap(places, insert(this.#entries, place, [key, value]))
  }

  without(key: string): OrderedMap<V> {
    const place = lookup(this.#places, key)
    return place === undefined ? this : new OrderedMap(remove(this.#places, key), remove(this.#entries, place))
  }

  /** The value that was added first. */
  first(): V | undefined {
    return firstOf(this.#entries)?.value[1]
  }

  /** The names in their order, from this one on. */
  keys(from?: string): readonly string[] {
    return this.#from(from).map(([key]) => key)
  }

  /** The values in their order. */
  values(): readonly V[] {
    return this.#from(undefined).map(([, value]) => value)
  }

  #from(key: string | undefined): readonly (readonly [string, V])[] {
    const entries: (readonly [string, V])[] = []
    collect(this.#entries, key === undefined ? undefined : lookup(this.#places, key), entries)
    return entries
  }
}

type Tree<K, V> = Node<K, V> | undefined

/** None of its two subtrees weighs more than three times as much as the other. */
class Node<K, V> {
  readonly key: K
  readonly value: V
  readonly left: Tree<K, V>
  readonly right: Tree<K, V>
  readonly size: number

  constructor(left: Tree<K, V>, key: K, value: V, right: Tree<K, V>) {
    this.key = key
    this.value = value
    this.left = left
    this.right = right
    this.size = sizeOf(left) + sizeOf(right) + 1
  }
}

const sizeOf = (tree: Tree<unknown, unknown>): number => tree?.size ?? 0

/** The places where something could be added. */
const weightOf = (tree: Tree<unknown, unknown>): number => sizeOf(tree) + 1

const lookup = <K, V>(tree: Tree<K, V>, key: K): V | undefined => {
  let node = tree
  while (node !== undefined && node.key !== key) node = key < node.key ? node.left : node.right
  return node?.value
}

const firstOf = <K, V>(tree: Tree<K, V>): Tree<K, V> => {
  let node = tree
  while (node?.left !== undefined) node = node.left
  return node
}

const lastOf = <K, V>(tree: Tree<K, V>): Tree<K, V> => {
  let node = tree
  while (node?.right !== undefined) node = node.right
  return node
}

const insert = <K, V>(node: Tree<K, V>, key: K, value: V): Node<K, V> => {
  if (node === undefined) return new Node(undefined, key, value, undefined)
  if (key === node.key) return new Node(node.left, key, value, node.right)
  return key < node.key
    ? balanced(insert(node.left, key, value), node.key, node.value, node.right)
    : balanced(node.left, node.key, node.value, insert(node.right, key, value))
}

const remove = <K, V>(node: Tree<K, V>, key: K): Tree<K, V> => {
  if (node === undefined) return undefined
  if (key === node.key) return joined(node.left, node.right)
  return key < node.key
    ? balanced(remove(node.left, key), node.key, node.value, node.right)
    : balanced(node.left, node.key, node.value, remove(node.right, key))
}

/** All of the left tree comes before all of the right one. */
const joined = <K, V>(left: Tree<K, V>, right: Tree<K, V>): Tree<K, V> => {
  const last = lastOf(left)
  if (last === undefined) return right
  return balanced(remove(left, last.key), last.key, last.value, right)
}

/**
 * A tree of these parts, of which one may have grown or shrunk by one.
 *
 * ```
 *     k              r              k                  m
 *    / \            / \            / \               /   \
 *   a   r    →     k   c          a   r     →       k     r
 *      / \        / \                / \           / \   / \
 *     b   c      a   b              m   d         a   b c   d
 *                                  / \
 *                                 b   c
 * ```
 */
const balanced = <K, V>(left: Tree<K, V>, key: K, value: V, right: Tree<K, V>): Node<K, V> => {
  if (right !== undefined && weightOf(right) > 3 * weightOf(left)) return leftwards(left, key, value, right)
  if (left !== undefined && weightOf(left) > 3 * weightOf(right)) return rightwards(left, key, value, right)
  return new Node(left, key, value, right)
}

const leftwards = <K, V>(left: Tree<K, V>, key: K, value: V, right: Node<K, V>): Node<K, V> => {
  const middle = right.left
  if (middle === undefined || weightOf(middle) < 2 * weightOf(right.right))
    return new Node(new Node(left, key, value, middle), right.key, right.value, right.right)
  return new Node(
    new Node(left, key, value, middle.left),
    middle.key,
    middle.value,
    new Node(middle.right, right.key, right.value, right.right),
  )
}

const rightwards = <K, V>(left: Node<K, V>, key: K, value: V, right: Tree<K, V>): Node<K, V> => {
  const middle = left.right
  if (middle === undefined || weightOf(middle) < 2 * weightOf(left.left))
    return new Node(left.left, left.key, left.value, new Node(middle, key, value, right))
  return new Node(
    new Node(left.left, left.key, left.value, middle.left),
    middle.key,
    middle.value,
    new Node(middle.right, key, value, right),
  )
}

/** Puts the values into the list in the order of their keys, from this key on. */
const collect = <K extends string | number, V>(node: Tree<K, V>, from: K | undefined, into: V[]): void => {
  if (node === undefined) return
  const isWanted = from === undefined || node.key >= from
  if (isWanted) {
    collect(node.left, from, into)
    into.push(node.value)
  }
  collect(node.right, from, into)
}
