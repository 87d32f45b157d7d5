/**
 * What a reference leads to, and what sending needs: the interfaces that references and dead letters share.
 */
import type { ActorPath, ActorRef, Clock, Outcome } from '../model/index.js'
import type { Watch } from './WatchList.js'

/** What sending needs of a system: time, ids, and a place for what reaches nobody. */
export interface Mailroom {
  readonly clock: Clock
  readonly root: ActorPath
  /** Applied to what is told; undefined when messages are trusted. */
  readonly isolate: ((message: unknown) => unknown) | undefined
  nextUid(): number
  /** Tells the probe of a send; the answer is its trace context. */
  enqueued(ref: ActorRef<never>, message: unknown): unknown
  /** Tells the probe how a send ended. */
  settle(ref: ActorRef<never>, message: unknown, outcome: Outcome): void
  deadLetter(recipient: ActorRef<never>, message: unknown): void
}

/** Where what is told to a reference goes: a living actor, a dead one, later a link to another process. */
export interface Inbox {
  readonly path: ActorPath
  readonly mailroom: Mailroom
  readonly isTerminated: boolean
  tell(message: unknown): void
  /** Asks it to stop, if `parent` is its parent. True if it is, or was. */
  stopBy(parent: ActorRef<never>): boolean
  /** Tells the watch when the actor has terminated, at once if it has. A watch is added to one inbox, once. */
  addWatch(watch: Watch): void
  /** Nothing happens when it is not there. */
  removeWatch(watch: Watch): void
}
