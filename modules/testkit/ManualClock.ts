/**
 * A clock that moves when the test says so.
 */
import { Heap } from '../base/index.js'
import type { Clock, TimerHandle } from '../model/index.js'
import { TroupeError } from '../model/index.js'

/** What `expectNoMessageFor` asks of a probe. */
interface Silent {
  expectNoMessage(): void
}

/**
 * A clock on which time passes only when the test says so.
 *
 * @category testing
 * @since 0.1.0
 */
export interface ManualClock extends Clock {
  /**
   * Lets time pass: timers fire in the order of their due times, those of the same time in the order in which they were armed,
   * and after each one the actors run until they are quiet.
   *
   * @remarks
   * Called inside an actor's turn it makes the turn take that long: timers fire, and nobody runs before the turn is over.
   */
  timePasses(ms: number): void
  /** Lets time pass and expects that none of the probes gets a message. */
  expectNoMessageFor(ms: number, ...probes: readonly Silent[]): void
}

interface ManualTimer {
  readonly dueMs: number
  readonly sequence: number
  readonly fire: () => void
  isCancelled: boolean
}

/** Lets the actors of a kit run; told to do so between timers. */
export type Drive = () => void

export class VirtualClock implements ManualClock {
  #nowMs: number
  #sequence = 0
  #drive: Drive | undefined = undefined
  readonly #timers = new Heap<ManualTimer>(isBefore)

  constructor(startMs: number) {
    this.#nowMs = startMs
  }

  /** When the next timer is due; undefined when none is armed. */
  get nextDueMs(): number | undefined {
    while (this.#timers.first?.isCancelled === true) this.#timers.pop()
    return this.#timers.first?.dueMs
  }

  now(): number {
    return this.#nowMs
  }

  setTimer(delayMs: number, fire: () => void): TimerHandle {
    const timer: ManualTimer = {
      dueMs: this.#nowMs + Math.max(0, delayMs),
      sequence: ++this.#sequence,
      fire,
      isCancelled: false,
    }
    this.#timers.push(timer)
    return timer
  }

  clearTimer(handle: TimerHandle): void {
    // Handles come from setTimer above; one may be undefined before a timer is armed.
    const timer = handle as ManualTimer | undefined
    if (timer !== undefined) timer.isCancelled = true
  }

  /** From now on actors run between timers. */
  drivenBy(drive: Drive): void {
    this.#drive = drive
  }

  timePasses(ms: number): void {
    if (!(ms >= 0 && ms < Infinity))
      throw new TroupeError('IllegalArgument', `${String(ms)} ms cannot pass; give a number of milliseconds from 0 up.`)
    const endMs = this.#nowMs + ms
    this.#drive?.()
    for (let due = this.nextDueMs; due !== undefined && due <= endMs; due = this.nextDueMs) {
      this.#moveTo(due)
      this.#timers.pop()?.fire()
      this.#drive?.()
    }
    this.#moveTo(endMs)
  }

  expectNoMessageFor(ms: number, ...probes: readonly Silent[]): void {
    this.timePasses(ms)
    for (const probe of probes) probe.expectNoMessage()
  }

  /** Never backwards: a turn inside may have taken longer. */
  #moveTo(ms: number): void {
    if (ms > this.#nowMs) this.#nowMs = ms
  }
}

const isBefore = (a: ManualTimer, b: ManualTimer): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence)

/**
 * Makes clocks that stand still until the test lets time pass.
 *
 * @example
 * ```ts
 * import { ManualClock } from 'troupe/testkit'
 *
 * const clock = ManualClock.create()
 * clock.setTimer(1_000, () => console.log('a second later'))
 * clock.timePasses(1_000)
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const ManualClock: {
  /** Makes a clock; it begins at `startMs`, by default at 0. */
  readonly create: (startMs?: number) => ManualClock
} = {
  create: (startMs = 0) => new VirtualClock(startMs),
}
