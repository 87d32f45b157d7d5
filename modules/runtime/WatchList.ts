/**
 * Who wants to know of one death: a list through the watches themselves, so that an ask, which is one, costs nothing more than itself.
 *
 * ```
 *   first ──► oldest ⇄ … ⇄ youngest ◄── last
 * ```
 */
import { none, type Option } from '../model/internal.js'

/** Somebody's wish to know of one death; a link between those before and after it. */
export interface Watch {
  /** The actor that watches; undefined when it is none. */
  readonly watcher: object | undefined
  previous: Watch | undefined
  next: Watch | undefined
  /** Called at most once. The cause is there for the parent only. */
  watchedTerminated(cause: Option<unknown>): void
}

export class WatchList {
  #first: Watch | undefined = undefined
  #last: Watch | undefined = undefined

  add(watch: Watch): void {
    const last = this.#last
    watch.previous = last
    if (last === undefined) this.#first = watch
    else last.next = watch
    this.#last = watch
  }

  /** Takes a watch out, if it is in the list. */
  remove(watch: Watch): void {
    const { previous, next } = watch
    if (previous !== undefined) previous.next = next
    else if (this.#first === watch) this.#first = next
    else return
    if (next === undefined) this.#last = previous
    else next.previous = previous
    watch.previous = undefined
    watch.next = undefined
  }

  /** Tells all of the end, what belongs to the parent first. */
  tellAll(parent: object | undefined, cause: Option<unknown>): void {
    if (parent !== undefined) this.#tell(cause, (watcher) => watcher === parent)
    this.#tell(none, (watcher) => watcher === undefined || watcher !== parent)
  }

  #tell(cause: Option<unknown>, isMeant: (watcher: object | undefined) => boolean): void {
    let watch = this.#first
    while (watch !== undefined) {
      // What is told may take itself out.
      const { next }: Watch = watch
      if (isMeant(watch.watcher)) watch.watchedTerminated(cause)
      watch = next
    }
  }
}
