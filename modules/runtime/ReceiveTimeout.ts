/**
 * Tells an actor when it has not had a message for a while.
 */
import type { ReceiveTimeoutOptions } from '../model/index.js'
import { Alarm } from './Alarm.js'
import { Tick } from './envelopes.js'
import type { TimerOwner } from './Timers.js'

export class ReceiveTimeout {
  readonly #owner: TimerOwner
  readonly #timeoutMs: number
  readonly #message: unknown
  readonly #ignoring: ((message: unknown) => boolean) | undefined
  #alarm: Alarm | undefined = undefined
  #hasRung = false

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
    if (!this.#hasRung && this.#ignoring?.(message) === true) return
    this.stop()
    this.#arm()
  }

  /** A notice that waits already is stale from now on. */
  stop(): void {
    this.#alarm?.cancel()
    this.#alarm = undefined
  }

  #arm(): void {
    this.#hasRung = false
    const alarm = new Alarm(this.#owner.clock, this.#timeoutMs, undefined, () => {
      this.#hasRung = true
      this.#owner.post(new Tick(this.#message, () => this.#alarm === alarm))
    })
    this.#alarm = alarm
  }
}
