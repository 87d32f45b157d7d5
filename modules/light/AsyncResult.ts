/**
 * A result that is there once and for all.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior } from '../model/index.js'
import { left, right } from '../model/internal.js'
import { Waiters } from './Waiters.js'

/**
 * What a result understands.
 *
 * @category model
 * @since 0.1.0
 */
export type AsyncResultCommand<E, A> =
  | { readonly _tag: 'Complete'; readonly result: Either<E, A> }
  | { readonly _tag: 'Get'; readonly replyTo: ActorRef<Either<E, A>> }

/**
 * A result that somebody will bring: `get` is answered when it is there. The first stands; a later one is left unhandled.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { AsyncResult } from 'troupe/light'
 *
 * const answer = ActorSystem.create(AsyncResult.behavior<string, number>(), 'demo')
 * answer.tell(AsyncResult.succeed(42))
 * const got = await pipe(answer, ask(AsyncResult.get<string, number>, { timeoutMs: 1_000 }))()
 * if (got._tag === 'Right') console.log(got.right) // { _tag: 'Right', right: 42 }
 * ```
 *
 * @see https://www.gevent.org/api/gevent.event.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = <E, A>(): Behavior<AsyncResultCommand<E, A>> =>
  Behaviors.setup(() => {
    const waiters = new Waiters<{ readonly replyTo: ActorRef<Either<E, A>> }>()
    const done = (result: Either<E, A>): Behavior<AsyncResultCommand<E, A>> =>
      Behaviors.receiveMessage((command) => {
        if (command._tag === 'Complete') return Behaviors.unhandled
        command.replyTo.tell(result)
        return Behaviors.same
      })
    return Behaviors.receiveMessage((command) => {
      if (command._tag === 'Get') {
        waiters.add(command)
        return Behaviors.same
      }
      for (const { replyTo } of waiters.takeAll()) replyTo.tell(command.result)
      return done(command.result)
    })
  })

/**
 * Brings a value.
 *
 * @example
 * ```ts
 * import { AsyncResult } from 'troupe/light'
 *
 * const command = AsyncResult.succeed(42)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const succeed = <A>(value: A): { readonly _tag: 'Complete'; readonly result: Either<never, A> } => ({
  _tag: 'Complete',
  result: right(value),
})

/**
 * Brings an error.
 *
 * @example
 * ```ts
 * import { AsyncResult } from 'troupe/light'
 *
 * const command = AsyncResult.fail('out of stock')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const fail = <E>(error: E): { readonly _tag: 'Complete'; readonly result: Either<E, never> } => ({
  _tag: 'Complete',
  result: left(error),
})

/**
 * Waits for the result, for `ask` and `co.ask`.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { AsyncResult, type AsyncResultCommand } from 'troupe/light'
 *
 * const reader = (result: ActorRef<AsyncResultCommand<string, number>>) =>
 *   Behaviors.coroutine<never>(function* (co) {
 *     const got = yield* co.ask(result, AsyncResult.get<string, number>, { timeoutMs: 1_000 })
 *     co.context.log.info(got._tag)
 *     return Behaviors.stopped
 *   })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const get = <E, A>(
  replyTo: ActorRef<Either<E, A>>,
): { readonly _tag: 'Get'; readonly replyTo: ActorRef<Either<E, A>> } => ({ _tag: 'Get', replyTo })
