/**
 * The timers of one actor.
 */
import type { ActorPath, Clock, TimerHandle, TimerScheduler } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { requireMessage } from './Tombstone.js'
import { Tick, type Envelope, type TickSource } from './envelopes.js'

/** What the timers need of their actor. */
export interface TimerOwner {
  readonly path: ActorPath
  readonly clock: Clock
  /** True while messages are parked for a task. */
  readonly isParked: boolean
  /** Throws when it is not the owner's turn. */
  requireTurn(operation: string): void
  /** Puts an envelope into the mailbox. */
  post(envelope: Envelope): void
}

type Mode = 'single' | 'delay' | 'rate'

class Timer implements TickSource {
  readonly message: unknown
  readonly #owner: Timers
  readonly #key: unknown
  readonly #mode: Mode
  readonly #periodMs: number
  #dueMs: number
  #handle: TimerHandle = undefined
  #waiting = 0

  constructor(owner: Timers, key: unknown, message: unknown, mode: Mode, firstMs: number, periodMs: number) {
    this.message = message
    this.#owner = owner
    this.#key = key
    this.#mode = mode
    this.#periodMs = periodMs
    this.#dueMs = owner.clock.now() + firstMs
    this.#arm(firstMs)
  }

  get isCurrent(): boolean {
    return this.#owner.isCurrent(this.#key, this)
  }

  stop(): void {
    this.#owner.clock.clearTimer(this.#handle)
  }

  accept(): boolean {
    this.#waiting--
    if (!this.isCurrent) return false
    if (this.#mode === 'single') this.#owner.forget(this.#key)
    return true
  }

  #arm(delayMs: number): void {
    this.#handle = this.#owner.clock.setTimer(delayMs, () => {
      this.#fire()
    })
  }

  #fire(): void {
    if (this.#mode === 'delay') this.#arm(this.#periodMs)
    if (this.#mode === 'rate') {
      this.#dueMs += this.#periodMs
      this.#arm(Math.max(0, this.#dueMs - this.#owner.clock.now()))
      // While its actor is parked a fixed-rate timer would pile up ticks; one is enough.
      if (this.#waiting > 0 && this.#owner.isParked) return
    }
    this.#waiting++
    this.#owner.post(new Tick(this))
  }
}

export class Timers implements TimerScheduler<unknown> {
  readonly #host: TimerOwner
  readonly #timers = new Map<unknown, Timer>()

  constructor(host: TimerOwner) {
    this.#host = host
  }

  get clock(): Clock {
    return this.#host.clock
  }

  get isParked(): boolean {
    return this.#host.isParked
  }

  startSingleTimer(key: unknown, message: unknown, delayMs: number): void {
    this.#start(key, message, 'single', delayMs, delayMs)
  }

  startTimerWithFixedDelay(key: unknown, message: unknown, delayMs: number, initialDelayMs: number = delayMs): void {
    requirePeriod('delayMs', delayMs, this.#host)
    this.#start(key, message, 'delay', initialDelayMs, delayMs)
  }

  startTimerAtFixedRate(key: unknown, message: unknown, intervalMs: number, initialDelayMs: number = intervalMs): void {
    requirePeriod('intervalMs', intervalMs, this.#host)
    this.#start(key, message, 'rate', initialDelayMs, intervalMs)
  }

  isTimerActive(key: unknown): boolean {
    this.#host.requireTurn('isTimerActive')
    return this.#timers.has(key)
  }

  cancel(key: unknown): void {
    this.#host.requireTurn('cancel')
    this.#timers.get(key)?.stop()
    this.#timers.delete(key)
  }

  cancelAll(): void {
    this.#host.requireTurn('cancelAll')
    this.stopAll()
  }

  /** What the runtime calls at a stop and at a restart. */
  stopAll(): void {
    for (const timer of this.#timers.values()) timer.stop()
    this.#timers.clear()
  }

  post(envelope: Envelope): void {
    this.#host.post(envelope)
  }

  isCurrent(key: unknown, timer: object): boolean {
    return this.#timers.get(key) === timer
  }

  forget(key: unknown): void {
    this.#timers.delete(key)
  }

  #start(key: unknown, message: unknown, mode: Mode, firstMs: number, periodMs: number): void {
    this.#host.requireTurn('startTimer')
    requireMessage(message, this.#host)
    requireDelay('the delay of a timer', firstMs, this.#host)
    this.#timers.get(key)?.stop()
    this.#timers.set(key, new Timer(this, key, message, mode, firstMs, periodMs))
  }
}

/** Milliseconds from 0 up; throws IllegalArgument otherwise. */
export const requireDelay = (what: string, delayMs: number, at: { readonly path: ActorPath }): void => {
  if (typeof delayMs === 'number' && delayMs >= 0 && delayMs < Infinity) return
  throw new TroupeError(
    'IllegalArgument',
    `${at.path.toString()}: ${what} is ${String(delayMs)}, but must be a number of milliseconds from 0 up.`,
  )
}

/** A repetition needs time between its ticks. */
export const requirePeriod = (what: string, periodMs: number, at: { readonly path: ActorPath }): void => {
  if (typeof periodMs === 'number' && periodMs > 0 && periodMs < Infinity) return
  throw new TroupeError(
    'IllegalArgument',
    `${at.path.toString()}: ${what} is ${String(periodMs)}, but must be a number of milliseconds above 0.`,
  )
}
