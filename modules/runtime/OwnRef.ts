/**
 * The reference that a behavior inside of an interceptor that translates has of its own actor: what is told to it is not translated.
 */
import type { ActorPath } from '../model/index.js'
import type { Inbox } from './Inbox.js'
import { Ref } from './Ref.js'
import { requireMessage } from './requireMessage.js'

export class OwnRef extends Ref {
  readonly #actor: Ref
  readonly #post: (message: unknown, trace: unknown) => void

  /** `post` puts what is told into the mailbox, marked. */
  constructor(actor: Ref, post: (message: unknown, trace: unknown) => void) {
    super()
    this.#actor = actor
    this.#post = post
  }

  get path(): ActorPath {
    return this.#actor.path
  }

  get inbox(): Inbox {
    return this.#actor.inbox
  }

  override get identity(): object {
    return this.#actor.identity
  }

  tell(given: unknown): void {
    requireMessage(given, this)
    const { mailroom, isTerminated } = this.inbox
    const message = mailroom.isolate === undefined ? given : mailroom.isolate(given)
    const trace = mailroom.enqueued(this.#actor, message)
    if (isTerminated) mailroom.deadLetter(this.#actor, message)
    else this.#post(message, trace)
  }
}
