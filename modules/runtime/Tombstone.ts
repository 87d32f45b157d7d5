/**
 * Where the reference of a dead actor points: it remembers the path and passes messages to dead letters.
 */
import type { ActorPath } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { none } from '../model/internal.js'
import { childPath, type ActorId } from './ActorId.js'
import type { Inbox, Mailroom } from './Inbox.js'
import type { Ref } from './Ref.js'
import type { Watch } from './WatchList.js'

export class Tombstone implements Inbox {
  readonly isTerminated = true
  readonly mailroom: Mailroom
  readonly #ref: Ref
  readonly #parent: Ref | undefined
  readonly #id: ActorId

  constructor(mailroom: Mailroom, ref: Ref, parent: Ref | undefined, id: ActorId) {
    this.mailroom = mailroom
    this.#ref = ref
    this.#parent = parent
    this.#id = id
  }

  get path(): ActorPath {
    return childPath(this.#parent?.path ?? this.mailroom.root, this.#id)
  }

  stopBy(parent: Ref): boolean {
    return this.#parent === parent
  }

  tell(message: unknown): void {
    requireMessage(message, this)
    this.mailroom.enqueued(this.#ref, message)
    this.mailroom.deadLetter(this.#ref, message)
  }

  addWatch(watch: Watch): void {
    watch.watchedTerminated(none)
  }

  removeWatch(): void {
    // Watches were told when they came.
  }
}

/** Refuses null and undefined, at the sender. */
export const requireMessage = (message: unknown, to: { readonly path: ActorPath }): void => {
  if (message === undefined || message === null)
    throw new TroupeError(
      'IllegalArgument',
      `${String(message)} was sent to ${to.path.toString()}. A message must be a value: send an object with a _tag, or a string.`,
    )
}
