/**
 * What makes a behavior of another behavior: `Behaviors.supervise`, `Behaviors.intercept`, …
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Decoder } from 'io-ts'
import type { ActorRef, Behavior, Interceptor, SupervisorStrategy, TranslatingInterceptor } from '../model/index.js'
import { oneOf, requireThat, type Rule } from '../model/internal.js'
import type { OnSignal } from './constructors.js'
import { decoding, logging, monitoring, transforming, type LogMessagesOptions } from './interceptors.js'
import { behaviorOf, nodeOf, type AnyInterceptor, type SignalHandler } from './nodes.js'

/**
 * Adds a signal handler to any behavior. It is asked before a handler that the behavior has already, which gets what it leaves
 * unhandled.
 *
 * @remarks
 * Like the second argument of `receive` it belongs to this behavior alone: the behavior that a message leads to brings its own.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const printer = pipe(
 *   Behaviors.receiveMessage<string>(() => Behaviors.same),
 *   Behaviors.receiveSignal((context, signal) => {
 *     context.log.info(signal._tag)
 *     return Behaviors.same
 *   }))
 * await using system = ActorSystem.create(printer, 'demo')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const receiveSignal =
  <A>(onSignal: OnSignal<NoInfer<A>>) =>
  (behavior: Behavior<A>): Behavior<A> =>
    // See receive for the cast.
    behaviorOf({ _tag: 'Signalled', behavior: nodeOf(behavior), onSignal: onSignal as unknown as SignalHandler })

/**
 * Which failures a `supervise` decides about.
 *
 * @category model
 * @since 0.1.0
 */
export interface SuperviseOptions {
  /** Decides about failures for which this holds and leaves others to the next supervise outward. Default: all failures. */
  readonly when?: (error: unknown) => boolean
}

/**
 * Declares what happens when the behavior fails. The innermost strategy that matches decides; every behavior that the actor
 * becomes stays supervised.
 *
 * @remarks
 * A restart starts the behavior that was given to `supervise`. State that is mutable must therefore be made inside `setup`:
 * what a closure outside of it holds would be shared with the failed incarnation, and with every other actor made from the same value.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, SupervisorStrategy } from 'troupe'
 *
 * const worker = pipe(
 *   Behaviors.receiveMessage<string>((text) => {
 *     JSON.parse(text)
 *     return Behaviors.same
 *   }),
 *   Behaviors.supervise(SupervisorStrategy.resume, { when: (error) => error instanceof SyntaxError }),
 *   Behaviors.supervise(SupervisorStrategy.restart))
 * const system = ActorSystem.create(worker, 'demo')
 * system.tell('{')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/fault-tolerance.html
 * @category combinators
 * @since 0.1.0
 */
export const supervise = (
  strategy: SupervisorStrategy,
  options?: SuperviseOptions,
): (<A>(behavior: Behavior<A>) => Behavior<A>) => {
  // A strategy that nobody can carry out shall not be found out by the first failure.
  requireThat('The strategy of Behaviors.supervise', strategy, aStrategy)
  return (behavior) => behaviorOf({ _tag: 'Supervise', strategy, when: options?.when, behavior: nodeOf(behavior) })
}

const strategies = oneOf(['Stop', 'Resume', 'Restart', 'Backoff'] satisfies SupervisorStrategy['_tag'][])

const aStrategy: Rule = {
  holds: (value) => typeof value === 'object' && value !== null && '_tag' in value && strategies.holds(value._tag),
  expected: 'a strategy that SupervisorStrategy makes; functions of it have to be called',
}

