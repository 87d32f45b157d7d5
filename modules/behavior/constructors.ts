/**
 * The behaviors that others are built from: `Behaviors.receive`, `Behaviors.setup`, …
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { AbortableTask, ActorContext, Behavior, Signal, StashBuffer, TimerScheduler } from '../model/index.js'
import { aFunction, requireThat, wholeFrom } from '../model/internal.js'
import * as nodes from './nodes.js'
import type { SignalHandler } from './nodes.js'

const { behaviorOf, nodeOf } = nodes

/**
 * What handles the signals of an actor.
 *
 * @category model
 * @since 0.1.0
 */
export type OnSignal<A> = (context: ActorContext<A>, signal: Signal) => Behavior<A>

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
 * const system = ActorSystem.create(Behaviors.empty, 'demo')
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
 * const system = ActorSystem.create(Behaviors.ignore, 'demo')
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
 * const system = ActorSystem.create(greeter(0), 'demo')
 * system.tell('world')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const receive = <A>(
  onMessage: (context: ActorContext<A>, message: A) => Behavior<A>,
  onSignal?: OnSignal<NoInfer<A>>,
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
 * const system = ActorSystem.create(counter(0), 'demo')
 * system.tell({ _tag: 'Increment' })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const receiveMessage = <A>(
  onMessage: (message: A) => Behavior<A>,
  onSignal?: OnSignal<NoInfer<A>>,
): Behavior<A> =>
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
 * const system = ActorSystem.create(printer, 'demo')
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
  onSignal?: OnSignal<NoInfer<A>>,
): Behavior<A> =>
  receive((context, message) => {
    const next = onMessage(context, message)
    return next._tag === 'Some' ? next.value : unhandled
  }, onSignal)

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
export const setup = <A>(factory: (context: ActorContext<A>) => Behavior<A>): Behavior<A> => {
  requireThat('What Behaviors.setup calls', factory, aFunction)
  // The cast closes the protocol up, as in receive.
  return behaviorOf({ _tag: 'Setup', factory: factory as unknown as nodes.Setup['factory'] })
}

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
export const withTimers = <A>(factory: (timers: TimerScheduler<A>) => Behavior<A>): Behavior<A> => {
  requireThat('What Behaviors.withTimers calls', factory, aFunction)
  return behaviorOf({ _tag: 'WithTimers', factory: factory as unknown as nodes.WithTimers['factory'] })
}

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
  requireThat('The capacity of a stash', capacity, wholeFrom(1))
  requireThat('What Behaviors.withStash calls', factory, aFunction)
  // The buffer is handed to this factory alone, which takes messages of type A.
  return behaviorOf({
    _tag: 'WithStash',
    capacity,
    factory: (stash) => nodeOf(factory(stash as unknown as StashBuffer<A>)),
  })
}

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
 * const system = ActorSystem.create(clerk, 'demo')
 * system.tell('A-1')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const awaiting = <T, A>(task: AbortableTask<T>, next: (value: T) => Behavior<A>): Behavior<A> => {
  requireThat('The task of Behaviors.awaiting', task, aFunction)
  requireThat('What Behaviors.awaiting goes on with', next, aFunction)
  // The value comes from this task alone.
  return behaviorOf({
    _tag: 'Await',
    begin: (context, waiting) => context.runTask(task, waiting),
    then: (value) => nodeOf(next(value as T)),
    takesMail: false,
    onMessage: () => nodes.unhandled,
    onSignal: undefined,
  })
}
