/**
 * One waiting message for each key.
 */
import type { MailboxFactory } from '../model/index.js'
import { oneOf, requireThat } from '../model/internal.js'
import { bounded, Replacing, type Entry, type MailboxOptions, type Refusal } from './bounded.js'

/**
 * Options of `deduplicatingMailbox`.
 *
 * @category mailboxes
 * @since 0.1.0
 */
export interface DeduplicatingOptions extends MailboxOptions {
  /**
   * Which of two messages with one key stays: the newer takes the place of the older (`'newest'`), or is refused (`'oldest'`).
   * Default: `'newest'`.
   */
  readonly keep?: 'newest' | 'oldest'
}

class DeduplicatingMailbox extends Replacing {
  readonly #keyOf: (message: unknown) => unknown
  readonly #keep: 'newest' | 'oldest'
  /** In the order of their places: a Map keeps a key where it was first put. What has no key is its own. */
  readonly #entries = new Map<unknown, Entry>()

  constructor(keyOf: (message: unknown) => unknown, keep: 'newest' | 'oldest') {
    super()
    this.#keyOf = keyOf
    this.#keep = keep
  }

  get size(): number {
    return this.#entries.size
  }

  enqueue(entry: Entry): Refusal | undefined {
    const key = this.#keyFor(entry)
    const waiting = this.#entries.get(key)
    if (waiting !== undefined && this.#keep === 'oldest') return { entry, reason: 'duplicate' }
    this.#entries.set(key, entry)
    return waiting && { entry: waiting, reason: 'replaced by a newer message' }
  }

  dequeue(): Entry | undefined {
    for (const [key, entry] of this.#entries) {
      this.#entries.delete(key)
      return entry
    }
    return undefined
  }

  hasPlaceFor(entry: Entry): boolean {
    return this.#entries.has(this.#keyFor(entry))
  }

  #keyFor(entry: Entry): unknown {
    const key = entry.message === undefined ? undefined : this.#keyOf(entry.message)
    return key === undefined ? entry : key
  }
}

/**
 * A mailbox in which at most one message of a key waits; a message whose key is undefined is always kept. The one that has to go is
 * published as Dropped, with the reason 'replaced by a newer message' or 'duplicate'.
 *
 * @throws TroupeError IllegalArgument when the capacity is not a whole number from 1 up, or `keep` is neither of its words
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { deduplicatingMailbox } from 'troupe/mailboxes'
 *
 * type Reading = { readonly sensor: string; readonly celsius: number }
 *
 * const parent = Behaviors.setup<Reading>((context) => {
 *   const display = context.spawn(Behaviors.ignore, 'display', {
 *     mailbox: deduplicatingMailbox((reading: Reading) => reading.sensor),
 *   })
 *   return Behaviors.receiveMessageWithSame((reading) => display.tell(reading))
 * })
 * await using system = ActorSystem.create(parent, 'demo')
 * ```
 *
 * @category mailboxes
 * @since 0.1.0
 */
export const deduplicatingMailbox = <A>(
  keyOf: (message: A) => string | number | symbol | object | undefined,
  options?: DeduplicatingOptions,
): MailboxFactory => {
  const keep = options?.keep ?? 'newest'
  requireThat('keep of a deduplicating mailbox', keep, oneOf(['newest', 'oldest']))
  // The mailbox is given to an actor of messages of type A.
  return bounded(() => new DeduplicatingMailbox(keyOf as (message: unknown) => unknown, keep), options)
}
