/**
 * The one file that touches ambient time, timers, randomness and the error stream. Everything else gets a port.
 *
 * @internal
 */

// Node makes the global anew a getter that looks things up: once is enough.
const { performance } = globalThis

/** Milliseconds since the epoch on a clock that is never set back. */
export const epochMs = (): number => performance.timeOrigin + performance.now()

/** Milliseconds since some moment; for measuring slices of work. */
export const monotonicMs = (): number => performance.now()

export type Timeout = ReturnType<typeof setTimeout>

export const startTimeout = (fire: () => void, delayMs: number): Timeout => setTimeout(fire, delayMs)

export const stopTimeout = (timeout: Timeout): void => {
  clearTimeout(timeout)
}

const settled = Promise.resolve()

/** Runs before the event loop looks at timers and sockets again. A third of the cost of `queueMicrotask`, which keeps more books. */
export const soon = (run: () => void): void => {
  void settled.then(run)
}

/** Runs after the event loop has looked at timers and sockets. */
export const nextTurn = (run: () => void): void => {
  setImmediate(run)
}

export const randomUnit = (): number => Math.random()

/** The last resort: for what must be known and has no logger to go to. */
export const reportError = (text: string, cause: unknown): void => {
  console.error(text, cause)
}

/** Writes a line to standard error. */
export const writeError = (line: string): void => {
  console.error(line)
}

/** A time for people. */
export const isoTime = (epochMilliseconds: number): string => new Date(epochMilliseconds).toISOString()

/** Longer delays overflow the platform's timers and fire at once. */
export const longestTimeoutMs = 2_147_483_647

let holds = 0
let holder: ReturnType<typeof setInterval> | undefined

/** Keeps the process alive until `release` has been called as often. */
export const hold = (): void => {
  holds++
  if (holds > 1) return
  holder ??= setInterval(() => undefined, longestTimeoutMs)
  holder.ref()
}

export const release = (): void => {
  holds--
  if (holds === 0) holder?.unref()
}
