/**
 * Bounds how often something is logged.
 */

/**
 * Lets the first few through in each window and counts the rest.
 */
export interface Admission {
  readonly isAdmitted: boolean
  /** How many were turned away in the window that has just ended, and have not been taken; 0 within a window. */
  readonly suppressed: number
}

export class RateLimit {
  readonly #limit: number
  readonly #windowMs: number
  #windowStartMs = -Infinity
  #seen = 0

  constructor(limit: number, windowMs: number) {
    this.#limit = limit
    this.#windowMs = windowMs
  }

  admit(nowMs: number): Admission {
    let suppressed = 0
    if (nowMs - this.#windowStartMs >= this.#windowMs) {
      suppressed = this.takeSuppressed()
      this.#windowStartMs = nowMs
      this.#seen = 0
    }
    this.#seen++
    return { isAdmitted: this.#seen <= this.#limit, suppressed }
  }

  /** How many were turned away, each counted once; the window goes on. */
  takeSuppressed(): number {
    const suppressed = Math.max(0, this.#seen - this.#limit)
    this.#seen -= suppressed
    return suppressed
  }
}
