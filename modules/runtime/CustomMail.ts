/**
 * A mailbox of the user's choice, with what may never be dropped or reordered kept beside it.
 *
 * A notice (Terminated, for one) takes its place in the order of arrival: it is due when no message that came before it still waits. With a
 * mailbox that reorders, that is known only by number, so each entry carries one.
 */
import type { Mailbox, MailboxEntry } from '../model/index.js'
import { Envelope, Notice } from './envelopes.js'
import { reportError } from './platform.js'

/** A message or envelope in the user's mailbox. */
class Entry implements MailboxEntry<unknown> {
  readonly message: unknown
  readonly sequence: number
  /** What is really waiting. */
  readonly payload: unknown

  constructor(payload: unknown, sequence: number) {
    this.message = Envelope.isOne(payload) ? payload.message : payload
    this.sequence = sequence
    this.payload = payload
  }
}

/** A notice and how many messages are still before it. */
interface Waiting {
  readonly notice: Envelope
  readonly sequence: number
  ahead: number
}

/** Told of what a mailbox lets go. */
export type OnRefusal = (payload: unknown, reason: string) => void

export class CustomMail {
  readonly #mailbox: Mailbox<unknown>
  readonly #onRefusal: OnRefusal
  readonly #notices: Waiting[] = []
  #sequence = 0
  #hasFailed = false

  constructor(mailbox: Mailbox<unknown>, onRefusal: OnRefusal) {
    this.#mailbox = mailbox
    this.#onRefusal = onRefusal
  }

  get isEmpty(): boolean {
    return this.#notices.length === 0 && this.#sizeOrNone() === 0
  }

  put(payload: unknown): void {
    const sequence = ++this.#sequence
    if (Notice.isOne(payload)) {
      this.#notices.push({ notice: payload, sequence, ahead: this.#sizeOrNone() })
      return
    }
    const entry = new Entry(payload, sequence)
    try {
      const refusal = this.#mailbox.enqueue(entry)
      if (refusal === undefined) return
      if (refusal.entry !== entry) this.#left(refusal.entry)
      this.#onRefusal((refusal.entry as Entry).payload, refusal.reason)
    } catch (error) {
      // A user's mailbox must not throw at a sender.
      this.#report(error)
      this.#onRefusal(payload, 'mailbox failed')
    }
  }

  take(): unknown {
    const first = this.#notices[0]
    if (first !== undefined && first.ahead <= 0) return this.#notices.shift()?.notice
    let entry: MailboxEntry<unknown> | undefined
    try {
      entry = this.#mailbox.dequeue()
    } catch (error) {
      // Nor may it stop the actor; what it has lost is lost.
      this.#report(error)
    }
    if (entry === undefined) return this.#notices.shift()?.notice
    this.#left(entry)
    return (entry as Entry).payload
  }

  /** An entry has left the mailbox: notices that came after it have one less before them. */
  #left(entry: MailboxEntry<unknown>): void {
    for (const waiting of this.#notices) if (waiting.sequence > entry.sequence) waiting.ahead--
  }

  #sizeOrNone(): number {
    try {
      return this.#mailbox.size
    } catch (error) {
      this.#report(error)
      return 0
    }
  }

  #report(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    reportError('troupe: a mailbox threw. Its actor goes on; messages may have been lost.', error)
  }
}
