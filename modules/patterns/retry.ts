/**
 * Trying again, with pauses.
 */
import type { AbortableTask, ActorSystem } from '../model/index.js'
import { numberFrom, period, requireThat, wholeFrom, type Either } from '../model/internal.js'
import { portsOf } from '../runtime/internal.js'
import { pause, type AnyTask } from './within.js'

/**
 * How often something is tried, and how long the pauses are.
 *
 * @category model
 * @since 0.1.0
 */
export interface RetryOptions<E> {
  /** How often it is tried at most, the first time included. A whole number from 1. */
  readonly attempts: number
  /** Milliseconds of the first pause; each one after it is twice as long. Above 0. Default: 100. */
  readonly minMs?: number
  /** Milliseconds of the longest pause, before the random stretch. At least `minMs`. Default: 10,000. */
  readonly maxMs?: number
  /** From 0 (none) to 1: by how much of itself a pause is stretched at random, so that many callers do not come back at once. Default: 0.2. */
  readonly randomFactor?: number
  /** Which errors are worth another try. Default: all. */
  readonly when?: (error: E) => boolean
}

/** The pause after attempt number `attempt`, from 0; `unit` is from 0 up to 1. */
export const pauseAfter = (
  attempt: number,
  { minMs, maxMs, randomFactor }: { readonly minMs: number; readonly maxMs: number; readonly randomFactor: number },
  unit: number,
): number => Math.min(maxMs, minMs * 2 ** attempt) * (1 + randomFactor * unit)

/**
 * Makes a task of a task that tries again while it is left with an error. It is left with the last error when all attempts have failed, and
 * when its signal fires during a pause.
 *
 * A rejection is not retried: what can be expected to go wrong is a left.
 *
 * @throws TroupeError IllegalArgument for an option that is out of range
 *
 * @example
 * ```ts
 * import { left, right } from 'fp-ts/lib/Either.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { retry } from 'troupe/patterns'
 *
 * await using system = ActorSystem.create(Behaviors.empty, 'demo')
 * let calls = 0
 * const flaky = () => Promise.resolve(++calls < 3 ? left('busy') : right(calls))
 * console.log(await retry(system, flaky, { attempts: 5, minMs: 5 })()) // { _tag: 'Right', right: 3 }
 * ```
 *
 * @see https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/
 * @category running
 * @since 0.1.0
 */
export const retry = <E, A>(
  system: ActorSystem<never>,
  task: AbortableTask<Either<E, A>>,
  options: RetryOptions<E>,
): AnyTask<Either<E, A>> => {
  const { attempts, minMs = 100, maxMs = Math.max(10_000, minMs), randomFactor = 0.2, when = () => true } = options
  requireThat('attempts of retry', attempts, wholeFrom(1))
  requireThat('minMs of retry', minMs, period)
  requireThat('maxMs of retry', maxMs, numberFrom(minMs))
  requireThat('randomFactor of retry', randomFactor, numberFrom(0, 1))
  return async (signal = new AbortController().signal) => {
    for (let attempt = 0; ; attempt++) {
      const result = await task(signal)
      if (result._tag === 'Right' || attempt + 1 >= attempts || !when(result.left)) return result
      await pause(system, pauseAfter(attempt, { minMs, maxMs, randomFactor }, portsOf(system).random.next()), signal)
      if (signal.aborted) return result
    }
  }
}
