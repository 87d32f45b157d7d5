/**
 * Tells an actor when it has not had a message for a while.
 */
import { markOwn } from '../behavior/internal.js'
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
  #state: 'armed' | 'notice waits' | 'notice handled' = 'armed'

  constructor(
    owner: TimerOwner,
    timeoutMs: number,
    message: unknown,
    options: ReceiveTimeoutOptions<never> | undefined,
  ) {
    this.#owner = owner
    this.#timeoutMs = timeoutMs
    this.#message = markOwn(message, owner)
    // The owner's messages are what it is given.
    this.#ignoring = options?.ignoring as ((message: unknown) => boolean) | undefined
    this.#arm()
  }

  /**
   * A message was handled; it restarts the timeout unless it is to be ignored. The one that tells of an expiry always does. A notice
   * that waits keeps its place: what was sent before it does not take it back.
   */
  touch(message: unknown): void {
    if (this.#state === 'notice waits') return
    if (this.#state === 'armed' && this.#ignoring?.(message) === true) return
    this.stop()
    this.#arm()
  }

  /** A notice that waits already is stale from now on. */
  stop(): void {
    this.#alarm?.cancel()
    this.#alarm = undefined
  }

  #arm(): void {
    this.#state = 'armed'
    const alarm = new Alarm(this.#owner.clock, this.#timeoutMs, undefined, () => {
      this.#state = 'notice waits'
      this.#owner.post(new Tick(this.#message, isCurrent, onClaimed))
    })
    const isCurrent = (): boolean => this.#alarm === alarm
    const onClaimed = (): void => {
      this.#state = 'notice handled'
    }
    this.#alarm = alarm
  }
}
