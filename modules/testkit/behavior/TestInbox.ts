/**
 * A reference that nobody runs behind: what is told to it waits for the test.
 */
import { unmarked } from '../../behavior/internal.js'
import type { ActorPath, ActorRef } from '../../model/index.js'
import { childPath, VirtualRef, type Mailroom } from '../../runtime/internal.js'
import { differences } from '../differences.js'
import { ExpectationFailed } from '../ExpectationFailed.js'
import { show } from '../show.js'
import { Sealed } from './Sealed.js'

/**
 * A reference for behaviors under test, and what it was told. It works at once: nothing has to run.
 *
 * @category testing
 * @since 0.1.0
 */
export interface TestInbox<A> {
  readonly ref: ActorRef<A>
  readonly hasMessages: boolean
  /** Takes the oldest message. @throws ExpectationFailed when there is none */
  receiveMessage(): A
  /** Takes all messages, the oldest first. */
  receiveAll(): readonly A[]
  /** Takes the oldest message, which has to equal this one, part by part. @throws ExpectationFailed otherwise */
  expectMessage(expected: A): void
}

export class InboxRef extends VirtualRef {
  readonly path: ActorPath
  readonly #receive: (message: unknown) => void

  constructor(mailroom: Mailroom, parent: ActorPath, name: string | undefined, receive: (message: unknown) => void) {
    super(mailroom)
    const uid = mailroom.nextUid()
    this.path = childPath(parent, name === undefined ? uid : { name, uid })
    this.#receive = receive
  }

  protected receive(message: unknown): void {
    this.#receive(message)
  }
}

export class Inbox<A> implements TestInbox<A> {
  readonly ref: ActorRef<A>
  /** Messages, and sealed ones. */
  readonly #mail: unknown[] = []

  constructor(mailroom: Mailroom, parent: ActorPath, name: string | undefined) {
    this.ref = new InboxRef(mailroom, parent, name, (message) => {
      this.put(message)
    })
  }

  get hasMessages(): boolean {
    return this.#mail.length > 0
  }

  receiveMessage(): A {
    return opened(this.takeMail())
  }

  receiveAll(): readonly A[] {
    return this.#mail.splice(0).map((mail) => opened<A>(mail))
  }

  /** Puts mail behind what is there. */
  put(mail: unknown): void {
    this.#mail.push(mail)
  }

  /** Takes the oldest, not opened. */
  takeMail(): unknown {
    if (!this.hasMessages) throw new ExpectationFailed(`${this.ref.path.toString()} was told nothing.`)
    return this.#mail.shift()
  }

  expectMessage(expected: A): void {
    if (!this.hasMessages)
      throw new ExpectationFailed(`${this.ref.path.toString()} expected ${show(expected)}, but was told nothing.`)
    const message = opened(this.#mail[0])
    const found = differences(expected, message)
    if (found.length > 0)
      throw new ExpectationFailed(
        `${this.ref.path.toString()} expected ${show(expected)}, but was told ${show(message)}. They differ at\n  ${found.join('\n  ')}`,
      )
    this.#mail.shift()
  }
}

/** What a test that takes it sees. Only messages of type A are told to the reference, or made for it. */
const opened = <A>(mail: unknown): A => unmarked(mail instanceof Sealed ? mail.open() : mail) as A
