/**
 * What controllers with a durable queue have in common: they load it before anything else, and try again, after a pause,
 * what the store refuses.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, Behavior, Settled, TimerScheduler } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { left, requireThat, textOf, wholeFrom } from '../model/internal.js'
import type { DurableProducerQueue, DurableProducerState } from './DurableProducerQueue.js'

/**
 * Options of a controller that can have a durable queue.
 *
 * @category model
 * @since 0.1.0
 */
export interface DurableOptions<A> {
  /** Keeps what is not confirmed for the time after a restart. Default: nothing does. */
  readonly durableQueue?: DurableProducerQueue<unknown, A>
  /**
   * How often the queue is tried before the controller fails. A whole number from 1. Default: 10. The pause after the first try is 50 ms, and
   * each one after it is twice as long, up to 3,000 ms: ten tries take 12 seconds.
   */
  readonly storeAttempts?: number
}

/** How an attempt to store `S` has ended. A class, so that no message can pass for it. */
export class StoreEnded<S> {
  readonly _tag = 'StoreEnded'
  readonly store: S
  readonly attempt: number
  readonly result: Settled<unknown>

  constructor(store: S, attempt: number, result: Settled<unknown>) {
    this.store = store
    this.attempt = attempt
    this.result = result
  }
}

/** What the store has refused is to be tried again. A class, too. */
export class StoreAgain<S> {
  readonly _tag = 'StoreAgain'
  readonly store: S
  readonly attempt: number

  constructor(store: S, attempt: number) {
    this.store = store
    this.attempt = attempt
  }
}

const defaultAttempts = 10

/** Long enough together for a store to come back that is busy, or that is started again. */
const firstPauseMs = 50
const longestPauseMs = 3_000

/** How long the queue is left alone after attempt number `attempt`, from 1. */
const pauseMs = (attempt: number): number => Math.min(longestPauseMs, firstPauseMs * 2 ** (attempt - 1))

export const requireAttempts = (
  { storeAttempts = defaultAttempts }: Pick<DurableOptions<never>, 'storeAttempts'>,
  where: string,
): void => {
  requireThat(`storeAttempts ${where}`, storeAttempts, wholeFrom(1))
}

/** Begins with what the queue holds. */
export const loading = <A, M>(
  context: ActorContext<M>,
  queue: DurableProducerQueue<unknown, A>,
  options: DurableOptions<A>,
  begin: (stored: DurableProducerState<A>) => Behavior<M>,
  attempt = 1,
): Behavior<M> =>
  Behaviors.awaiting(
    attempted<DurableProducerState<A>>(() => queue.load),
    (loaded) => {
      if (loaded._tag === 'Right') return begin(loaded.right)
      failBeyond(context, options, attempt, 'load', loaded.left)
      return Behaviors.coroutine<M>(function* (co) {
        yield* co.sleep(pauseMs(attempt))
        return loading(context, queue, options, begin, attempt + 1)
      })
    },
  )

/** A store that throws, at once or later, has refused as well: adapters forget to catch. */
const attempted =
  <T>(operation: () => TaskEither<unknown, T>): TaskEither<unknown, T> =>
  async () => {
    try {
      return await operation()()
    } catch (error) {
      return left(error)
    }
  }

/** Throws when it has been tried often enough. */
const failBeyond = (
  context: ActorContext<never>,
  { storeAttempts = defaultAttempts }: Pick<DurableOptions<never>, 'storeAttempts'>,
  attempt: number,
  what: string,
  error: unknown,
): void => {
  context.log.warn(`The durable queue could not ${what}, attempt ${String(attempt)}: ${textOf(error)}`)
  if (attempt >= storeAttempts)
    throw new TroupeError(
      'IllegalState',
      `${context.self.path.toString()}: the durable queue could not ${what} in ${String(attempt)} attempts: ${textOf(error)}. ` +
        'See to the store, and start the controller again: what is stored and unconfirmed is sent then.',
    )
}

/** Stores, and hears of the end. */
export const keep = <S>(
  context: ActorContext<StoreEnded<S>>,
  operation: () => TaskEither<unknown, void>,
  store: S,
  attempt: number,
): void => {
  context.pipeToSelf<unknown>(attempted(operation), (result) => new StoreEnded(store, attempt, result))
}

/** What was kept; what the store refused is tried again after a pause, and undefined. */
export const keptOrAgain = <S extends { readonly _tag: 'Store' | 'StoreConfirmed' }>(
  context: ActorContext<never>,
  timers: TimerScheduler<StoreAgain<S>>,
  options: Pick<DurableOptions<never>, 'storeAttempts'>,
  { store, attempt, result }: StoreEnded<S>,
): S | undefined => {
  if (result._tag === 'Right') return store
  failBeyond(context, options, attempt, store._tag === 'Store' ? 'store' : 'store a confirmation', result.left)
  // A later confirmation does not wait for it: the queue takes them in any order.
  timers.startSingleTimer(store, new StoreAgain(store, attempt + 1), pauseMs(attempt))
  return undefined
}
