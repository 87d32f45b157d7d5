/**
 * Tells an actor when it has not had a message for a while.
 */
import type { ReceiveTimeoutOptions, TimerHandle } from '../model/index.js'
import { TimeoutNotice } from './envelopes.js'
import type { TimerOwner } from './Timers.js'

export class ReceiveTimeout {
  readonly #owner: TimerOwner
  readonly #timeoutMs: number
  readonly #message: unknown
  readonly #ignoring: ((message: unknown) => boolean) | undefined
  #handle: TimerHandle = undefined
  #generation = 0
  #isArmed = false

  constructor(
    owner: TimerOwner,
    timeoutMs: number,
    message: unknown,
    options: ReceiveTimeoutOptions<never> | undefined,
  ) {
    this.#owner = owner
    this.#timeoutMs = timeoutMs
    this.#message = message
    // The owner's messages are what it is given.
    this.#ignoring = options?.ignoring as ((message: unknown) => boolean) | undefined
    this.#arm()
  }

  /** A message was handled; it restarts the timeout unless it is to be ignored. After an expiry anything does. */
  touch(message: unknown): void {
    if (this.#isArmed && this.#ignoring?.(message) === true) return
    this.stop()
    this.#arm()
  }

  stop(): void {
    this.#generation++
    this.#owner.clock.clearTimer(this.#handle)
  }

  isCurrent(generation: number): boolean {
    return generation === this.#generation
  }

  #arm(): void {
    this.#isArmed = true
    this.#handle = this.#owner.clock.setTimer(this.#timeoutMs, () => {
      this.#isArmed = false
      this.#owner.post(new TimeoutNotice(this.#generation, this.#message))
    })
  }
}
