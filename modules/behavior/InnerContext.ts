/**
 * The context as behaviors of the library see it: beside what users can do with it, what a wait can begin, and what becomes of messages
 * that are kept for later.
 */
import type { AbortableTask, ActorContext, ActorRef, Clock } from '../model/index.js'
import type { Either, Option } from '../model/internal.js'

export interface InnerContext extends ActorContext<unknown> {
  readonly clock: Clock
  /** Runs a task for somebody who waits for it; its result waits until it is accepted. */
  runTask(task: AbortableTask<unknown>, waiting: Waiting): OpenWait
  /** Asks once; `done` gets the reply, which waits until it is accepted, or why there is none. */
  askOnce<R>(
    target: ActorRef<never>,
    make: (replyTo: ActorRef<R>) => unknown,
    timeoutMs: number,
    done: (result: Either<unknown, unknown>) => void,
  ): OpenWait
  /** Calls `done` when the other has terminated, with the cause if it was a child and failed. What this answers takes it back. */
  whenTerminated(ref: ActorRef<never>, done: (cause: Option<unknown>) => void): () => void
  /** Calls `done` when all who are ready now have had a turn. */
  giveWay(done: () => void): void
  /** Keeps a message that nobody has sent, behind those that were postponed before. */
  postpone(message: unknown): void
  /** What was postponed is read again, before any other mail. */
  offerAgain(): void
}

/** Somebody who waits. */
export interface Waiting {
  /** Ends the wait; false when it was over already. Left is thrown in the actor. */
  wake(result: Either<unknown, unknown>): boolean
}

/** What somebody waits for who goes on later than it comes. To abort it before that makes a dead letter of it. */
export interface OpenWait extends Abortable {
  /** What has come, if anything has, is taken: it counts as handled. */
  accept(): void
}

/** What may be told that nobody waits for it any more, as often as one likes. */
export interface Abortable {
  abort(): void
}
