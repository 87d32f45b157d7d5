/**
 * What the mailboxes of this room have in common.
 */
import type { Mailbox, MailboxEntry, MailboxFactory, MailboxRefusal } from '../model/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'

/**
 * How much a mailbox holds.
 *
 * @category mailboxes
 * @since 0.1.0
 */
export interface MailboxOptions {
  /**
   * How many messages may wait, a whole number from 1 up. One that finds no room is published as Dropped with the reason
   * 'mailbox full'. Default: no bound.
   */
  readonly capacity?: number
}

export type Entry = MailboxEntry<unknown>
export type Refusal = MailboxRefusal<unknown>

/** A factory of mailboxes with a bound around them. */
export const bounded = (make: MailboxFactory, options: MailboxOptions | undefined): MailboxFactory => {
  const capacity = options?.capacity
  if (capacity === undefined) return make
  requireThat('The capacity of a mailbox', capacity, wholeFrom(1))
  return () => new Bounded(make(), capacity)
}

/** Refuses what arrives when the mailbox inside is full, unless it takes the place of another. */
class Bounded implements Mailbox<unknown> {
  readonly #inside: Mailbox<unknown>
  readonly #capacity: number

  constructor(inside: Mailbox<unknown>, capacity: number) {
    this.#inside = inside
    this.#capacity = capacity
  }

  get size(): number {
    return this.#inside.size
  }

  enqueue(entry: Entry): Refusal | undefined {
    const inside = this.#inside
    const isFull = inside.size >= this.#capacity
    if (isFull && !(inside instanceof Replacing && inside.hasPlaceFor(entry))) return { entry, reason: 'mailbox full' }
    return inside.enqueue(entry)
  }

  dequeue(): Entry | undefined {
    return this.#inside.dequeue()
  }
}

/** A mailbox in which an entry may take the place of another. */
export abstract class Replacing implements Mailbox<unknown> {
  abstract get size(): number
  abstract enqueue(entry: Entry): Refusal | undefined
  abstract dequeue(): Entry | undefined
  /** Whether the entry needs no room of its own. */
  abstract hasPlaceFor(entry: Entry): boolean
}
