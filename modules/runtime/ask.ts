/**
 * Asking from outside of actors.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import {
  TroupeError,
  type ActorRef,
  type AskError,
  type AskOptions,
  type ErrorMessage,
  type Reply,
  type StatusReply,
} from '../model/index.js'
import { left, right, tagOf, textOf, type Either } from '../model/internal.js'
import { askOnce, type Complete } from './OneShot.js'

/**
 * Asks an actor and waits for its reply: sends what `make` makes of a reference to reply to.
 *
 * The task may be run any number of times; each run asks anew. It is left with AskTimeout when no reply came in time, and with
 * AskTargetTerminated when the actor is dead or dies before it has replied.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, ask, type ActorRef } from 'troupe'
 *
 * type Query = { readonly _tag: 'Square'; readonly of: number; readonly replyTo: ActorRef<number> }
 *
 * const squarer = Behaviors.receiveMessage<Query>((query) => {
 *   query.replyTo.tell(query.of * query.of)
 *   return Behaviors.same
 * })
 * await using system = ActorSystem.create(squarer, 'demo')
 * const square = pipe(system, ask((replyTo) => ({ _tag: 'Square', of: 7, replyTo }), { timeoutMs: 1_000 }))
 * console.log(await square()) // { _tag: 'Right', right: 49 }
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/interaction-patterns.html
 * @category running
 * @since 0.1.0
 */
export const ask =
  <R, const M>(make: (replyTo: ActorRef<R>) => M, options: AskOptions) =>
  <Q>(target: ActorRef<Q> & ActorRef<M>): TaskEither<AskError, Reply<R, Q, M>> =>
  () =>
    new Promise<Either<AskError, Reply<R, Q, M>>>((resolve) => {
      // The reply type is found by the request; see Reply.
      askOnce(target, make, options.timeoutMs, resolve as Complete)
    })

/**
 * Asks for a `StatusReply` and takes it apart: success on the right; on the left the error, a text as `ErrorMessage`. A reply that is none
 * is a `TroupeError` on the left, with the tag IllegalArgument.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, StatusReply, askWithStatus, type ActorRef } from 'troupe'
 *
 * type Order = { readonly _tag: 'Order'; readonly replyTo: ActorRef<StatusReply<string>> }
 *
 * const shop = Behaviors.receiveMessage<Order>((order) => {
 *   order.replyTo.tell(StatusReply.error('out of stock'))
 *   return Behaviors.same
 * })
 * await using system = ActorSystem.create(shop, 'demo')
 * const order = pipe(
 *   system,
 *   askWithStatus((replyTo: ActorRef<StatusReply<string>>) => ({ _tag: 'Order', replyTo }), { timeoutMs: 1_000 }))
 * console.log(await order()) // { _tag: 'Left', left: { _tag: 'ErrorMessage', message: 'out of stock' } }
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const askWithStatus =
  <B, const M>(make: (replyTo: ActorRef<StatusReply<B>>) => M, options: AskOptions) =>
  (target: ActorRef<M>): TaskEither<unknown, B> =>
  () =>
    new Promise((resolve) => {
      askOnce(target, make, options.timeoutMs, (result) => {
        // The annotation of replyTo says what is replied.
        resolve(openStatus(result, target) as Either<unknown, B>)
      })
    })

/** The value or the error inside of a status reply; an error when it is none. */
export const openStatus = (result: Either<unknown, unknown>, target: ActorRef<never>): Either<unknown, unknown> => {
  if (result._tag === 'Left') return result
  const status = result.right
  if (!isStatusReply(status)) return left(noStatusReply(status, target))
  if (status._tag === 'Success') return right(status.value)
  return left(typeof status.error === 'string' ? errorMessage(status.error) : status.error)
}

const isStatusReply = (reply: unknown): reply is StatusReply<unknown> => {
  const tag = tagOf(reply)
  return tag === 'Success' || tag === 'Error'
}

const noStatusReply = (reply: unknown, target: ActorRef<never>): TroupeError =>
  new TroupeError(
    'IllegalArgument',
    `${target.path.toString()} was asked for a StatusReply and replied ${textOf(reply)}. Let it reply with StatusReply.success(value) or ` +
      `StatusReply.error(error), or ask it with ask.`,
  )

const errorMessage = (message: string): ErrorMessage => ({ _tag: 'ErrorMessage', message })
