/**
 * Watching other actors, and being watched.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { none, type Option } from '../model/internal.js'
import { TerminatedNotice, type Envelope } from './envelopes.js'
import type { WatchEntry, Watcher } from './Inbox.js'
import { refOf } from './Ref.js'

/** Who watches an actor, and whom it watches. */
export interface Watches {
  /** By identity of the watched reference. */
  readonly watching: Map<object, WatchEntry>
  /** With the reference that each of them gave. */
  readonly watchers: Map<Watcher, ActorRef<never>>
}

/** What watching needs of its actor. */
export interface WatchingActor extends Watcher {
  readonly ref: object
  readonly path: ActorPath
  readonly parent: Watcher | undefined
  /** Undefined while it neither watches nor is watched. */
  readonly watches: Watches | undefined
  /** Those, made if there were none. */
  needWatches(): Watches
  /** Puts an envelope into the mailbox. */
  post(envelope: Envelope): void
}

/** Begins to watch; `message` in place of the signal, undefined for the signal. Nobody outlives itself: self is not watched. */
export const watch = (actor: WatchingActor, ref: ActorRef<never>, message: unknown): void => {
  const { identity, inbox } = refOf(ref)
  if (identity === actor.ref) return
  const { watching } = actor.needWatches()
  const known = watching.get(identity)
  if (known === undefined) {
    watching.set(identity, { ref, message, isWatched: true, isNotified: false })
    inbox.watchedBy(actor, ref)
  } else if (known.message !== message)
    throw new TroupeError(
      'IllegalState',
      `${actor.path.toString()} watches ${ref.path.toString()} already, and the termination message was not overwritten. Call unwatch first.`,
    )
}

/** Ends a watch; a notice that waits already is stale from now on. */
export const unwatch = (actor: WatchingActor, ref: ActorRef<never>): void => {
  endWatch(actor, ref)
  refOf(ref).inbox.unwatchedBy(actor)
}

/** Forgets a watch, delivered or not. */
export const endWatch = (actor: WatchingActor, ref: ActorRef<never>): void => {
  const { identity } = refOf(ref)
  const watching = actor.watches?.watching
  const entry = watching?.get(identity)
  if (entry === undefined) return
  entry.isWatched = false
  watching?.delete(identity)
}

/** A watched actor has terminated: the notice takes its place in the order of arrival. */
export const noteTerminated = (actor: WatchingActor, ref: ActorRef<never>, cause: Option<unknown>): void => {
  const entry = actor.watches?.watching.get(refOf(ref).identity)
  if (entry === undefined || entry.isNotified) return
  entry.isNotified = true
  actor.post(new TerminatedNotice(entry, cause))
}

/** The actor is gone: it watches nobody, and who watched it is told, its parent first. The cause is for the parent alone. */
export const endWatches = (actor: WatchingActor, cause: Option<unknown>): void => {
  const { watches, parent } = actor
  if (watches === undefined) return
  for (const { ref } of watches.watching.values()) refOf(ref).inbox.unwatchedBy(actor)
  const asParent = parent && watches.watchers.get(parent)
  if (parent !== undefined && asParent !== undefined) {
    watches.watchers.delete(parent)
    parent.watchedTerminated(asParent, cause)
  }
  for (const [watcher, as] of watches.watchers)
    watcher.watchedTerminated(as, watcher.owner !== undefined && watcher.owner === parent ? cause : none)
}
