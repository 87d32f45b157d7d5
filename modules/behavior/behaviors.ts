/**
 * The constructors of behaviors, `Behaviors.*`.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Decoder } from 'io-ts'
import type { AbortableTask, ActorContext, ActorRef, Behavior, Interceptor } from '../model/index.js'
import type { Signal, StashBuffer, SupervisorStrategy, TimerScheduler } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { decoding, logging, monitoring, transforming, type LogMessagesOptions } from './interceptors.js'
import * as nodes from './nodes.js'
import type { AnyBehavior, AnyInterceptor, SignalHandler } from './nodes.js'

const { behaviorOf, nodeOf } = nodes

/** What a signal handler looks like from outside. */
type OnSignal<A> = (context: ActorContext<A>, signal: Signal) => Behavior<A>

/**
 * Keeps the current behavior.
 *
 * @example
 * ```ts
 * import { Behaviors } from 'troupe'
 *
 * const silent = Behaviors.receiveMessage<string>(() => Behaviors.same)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const same: Behavior<unknown> = behaviorOf(nodes.same)

/**
 * Keeps the current behavior and lets the message be published as unhandled.
 *
 * @example
 * ```ts
 * import { Behaviors } from 'troupe'
 *
 * const onlyHello = Behaviors.receiveMessage<string>((text) => (text === 'hello' ? Behaviors.same : Behaviors.unhandled))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const unhandled: Behavior<unknown> = behaviorOf(nodes.unhandled)

/**
 * Handles nothing: every message is unhandled.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * await using system = ActorSystem.create(Behaviors.empty, 'demo')
 * system.tell('published as unhandled')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const empty: Behavior<unknown> = behaviorOf(nodes.empty)

/**
 * Takes every message and every signal and does nothing.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * await using system = ActorSystem.create(Behaviors.ignore, 'demo')
 * system.tell('gone')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const ignore: Behavior<unknown> = behaviorOf(nodes.ignore)

/**
 * `stopped`: a behavior that can also be called, to add a last act.
 *
 * @category model
 * @since 0.1.0
 */
export interface StoppedBehavior extends Behavior<unknown> {
  (onStopped: () => void | undefined): Behavior<unknown>
}

