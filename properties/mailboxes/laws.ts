/**
 * The laws of the Mailbox port, for any mailbox: every entry that comes in goes out exactly once, the size tells how many wait, and
 * what has to go is told with a reason.
 */
import fc from 'fast-check'
import type { MailboxEntry, MailboxFactory } from 'troupe'

/** What is done to a mailbox: a message arrives, or the next is taken. */
export type Call<A> = { readonly arrives: A } | 'take'

export const callsOf = <A>(messages: fc.Arbitrary<A>): fc.Arbitrary<readonly Call<A>[]> =>
  fc.array(fc.oneof({ weight: 2, arbitrary: messages.map((arrives) => ({ arrives })) }, fc.constant<'take'>('take')), {
    maxLength: 80,
  })

/** What left a mailbox, in order. */
export interface Seen<A> {
  readonly taken: readonly A[]
  readonly refused: readonly { readonly message: A; readonly reason: string }[]
  /** What each `take` answered, undefined for nothing. */
  readonly answers: readonly (A | undefined)[]
}

/** Plays the calls, takes what is left at the end, and throws when a law of all mailboxes is broken. */
export const play = <A>(make: MailboxFactory<A>, calls: readonly Call<A>[]): Seen<A> => {
  const mailbox = make()
  const waiting = new Set<MailboxEntry<unknown>>()
  const taken: A[] = []
  const refused: { message: A; reason: string }[] = []
  const answers: (A | undefined)[] = []
  const leaves = (entry: MailboxEntry<unknown>, how: string): A => {
    if (!waiting.delete(entry)) throw new Error(`${how}: message ${String(entry.sequence)} was not waiting`)
    return entry.message as A
  }
  const take = (): boolean => {
    const entry = mailbox.dequeue()
    if (entry === undefined && waiting.size > 0) throw new Error(`${String(waiting.size)} wait and none is handed out`)
    answers.push(entry === undefined ? undefined : leaves(entry, 'taken'))
    if (entry !== undefined) taken.push(entry.message as A)
    return entry !== undefined
  }
  for (const [sequence, call] of calls.entries()) {
    if (call === 'take') take()
    else {
      const entry = { message: call.arrives, sequence }
      waiting.add(entry)
      const refusal = mailbox.enqueue(entry)
      if (refusal?.reason === '') throw new Error('refused without a reason')
      if (refusal !== undefined) refused.push({ message: leaves(refusal.entry, 'refused'), reason: refusal.reason })
    }
    if (mailbox.size !== waiting.size)
      throw new Error(`its size is ${String(mailbox.size)}, but ${String(waiting.size)} wait`)
  }
  while (take()) continue
  if (make().size !== 0) throw new Error('a fresh mailbox is not empty')
  return { taken, refused, answers }
}
