/**
 * Mailboxes to spawn with.
 */
import { RingBuffer } from '../base/index.js'
import type { Mailbox, MailboxEntry, MailboxFactory, MailboxRefusal } from '../model/index.js'
import { oneOf, requireThat, wholeFrom } from '../model/internal.js'

/**
 * Which message a full mailbox lets go: the one that arrives, or the one that waits longest.
 *
 * @category mailboxes
 * @since 0.1.0
 */
export type Overflow = 'dropNewest' | 'dropOldest'

class BoundedMailbox implements Mailbox<unknown> {
  readonly #capacity: number
  readonly #overflow: Overflow
  readonly #entries = new RingBuffer<MailboxEntry<unknown>>(8)

  constructor(capacity: number, overflow: Overflow) {
    this.#capacity = capacity
    this.#overflow = overflow
  }

  get size(): number {
    return this.#entries.size
  }

  enqueue(entry: MailboxEntry<unknown>): MailboxRefusal<unknown> | undefined {
    if (this.#entries.size < this.#capacity) {
      this.#entries.push(entry)
      return undefined
    }
    if (this.#overflow === 'dropNewest') return { entry, reason: 'mailbox full' }
    const oldest = this.#entries.shift()
    this.#entries.push(entry)
    return oldest === undefined ? undefined : { entry: oldest, reason: 'mailbox full' }
  }

  dequeue(): MailboxEntry<unknown> | undefined {
    return this.#entries.shift()
  }
}

/**
 * A mailbox in which at most `capacity` messages wait. What it lets go is published as Dropped with the reason 'mailbox full'; the
 * sender is never thrown at.
 *
 * @throws TroupeError IllegalArgument when the capacity is not a whole number from 1 up, or `overflow` is neither of its words
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, boundedMailbox } from 'troupe'
 *
 * const parent = Behaviors.setup<string>((context) => {
 *   context.spawn(Behaviors.ignore, 'latest', { mailbox: boundedMailbox(1, 'dropOldest') })
 *   return Behaviors.empty
 * })
 * await using system = ActorSystem.create(parent, 'demo')
 * ```
 *
 * @category mailboxes
 * @since 0.1.0
 */
export const boundedMailbox = (capacity: number, overflow: Overflow = 'dropNewest'): MailboxFactory => {
  requireThat('The capacity of a mailbox', capacity, wholeFrom(1))
  requireThat('overflow of a bounded mailbox', overflow, oneOf(['dropNewest', 'dropOldest'] satisfies Overflow[]))
  return () => new BoundedMailbox(capacity, overflow)
}
