/**
 * Who watches this actor, and whom it watches.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import type { Watcher } from './Inbox.js'
import { refOf } from './Ref.js'

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

export class Watches {
  /** By identity of the watched reference. */
  readonly #watching = new Map<object, WatchEntry>()
  readonly #watchers = new Map<Watcher, ActorRef<never>>()

  /** Begins to watch; undefined when it was watched in the same way already. Throws when it was watched in another. */
  begin(ref: ActorRef<never>, message: unknown, by: { readonly path: ActorPath }): WatchEntry | undefined {
    const { identity } = refOf(ref)
    const known = this.#watching.get(identity)
    if (known === undefined) {
      const entry: WatchEntry = { ref, message, isWatched: true, isNotified: false }
      this.#watching.set(identity, entry)
      return entry
    }
    if (known.message !== message)
      throw new TroupeError(
        'IllegalState',
        `${by.path.toString()} watches ${ref.path.toString()} already, and the termination message was not overwritten. ` +
          `Call unwatch first if the new one is meant.`,
      )
    return undefined
  }

  /** The watch of this reference; undefined when there is none. */
  find(ref: ActorRef<never>): WatchEntry | undefined {
    return this.#watching.get(refOf(ref).identity)
  }

  /** Ends a watch, delivered or not. */
  end(ref: ActorRef<never>): void {
    const { identity } = refOf(ref)
    const entry = this.#watching.get(identity)
    if (entry === undefined) return
    entry.isWatched = false
    this.#watching.delete(identity)
  }

  /** Ends all watches and answers whom they were for. */
  endAll(): readonly ActorRef<never>[] {
    const refs = [...this.#watching.values()].filter((entry) => !entry.isNotified).map((entry) => entry.ref)
    this.#watching.clear()
    return refs
  }

  addWatcher(watcher: Watcher, as: ActorRef<never>): void {
    this.#watchers.set(watcher, as)
  }

  removeWatcher(watcher: Watcher): void {
    this.#watchers.delete(watcher)
  }

  /** The watchers and the reference that each of them gave, the parent first. */
  watchersParentFirst(parent: Watcher | undefined): readonly (readonly [Watcher, ActorRef<never>])[] {
    const all = [...this.#watchers]
    if (parent === undefined || !this.#watchers.has(parent)) return all
    return [...all.filter(([watcher]) => watcher === parent), ...all.filter(([watcher]) => watcher !== parent)]
  }
}
