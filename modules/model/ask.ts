/**
 * The types of asking: the type of a reply is found by the request.
 */
import type { ActorRef } from './ActorRef.js'

type Tagged<M> = M extends { readonly _tag: infer T } ? { readonly _tag: T } : never

/** What the request `M`, found by its tag in the protocol `Q`, is answered with; unknown when it has no `replyTo`. */
type ReplyOf<Q, M> = Extract<Q, Tagged<M>> extends { readonly replyTo: ActorRef<infer R> } ? R : unknown

/**
 * The type of the reply to `M`: `R` when the parameter of the request's maker was annotated. When it was not, it is found in the
 * protocol `Q`: by the `_tag` of the request, and its field `replyTo`. `unknown` when that does not find it.
 *
 * @category model
 * @since 0.1.0
 */
export type Reply<R, Q, M> = unknown extends R ? ReplyOf<Q, M> : R

/**
 * What can be sent, as a message or as a reply: anything but null and undefined.
 *
 * @category model
 * @since 0.1.0
 */
// eslint-disable-next-line @typescript-eslint/no-empty-object-type -- there is no other word for it
export interface Sendable {}

/**
 * How long to wait for a reply.
 *
 * @category model
 * @since 0.1.0
 */
export interface AskOptions {
  /**
   * Milliseconds, above 0 and finite. A wait without an end is a leak: whoever never replies would be watched, and the reference to reply to
   * kept, for as long as he lives.
   */
  readonly timeoutMs: number
}

/**
 * A reply that may say no: the shape that `askWithStatus` takes apart.
 *
 * @category model
 * @since 0.1.0
 */
export type StatusReply<A> =
  { readonly _tag: 'Success'; readonly value: A } | { readonly _tag: 'Error'; readonly error: unknown }

/**
 * Makes status replies.
 *
 * @example
 * ```ts
 * import { StatusReply } from 'troupe'
 *
 * const yes = StatusReply.success(42)
 * const no = StatusReply.error('out of stock')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/interaction-patterns.html
 * @category constructors
 * @since 0.1.0
 */
export const StatusReply: {
  /** A reply with a value. */
  readonly success: <A>(value: A) => StatusReply<A>
  /** A refusal: a text arrives as an `ErrorMessage`, anything else as it is. */
  readonly error: (error: unknown) => StatusReply<never>
} = {
  success: (value) => ({ _tag: 'Success', value }),
  error: (error) => ({ _tag: 'Error', error }),
}
