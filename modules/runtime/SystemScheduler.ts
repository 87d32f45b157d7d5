/**
 * Timers outside of actors.
 */
import type { Cancellable, Scheduler } from '../model/index.js'
import { delay, period, requireThat } from '../model/internal.js'
import { Alarm, type Repetition } from './Alarm.js'
import type { Runtime } from './Runtime.js'

export class SystemScheduler implements Scheduler {
  readonly #runtime: Runtime
  readonly #alarms = new Set<Alarm>()
  #hasEnded = false

  constructor(runtime: Runtime) {
    this.#runtime = runtime
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
  end(): void {
    this.#hasEnded = true
    for (const alarm of this.#alarms) alarm.cancel()
    this.#alarms.clear()
  }

  #schedule(firstMs: number, repetition: Repetition | undefined, run: () => void): Cancellable {
    requireThat('The delay of what is scheduled', firstMs, delay)
    if (repetition !== undefined) requireThat('The period of what is scheduled', repetition.periodMs, period)
    if (this.#hasEnded) {
      this.#runtime.log('debug', undefined, 'What was scheduled will not run: the system has terminated.')
      return nothing
    }
    const alarm = new Alarm(this.#runtime.clock, firstMs, repetition, () => {
      if (repetition === undefined) this.#alarms.delete(alarm)
      try {
        run()
      } catch (error) {
        // The caller is long gone; a scheduled function that throws must not end the process.
        this.#runtime.log('error', undefined, 'A scheduled function threw.', error)
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

const nothing: Cancellable = { cancel: () => undefined }
