/**
 * Control messages before all others.
 */
import { RingBuffer } from '../base/index.js'
import type { Mailbox, MailboxFactory } from '../model/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'
import type { Entry, MailboxOptions, Refusal } from './bounded.js'

class ControlAwareMailbox implements Mailbox<unknown> {
  readonly #isControl: (message: unknown) => boolean
  readonly #capacity: number
  readonly #controls = new RingBuffer<Entry>(8)
  readonly #others = new RingBuffer<Entry>(8)

  constructor(isControl: (message: unknown) => boolean, capacity: number) {
    this.#isControl = isControl
    this.#capacity = capacity
  }

  get size(): number {
    return this.#controls.size + this.#others.size
  }

  enqueue(entry: Entry): Refusal | undefined {
    if (entry.message !== undefined && this.#isControl(entry.message)) this.#controls.push(entry)
    else if (this.#others.size >= this.#capacity) return { entry, reason: 'mailbox full' }
    else this.#others.push(entry)
    return undefined
  }

  dequeue(): Entry | undefined {
    return this.#controls.shift() ?? this.#others.shift()
  }
}

/**
 * A mailbox in which control messages overtake all others; both kinds keep their order. A bound is for the others alone: a control
 * message always finds room.
 *
 * @throws TroupeError IllegalArgument when the capacity is not a whole number from 1 up
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { controlAwareMailbox } from 'troupe/mailboxes'
 *
 * type Message = { readonly _tag: 'Pause' } | { readonly _tag: 'Work'; readonly n: number }
 *
 * const parent = Behaviors.setup<Message>((context) => {
 *   const worker = context.spawn(Behaviors.ignore, 'worker', {
 *     mailbox: controlAwareMailbox((message: Message) => message._tag === 'Pause'),
 *   })
 *   return Behaviors.receiveMessageWithSame((message) => worker.tell(message))
 * })
 * await using system = ActorSystem.create(parent, 'demo')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/mailboxes.html
 * @category mailboxes
 * @since 0.1.0
 */
export const controlAwareMailbox = <A>(
  isControl: (message: A) => boolean,
  options?: MailboxOptions,
): MailboxFactory<A> => {
  const capacity = options?.capacity
  if (capacity !== undefined) requireThat('The capacity of a mailbox', capacity, wholeFrom(1))
  // The mailbox is given to an actor of messages of type A.
  return () => new ControlAwareMailbox(isControl as (message: unknown) => boolean, capacity ?? Infinity)
}
