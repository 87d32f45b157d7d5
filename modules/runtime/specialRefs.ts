/**
 * References without an actor: dead letters, and the one that ignores everything.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { ActorPath as Path } from '../model/index.js'
import type { Inbox, Mailroom } from './Inbox.js'
import { Ref } from './Ref.js'
import { requireMessage } from './Tombstone.js'

/** What happens to a message. */
type Sink = (mailroom: Mailroom, self: Ref, message: unknown) => void

class SinkRef extends Ref implements Inbox {
  readonly path: ActorPath
  readonly mailroom: Mailroom
  /** It never ends, so nobody is ever told that it has. */
  readonly isTerminated = false
  readonly #sink: Sink

  constructor(mailroom: Mailroom, name: string, sink: Sink) {
    super()
    this.mailroom = mailroom
    this.path = new Path(name, 0, mailroom.root)
    this.#sink = sink
  }

  get inbox(): Inbox {
    return this
  }

  get identity(): object {
    return this
  }

  tell(message: unknown): void {
    requireMessage(message, this)
    this.#sink(this.mailroom, this, message)
  }

  stopBy(): boolean {
    return false
  }

  watchedBy(): void {
    // See isTerminated.
  }

  unwatchedBy(): void {
    // See isTerminated.
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
