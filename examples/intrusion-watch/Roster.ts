/**
 * Who is awake, and who has had nothing to do for long.
 */

/** Someone who may be sent away. */
export interface Member {
  /** Work is waiting for it. */
  readonly isBusy: boolean
  /** It has had work since it was last looked at. */
  wasBusy: boolean
  /** It is on its way out, or gone: the roster forgets it. */
  readonly isLeaving: boolean
}

/** How long the queue may be before it is tidied for the first time. */
const shortest = 64

/**
 * Picks the one to send away by giving each a second chance: whoever has had work since it was last its turn goes to the end of the
 * queue. That is nearly who was idle for longest, and all it costs a busy member is a mark.
 */
export class Roster<M extends Member> {
  #queue: M[] = []
  /** Those before it have had their turn. */
  #next = 0
  #tidiedAt = shortest

  add(member: M): void {
    this.#queue.push(member)
    if (this.#queue.length >= this.#tidiedAt) this.#tidy()
  }

  /** Undefined when all have work. */
  idlest(): M | undefined {
    // Twice round: the first time may only take the marks away.
    for (let looks = 2 * (this.#queue.length - this.#next); looks > 0; looks--) {
      const member = this.#queue[this.#next]
      if (member === undefined) break
      this.#next++
      if (member.isLeaving) continue
      if (!member.isBusy && !member.wasBusy) return member
      member.wasBusy = false
      this.add(member)
    }
    return undefined
  }

  /** Forgets those who are leaving or had their turn. The next time is when the queue is twice as long. */
  #tidy(): void {
    this.#queue = this.#queue.filter((member, index) => index >= this.#next && !member.isLeaving)
    this.#next = 0
    this.#tidiedAt = Math.max(shortest, 2 * this.#queue.length)
  }
}
