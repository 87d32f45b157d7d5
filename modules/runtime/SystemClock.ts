/**
 * The clock of the machine.
 *
 * Timers of the same length form a lane: they end in the order in which they began, so that one timeout of the platform serves them
 * all. Most timers are stopped before their time, those of asks nearly always; here that costs an unlink, and the timeout stays for
 * the next one.
 */
import type { Clock, TimerHandle } from '../model/index.js'
import { epochMs, longestTimeoutMs, monotonicMs, startTimeout, type Timeout } from './platform.js'

/** The platform counts whole milliseconds, so that a timeout may come early by less than one. */
const earlyMs = 1

/** A timer in its lane. */
class Timer {
  readonly lane: Lane
  readonly dueMs: number
  /** Undefined when it has fired or was stopped. */
  fire: (() => void) | undefined
  previous: Timer | undefined
  next: Timer | undefined = undefined

  constructor(lane: Lane, dueMs: number, fire: () => void, previous: Timer | undefined) {
    this.lane = lane
    this.dueMs = dueMs
    this.fire = fire
    this.previous = previous
  }
}

/** All timers of one length, in the order in which they end. */
class Lane {
  readonly #delayMs: number
  #first: Timer | undefined = undefined
  #last: Timer | undefined = undefined
  #timeout: Timeout | undefined = undefined

  constructor(delayMs: number) {
    this.#delayMs = delayMs
  }

  start(fire: () => void): Timer {
    const timer = new Timer(this, monotonicMs() + this.#delayMs, fire, this.#last)
    if (this.#last === undefined) this.#first = timer
    else this.#last.next = timer
    this.#last = timer
    if (this.#timeout === undefined) this.#arm(this.#delayMs)
    else if (this.#first === timer) this.#timeout.ref()
    return timer
  }

  stop(timer: Timer): void {
    if (timer.fire === undefined) return
    timer.fire = undefined
    const { previous, next } = timer
    if (previous === undefined) this.#first = next
    else previous.next = next
    if (next === undefined) this.#last = previous
    else next.previous = previous
    // Nobody waits: what is left of the timeout shall not keep the process alive.
    if (this.#first === undefined) this.#timeout?.unref()
  }

  #arm(delayMs: number): void {
    this.#timeout = startTimeout(
      () => {
        this.#fireDue()
      },
      Math.min(delayMs, longestTimeoutMs),
    )
  }

  #fireDue(): void {
    const now = monotonicMs()
    try {
      for (let timer = this.#first; timer !== undefined && timer.dueMs < now + earlyMs; timer = this.#first) {
        const { fire } = timer
        this.stop(timer)
        fire?.()
      }
    } finally {
      // What fired may have started timers: they found a timeout there and did not arm another one.
      if (this.#first !== undefined) this.#arm(Math.max(1, this.#first.dueMs - now))
      else lanes.delete(this.#delayMs)
    }
  }
}

const lanes = new Map<number, Lane>()

const laneOf = (delayMs: number): Lane => {
  const known = lanes.get(delayMs)
  if (known !== undefined) return known
  const lane = new Lane(delayMs)
  lanes.set(delayMs, lane)
  return lane
}

/** The clock of the machine: wall time that never runs backwards, and the platform's timers. */
export const systemClock: Clock = {
  now: epochMs,
  // The platform would not tell parts of a millisecond apart, and there shall not be a lane for each length that somebody computes.
  setTimer: (delayMs, fire) => laneOf(Math.ceil(delayMs)).start(fire),
  clearTimer: (handle: TimerHandle) => {
    // Handles come from setTimer above.
    if (handle !== undefined) (handle as Timer).lane.stop(handle as Timer)
  },
}
