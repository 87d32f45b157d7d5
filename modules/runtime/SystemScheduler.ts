/**
 * Timers outside of actors.
 */
import type { Cancellable, Clock, Scheduler, TimerHandle } from '../model/index.js'
import { TroupeError } from '../model/index.js'

/** What repeats and when; no period, no repetition. */
interface Plan {
  readonly periodMs: number | undefined
  readonly isRate: boolean
}

class Scheduled implements Cancellable {
  readonly #owner: SystemScheduler
  readonly #run: () => void
  readonly #plan: Plan
  #handle: TimerHandle = undefined
  #dueMs: number

  constructor(owner: SystemScheduler, firstMs: number, plan: Plan, run: () => void) {
    this.#owner = owner
    this.#plan = plan
    this.#run = run
    this.#dueMs = owner.clock.now() + firstMs
    this.#arm(firstMs)
  }

  cancel(): void {
    this.#owner.clock.clearTimer(this.#handle)
    this.#owner.scheduled.delete(this)
  }

  #arm(delayMs: number): void {
    this.#handle = this.#owner.clock.setTimer(delayMs, () => {
      this.#fire()
    })
  }

  #fire(): void {
    const { periodMs, isRate } = this.#plan
    if (periodMs === undefined) this.#owner.scheduled.delete(this)
    else {
      this.#dueMs += periodMs
      this.#arm(isRate ? Math.max(0, this.#dueMs - this.#owner.clock.now()) : periodMs)
    }
    try {
      this.#run()
    } catch (error) {
      // The caller is long gone; a scheduled function that throws must not end the process.
      this.#owner.onError(error)
    }
  }
}

export class SystemScheduler implements Scheduler {
  readonly clock: Clock
  readonly onError: (error: unknown) => void
  readonly scheduled: Set<Scheduled> = new Set()

  constructor(clock: Clock, onError: (error: unknown) => void) {
    this.clock = clock
    this.onError = onError
  }

  scheduleOnce(delayMs: number, run: () => void): Cancellable {
    return this.#schedule(delayMs, { periodMs: undefined, isRate: false }, run)
  }

  scheduleWithFixedDelay(initialDelayMs: number, delayMs: number, run: () => void): Cancellable {
    return this.#schedule(initialDelayMs, { periodMs: requirePeriod(delayMs), isRate: false }, run)
  }

  scheduleAtFixedRate(initialDelayMs: number, intervalMs: number, run: () => void): Cancellable {
    return this.#schedule(initialDelayMs, { periodMs: requirePeriod(intervalMs), isRate: true }, run)
  }

  /** The system has ended: nothing runs any more. */
  cancelAll(): void {
    for (const one of [...this.scheduled]) one.cancel()
  }

  #schedule(firstMs: number, plan: Plan, run: () => void): Cancellable {
    if (!(firstMs >= 0 && firstMs < Infinity))
      throw new TroupeError(
        'IllegalArgument',
        `The delay is ${String(firstMs)}, but must be a number of milliseconds from 0 up.`,
      )
    const scheduled = new Scheduled(this, firstMs, plan, run)
    this.scheduled.add(scheduled)
    return scheduled
  }
}

const requirePeriod = (periodMs: number): number => {
  if (periodMs > 0 && periodMs < Infinity) return periodMs
  throw new TroupeError(
    'IllegalArgument',
    `The period is ${String(periodMs)}, but must be a number of milliseconds above 0.`,
  )
}
