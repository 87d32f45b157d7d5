/**
 * Timers that fire when the test says so.
 */
import { markOwn, type Scope } from '../../behavior/internal.js'
import type { TimerScheduler } from '../../model/index.js'
import { delay, period, requireThat } from '../../model/internal.js'
import type { Effect, TimerStarted } from './Effect.js'

/** What timers need of their kit. */
export interface TimerHost extends Scope {
  record(effect: Effect): void
  /** Lets the behavior handle a message, unless it has stopped. */
  deliver(message: unknown): void
}

export class KitTimers implements TimerScheduler<unknown> {
  readonly #host: TimerHost
  readonly #active = new Map<unknown, TimerStarted>()

  constructor(host: TimerHost) {
    this.#host = host
  }

  startSingleTimer(key: unknown, message: unknown, delayMs: number): void {
    this.#start(key, message, 'single', delayMs, delayMs)
  }

  startTimerWithFixedDelay(key: unknown, message: unknown, delayMs: number, initialDelayMs: number = delayMs): void {
    this.#start(key, message, 'fixedDelay', delayMs, initialDelayMs)
  }

  startTimerAtFixedRate(key: unknown, message: unknown, intervalMs: number, initialDelayMs: number = intervalMs): void {
    this.#start(key, message, 'fixedRate', intervalMs, initialDelayMs)
  }

  isTimerActive(key: unknown): boolean {
    return this.#active.has(key)
  }

  cancel(key: unknown): void {
    if (this.#active.delete(key)) this.#host.record({ _tag: 'TimerCancelled', key })
  }

  cancelAll(): void {
    for (const key of [...this.#active.keys()]) this.cancel(key)
  }

  /** What a stop and a restart do, of which the behavior is not the author. */
  forget(): void {
    this.#active.clear()
  }

  #start(key: unknown, message: unknown, mode: TimerStarted['mode'], delayMs: number, initialDelayMs: number): void {
    requireThat('the delay of a timer', initialDelayMs, delay)
    if (mode !== 'single') requireThat('the period of a timer', delayMs, period)
    const own = markOwn(message, this.#host)
    const send = (): void => {
      if (this.#active.get(key) !== effect) return
      if (mode === 'single') this.#active.delete(key)
      this.#host.deliver(own)
    }
    const isReplacing = this.#active.has(key)
    const effect: TimerStarted = {
      _tag: 'TimerStarted',
      key,
      message,
      mode,
      delayMs,
      initialDelayMs,
      isReplacing,
      send,
    }
    this.#active.set(key, effect)
    this.#host.record(effect)
  }
}
