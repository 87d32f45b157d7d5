/**
 * Those who wait for a reply, first come, first served. Who is gone by now (its ask timed out, or was ended) is passed over, so that
 * nothing is given to nobody.
 */
import { RingBuffer } from '../base/index.js'
import type { ActorRef } from '../model/index.js'
import { isTerminated } from '../runtime/internal.js'

export class Waiters<W extends { readonly replyTo: ActorRef<never> }> {
  readonly #waiters = new RingBuffer<W>(8)

  add(waiter: W): void {
    this.#waiters.push(waiter)
  }

  /** The first who still waits. */
  take(): W | undefined {
    for (;;) {
      const waiter = this.#waiters.shift()
      if (waiter === undefined || !isTerminated(waiter.replyTo)) return waiter
    }
  }
}
