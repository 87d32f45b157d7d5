/**
 * The timers of one actor.
 */
import { markOwn, type Scope } from '../behavior/internal.js'
import type { ActorPath, Clock, TimerScheduler } from '../model/index.js'
import { delay, period, requireThat } from '../model/internal.js'
import { Alarm, type Repetition } from './Alarm.js'
import { Tick, type Envelope } from './envelopes.js'
import { requireMessage } from './requireMessage.js'

/** What the timers need of their actor. */
export interface TimerOwner extends Scope {
  readonly path: ActorPath
  readonly clock: Clock
  /** True while messages are parked for a task. */
  readonly isParked: boolean
  /** Throws when it is not the owner's turn. */
  requireTurn(operation: string): void
  /** Puts an envelope into the mailbox. */
  post(envelope: Envelope): void
}

export class Timers implements TimerScheduler<unknown> {
  readonly #owner: TimerOwner
  readonly #alarms = new Map<unknown, Alarm>()

  constructor(owner: TimerOwner) {
    this.#owner = owner
  }

  startSingleTimer(key: unknown, message: unknown, delayMs: number): void {
    this.#start(key, message, delayMs, undefined)
  }

  startTimerWithFixedDelay(key: unknown, message: unknown, delayMs: number, initialDelayMs: number = delayMs): void {
    this.#start(key, message, initialDelayMs, { periodMs: delayMs, isRate: false })
  }

  startTimerAtFixedRate(key: unknown, message: unknown, intervalMs: number, initialDelayMs: number = intervalMs): void {
    this.#start(key, message, initialDelayMs, { periodMs: intervalMs, isRate: true })
  }

  isTimerActive(key: unknown): boolean {
    this.#owner.requireTurn('isTimerActive')
    return this.#alarms.has(key)
  }

  cancel(key: unknown): void {
    this.#owner.requireTurn('cancel')
    this.#cancel(key)
  }

  cancelAll(): void {
    this.#owner.requireTurn('cancelAll')
    this.stopAll()
  }

  /** What the runtime calls at a stop and at a restart; ticks that wait already are stale from now on. */
  stopAll(): void {
    for (const key of this.#alarms.keys()) this.#cancel(key)
  }

  #cancel(key: unknown): void {
    this.#alarms.get(key)?.cancel()
    this.#alarms.delete(key)
  }

  #start(key: unknown, message: unknown, firstMs: number, repetition: Repetition | undefined): void {
    const owner = this.#owner
    owner.requireTurn('startTimer')
    requireMessage(message, owner)
    requireThat('the delay of a timer', firstMs, delay, owner)
    if (repetition !== undefined) requireThat('the period of a timer', repetition.periodMs, period, owner)
    this.#cancel(key)
    const own = markOwn(message, owner)
    let waiting = 0
    const alarm = new Alarm(owner.clock, firstMs, repetition, () => {
      // While its actor is parked a fixed-rate timer would pile up ticks; one is enough.
      if (repetition?.isRate === true && waiting > 0 && owner.isParked) return
      waiting++
      owner.post(new Tick(own, isCurrent, onClaimed))
    })
    const isCurrent = (): boolean => this.#alarms.get(key) === alarm
    const onClaimed = (): void => {
      waiting--
      if (repetition === undefined) this.#alarms.delete(key)
    }
    this.#alarms.set(key, alarm)
  }
}
