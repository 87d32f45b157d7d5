/**
 * What a mailbox has to keep to.
 */
import type { Mailbox, MailboxEntry, MailboxFactory } from '../../model/index.js'
import { lawOnLists, listOf, type Law } from './Law.js'

/**
 * Options of `mailboxLaws`.
 *
 * @category testing
 * @since 0.1.0
 */
export interface MailboxLawsOptions {
  /** False for a mailbox that lets some messages overtake others, such as one with priorities. Default: true. */
  readonly isOrdered?: boolean
}

type Operation = 'enqueue' | 'dequeue'

/** A mailbox, what went in, and what came out of it. */
interface Record_ {
  readonly mailbox: Mailbox<unknown>
  readonly inside: Set<MailboxEntry<unknown>>
  readonly dequeued: MailboxEntry<unknown>[]
  complaint: string | undefined
}

const operations = (draw: Parameters<typeof listOf>[0]): readonly Operation[] =>
  listOf(draw, 60, ({ below }) => (below(3) < 2 ? 'enqueue' : 'dequeue'))

const play = (make: MailboxFactory<string>, todo: readonly Operation[]): Record_ => {
  const record: Record_ = { mailbox: make(), inside: new Set(), dequeued: [], complaint: undefined }
  let sequence = 0
  for (const operation of todo) {
    if (operation === 'enqueue') enqueue(record, { message: messageOf(++sequence), sequence })
    else dequeue(record)
    if (record.mailbox.size !== record.inside.size)
      complain(record, `its size is ${String(record.mailbox.size)} with ${String(record.inside.size)} messages in it`)
  }
  return record
}

/** Some are equal, and some are not known before they are opened, as the ends of tasks are not. */
const messageOf = (sequence: number): unknown =>
  sequence % 4 === 0 ? undefined : sequence % 4 === 1 ? 'the same' : `message ${String(sequence)}`

/** So many come, and half of those leave again, burst by burst. */
const bursts = (draw: Parameters<typeof listOf>[0]): readonly number[] => listOf(draw, 4, ({ below }) => below(400))

const operationsOf = (sizes: readonly number[]): readonly Operation[] =>
  sizes.flatMap((size) => [
    ...Array.from({ length: size }, (): Operation => 'enqueue'),
    ...Array.from({ length: size >> 1 }, (): Operation => 'dequeue'),
  ])

const complain = (record: Record_, what: string): void => {
  record.complaint ??= what
}

const enqueue = (record: Record_, entry: MailboxEntry<unknown>): void => {
  const { mailbox, inside } = record
  inside.add(entry)
  const refusal = mailbox.enqueue(entry)
  if (refusal === undefined) return
  if (!inside.delete(refusal.entry)) complain(record, 'it let go of a message that was not in it')
  if (typeof refusal.reason !== 'string' || refusal.reason === '') complain(record, 'it gave no reason for letting go')
}

const dequeue = (record: Record_): boolean => {
  const { mailbox, inside, dequeued } = record
  const entry = mailbox.dequeue()
  if (entry === undefined) {
    if (inside.size > 0) complain(record, `it gave nothing with ${String(inside.size)} messages in it`)
    return false
  }
  if (!inside.delete(entry)) complain(record, 'it gave a message that was not in it')
  dequeued.push(entry)
  return true
}

/** Takes everything out; more than ever went in means that it never ends. */
const drain = (record: Record_, most: number): void => {
  for (let left = most; dequeue(record); left--)
    if (left < 0) {
      complain(record, 'it never becomes empty')
      return
    }
}

const isSorted = (entries: readonly MailboxEntry<unknown>[]): boolean =>
  entries.every((entry, index) => (entries[index - 1]?.sequence ?? -1) < entry.sequence)

/**
 * The laws of mailboxes, for your own `MailboxFactory`.
 *
 * @example
 * ```ts
 * import { boundedMailbox } from 'troupe'
 * import { mailboxLaws } from 'troupe/testkit'
 *
 * for (const { check } of mailboxLaws(boundedMailbox(4, 'dropOldest'))) await check({ runs: 200 })
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const mailboxLaws = (
  make: MailboxFactory<string>,
  { isOrdered = true }: MailboxLawsOptions = {},
): readonly Law[] => [
  lawOnLists('every message comes out once, or is let go once with a reason', operations, (todo) => {
    const record = play(make, todo)
    drain(record, todo.length)
    return (
      record.complaint ?? (record.inside.size > 0 ? `${String(record.inside.size)} messages stay in it` : undefined)
    )
  }),
  lawOnLists('its size is the number of messages in it', operations, (todo) => {
    const record = play(make, todo)
    const { complaint } = record
    drain(record, todo.length)
    return complaint
  }),
  lawOnLists('however many wait, each comes out once, or is let go once with a reason', bursts, (sizes) => {
    const record = play(make, operationsOf(sizes))
    drain(record, record.inside.size)
    return record.complaint ?? (isOrdered && !isSorted(record.dequeued) ? 'a later message came out first' : undefined)
  }),
  lawOnLists('a mailbox has the same room, however full another one of its factory is', bursts, (sizes) => {
    const [first, second] = [play(make, operationsOf(sizes)), play(make, operationsOf(sizes))]
    const [size, other] = [first.mailbox.size, second.mailbox.size]
    // What is left in them would take room from those of the next case.
    for (const record of [first, second]) drain(record, record.inside.size)
    return size === other
      ? undefined
      : `after the same the first holds ${String(size)} messages, and the second ${String(other)}`
  }),
  lawOnLists('two mailboxes of one factory have nothing to do with each other', operations, (todo) => {
    const first = play(make, todo)
    const { size } = first.mailbox
    const second = play(make, todo)
    const isSame = first.mailbox.size === size
    for (const record of [first, second]) drain(record, record.inside.size)
    return isSame ? undefined : 'the second changed the first'
  }),
  ...(isOrdered
    ? [
        lawOnLists('messages come out in the order in which they came', operations, (todo) => {
          const record = play(make, todo)
          drain(record, todo.length)
          return isSorted(record.dequeued) ? undefined : 'a later message came out first'
        }),
      ]
    : []),
]
