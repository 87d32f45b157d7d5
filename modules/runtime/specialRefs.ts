/**
 * References without an actor: dead letters, and the one that ignores everything.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { ActorPath as Path } from '../model/index.js'
import type { Mailroom } from './Inbox.js'
import type { Ref } from './Ref.js'
import { VirtualRef } from './VirtualRef.js'

/** What happens to a message. */
type Sink = (mailroom: Mailroom, self: Ref, message: unknown) => void

class SinkRef extends VirtualRef {
  readonly path: ActorPath
  readonly #sink: Sink

  constructor(mailroom: Mailroom, name: string, sink: Sink) {
    super(mailroom)
    this.path = new Path(name, 0, mailroom.root)
    this.#sink = sink
  }

  protected receive(message: unknown): void {
    this.#sink(this.mailroom, this, message)
  }
}

/** Whatever is told to it is published as a dead letter. */
export const deadLettersRef = (mailroom: Mailroom): ActorRef<unknown> =>
  new SinkRef(mailroom, 'deadLetters', (room, self, message) => {
    room.enqueued(self, message)
    room.deadLetter(self, message)
  })

/** Takes everything and does nothing; what is told to it does not count as sent. */
export const ignoreRef = (mailroom: Mailroom): ActorRef<unknown> => new SinkRef(mailroom, 'ignore', () => undefined)
