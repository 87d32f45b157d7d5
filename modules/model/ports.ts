/**
 * The ports: what the runtime needs of the world, so that a test can own time, chance and the order of turns.
 */
import type { ActorRef } from './ActorRef.js'
import type { SystemEvent } from './SystemEvent.js'
import type { Signal } from './Signal.js'

/**
 * Time and timers. Durations are milliseconds.
 *
 * @category ports
 * @since 0.1.0
 */
export interface Clock {
  /** Milliseconds since the epoch; never runs backwards. */
  now(): number
  /**
   * Calls `fire` once, not before `delayMs` have passed and never on the caller's stack; the answer cancels it. `replyTo` is given with
   * the timer that ends an ask: it says which one. A clock may ignore it.
   */
  setTimer(delayMs: number, fire: () => void, replyTo?: ActorRef<never>): TimerHandle
  clearTimer(handle: TimerHandle): void
}

/**
 * What a clock gives for an armed timer; only that clock can read it.
 *
 * @category ports
 * @since 0.1.0
 */
export type TimerHandle = unknown

/**
 * Chance.
 *
 * @category ports
 * @since 0.1.0
 */
export interface Random {
  /** A number from 0 up to but not including 1. */
  next(): number
}

/**
 * Something that can be given a turn: an actor with work to do.
 *
 * @category ports
 * @since 0.1.0
 */
export interface Runnable {
  /** Whose turn it is. */
  readonly ref: ActorRef<never>
  /**
   * Handles up to `budget` messages and answers how many it took, at least 1. What has more to do schedules itself again.
   */
  run(budget: number): number
}

/**
 * A task that an actor waits for; the runtime hands its result over through the dispatcher.
 *
 * @category ports
 * @since 0.1.0
 */
export interface RunningTask {
  /** To be called once, when the task has settled; `deliver` brings the result to the actor, now or at a later step. */
  settled(deliver: () => void): void
  /** Nobody wants its result any more, so that it need not keep the process alive. It may settle all the same. */
  abandoned?(): void
}

/**
 * Decides which actor runs when. It is never asked to run one actor twice at a time.
 *
 * @category ports
 * @since 0.1.0
 */
export interface Dispatcher {
  /** Gives the runnable a turn some time after this call returns. */
  schedule(runnable: Runnable): void
  /**
   * As `schedule`, for an actor that has just been spawned: its first turn. Left out, it is scheduled like all others. It may come before
   * others that wait, as long as they get their turns as well.
   */
  launch?(runnable: Runnable): void
  /** Notes that `owner` has started a task whose result is still to come. */
  taskStarted(owner: ActorRef<never>): RunningTask
}

/**
 * How a send ended.
 *
 * @category ports
 * @since 0.1.0
 */
export type Outcome = 'handled' | 'unhandled' | 'dropped' | 'deadLetter'

/**
 * Sees everything; for tests, telemetry and the injection of faults. While none is attached the runtime counts nothing.
 *
 * @category ports
 * @since 0.1.0
 */
export interface Probe {
  /** A message was accepted for `ref`. What this returns travels with the message as its trace context. */
  enqueued?(ref: ActorRef<never>, message: unknown): unknown
  /** A start, the first or a later one, has come to its end and is about to count. A throw here is a failure of the start. */
  beforeStarted?(ref: ActorRef<never>): void
  /** A message is about to be handled. A throw here is a failure of the actor: this is where faults are injected. */
  beforeHandle?(ref: ActorRef<never>, message: unknown, trace: unknown): void
  /** A behavior is about to see a signal. A throw here is a failure of the actor, as one of its signal handler would be. */
  beforeSignal?(ref: ActorRef<never>, signal: Signal): void
  /** A send has ended. */
  settled?(ref: ActorRef<never>, message: unknown, outcome: Outcome): void
  /** Anything worth telling has happened in the system. */
  event?(event: SystemEvent): void
  /**
   * Whoever has its turn looks at, or changes, what all share beside their mailboxes: who subscribes to events, who is alive, who
   * is registered. A simulation has to know of it, because the order of two such turns counts.
   */
  sharedState?(): void
}
