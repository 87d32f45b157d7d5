/**
 * Behaviors and what they are given: the types that mention each other share this file.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { ActorRef, Handles } from './ActorRef.js'
import type { ActorSystem, Cancellable } from './ActorSystem.js'
import type { AskOptions, Reply, StatusReply } from './ask.js'
import type { AskError, TaskRejected } from './errors.js'
import type { ActorLog } from './Logger.js'
import type { Props } from './Mailbox.js'
import type { Signal } from './Signal.js'

/**
 * What an actor does with its next message: an immutable value, made by `Behaviors`, that can be used for any number of actors.
 *
 * @see https://en.wikipedia.org/wiki/Actor_model
 * @category model
 * @since 0.1.0
 */
export interface Behavior<in A> {
  readonly [Handles]: (message: A) => void
}

/**
 * A function that starts asynchronous work. The signal fires when the actor no longer wants the result. A `Task` and a
 * `TaskEither` of fp-ts are such functions.
 *
 * @category model
 * @since 0.1.0
 */
export type AbortableTask<T> = (signal: AbortSignal) => Promise<T>

/**
 * How a piped task ended. The left of a `TaskEither` joins the left that tells of a rejection.
 *
 * @category model
 * @since 0.1.0
 */
export type Settled<T> = [T] extends [Either<infer E, infer B>] ? Either<E | TaskRejected, B> : Either<TaskRejected, T>

/**
 * Options of a message adapter.
 *
 * @category model
 * @since 0.1.0
 */
export interface AdapterOptions {
  /** Registering the same key again replaces the function and gives the same reference. */
  readonly key?: string
}

/**
 * Options of the receive timeout.
 *
 * @category model
 * @since 0.1.0
 */
export interface ReceiveTimeoutOptions<in A> {
  /** Messages for which this holds do not count as activity. */
  readonly ignoring?: (message: A) => boolean
}

/**
 * An actor's view of itself and its surroundings. It works in the actor's own turn only; `self` and `system` may be read at
 * any time.
 *
 * @category model
 * @since 0.1.0
 */
export interface ActorContext<in A> {
  /** The reference of this actor. */
  readonly self: ActorRef<A>
  readonly system: ActorSystem<never>
  /** The living children, oldest first. */
  readonly children: readonly ActorRef<never>[]
  readonly log: ActorLog
  /** The living child of this name. */
  child(name: string): Option<ActorRef<never>>
  /**
   * Makes a child; it starts in a turn of its own.
   *
   * @param name - unique among the living children; without it the runtime picks one that starts with `$`
   * @throws TroupeError InvalidActorName when the name is taken or malformed; IllegalArgument when the behavior is `same` or `unhandled`
   */
  spawn<B>(behavior: Behavior<B>, name?: string, props?: Props<B>): ActorRef<B>
  /**
   * Stops a child: it finishes its current message and leaves the rest to dead letters.
   *
   * @throws TroupeError IllegalArgument when `child` is this actor or not a child of it
   */
  stop(child: ActorRef<never>): void
  /** Asks for a `Terminated` signal when `ref` has terminated. Once, however often it is called. */
  watch(ref: ActorRef<never>): void
  /** Like `watch`, but with a message of one's own in place of the signal. */
  watchWith(ref: ActorRef<never>, message: A): void
  /** Takes `watch` back; a notice that is waiting already is not delivered. */
  unwatch(ref: ActorRef<never>): void
  /** Sends `message` whenever `timeoutMs` have passed without a message. */
  setReceiveTimeout(timeoutMs: number, message: A, options?: ReceiveTimeoutOptions<A>): void
  cancelReceiveTimeout(): void
  /** Tells `message` to `target` once after `delayMs`, whatever becomes of this actor. */
  scheduleOnce<B>(delayMs: number, target: ActorRef<B>, message: B): Cancellable
  /** A reference for others' protocols: what is told to it arrives here as `adapt(message)`; `adapt` runs in this actor's turn. */
  messageAdapter<B>(adapt: (message: B) => A, options?: AdapterOptions): ActorRef<B>
  /** Asks; the answer, or why there is none, arrives as `map(result)`, a message like any other. */
  ask<Q, R, const M extends Q>(
    target: ActorRef<Q>,
    make: (replyTo: ActorRef<R>) => M,
    options: AskOptions,
    map: (result: Either<AskError, Reply<R, Q, M>>) => A,
  ): void
  /** Like `ask`, for replies that are a `StatusReply`: success on the right; a text as `ErrorMessage` or the given error on the left. */
  askWithStatus<Q, B, const M extends Q>(
    target: ActorRef<Q>,
    make: (replyTo: ActorRef<StatusReply<B>>) => M,
    options: AskOptions,
    map: (result: Either<unknown, B>) => A,
  ): void
  /** Runs a task beside other messages; its end arrives as `map(result)`. The signal fires when this actor stops. */
  pipeToSelf<T>(task: AbortableTask<T>, map: (result: Settled<T>) => A): void
  /** Lets another behavior handle `message` and returns what this actor becomes by it. */
  delegate<B>(delegatee: Behavior<B>, message: B): Behavior<B>
}

