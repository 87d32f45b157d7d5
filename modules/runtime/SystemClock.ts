/**
 * The clock of the machine.
 */
import type { Clock, TimerHandle } from '../model/index.js'
import { epochMs, longestTimeoutMs, startTimeout, stopTimeout, type Timeout } from './platform.js'

/** A delay beyond what one timeout of the platform can do is made of several. */
class LongTimer {
  #timeout: Timeout

  constructor(delayMs: number, fire: () => void) {
    this.#timeout = this.#arm(delayMs, fire)
  }

  stop(): void {
    stopTimeout(this.#timeout)
  }

  #arm(delayMs: number, fire: () => void): Timeout {
    if (delayMs <= longestTimeoutMs) return startTimeout(fire, delayMs)
    return startTimeout(() => {
      this.#timeout = this.#arm(delayMs - longestTimeoutMs, fire)
    }, longestTimeoutMs)
  }
}

/** The clock of the machine: wall time that never runs backwards, and the platform's timers. */
export const systemClock: Clock = {
  now: epochMs,
  setTimer: (delayMs, fire) =>
    delayMs > longestTimeoutMs ? new LongTimer(delayMs, fire) : startTimeout(fire, delayMs),
  clearTimer: (handle: TimerHandle) => {
    if (handle instanceof LongTimer) handle.stop()
    // Handles come from setTimer above.
    else stopTimeout(handle as Timeout)
  },
}
