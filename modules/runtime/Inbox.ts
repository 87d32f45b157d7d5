/**
 * What a reference leads to, and what sending needs: the interfaces that references and dead letters share.
 */
import type { ActorPath, ActorRef, Clock, Outcome } from '../model/index.js'
import type { Option } from '../model/internal.js'

/** Someone who wants to know of a death. */
export interface Watcher {
  /** The actor that it watches for; only when that is not itself. */
  readonly owner?: object
  /** `ref` as the watcher gave it. The cause is there for the parent only. */
  watchedTerminated(ref: ActorRef<never>, cause: Option<unknown>): void
}

/** One actor that is being watched. */
export interface WatchEntry {
  readonly ref: ActorRef<never>
  /** What to send in place of the signal; undefined for the signal. */
  readonly message: unknown
  /** False when it was unwatched or delivered. */
  isWatched: boolean
  /** True when the notice is on its way. */
  isNotified: boolean
}

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
  /** Tells the watcher when the actor has terminated, at once if it has. */
  watchedBy(watcher: Watcher, as: ActorRef<never>): void
  unwatchedBy(watcher: Watcher): void
}
