/**
 * The most urgent message first.
 */
import { Heap } from '../base/index.js'
import type { Mailbox, MailboxFactory } from '../model/index.js'
import { requireThat, textOf } from '../model/internal.js'
import { bounded, type Entry, type MailboxOptions } from './bounded.js'

/**
 * Options of `priorityMailbox`.
 *
 * @category mailboxes
 * @since 0.1.0
 */
export interface PriorityOptions extends MailboxOptions {
  /** The priority of what the actor computes on arrival: adapted messages and piped results. Default: 0. */
  readonly ofResults?: number
}

interface Ranked {
  readonly entry: Entry
  readonly priority: number
}

class PriorityMailbox implements Mailbox<unknown> {
  readonly #priorityOf: (message: unknown) => number
  readonly #ofResults: number
  readonly #entries = new Heap<Ranked>(
    (a, b) => a.priority < b.priority || (a.priority === b.priority && a.entry.sequence < b.entry.sequence),
  )

  constructor(priorityOf: (message: unknown) => number, ofResults: number) {
    this.#priorityOf = priorityOf
    this.#ofResults = ofResults
  }

  get size(): number {
    return this.#entries.size
  }

  enqueue(entry: Entry): undefined {
    const priority = entry.message === undefined ? this.#ofResults : this.#priorityOf(entry.message)
    // To write the message down takes longer than all the rest: only for the complaint.
    if (!anyNumber.holds(priority))
      requireThat(`priorityMailbox: the priority of ${textOf(entry.message)}`, priority, anyNumber)
    this.#entries.push({ entry, priority })
    return undefined
  }

  dequeue(): Entry | undefined {
    return this.#entries.pop()?.entry
  }
}

/**
 * A mailbox that hands out the most urgent message first, that with the least number. Messages of one priority keep their order.
 *
 * @throws TroupeError IllegalArgument when the capacity is not a whole number from 1 up, or `ofResults` is not a number
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { priorityMailbox } from 'troupe/mailboxes'
 *
 * type Job = { readonly urgent: boolean }
 *
 * const office = Behaviors.setup<Job>((context) => {
 *   const worker = context.spawn(Behaviors.ignore, 'worker', {
 *     mailbox: priorityMailbox((job: Job) => (job.urgent ? 0 : 1)),
 *   })
 *   return Behaviors.receiveMessageWithSame((job) => worker.tell(job))
 * })
 * await using system = ActorSystem.create(office, 'demo')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/mailboxes.html
 * @category mailboxes
 * @since 0.1.0
 */
export const priorityMailbox = <A>(
  priorityOf: (message: A) => number,
  options?: PriorityOptions,
): MailboxFactory<A> => {
  const ofResults = options?.ofResults ?? 0
  requireThat('ofResults of a priority mailbox', ofResults, anyNumber)
  // The mailbox is given to an actor of messages of type A.
  return bounded(() => new PriorityMailbox(priorityOf as (message: unknown) => number, ofResults), options)
}

const anyNumber = {
  holds: (value: unknown): boolean => typeof value === 'number' && !Number.isNaN(value),
  expected: 'a number, the most urgent the least',
}
