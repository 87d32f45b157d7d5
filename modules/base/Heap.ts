/**
 * A binary heap: the item that comes before all others is at the front.
 *
 * ```
 *            0              the parent of i is (i - 1) >> 1,
 *          /   \            its children are 2i + 1 and 2i + 2;
 *         1     2           no child comes before its parent
 *        / \   / \
 *       3   4 5   6
 * ```
 */

/** @internal */
export class Heap<A> {
  readonly #items: A[] = []
  readonly #isBefore: (a: A, b: A) => boolean

  constructor(isBefore: (a: A, b: A) => boolean) {
    this.#isBefore = isBefore
  }

  get size(): number {
    return this.#items.length
  }

  /** The first item; it stays. */
  get first(): A | undefined {
    return this.#items[0]
  }

  push(item: A): void {
    const items = this.#items
    let at = items.length
    items.push(item)
    while (at > 0) {
      const up = (at - 1) >> 1
      const parent = items[up] as A
      if (!this.#isBefore(item, parent)) break
      items[at] = parent
      at = up
    }
    items[at] = item
  }

  /** Removes and returns the first item, undefined when there is none. */
  pop(): A | undefined {
    const items = this.#items
    const first = items[0]
    const last = items.pop()
    if (items.length > 0) this.#sink(last as A)
    return first
  }

  /** Puts an item in place of the first, and down to where it belongs. */
  #sink(item: A): void {
    const items = this.#items
    const { length } = items
    let at = 0
    for (let child = 1; child < length; child = 2 * at + 1) {
      // Both indices lie within the array.
      const right = child + 1
      const least = right < length && this.#isBefore(items[right] as A, items[child] as A) ? right : child
      if (!this.#isBefore(items[least] as A, item)) break
      items[at] = items[least] as A
      at = least
    }
    items[at] = item
  }
}