/**
 * Stops the actor: its children stop first, then the current behavior sees PostStop. Called with a function, it runs that last.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 *
 * const once: Behavior<string> = Behaviors.receiveMessage((text: string) =>
 *   text === '' ? Behaviors.stopped : Behaviors.stopped(() => console.log('said', text)))
 *
 * await using system = ActorSystem.create(once, 'demo')
 * system.tell('goodbye')
 * await system.whenTerminated
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const stopped: StoppedBehavior = nodes.stoppedValue as unknown as StoppedBehavior

/**
 * Handles messages with the context at hand, and signals with the second function.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 *
 * const greeter = (greeted: number): Behavior<string> =>
 *   Behaviors.receive(
 *     (context, name) => {
 *       context.log.info(`Hello, ${name}`)
 *       return greeter(greeted + 1)
 *     },
 *     (context, signal) => {
 *       if (signal._tag === 'PostStop') context.log.info(`greeted ${greeted}`)
 *       return Behaviors.same
 *     })
 *
 * await using system = ActorSystem.create(greeter(0), 'demo')
 * system.tell('world')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const receive = <A>(
  onMessage: (context: ActorContext<A>, message: A) => Behavior<A>,
  onSignal?: OnSignal<A>,
): Behavior<A> =>
  // The casts close the protocol up: only messages of type A reach this behavior.
  behaviorOf(
    new nodes.Receive(onMessage as unknown as nodes.ReceiveHandler, onSignal as unknown as SignalHandler | undefined),
  )

/**
 * Handles messages; the leanest behavior there is. What it needs beside the message comes from the closure that made it.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type ActorRef, type Behavior } from 'troupe'
 *
 * type CounterCommand =
 *   | { readonly _tag: 'Increment' }
 *   | { readonly _tag: 'Get'; readonly replyTo: ActorRef<number> }
 *
 * const counter = (count: number): Behavior<CounterCommand> =>
 *   Behaviors.receiveMessage((command) => {
 *     switch (command._tag) {
 *       case 'Increment': return counter(count + 1)
 *       case 'Get': command.replyTo.tell(count); return Behaviors.same
 *     }
 *   })
 *
 * await using system = ActorSystem.create(counter(0), 'demo')
 * system.tell({ _tag: 'Increment' })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const receiveMessage = <A>(onMessage: (message: A) => Behavior<A>, onSignal?: OnSignal<A>): Behavior<A> =>
  onSignal === undefined
    ? // The function itself is the behavior: see nodes.ts.
      behaviorOf(onMessage as unknown as nodes.MessageHandler)
    : receive((_, message) => onMessage(message), onSignal)

/**
 * Handles messages without ever changing: the function returns nothing and the behavior stays the same.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const printer = Behaviors.receiveMessageWithSame<string>((line) => console.log(line))
 * await using system = ActorSystem.create(printer, 'demo')
 * system.tell('hello')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const receiveMessageWithSame = <A>(onMessage: (message: A) => void | undefined): Behavior<A> =>
  receiveMessage((message) => {
    onMessage(message)
    return same
  })

/**
 * Handles some messages: none means unhandled.
 *
 * @example
 * ```ts
 * import { none, some } from 'fp-ts/lib/Option.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const onlyEven = Behaviors.receivePartial<number>((_, n) => (n % 2 === 0 ? some(Behaviors.same) : none))
 * await using system = ActorSystem.create(onlyEven, 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const receivePartial = <A>(
  onMessage: (context: ActorContext<A>, message: A) => Option<Behavior<A>>,
  onSignal?: OnSignal<A>,
): Behavior<A> =>
  receive((context, message) => {
    const next = onMessage(context, message)
    return next._tag === 'Some' ? next.value : unhandled
  }, onSignal)

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
  <A>(onSignal: OnSignal<A>) =>
  (behavior: Behavior<A>): Behavior<A> =>
    // See receive for the cast.
    behaviorOf(addSignalHandler(nodeOf(behavior), onSignal as unknown as SignalHandler))

/** Moves the handler inward to where a behavior receives. */
const addSignalHandler = (node: AnyBehavior, onSignal: SignalHandler): AnyBehavior => {
  if (node === nodes.stoppedValue) return node
  if (typeof node === 'function') return new nodes.Receive((_, message) => node(message), onSignal)
  switch (node._tag) {
    case 'Receive':
      return new nodes.Receive(node.onMessage, firstOf(onSignal, node.onSignal))
    case 'Empty':
      return new nodes.Receive(() => nodes.unhandled, onSignal)
    case 'Ignore':
      return new nodes.Receive(
        () => nodes.same,
        firstOf(onSignal, () => nodes.same),
      )
    case 'Setup':
      return { _tag: 'Setup', factory: (context) => addSignalHandler(node.factory(context), onSignal) }
    case 'WithTimers':
      return { _tag: 'WithTimers', factory: (timers) => addSignalHandler(node.factory(timers), onSignal) }
    case 'WithStash':
      return {
        _tag: 'WithStash',
        capacity: node.capacity,
        factory: (stash) => addSignalHandler(node.factory(stash), onSignal),
      }
    case 'Supervise':
    case 'Intercept':
      return { ...node, behavior: addSignalHandler(node.behavior, onSignal) }
    case 'Unstash':
      return { ...node, next: addSignalHandler(node.next, onSignal) }
    case 'Await':
      return { ...node, then: (value) => addSignalHandler(node.then(value), onSignal) }
    case 'OrElse':
      return { ...node, first: addSignalHandler(node.first, onSignal) }
    default:
      return node
  }
}

const firstOf = (first: SignalHandler, second: SignalHandler | undefined): SignalHandler => {
  if (second === undefined) return first
  return (context, signal) => {
    const next = first(context, signal)
    return nodes.isUnhandled(next) ? second(context, signal) : next
  }
}

