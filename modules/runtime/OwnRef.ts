/**
 * The reference that a behavior inside of an interceptor that translates has of its own actor: what is told to it is not translated.
 */
import type { ActorRef } from '../model/index.js'
import { requireMessage } from './requireMessage.js'
import { ViewRef } from './ViewRef.js'

export class OwnRef extends ViewRef<unknown> {
  readonly #post: (message: unknown, trace: unknown) => void

  /** `post` puts what is told into the mailbox, marked. */
  constructor(actor: ActorRef<unknown>, post: (message: unknown, trace: unknown) => void) {
    super(actor)
    this.#post = post
  }

  tell(given: unknown): void {
    requireMessage(given, this)
    const { mailroom, isTerminated } = this.inbox
    const message = mailroom.isolate === undefined ? given : mailroom.isolate(given)
    const trace = mailroom.enqueued(this.target, message)
    if (isTerminated) mailroom.deadLetter(this.target, message)
    else this.#post(message, trace)
  }
}
