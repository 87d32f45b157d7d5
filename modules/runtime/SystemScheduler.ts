/**
 * Timers outside of actors.
 */
import type { Cancellable, Clock, Scheduler } from '../model/index.js'
import { delay, period, requireThat } from '../model/internal.js'
import { Alarm, type Repetition } from './Alarm.js'

export class SystemScheduler implements Scheduler {
  readonly #clock: Clock
  readonly #onError: (error: unknown) => void
  readonly #alarms = new Set<Alarm>()

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.#clock = clock
    this.#onError = onError
  }

  scheduleOnce(delayMs: number, run: () => void): Cancellable {
    return this.#schedule(delayMs, undefined, run)
  }

  scheduleWithFixedDelay(initialDelayMs: number, delayMs: number, run: () => void): Cancellable {
    return this.#schedule(initialDelayMs, { periodMs: delayMs, isRate: false }, run)
  }

  scheduleAtFixedRate(initialDelayMs: number, intervalMs: number, run: () => void): Cancellable {
    return this.#schedule(initialDelayMs, { periodMs: intervalMs, isRate: true }, run)
  }

  /** The system has ended: nothing runs any more. */
  cancelAll(): void {
    for (const alarm of this.#alarms) alarm.cancel()
    this.#alarms.clear()
  }

  #schedule(firstMs: number, repetition: Repetition | undefined, run: () => void): Cancellable {
    requireThat('The delay of what is scheduled', firstMs, delay)
    if (repetition !== undefined) requireThat('The period of what is scheduled', repetition.periodMs, period)
    const alarm = new Alarm(this.#clock, firstMs, repetition, () => {
      if (repetition === undefined) this.#alarms.delete(alarm)
      try {
        run()
      } catch (error) {
        // The caller is long gone; a scheduled function that throws must not end the process.
        this.#onError(error)
      }
    })
    this.#alarms.add(alarm)
    return {
      cancel: () => {
        alarm.cancel()
        this.#alarms.delete(alarm)
      },
    }
  }
}
