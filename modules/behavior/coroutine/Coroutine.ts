/**
 * Light threads of control, as users see them: what a generator can wait for, and what it gets.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Either } from 'fp-ts/lib/Either.js'
import type {
  AbortableTask,
  ActorContext,
  ActorRef,
  AskError,
  AskOptions,
  Behavior,
  Props,
  Reply,
} from '../../model/index.js'

/**
 * Something to wait for, and what comes of it: `const value = yield* instruction`. It does nothing until it is yielded, and does it
 * anew each time.
 *
 * @category model
 * @since 0.1.0
 */
export interface Instruction<out T> {
  [Symbol.iterator](): Iterator<Instruction<unknown>, T, unknown>
}

/**
 * What runs step by step: an instruction, or the generator of a block that consists of some.
 *
 * @category model
 * @since 0.1.0
 */
export interface Steps<out T> {
  [Symbol.iterator](): Iterator<Instruction<unknown>, T, unknown>
}

/**
 * What comes of steps.
 *
 * @category model
 * @since 0.1.0
 */
export type ResultOf<S> = S extends Steps<infer T> ? T : never

/**
 * A block that runs beside the one that forked it, in the same actor.
 *
 * @category model
 * @since 0.1.0
 */
export interface LightThread<out T> {
  readonly isDone: boolean
  /** Its result, undefined while it runs. */
  readonly value: T | undefined
}

/**
 * What a coroutine can wait for. The thread gives way at `yield*` and nowhere else: between two of them nothing changes under its
 * feet.
 *
 * @see https://www.gevent.org/intro.html
 * @see https://docs.python.org/3/library/asyncio-task.html
 * @category model
 * @since 0.1.0
 */
export interface Coroutine<in out A> {
  /** The context of the actor. */
  readonly context: ActorContext<A>
  /**
   * The next message; with a refinement or a predicate the next for which it holds. The others keep their place and their order.
   */
  receive<B extends A>(isWanted: (message: A) => message is B): Instruction<B>
  receive(isWanted?: (message: A) => boolean): Instruction<A>
  /**
   * Like `receive`, for at most `timeoutMs` milliseconds: none when nothing came. 0 looks at the messages that wait already, and does
   * not wait for more. For as long as it takes is `receive`.
   */
  receiveWithin<B extends A>(timeoutMs: number, isWanted: (message: A) => message is B): Instruction<Option<B>>
  receiveWithin(timeoutMs: number, isWanted?: (message: A) => boolean): Instruction<Option<A>>
  /** Waits for `delayMs` milliseconds. 0 gives way once: all actors that are ready have a turn first. */
  sleep(delayMs: number): Instruction<void>
  /** Asks, and waits for the reply: right, or on the left why there is none. */
  ask<Q, R, const M extends Q>(
    target: ActorRef<Q>,
    make: (replyTo: ActorRef<R>) => M,
    options: AskOptions,
  ): Instruction<Either<AskError, Reply<R, Q, M>>>
  /**
   * Waits for a task. A rejection is thrown at the `yield*`. When nobody waits any more (the actor stops, a timeout or a race is
   * over) the signal fires, and a value that comes all the same, or was there already, is a dead letter.
   */
  await<T>(task: AbortableTask<T>): Instruction<T>
  /** Makes a child, as `context.spawn` does. */
  spawn<B>(behavior: Behavior<B>, name?: string, props?: Props<B>): Instruction<ActorRef<B>>
  /** Runs a block beside this one, in the same actor. What it throws fails the actor; at the end of the coroutine it is ended, too. */
  fork<T>(steps: Steps<T>): Instruction<LightThread<T>>
  /** Waits until a forked block is done, and gives its result. */
  join<T>(thread: LightThread<T>): Instruction<T>
  /** Waits until an actor has terminated: some cause if it is a child that fails meanwhile, else none. */
  join(ref: ActorRef<never>): Instruction<Option<unknown>>
  /** Runs blocks side by side and waits for all: their results in order. When one throws, the others are ended. */
  all<const S extends readonly Steps<unknown>[]>(steps: S): Instruction<{ readonly [K in keyof S]: ResultOf<S[K]> }>
  /**
   * Runs blocks side by side until the first is done, or throws; the others are ended. A reply, or the value of a task, that has come for
   * one of them and that it has not had yet is a dead letter.
   */
  race<const S extends readonly [Steps<unknown>, ...Steps<unknown>[]]>(steps: S): Instruction<ResultOf<S[number]>>
  /**
   * Runs a block for at most `timeoutMs` milliseconds: some result, or none when the time was up and the block was ended. What is there
   * when the thread has its turn is in time.
   */
  timeout<T>(timeoutMs: number, steps: Steps<T>): Instruction<Option<T>>
}
