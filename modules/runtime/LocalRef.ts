/**
 * The reference of an actor in this process.
 */
import type { ActorPath } from '../model/index.js'
import type { Inbox } from './Inbox.js'
import { Ref } from './Ref.js'

/** `tell` asks nothing: while the actor lives it goes to its cell; at its death the reference is pointed at a tombstone. */
export class LocalRef extends Ref {
  #inbox: Inbox

  constructor(inbox: Inbox) {
    super()
    this.#inbox = inbox
  }

  get path(): ActorPath {
    return this.#inbox.path
  }

  get inbox(): Inbox {
    return this.#inbox
  }

  tell(message: unknown): void {
    this.#inbox.tell(message)
  }

  /** From now on messages go there. */
  redirect(inbox: Inbox): void {
    this.#inbox = inbox
  }
}
