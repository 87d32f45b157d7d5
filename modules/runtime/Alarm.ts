/**
 * One timer on a clock, once or again and again: what actors, schedulers and receive timeouts arm.
 */
import type { Cancellable, Clock, TimerHandle } from '../model/index.js'

/** How an alarm repeats: so long after each ring, or on average so often. */
export interface Repetition {
  readonly periodMs: number
  /** Late rings catch up. */
  readonly isRate: boolean
}

export class Alarm implements Cancellable {
  readonly #clock: Clock
  readonly #repetition: Repetition | undefined
  readonly #ring: () => void
  #dueMs: number
  #handle: TimerHandle

  constructor(clock: Clock, firstMs: number, repetition: Repetition | undefined, ring: () => void) {
    this.#clock = clock
    this.#repetition = repetition
    this.#ring = ring
    this.#dueMs = clock.now() + firstMs
    this.#arm(firstMs)
  }

  cancel(): void {
    this.#clock.clearTimer(this.#handle)
  }

  #arm(delayMs: number): void {
    this.#handle = this.#clock.setTimer(delayMs, () => {
      this.#fire()
    })
  }

  #fire(): void {
    const repetition = this.#repetition
    if (repetition !== undefined) {
      const { periodMs, isRate } = repetition
      this.#dueMs += periodMs
      this.#arm(isRate ? Math.max(0, this.#dueMs - this.#clock.now()) : periodMs)
    }
    this.#ring()
  }
}
