/**
 * Watching other actors, and being watched.
 */
import type { ActorRef } from '../model/index.js'
import { none, type Option } from '../model/internal.js'
import type { Actor } from './Actor.js'
import { TerminatedNotice } from './envelopes.js'
import { refOf } from './Ref.js'
import { Watches } from './Watches.js'

/** The watches of an actor, made if there were none. */
export const watchesOf = (actor: Actor): Watches => {
  const extra = actor.need()
  return (extra.watches ??= new Watches())
}

/** Begins to watch; `message` in place of the signal, undefined for the signal. Nobody outlives itself: self is not watched. */
export const watch = (actor: Actor, ref: ActorRef<never>, message: unknown): void => {
  const { identity, inbox } = refOf(ref)
  if (identity === actor.ref) return
  if (watchesOf(actor).begin(ref, message, actor) !== undefined) inbox.watchedBy(actor, ref)
}

/** Ends a watch; a notice that waits already is stale from now on. */
export const unwatch = (actor: Actor, ref: ActorRef<never>): void => {
  actor.extra?.watches?.end(ref)
  refOf(ref).inbox.unwatchedBy(actor)
}

/** A watched actor has terminated: the notice takes its place in the order of arrival. */
export const noteTerminated = (actor: Actor, ref: ActorRef<never>, cause: Option<unknown>): void => {
  const entry = actor.extra?.watches?.find(ref)
  if (entry === undefined || entry.isNotified) return
  entry.isNotified = true
  actor.post(new TerminatedNotice(entry, cause))
}

/** The actor is gone: it watches nobody any more. */
export const unwatchAll = (actor: Actor): void => {
  const watches = actor.extra?.watches
  if (watches !== undefined) for (const ref of watches.endAll()) refOf(ref).inbox.unwatchedBy(actor)
}

/** The actor is gone: its parent is told first, and the cause is for the parent alone. */
export const tellWatchers = (actor: Actor, cause: Option<unknown>): void => {
  const watches = actor.extra?.watches
  if (watches === undefined) return
  for (const [watcher, as] of watches.watchersParentFirst(actor.parent))
    watcher.watchedTerminated(as, watcher === actor.parent ? cause : none)
}
