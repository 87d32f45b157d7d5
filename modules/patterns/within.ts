/**
 * Tasks with a signal and a time.
 */
import type { AbortableTask, ActorSystem } from '../model/index.js'
import { portsOf } from '../runtime/internal.js'

/**
 * A task that can be used as a `Task` or `TaskEither` of fp-ts, and where a signal is given, as in `context.pipeToSelf`.
 *
 * @category model
 * @since 0.1.0
 */
export type AnyTask<T> = (signal?: AbortSignal) => Promise<T>

/** Runs a task for up to `ms`; undefined when that was too short. Its signal fires when the time is up, and with the outer one. */
export const within = async <T>(
  system: ActorSystem<never>,
  ms: number,
  task: AbortableTask<T>,
  outer: AbortSignal | undefined,
): Promise<T | undefined> => {
  const abort = new AbortController()
  const forgetOuter = whenFired(outer, () => {
    abort.abort(outer?.reason)
  })
  let endTime = (): void => undefined
  const timeIsUp = new Promise<undefined>((resolve) => {
    endTime = after(system, ms, () => {
      abort.abort()
      resolve(undefined)
    })
  })
  try {
    return await Promise.race([task(abort.signal), timeIsUp])
  } finally {
    endTime()
    forgetOuter()
  }
}

/** Runs this when the signal fires, at once if it has. The answer takes that back. */
export const whenFired = (signal: AbortSignal | undefined, run: () => void): (() => void) => {
  if (signal?.aborted === true) run()
  else signal?.addEventListener('abort', run, { once: true })
  return () => {
    signal?.removeEventListener('abort', run)
  }
}

/** Waits; at once over when the signal fires. */
export const pause = (system: ActorSystem<never>, ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    if (signal?.aborted === true) {
      resolve()
      return
    }
    const cancel = after(system, ms, done)
    const stop = (): void => {
      cancel()
      done()
    }
    signal?.addEventListener('abort', stop, { once: true })
    function done(): void {
      signal?.removeEventListener('abort', stop)
      resolve()
    }
  })

/** By the clock and not by the scheduler of the system, which ends with it: whoever waits for a task shall not wait for ever. */
const after = (system: ActorSystem<never>, ms: number, run: () => void): (() => void) => {
  const { clock } = portsOf(system)
  const timer = clock.setTimer(ms, run)
  return () => {
    clock.clearTimer(timer)
  }
}
