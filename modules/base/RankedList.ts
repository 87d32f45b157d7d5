/**
 * A list in the order of arrival from which any item can be taken by its rank, in O(log n): a Fenwick tree counts what is left.
 *
 * ```
 *   slots    a   b   c   d   e   f   g   h
 *   i        1   2   3   4   5   6   7   8      counts[i] tells how many items are left
 *   counts   1   2   1   4   1   2   1   8      in the i & -i slots that end with slot i
 * ```
 *
 * The slot of an item that was taken stays empty until the slots run out; then the items move together, or into twice as many.
 *
 * @see https://doi.org/10.1002/spe.4380240306
 */

/** @internal */
export class RankedList<A extends object> {
  #slots: (A | undefined)[] = []
  /** A power of two. */
  #capacity: number
  /** From 1 to the capacity; 0 is unused. */
  #counts: Int32Array
  #size = 0

  /** @param capacity how many slots there are at first, a power of two */
  constructor(capacity: number) {
    this.#capacity = capacity
    this.#counts = new Int32Array(capacity + 1)
  }

  get size(): number {
    return this.#size
  }

  push(item: A): void {
    if (this.#slots.length === this.#capacity) this.#makeRoom()
    const counts = this.#counts
    const capacity = this.#capacity
    const slot = this.#slots.push(item)
    for (let at = slot; at <= capacity; at += at & -at) counts[at] = (counts[at] as number) + 1
    this.#size++
  }

  /** Takes out the item that `rank` others came before; undefined when there is none. */
  take(rank: number): A | undefined {
    if (!(rank < this.#size)) return undefined
    const slots = this.#slots
    const slot = this.#uncount(rank)
    const item = slots[slot]
    slots[slot] = undefined
    // Nothing is counted any more, so all slots can be used again.
    if (--this.#size === 0) slots.length = 0
    return item
  }

  /** The items in their order. */
  toArray(): readonly A[] {
    return this.#slots.filter((item) => item !== undefined)
  }

  /** Counts one less in each part that has the item of this rank, and answers its slot. */
  #uncount(rank: number): number {
    const counts = this.#counts
    let slot = 0
    let left = rank
    for (let step = this.#capacity; step > 0; step >>= 1) {
      const count = counts[slot + step] as number
      if (count > left) counts[slot + step] = count - 1
      else {
        slot += step
        left -= count
      }
    }
    return slot
  }

  #makeRoom(): void {
    const items = this.toArray()
    // Few are moved only after many were taken, so that a push costs no more in the long run.
    if (2 * items.length > this.#capacity) this.#capacity *= 2
    this.#slots = [...items]
    this.#counts = countsOf(items.length, this.#capacity)
  }
}

/** The counts of the first `size` slots being full. */
const countsOf = (size: number, capacity: number): Int32Array => {
  const counts = new Int32Array(capacity + 1).fill(1, 1, size + 1)
  for (let at = 1; at < capacity; at++) {
    const above = at + (at & -at)
    counts[above] = (counts[above] as number) + (counts[at] as number)
  }
  return counts
}
