/**
 * Those who wait for a reply, first come, first served. Who is gone by now (its ask timed out, or was ended) is passed over, so that
 * nothing is given to nobody, and forgotten when more come: who asks again and again for what never comes shall not pile up.
 */
import { RingBuffer } from '../base/index.js'
import type { ActorRef } from '../model/index.js'
import { isTerminated } from '../runtime/internal.js'

/** How many there may be before those who are gone are looked for. */
const few = 64

export class Waiters<W extends { readonly replyTo: ActorRef<never> }> {
  readonly #waiters = new RingBuffer<W>(8)
  #sweptAt = few

  add(waiter: W): void {
    if (this.#waiters.size >= this.#sweptAt) this.#sweep()
    this.#waiters.push(waiter)
  }

  /** The first who still waits. */
  take(): W | undefined {
    for (;;) {
      const waiter = this.#waiters.shift()
      if (waiter === undefined || !isTerminated(waiter.replyTo)) return waiter
    }
  }

  /** All who still wait, one by one. */
  *takeAll(): Generator<W> {
    for (let next = this.take(); next !== undefined; next = this.take()) yield next
  }

  /** How many still wait. */
  count(): number {
    this.#sweep()
    return this.#waiters.size
  }

  /** Forgets those who are gone. By itself it comes when there are twice as many, so that it takes little time for each of them. */
  #sweep(): void {
    for (let left = this.#waiters.size; left > 0; left--) {
      // There is one: the size says so.
      const waiter = this.#waiters.shift() as W
      if (!isTerminated(waiter.replyTo)) this.#waiters.push(waiter)
    }
    this.#sweptAt = Math.max(few, 2 * this.#waiters.size)
  }
}