/**
 * Makes the behavior when the actor starts, in its own first turn, and again at each restart. State that changes belongs in here.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const parent = Behaviors.setup<string>((context) => {
 *   const child = context.spawn(Behaviors.receiveMessage<string>(() => Behaviors.same), 'child')
 *   return Behaviors.receiveMessage((text) => {
 *     child.tell(text)
 *     return Behaviors.same
 *   })
 * })
 * await using system = ActorSystem.create(parent, 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const setup = <A>(factory: (context: ActorContext<A>) => Behavior<A>): Behavior<A> =>
  behaviorOf({ _tag: 'Setup', factory: (context) => nodeOf(factory(context)) })

/**
 * Makes a behavior that has timers. They belong to the actor: nested `withTimers` share their keys, and a change of behavior keeps
 * them running.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * const clock = Behaviors.withTimers<'tick'>((timers) => {
 *   timers.startTimerWithFixedDelay('clock', 'tick', 1_000)
 *   return Behaviors.receiveMessage(() => Behaviors.same)
 * })
 * await using system = ActorSystem.create(clock, 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const withTimers = <A>(factory: (timers: TimerScheduler<A>) => Behavior<A>): Behavior<A> =>
  behaviorOf({ _tag: 'WithTimers', factory: (timers) => nodeOf(factory(timers)) })

/**
 * Makes a behavior that can put up to `capacity` messages aside.
 *
 * @remarks
 * A restart publishes as Dropped what waits in a buffer that was made inside the restarted `supervise`; one made outside of it
 * keeps its messages.
 *
 * @throws TroupeError IllegalArgument when the capacity is not a whole number from 1 up
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 *
 * const ready: Behavior<string> = Behaviors.receiveMessage((_: string) => Behaviors.same)
 * const waiting = Behaviors.withStash<string>(100, (stash) =>
 *   Behaviors.receiveMessage((message) => {
 *     if (message === 'open') return stash.unstashAll(ready)
 *     stash.stash(message)
 *     return Behaviors.same
 *   }))
 * await using system = ActorSystem.create(waiting, 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const withStash = <A>(capacity: number, factory: (stash: StashBuffer<A>) => Behavior<A>): Behavior<A> => {
  if (!(Number.isInteger(capacity) && capacity >= 1))
    throw new TroupeError(
      'IllegalArgument',
      `The capacity of a stash is ${String(capacity)}, but must be a whole number from 1 up: how many messages may wait in it.`,
    )
  // The buffer is handed to this factory alone, which takes messages of type A.
  return behaviorOf({
    _tag: 'WithStash',
    capacity,
    factory: (stash) => nodeOf(factory(stash as unknown as StashBuffer<A>)),
  })
}

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
 * await using system = ActorSystem.create(worker, 'demo')
 * system.tell('{')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/fault-tolerance.html
 * @category combinators
 * @since 0.1.0
 */
export const supervise =
  (strategy: SupervisorStrategy, options?: SuperviseOptions) =>
  <A>(behavior: Behavior<A>): Behavior<A> =>
    behaviorOf({ _tag: 'Supervise', strategy, when: options?.when, behavior: nodeOf(behavior) })

/**
 * Puts an interceptor around a behavior. An interceptor that lies around it already is not added again.
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
export const intercept =
  <Outer, Inner>(interceptor: Interceptor<Outer, Inner>) =>
  (behavior: Behavior<Inner>): Behavior<Outer> =>
    // Inside, every interceptor takes anything; the types here keep it from getting anything but Outer.
    behaviorOf({ _tag: 'Intercept', interceptor: interceptor as unknown as AnyInterceptor, behavior: nodeOf(behavior) })

/**
 * Sends a copy of every message to `ref` before it is handled. The same `ref` gets one copy, however often it is named.
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
  (behavior: Behavior<A>): Behavior<A> =>
    intercept(monitoring(ref))(behavior)

/**
 * Logs every message and signal before it is handled.
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
export const orElse =
  <A>(second: Behavior<A>) =>
  (first: Behavior<A>): Behavior<A> =>
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
 * await using system = ActorSystem.create(orders, 'demo')
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

/**
 * Waits for a task. Other messages wait in the mailbox meanwhile; then the actor becomes `next(value)` in a turn of its own.
 *
 * A rejected task fails the actor. A stop does not wait: it fires the signal, and a result that comes later is a dead letter.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 *
 * const price = (sku: string): Promise<number> => Promise.resolve(sku.length)
 *
 * const clerk: Behavior<string> = Behaviors.receiveMessage((sku: string) =>
 *   Behaviors.awaiting(
 *     () => price(sku),
 *     (cents) => {
 *       console.log(`${sku} costs ${cents}`)
 *       return Behaviors.same
 *     }))
 * await using system = ActorSystem.create(clerk, 'demo')
 * system.tell('A-1')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const awaiting = <T, A>(task: AbortableTask<T>, next: (value: T) => Behavior<A>): Behavior<A> =>
  // The value comes from this task alone.
  behaviorOf({ _tag: 'Await', task, then: (value) => nodeOf(next(value as T)) })
