/**
 * What happens in a system, as data: the event stream, probes and inspectors see this union.
 */
import type { ActorRef } from './ActorRef.js'

/**
 * A message that no actor could be given: its target had stopped, or stopped before it came to it.
 *
 * @category events
 * @since 0.1.0
 */
export interface DeadLetter {
  readonly _tag: 'DeadLetter'
  readonly recipient: ActorRef<never>
  readonly message: unknown
}

/**
 * A message that was let go on purpose: a full mailbox, a full stash, a restart.
 *
 * @category events
 * @since 0.1.0
 */
export interface Dropped {
  readonly _tag: 'Dropped'
  readonly recipient: ActorRef<never>
  readonly message: unknown
  readonly reason: string
}

/**
 * A message that the behavior of the moment did not want.
 *
 * @category events
 * @since 0.1.0
 */
export interface UnhandledMessage {
  readonly _tag: 'UnhandledMessage'
  readonly recipient: ActorRef<never>
  readonly message: unknown
  /** What a decoder said of it (`Behaviors.decode`); undefined when no decoder refused it. */
  readonly report: unknown
}

/**
 * An actor has its first behavior.
 *
 * @category events
 * @since 0.1.0
 */
export interface ActorStarted {
  readonly _tag: 'ActorStarted'
  readonly ref: ActorRef<never>
}

/**
 * What a supervisor made of a failure.
 *
 * @category events
 * @since 0.1.0
 */
export type FailureOutcome = 'resumed' | 'restarted' | 'backoff' | 'stopped'

/**
 * An actor threw, or a task that it awaited was rejected.
 *
 * @category events
 * @since 0.1.0
 */
export interface ActorFailed {
  readonly _tag: 'ActorFailed'
  readonly ref: ActorRef<never>
  readonly cause: unknown
  /** The message that was being handled; undefined when it was a signal, a start, a task or a continuation. */
  readonly message: unknown
  readonly outcome: FailureOutcome
  /** Restarts by the deciding strategy, this one included. */
  readonly restarts: number
}

/**
 * An actor runs again after a restart.
 *
 * @category events
 * @since 0.1.0
 */
export interface ActorRestarted {
  readonly _tag: 'ActorRestarted'
  readonly ref: ActorRef<never>
}

/**
 * An actor is gone.
 *
 * @category events
 * @since 0.1.0
 */
export interface ActorStopped {
  readonly _tag: 'ActorStopped'
  readonly ref: ActorRef<never>
}

/**
 * An unbounded mailbox has grown past its mark.
 *
 * @category events
 * @since 0.1.0
 */
export interface MailboxHighWater {
  readonly _tag: 'MailboxHighWater'
  readonly ref: ActorRef<never>
  readonly size: number
}

/**
 * Everything that the runtime publishes. A report of a lost or unhandled message that is lost or left unhandled itself is not reported
 * again.
 *
 * @category events
 * @since 0.1.0
 */
export type SystemEvent =
  | DeadLetter
  | Dropped
  | UnhandledMessage
  | ActorStarted
  | ActorFailed
  | ActorRestarted
  | ActorStopped
  | MailboxHighWater