/**
 * Puts an interceptor around a behavior. An interceptor that lies around it already is not added again. It sees a message that is
 * postponed each time that it is offered again.
 *
 * @remarks
 * One without `aroundReceive` leaves the protocol as it is.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, type Interceptor } from 'troupe'
 *
 * const shout: Interceptor<string> = {
 *   name: 'shout',
 *   aroundReceive: (_, text, target) => target.receive(text.toUpperCase()),
 * }
 * const printer = pipe(Behaviors.receiveMessage<string>(() => Behaviors.same), Behaviors.intercept(shout))
 * await using system = ActorSystem.create(printer, 'demo')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const intercept: {
  (
    interceptor: Interceptor<never, unknown> & { readonly aroundReceive?: undefined },
  ): <A>(behavior: Behavior<A>) => Behavior<A>
  <Outer, Inner>(interceptor: TranslatingInterceptor<Outer, Inner>): (behavior: Behavior<Inner>) => Behavior<Outer>
  <Outer extends Inner, Inner>(interceptor: Interceptor<Outer, Inner>): (behavior: Behavior<Inner>) => Behavior<Outer>
} =
  // Inside, every interceptor takes anything; the types here keep it from getting anything but its own.
  (interceptor: Interceptor<never, never>) => (behavior: Behavior<never>) =>
    behaviorOf({ _tag: 'Intercept', interceptor: interceptor as unknown as AnyInterceptor, behavior: nodeOf(behavior) })

/**
 * Sends a copy of every message to `ref` before it is handled. The same `ref` gets one copy, however often it is named.
 *
 * @remarks
 * A message that a coroutine does not want yet, or that a state machine postpones, is offered again, and copied each time.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { Behaviors, type ActorRef, type Behavior } from 'troupe'
 *
 * const watched = (behavior: Behavior<string>, ref: ActorRef<string>): Behavior<string> =>
 *   pipe(behavior, Behaviors.monitor(ref))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const monitor =
  <A>(ref: ActorRef<A>) =>
  <B extends A>(behavior: Behavior<B>): Behavior<B> =>
    intercept(monitoring<B>(ref))(behavior)

/**
 * Logs every message and signal before it is handled.
 *
 * @remarks
 * A message that a coroutine does not want yet, or that a state machine postpones, is offered again, and logged each time.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const chatty = pipe(Behaviors.receiveMessage<string>(() => Behaviors.same), Behaviors.logMessages({ level: 'info' }))
 * await using system = ActorSystem.create(chatty, 'demo')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const logMessages =
  (options?: LogMessagesOptions) =>
  <A>(behavior: Behavior<A>): Behavior<A> =>
    intercept(logging<A>(options))(behavior)

/**
 * Lets a behavior of one protocol serve another: each message passes through `transform`; none means unhandled.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { none, some } from 'fp-ts/lib/Option.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const numbers = Behaviors.receiveMessage<number>(() => Behaviors.same)
 * const texts = pipe(
 *   numbers,
 *   Behaviors.transformMessages((text: string) => (text === '' ? none : some(text.length))))
 * await using system = ActorSystem.create(texts, 'demo')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const transformMessages =
  <A, B>(transform: (message: B) => Option<A>) =>
  (behavior: Behavior<A>): Behavior<B> =>
    intercept(transforming(transform))(behavior)

/**
 * Lets a behavior of one protocol serve another, for a function that has an answer to every message. It runs in the actor.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const numbers = Behaviors.receiveMessage<number>(() => Behaviors.same)
 * const texts = pipe(numbers, Behaviors.contramap((text: string) => text.length))
 * await using system = ActorSystem.create(texts, 'demo')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const contramap = <A, B>(f: (message: B) => A): ((behavior: Behavior<A>) => Behavior<B>) =>
  transformMessages((message) => ({ _tag: 'Some', value: f(message) }))

/**
 * Looks at a behavior as one of a part of its protocol.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { Behaviors, type Behavior } from 'troupe'
 *
 * const any = Behaviors.receiveMessage<string | number>(() => Behaviors.same)
 * const texts: Behavior<string> = pipe(any, Behaviors.narrow<string>())
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const narrow =
  <B>() =>
  (behavior: Behavior<B>): Behavior<B> =>
    behavior

/**
 * Lets a second behavior handle what the first leaves unhandled. Both go on side by side, each with a state of its own; the actor
 * stops when either does.
 *
 * @remarks
 * Supervise the combination, not its parts.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const hello = Behaviors.receiveMessage<string>((text) => (text === 'hello' ? Behaviors.same : Behaviors.unhandled))
 * const other = Behaviors.receiveMessage<string>(() => Behaviors.same)
 * await using system = ActorSystem.create(pipe(hello, Behaviors.orElse(other)), 'demo')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const orElse: {
  // The protocol is that of the first; the second may take more.
  <A>(second: Behavior<NoInfer<A>>): (first: Behavior<A>) => Behavior<A>
  <A>(second: Behavior<A>): <B extends A>(first: Behavior<B>) => Behavior<B>
} = (second: Behavior<never>) => (first: Behavior<never>) =>
  behaviorOf({ _tag: 'OrElse', first: nodeOf(first), second: nodeOf(second) })

/**
 * Puts an io-ts decoder in front of a behavior. What it refuses is published as unhandled, with the decoder's report.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import * as t from 'io-ts'
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const Order = t.type({ sku: t.string, quantity: t.number })
 * const orders = pipe(
 *   Behaviors.receiveMessage<t.TypeOf<typeof Order>>(() => Behaviors.same),
 *   Behaviors.decode(Order))
 * const system = ActorSystem.create(orders, 'demo')
 * system.tell(JSON.parse('{ "sku": "A-1", "quantity": 2 }'))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const decode =
  <I, A>(decoder: Decoder<I, A>) =>
  (behavior: Behavior<A>): Behavior<I> =>
    intercept(decoding(decoder))(behavior)
