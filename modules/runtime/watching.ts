/**
 * Watching other actors, and being watched.
 */
import { markOwn, unmarked, type Scope } from '../behavior/internal.js'
import type { ActorPath, ActorRef } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import type { Option } from '../model/internal.js'
import { TerminatedNotice, type Envelope, type Watched } from './envelopes.js'
import { refOf } from './Ref.js'
import type { Watch, WatchList } from './WatchList.js'

/** Whom an actor watches, and who watches it; undefined while that is nobody yet. */
export interface Watches {
  /** By identity of the watched reference. */
  watching: Map<object, ActorWatch> | undefined
  watches: WatchList | undefined
}

/** What watching needs of its actor. */
export interface WatchingActor extends Scope {
  readonly ref: object
  readonly path: ActorPath
  readonly parent: object | undefined
  readonly extra: Watches | undefined
  /** The extra, made if there was none. */
  need(): Watches
  /** Puts an envelope into the mailbox. */
  post(envelope: Envelope): void
}

/** An actor watches another one. */
export class ActorWatch implements Watch, Watched {
  readonly watcher: WatchingActor
  readonly ref: ActorRef<never>
  readonly message: unknown
  isWatched = true
  previous: Watch | undefined = undefined
  next: Watch | undefined = undefined

  constructor(watcher: WatchingActor, ref: ActorRef<never>, message: unknown) {
    this.watcher = watcher
    this.ref = ref
    this.message = message
  }

  /** The notice takes its place in the order of arrival. */
  watchedTerminated(cause: Option<unknown>): void {
    this.watcher.post(new TerminatedNotice(this, cause))
  }
}

/** Begins to watch; `message` in place of the signal, undefined for the signal. Nobody outlives itself: self is not watched. */
export const watch = (actor: WatchingActor, ref: ActorRef<never>, message: unknown): void => {
  const { identity, inbox } = refOf(ref)
  if (identity === actor.ref) return
  const watches = actor.need()
  const watching = (watches.watching ??= new Map<object, ActorWatch>())
  const known = watching.get(identity)
  if (known === undefined) {
    const added = new ActorWatch(actor, ref, message === undefined ? undefined : markOwn(message, actor))
    watching.set(identity, added)
    inbox.addWatch(added)
  } else if (unmarked(known.message) !== message)
    throw new TroupeError(
      'IllegalState',
      `${actor.path.toString()} watches ${ref.path.toString()} already, and the termination message was not overwritten. Call unwatch first.`,
    )
}

/** Ends a watch. */
export const unwatch = (actor: WatchingActor, ref: ActorRef<never>): void => {
  const ended = endWatch(actor, ref)
  if (ended !== undefined) refOf(ref).inbox.removeWatch(ended)
}

/** Forgets a watch, delivered or not. */
export const endWatch = (actor: WatchingActor, ref: ActorRef<never>): ActorWatch | undefined => {
  const { identity } = refOf(ref)
  const watching = actor.extra?.watching
  const known = watching?.get(identity)
  if (known === undefined) return undefined
  known.isWatched = false
  watching?.delete(identity)
  return known
}

/** The actor is gone: it watches nobody, and who watched it is told, its parent first. */
export const endWatches = (actor: WatchingActor, cause: Option<unknown>): void => {
  const { extra, parent } = actor
  if (extra?.watching !== undefined)
    for (const known of extra.watching.values()) refOf(known.ref).inbox.removeWatch(known)
  extra?.watches?.tellAll(parent, cause)
}