/**
 * Messages put aside for later. It belongs to one actor; what waits in it when the actor stops goes to dead letters.
 *
 * @category model
 * @since 0.1.0
 */
export interface StashBuffer<in out A> {
  readonly size: number
  readonly capacity: number
  readonly isEmpty: boolean
  readonly isFull: boolean
  /**
   * Puts a message aside.
   *
   * @throws TroupeError StashOverflow when the buffer is full
   */
  stash(message: A): void
  /** The oldest message; it stays. @throws TroupeError IllegalState when the buffer is empty */
  readonly head: A
  forEach(visit: (message: A) => void): void
  /** Lets the messages go; each is published as Dropped. */
  clear(): void
  /**
   * A behavior to return: become `next` and handle the messages that are here now, in order, before any other.
   *
   * @throws TroupeError IllegalArgument when `next` is `unhandled`
   */
  unstashAll(next: Behavior<A>): Behavior<A>
  /** Like `unstashAll`, for the first `count` messages. */
  unstash(count: number, next: Behavior<A>): Behavior<A>
}

/**
 * The timers of one actor. They are known by a key; a timer that is started under a key in use replaces the one there, and
 * a tick of the replaced one that is waiting already is not delivered. All end with the actor and with its restart.
 *
 * @category model
 * @since 0.1.0
 */
export interface TimerScheduler<in A> {
  /** One tick after `delayMs`. */
  startSingleTimer(key: unknown, message: A, delayMs: number): void
  /** A tick every `delayMs`, counted from the tick before. The first after `initialDelayMs`, by default `delayMs`. */
  startTimerWithFixedDelay(key: unknown, message: A, delayMs: number, initialDelayMs?: number): void
  /** A tick every `intervalMs` on average: late ticks catch up. The first after `initialDelayMs`, by default `intervalMs`. */
  startTimerAtFixedRate(key: unknown, message: A, intervalMs: number, initialDelayMs?: number): void
  isTimerActive(key: unknown): boolean
  cancel(key: unknown): void
  cancelAll(): void
}

/**
 * The behavior inside an interceptor.
 *
 * @category model
 * @since 0.1.0
 */
export interface InterceptorTarget<in A> {
  /** Hands a message on; the answer is to be returned, changed or not. */
  receive(message: A): Behavior<A>
  signal(signal: Signal): Behavior<A>
}

/**
 * Sees, changes, holds back or adds to what a behavior gets. Parts that are left out pass everything on; one that takes messages of
 * another type than the behavior is a `TranslatingInterceptor`.
 *
 * @category model
 * @since 0.1.0
 */
export interface Interceptor<in Outer, in Inner = Outer> {
  /** For error messages. */
  readonly name: string
  /**
   * True when it lies between two protocols. Then it does not get what the behavior inside sends itself through its context (ticks of
   * timers, adapted messages, results, the receive timeout, what was stashed), nor do the interceptors outside of it. Default: false.
   */
  readonly translates?: boolean
  /** Around the start of the behavior; may return another one, such as `stopped`, without starting it. */
  aroundStart?(context: ActorContext<Outer>, start: () => Behavior<Inner>): Behavior<Inner>
  /**
   * Around each message, each time that it is offered: one that a coroutine does not want yet, or that a state machine postpones, comes
   * again. What counts or charges has to know the messages that it has seen.
   */
  aroundReceive?(context: ActorContext<Outer>, message: Outer, target: InterceptorTarget<Inner>): Behavior<Inner>
  aroundSignal?(context: ActorContext<Outer>, signal: Signal, target: InterceptorTarget<Inner>): Behavior<Inner>
  /** When a behavior is wrapped in an interceptor that is the same as one already around it, it stays wrapped once. Default: identity. */
  isSame?(that: Interceptor<never, never>): boolean
}

/**
 * An interceptor with an `aroundReceive`: what lies between two protocols, and therefore has to translate every message. Say
 * `translates: true` where the behavior inside sends itself messages of its own protocol.
 *
 * @category model
 * @since 0.1.0
 */
export interface TranslatingInterceptor<in Outer, in Inner> extends Interceptor<Outer, Inner> {
  aroundReceive(context: ActorContext<Outer>, message: Outer, target: InterceptorTarget<Inner>): Behavior<Inner>
}
