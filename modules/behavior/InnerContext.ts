/**
 * The context as behaviors of the library see it: beside what users can do with it, what a wait can begin, and what becomes of messages
 * that are kept for later.
 */
import type { AbortableTask, ActorContext, ActorRef, Clock } from '../model/index.js'
import type { Either, Option } from '../model/internal.js'

export interface InnerContext extends ActorContext<unknown> {
  readonly clock: Clock
  /** Runs a task for somebody who waits for it. */
  runTask(task: AbortableTask<unknown>, waiting: Waiting): Abortable
  /** Asks once; `done` gets the reply, which waits until it is accepted, or why there is none. */
  askOnce<R>(
    target: ActorRef<never>,
    make: (replyTo: ActorRef<R>) => unknown,
    timeoutMs: number,
    done: (result: Either<unknown, unknown>) => void,
  ): OpenAsk
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

/** An ask of somebody who goes on later than the reply comes. To abort it before that makes a dead letter of the reply. */
export interface OpenAsk extends Abortable {
  /** The reply, if there is one, has been taken: it counts as handled. */
  accept(): void
}

/** What may be told that nobody waits for it any more, as often as one likes. */
export interface Abortable {
  abort(): void
}
