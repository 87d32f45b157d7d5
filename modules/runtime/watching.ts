/**
 * Watching other actors, and being watched.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { none, type Option } from '../model/internal.js'
import { TerminatedNotice, type Envelope } from './envelopes.js'
import type { WatchEntry, Watcher } from './Inbox.js'
import { refOf } from './Ref.js'

/** Who watches an actor, and whom it watches; undefined while that is nobody yet. */
export interface Watches {
  /** By identity of the watched reference. */
  watching: Map<object, WatchEntry> | undefined
  /** With the reference that each of them gave. */
  watchers: Map<Watcher, ActorRef<never>> | undefined
}

/** What watching needs of its actor. */
export interface WatchingActor extends Watcher {
  readonly ref: object
  readonly path: ActorPath
  readonly parent: Watcher | undefined
  readonly extra: Watches | undefined
  /** The extra, made if there was none. */
  need(): Watches
  /** Puts an envelope into the mailbox. */
  post(envelope: Envelope): void
}

/** Begins to watch; `message` in place of the signal, undefined for the signal. Nobody outlives itself: self is not watched. */
export const watch = (actor: WatchingActor, ref: ActorRef<never>, message: unknown): void => {
  const { identity, inbox } = refOf(ref)
  if (identity === actor.ref) return
  const watches = actor.need()
  const watching = (watches.watching ??= new Map<object, WatchEntry>())
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
  const watching = actor.extra?.watching
  const entry = watching?.get(identity)
  if (entry === undefined) return
  entry.isWatched = false
  watching?.delete(identity)
}

/** A watched actor has terminated: the notice takes its place in the order of arrival. */
export const noteTerminated = (actor: WatchingActor, ref: ActorRef<never>, cause: Option<unknown>): void => {
  const entry = actor.extra?.watching?.get(refOf(ref).identity)
  if (entry === undefined || entry.isNotified) return
  entry.isNotified = true
  actor.post(new TerminatedNotice(entry, cause))
}

/** The actor is gone: it watches nobody, and who watched it is told, its parent first. The cause is for the parent alone. */
export const endWatches = (actor: WatchingActor, cause: Option<unknown>): void => {
  const { extra, parent } = actor
  if (extra?.watching !== undefined) for (const { ref } of extra.watching.values()) refOf(ref).inbox.unwatchedBy(actor)
  const watchers = extra?.watchers
  if (watchers === undefined) return
  const asParent = parent && watchers.get(parent)
  if (parent !== undefined && asParent !== undefined) parent.watchedTerminated(asParent, cause)
  for (const [watcher, as] of watchers)
    if (watcher !== parent)
      watcher.watchedTerminated(as, watcher.owner !== undefined && watcher.owner === parent ? cause : none)
}
