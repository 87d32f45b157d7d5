import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Behaviors, type Behavior, type MailboxFactory } from 'troupe'
import { controlAwareMailbox, deduplicatingMailbox, priorityMailbox } from 'troupe/mailboxes'
import { ActorTestKit, mailboxLaws } from 'troupe/testkit'

let kit: ActorTestKit
let log: string[]

beforeEach(() => {
  kit = ActorTestKit.create()
  log = []
})
afterEach(async () => {
  vi.restoreAllMocks()
  await kit.shutdown()
})

const listener: Behavior<string> = Behaviors.receiveMessageWithSame((text) => void log.push(text))

/** Tells all at once, so that they wait together. */
const tellAll = (mailbox: MailboxFactory<string>, ...texts: readonly string[]): void => {
  const ref = kit.spawn(listener, undefined, { mailbox })
  for (const text of texts) ref.tell(text)
  kit.runUntilQuiet()
}

describe('an actor with a priority mailbox', () => {
  it('handles the most urgent first, and those of one priority in order', () => {
    tellAll(
      priorityMailbox((text: string) => text.length),
      'ccc',
      'a1',
      'b',
      'a2',
    )

    expect(log).toEqual(['b', 'a1', 'a2', 'ccc'])
  })

  it('ranks what it computes on arrival by its own number', () => {
    const ref = kit.spawn(
      Behaviors.receive<string>((context, text) => {
        log.push(text)
        if (text === 'go') {
          context.messageAdapter((n: number) => `adapted ${String(n)}`).tell(1)
          context.self.tell('late')
          context.self.tell('a')
        }
        return Behaviors.same
      }),
      undefined,
      { mailbox: priorityMailbox((text: string) => text.length, { ofResults: 2 }) },
    )

    ref.tell('go')
    kit.runUntilQuiet()

    expect(log).toEqual(['go', 'a', 'adapted 1', 'late'])
  })

  it('does not write down the messages that it ranks', () => {
    const toJSON = vi.fn(() => 'text')
    const mailbox = priorityMailbox((job: { readonly urgency: number }) => job.urgency)
    const ref = kit.spawn<{ readonly urgency: number }>(Behaviors.ignore, undefined, { mailbox })

    for (const urgency of [1, 2]) ref.tell({ urgency, ...{ toJSON } })
    kit.runUntilQuiet()

    expect(toJSON).not.toHaveBeenCalled()
  })

  it('drops a message whose priority is no number, and says so', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const dropped = kit.createDroppedProbe()

    tellAll(
      priorityMailbox((text: string) => Number(text)),
      'x',
      '1',
    )

    expect(log).toEqual(['1'])
    expect(dropped.receiveMessage()).toMatchObject({ message: 'x', reason: 'mailbox failed' })
    expect(reported.mock.calls.flat().join(' ')).toContain(
      'the priority of x is NaN, but must be a number, the most urgent the least',
    )
  })
})

describe('an actor with a control-aware mailbox', () => {
  it('handles control messages first, for which there is always room', () => {
    const dropped = kit.createDroppedProbe()

    tellAll(
      controlAwareMailbox((text: string) => text.startsWith('!'), { capacity: 2 }),
      'a',
      'b',
      'c',
      '!1',
      '!2',
    )

    expect(log).toEqual(['!1', '!2', 'a', 'b'])
    expect(dropped.receiveMessage()).toMatchObject({ message: 'c', reason: 'mailbox full' })
  })
})

describe('an actor with a deduplicating mailbox', () => {
  const keyOf = (text: string): string => text.slice(0, 1)

  it('sees the newest of each key, in the place of the oldest', () => {
    const dropped = kit.createDroppedProbe()

    tellAll(deduplicatingMailbox(keyOf), 'a1', 'b1', 'a2')

    expect(log).toEqual(['a2', 'b1'])
    expect(dropped.receiveMessage()).toMatchObject({ message: 'a1', reason: 'replaced by a newer message' })
  })

  it('or the oldest of each key', () => {
    const dropped = kit.createDroppedProbe()

    tellAll(deduplicatingMailbox(keyOf, { keep: 'oldest' }), 'a1', 'b1', 'a2')

    expect(log).toEqual(['a1', 'b1'])
    expect(dropped.receiveMessage()).toMatchObject({ message: 'a2', reason: 'duplicate' })
  })
})

describe('the laws of mailboxes', () => {
  it.each<[string, MailboxFactory<string>]>([
    ['priority', priorityMailbox((text: string) => text.length % 3)],
    ['bounded priority', priorityMailbox((text: string) => text.length % 3, { capacity: 4 })],
    ['control-aware', controlAwareMailbox((text: string) => text.endsWith('1'), { capacity: 4 })],
    ['deduplicating by the newest', deduplicatingMailbox((text: string) => text.slice(-1))],
    ['deduplicating by the oldest', deduplicatingMailbox((text: string) => text.slice(-1), { keep: 'oldest' })],
  ])('hold for a mailbox that is %s', async (_, make) => {
    for (const { check } of mailboxLaws(make, { isOrdered: false })) await check({ runs: 100 })
  })
})

describe('a mailbox', () => {
  it.each([
    [
      'capacity 0',
      () => priorityMailbox(() => 0, { capacity: 0 }),
      'The capacity of a mailbox is 0, but must be a whole number from 1 up',
    ],
    [
      'ofResults NaN',
      () => priorityMailbox(() => 0, { ofResults: NaN }),
      'ofResults of a priority mailbox is NaN, but must be a number, the most urgent the least.',
    ],
    ['capacity 1.5', () => controlAwareMailbox(() => true, { capacity: 1.5 }), 'The capacity of a mailbox is 1.5'],
    ['capacity NaN', () => deduplicatingMailbox(() => 0, { capacity: NaN }), 'The capacity of a mailbox is NaN'],
    [
      'a word that it does not know',
      () => deduplicatingMailbox(() => 0, { keep: 'both' as never }),
      'keep of a deduplicating mailbox is both, but must be one of newest, oldest',
    ],
  ])('is refused with %s', (_, make, sentence) => {
    expect(make).toThrow(sentence)
  })

  it('leaves a coroutine its wake-ups, however small it is', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (;;) {
          const next = yield* co.receiveWithin(10, (text) => text !== 'x')
          log.push(next._tag)
        }
      }),
      undefined,
      { mailbox: priorityMailbox(() => 0, { capacity: 1 }) },
    )
    kit.runUntilQuiet()
    const flood = kit.spawn(
      Behaviors.receiveMessageWithSame<number>((ms) => {
        ref.tell('x')
        ref.tell('x')
        kit.clock.timePasses(ms)
      }),
    )

    flood.tell(10)
    kit.runUntilQuiet()

    expect(log).toEqual(['None'])
  })
})
