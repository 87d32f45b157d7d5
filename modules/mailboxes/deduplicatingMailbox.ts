/**
 * One waiting message for each key.
 */
import { RingBuffer } from '../base/index.js'
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

/** Where a message waits; a newer one of its key takes it over. */
interface Place {
  readonly key: unknown
  entry: Entry
}

class DeduplicatingMailbox extends Replacing {
  readonly #keyOf: (message: unknown) => unknown
  readonly #keep: 'newest' | 'oldest'
  readonly #places = new Map<unknown, Place>()
  readonly #queue = new RingBuffer<Place>(8)

  constructor(keyOf: (message: unknown) => unknown, keep: 'newest' | 'oldest') {
    super()
    this.#keyOf = keyOf
    this.#keep = keep
  }

  get size(): number {
    return this.#queue.size
  }

  enqueue(entry: Entry): Refusal | undefined {
    const key = this.#keyFor(entry)
    const place = this.#places.get(key)
    if (place === undefined) {
      const added: Place = { key, entry }
      this.#places.set(key, added)
      this.#queue.push(added)
      return undefined
    }
    if (this.#keep === 'oldest') return { entry, reason: 'duplicate' }
    const older = place.entry
    place.entry = entry
    return { entry: older, reason: 'replaced by a newer message' }
  }

  dequeue(): Entry | undefined {
    const place = this.#queue.shift()
    if (place !== undefined) this.#places.delete(place.key)
    return place?.entry
  }

  hasPlaceFor(entry: Entry): boolean {
    return this.#places.has(this.#keyFor(entry))
  }

  /** What has no key is its own. */
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
): MailboxFactory<A> => {
  const keep = options?.keep ?? 'newest'
  requireThat('keep of a deduplicating mailbox', keep, oneOf(['newest', 'oldest']))
  // The mailbox is given to an actor of messages of type A.
  return bounded(() => new DeduplicatingMailbox(keyOf as (message: unknown) => unknown, keep), options)
}
