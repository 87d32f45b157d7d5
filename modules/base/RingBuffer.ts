/**
 * A queue for mailboxes and for the run queue.
 */

/**
 * A first-in first-out queue on one array whose length is a power of two.
 *
 * ```
 *        head            tail
 *  [ _ _ a b c d e f g h _ _ ]      push writes at tail, shift reads at head;
 *                                   both wrap round by a bit mask
 * ```
 *
 * @internal
 */
export class RingBuffer<A> {
  #items: (A | undefined)[]
  #mask: number
  #head = 0
  #size = 0

  /** `capacity` is the initial room and must be a power of two; the ring grows when it is full. */
  constructor(capacity: number) {
    // Filled, so that V8 never specialises the array to numbers and boxes them later.
    this.#items = new Array<A | undefined>(capacity).fill(undefined)
    this.#mask = capacity - 1
  }

  get size(): number {
    return this.#size
  }

  get capacity(): number {
    return this.#mask + 1
  }

  /** Appends; answers true when the ring had to grow for it. */
  push(item: A): boolean {
    if (this.#size > this.#mask) {
      this.grow()
      this.#items[this.#size++] = item
      return true
    }
    this.#items[(this.#head + this.#size++) & this.#mask] = item
    return false
  }

  /** Removes and returns the oldest item, undefined when there is none. */
  shift(): A | undefined {
    if (this.#size === 0) return undefined
    const head = this.#head
    const item = this.#items[head]
    this.#items[head] = undefined
    this.#head = (head + 1) & this.#mask
    this.#size--
    return item
  }

  /** Puts an item before all others. */
  unshift(item: A): void {
    if (this.#size > this.#mask) this.grow()
    this.#head = (this.#head - 1) & this.#mask
    this.#items[this.#head] = item
    this.#size++
  }

  /** Removes and returns the newest item, undefined when there is none. */
  pop(): A | undefined {
    if (this.#size === 0) return undefined
    const last = (this.#head + --this.#size) & this.#mask
    const item = this.#items[last]
    this.#items[last] = undefined
    return item
  }

  /** The item `index` places behind the oldest. */
  at(index: number): A | undefined {
    return index < this.#size ? this.#items[(this.#head + index) & this.#mask] : undefined
  }

  private grow(): void {
    const old = this.#items
    const head = this.#head
    const grown = new Array<A | undefined>(old.length * 2).fill(undefined)
    const front = old.length - head
    for (let i = 0; i < front; i++) grown[i] = old[head + i]
    for (let i = 0; i < head; i++) grown[front + i] = old[i]
    this.#items = grown
    this.#mask = grown.length - 1
    this.#head = 0
  }
}
