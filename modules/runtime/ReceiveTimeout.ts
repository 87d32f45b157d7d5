/**
 * Tells an actor when it has not had a message for a while.
 */
import type { ReceiveTimeoutOptions, TimerHandle } from '../model/index.js'
import { TimeoutNotice, type TimeoutSource } from './envelopes.js'
import type { TimerOwner } from './Timers.js'

export class ReceiveTimeout implements TimeoutSource {
  readonly message: unknown
  generation = 0
  readonly #owner: TimerOwner
  readonly #timeoutMs: number
  readonly #ignoring: ((message: unknown) => boolean) | undefined
  #handle: TimerHandle = undefined
  /** True from when it is armed until its notice is delivered. */
  #isArmed = false

  constructor(
    owner: TimerOwner,
    timeoutMs: number,
    message: unknown,
    options: ReceiveTimeoutOptions<never> | undefined,
  ) {
    this.#owner = owner
    this.#timeoutMs = timeoutMs
    this.message = message
    // The owner's messages are what it is given.
    this.#ignoring = options?.ignoring as ((message: unknown) => boolean) | undefined
    this.#arm()
  }

  /** A message was handled; it restarts the timeout unless it is to be ignored. The one that tells of an expiry always does. */
  touch(message: unknown): void {
    if (this.#isArmed && this.#ignoring?.(message) === true) return
    this.stop()
    this.#arm()
  }

  stop(): void {
    this.generation++
    this.#owner.clock.clearTimer(this.#handle)
  }

  expire(): void {
    this.#isArmed = false
  }

  #arm(): void {
    this.#isArmed = true
    this.#handle = this.#owner.clock.setTimer(this.#timeoutMs, () => {
      this.#owner.post(new TimeoutNotice(this))
    })
  }
}
