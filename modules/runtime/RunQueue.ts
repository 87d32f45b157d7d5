/**
 * Who gets the next turn.
 *
 * Those who have just been spawned and those who wait take it in turns. So a tree that fans out is walked down and not level by level: its
 * leaves have come and gone before their cousins are made. There are never many of them, and the collector finds them dead.
 *
 * ```
 *   young     spawned last, in the order of spawning │ spawned before │ …
 *   waiting   in the order in which they were scheduled
 * ```
 *
 * Where each new actor makes another one, those spawned before would never have their turn; so now and then it is that of the oldest.
 */
import { RingBuffer } from '../base/index.js'
import type { Runnable } from '../model/index.js'

/** So many turns of the young come to one of the oldest among them. */
const oldestEvery = 1_024

export class RunQueue {
  readonly #waiting = new RingBuffer<Runnable>(256)
  readonly #young = new RingBuffer<Runnable>(64)
  /** So many at the end of the young were spawned since the last turn began. */
  #newborn = 0
  #isForYoung = false
  #sinceOldest = 0

  push(runnable: Runnable): void {
    this.#waiting.push(runnable)
  }

  pushYoung(runnable: Runnable): void {
    this.#young.push(runnable)
    this.#newborn++
  }

  shift(): Runnable | undefined {
    return this.#young.size === 0 ? this.#waiting.shift() : this.shiftOfBoth()
  }

  private shiftOfBoth(): Runnable | undefined {
    this.bringForward()
    this.#isForYoung = !this.#isForYoung
    return (this.#isForYoung ? undefined : this.#waiting.shift()) ?? this.shiftYoung()
  }

  private shiftYoung(): Runnable | undefined {
    this.#sinceOldest = (this.#sinceOldest + 1) % oldestEvery
    return this.#sinceOldest === 0 ? this.#young.pop() : this.#young.shift()
  }

  /** The newborn go before the other young, and stay in their order. */
  private bringForward(): void {
    const young = this.#young
    for (let left = this.#newborn < young.size ? this.#newborn : 0; left > 0; left--) {
      const last = young.pop()
      if (last !== undefined) young.unshift(last)
    }
    this.#newborn = 0
  }
}
