/**
 * The reference of an actor in this process.
 */
import type { ActorPath } from '../model/index.js'
import type { Inbox } from './Inbox.js'
import { Ref } from './Ref.js'

/** All that others hold of an actor. It keeps the cell apart from them: whoever freezes, compares or prints a message meets no state. */
export class LocalRef extends Ref {
  readonly #inbox: Inbox

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
}
