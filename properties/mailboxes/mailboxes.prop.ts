/** Every mailbox keeps the laws of the port, and equals a plain model of what it promises. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { boundedMailbox, type MailboxFactory } from 'troupe'
import { controlAwareMailbox, deduplicatingMailbox, priorityMailbox } from 'troupe/mailboxes'
import { callsOf, play, type Call, type Seen } from './laws.js'

interface Mail {
  readonly id: number
  readonly rank: number
}

const mails = callsOf(fc.record({ id: fc.nat(), rank: fc.nat({ max: 3 }) }))
const capacities = fc.integer({ min: 1, max: 6 })

/** Plays the calls on a list; `arrive` puts a message into it and answers what has to go. */
const model = (
  calls: readonly Call<Mail>[],
  arrive: (waiting: Mail[], mail: Mail) => Seen<Mail>['refused'][number] | undefined,
): Seen<Mail> => {
  const waiting: Mail[] = []
  const refused: Seen<Mail>['refused'][number][] = []
  const answers: (Mail | undefined)[] = []
  for (const call of [...calls, ...calls.map(() => 'take' as const), 'take' as const]) {
    if (call === 'take') answers.push(waiting.shift())
    else {
      const refusal = arrive(waiting, call.arrives)
      if (refusal !== undefined) refused.push(refusal)
    }
  }
  return { refused, answers, taken: answers.filter((mail) => mail !== undefined) }
}

/** Puts a message behind all that are not after it. */
const insert = (waiting: Mail[], mail: Mail): undefined => {
  const at = waiting.findIndex(({ rank }) => rank > mail.rank)
  waiting.splice(at === -1 ? waiting.length : at, 0, mail)
}

const full = (message: Mail) => ({ message, reason: 'mailbox full' })

const equals = (make: MailboxFactory<Mail>, expected: (calls: readonly Call<Mail>[]) => Seen<Mail>): void => {
  fc.assert(
    fc.property(mails, (calls) => {
      const seen = play<Mail>(make, calls)
      const model = expected(calls)
      expect(seen.taken).toEqual(model.taken)
      expect(seen.refused).toEqual(model.refused)
    }),
  )
}

describe('a priority mailbox', () => {
  it('equals a list that is sorted by priority and arrival', () => {
    equals(
      priorityMailbox((mail: Mail) => mail.rank),
      (calls) => model(calls, insert),
    )
  })

  it('refuses what arrives when it is full', () => {
    fc.assert(
      fc.property(mails, capacities, (calls, capacity) => {
        const seen = play<Mail>(
          priorityMailbox((mail: Mail) => mail.rank, { capacity }),
          calls,
        )
        const expected = model(calls, (waiting, mail) =>
          waiting.length < capacity ? insert(waiting, mail) : full(mail),
        )
        expect([seen.taken, seen.refused]).toEqual([expected.taken, expected.refused])
      }),
    )
  })
})

describe('a control-aware mailbox', () => {
  it('equals two queues of which the first is emptied first, and a bound is for the second', () => {
    fc.assert(
      fc.property(mails, capacities, (calls, capacity) => {
        const isControl = (mail: Mail): boolean => mail.rank === 0
        const seen = play<Mail>(controlAwareMailbox(isControl, { capacity }), calls)
        const expected = model(calls, (waiting, mail) => {
          if (!isControl(mail) && waiting.filter((other) => !isControl(other)).length >= capacity) return full(mail)
          const controls = waiting.filter(isControl).length
          waiting.splice(isControl(mail) ? controls : waiting.length, 0, mail)
          return undefined
        })
        expect([seen.taken, seen.refused]).toEqual([expected.taken, expected.refused])
      }),
    )
  })
})

describe('a deduplicating mailbox', () => {
  it.each(['newest', 'oldest'] as const)('equals a list with one place for each key, kept by the %s', (keep) => {
    fc.assert(
      fc.property(mails, capacities, (calls, capacity) => {
        // Messages of rank 3 have no key.
        const keyOf = ({ rank }: Mail): number | undefined => (rank === 3 ? undefined : rank)
        const seen = play<Mail>(deduplicatingMailbox(keyOf, { keep, capacity }), calls)
        const expected = model(calls, (waiting, mail) => {
          const at = mail.rank === 3 ? -1 : waiting.findIndex(({ rank }) => rank === mail.rank)
          const before = waiting[at]
          if (before !== undefined && keep === 'oldest') return { message: mail, reason: 'duplicate' }
          if (before !== undefined) {
            waiting[at] = mail
            return { message: before, reason: 'replaced by a newer message' }
          }
          if (waiting.length >= capacity) return full(mail)
          waiting.push(mail)
          return undefined
        })
        expect([seen.taken, seen.refused]).toEqual([expected.taken, expected.refused])
      }),
    )
  })
})

describe('a bounded mailbox', () => {
  it.each(['dropNewest', 'dropOldest'] as const)('keeps the laws with %s', (overflow) => {
    fc.assert(
      fc.property(mails, capacities, (calls, capacity) => {
        play<Mail>(boundedMailbox(capacity, overflow), calls)
      }),
    )
  })
})
