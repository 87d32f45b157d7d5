/**
 * Where messages wait: bounds, what is let go, and what never is.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  boundedMailbox,
  type Behavior,
  type Mailbox,
  type MailboxEntry,
  type Props,
  type SystemEvent,
} from 'troupe'
import { describeSignal } from './support.js'
import { kit, log, newScene, tellAll, useKit } from '../scene.js'

beforeEach(newScene)

const recording: Behavior<string> = Behaviors.receiveMessage<string>(
  (text) => {
    log.push(text)
    return Behaviors.same
  },
  (_, signal) => {
    log.push(describeSignal(signal))
    return Behaviors.same
  },
)

describe('a bounded mailbox', () => {
  it('I3: takes messages up to its capacity and drops those that come then, with the reason; the sender sees nothing', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(recording, 'busy', { mailbox: boundedMailbox(2) })

    tellAll(actor, '1', '2', '3', '4')

    expect(log).toEqual(['1', '2'])
    expect(dropped.receiveMessages(2)).toEqual([
      { _tag: 'Dropped', recipient: actor, message: '3', reason: 'mailbox full' },
      { _tag: 'Dropped', recipient: actor, message: '4', reason: 'mailbox full' },
    ])
    tellAll(actor, '5')
    expect(log).toEqual(['1', '2', '5'])
  })

  it('I3: with dropOldest lets go of what waits longest', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(recording, 'busy', { mailbox: boundedMailbox(2, 'dropOldest') })

    tellAll(actor, '1', '2', '3', '4')

    expect(log).toEqual(['3', '4'])
    expect(dropped.receiveMessages(2).map(({ message, reason }) => [message, reason])).toEqual([
      ['1', 'mailbox full'],
      ['2', 'mailbox full'],
    ])
  })

  it('I3: is one for each actor', () => {
    const props: Props = { mailbox: boundedMailbox(1) }
    const [first, second] = [kit.spawn(recording, 'first', props), kit.spawn(recording, 'second', props)]

    first.tell('1')
    tellAll(second, '2')

    expect(log).toEqual(['1', '2'])
  })

  it('I3: leaves what it holds to dead letters when the actor stops', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const actor = kit.spawn(recording, 'busy', { mailbox: boundedMailbox(2) })
    kit.runUntilQuiet()
    actor.tell('1')
    actor.tell('2')

    kit.stop(actor)

    expect(deadLetters.receiveMessages(2).map(({ message }) => message)).toEqual(['1', '2'])
  })

  it.each(['dropNewest', 'dropOldest'] as const)(
    'I3: never drops a signal, and keeps its place in the order (%s)',
    (overflow) => {
      const target = kit.spawn(
        Behaviors.receiveMessage<string>(() => Behaviors.stopped),
        'target',
      )
      const actor = kit.spawn(
        Behaviors.setup<string>((context) => {
          context.watch(target)
          return recording
        }),
        'busy',
        { mailbox: boundedMailbox(2, overflow) },
      )
      kit.runUntilQuiet()

      // The target runs between the messages, while the actor is kept from its turn.
      const feeder = kit.spawn(
        Behaviors.receiveMessageWithSame<string>((text) => {
          if (text === 'stop') target.tell('stop')
          else for (const each of text) actor.tell(each)
        }),
      )
      tellAll(feeder, 'stop', 'ab')

      expect([...log].sort()).toEqual(['Terminated(target)', 'a', 'b'])
    },
  )

  it.each([0, -1, 1.5, NaN])('refuses a capacity of %s, saying what it must be', (capacity) => {
    const refusal = (what: string): RegExp =>
      new RegExp(`capacity of a ${what} is ${String(capacity)}, but must be a whole number`)

    expect(() => boundedMailbox(capacity)).toThrow(refusal('mailbox'))
    expect(() => Behaviors.withStash(capacity, () => Behaviors.empty)).toThrow(refusal('stash'))
  })

  it('refuses a word for its overflow that it does not know', () => {
    expect(() => boundedMailbox(2, 'dropnewest' as 'dropNewest')).toThrow(
      'overflow of a bounded mailbox is dropnewest, but must be one of dropNewest, dropOldest.',
    )
  })
})

/** Gives the shortest message first. */
class ShortestFirst implements Mailbox<unknown> {
  readonly #entries: MailboxEntry<unknown>[] = []

  get size(): number {
    return this.#entries.length
  }

  enqueue(entry: MailboxEntry<unknown>): undefined {
    this.#entries.push(entry)
    this.#entries.sort((a, b) => String(a.message).length - String(b.message).length || a.sequence - b.sequence)
  }

  dequeue(): MailboxEntry<unknown> | undefined {
    return this.#entries.shift()
  }
}

describe("a user's mailbox", () => {
  it('may reorder messages; a signal comes after all that came before it and not later', () => {
    const target = kit.spawn(
      Behaviors.receiveMessage<string>(() => Behaviors.stopped),
      'target',
    )
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        context.watch(target)
        return recording
      }),
      'actor',
      { mailbox: () => new ShortestFirst() },
    )
    kit.runUntilQuiet()

    // One after the other: messages, the end of the target, more messages, all before the actor has its turn.
    tellAll(
      kit.spawn(
        Behaviors.receiveMessageWithSame<string>((text) => {
          if (text === 'stop') target.tell('stop')
          else actor.tell(text)
        }),
      ),
      'stop',
    )
    tellAll(actor, 'ccc', 'a', 'bb')

    expect(log).toEqual(['Terminated(target)', 'a', 'bb', 'ccc'])
  })

  it('that throws harms neither the sender nor the actor; the message is dropped', () => {
    const dropped = kit.createDroppedProbe()
    const broken: Mailbox<unknown> = {
      size: 0,
      enqueue: () => {
        throw new Error('broken')
      },
      dequeue: () => undefined,
    }
    const actor = kit.spawn(recording, 'actor', { mailbox: () => broken })
    const written: unknown[][] = []
    const { error } = console
    console.error = (...parts: unknown[]) => void written.push(parts)
    try {
      tellAll(actor, 'a', 'b')
    } finally {
      console.error = error
    }

    expect(dropped.receiveMessages(2).map(({ message, reason }) => [message, reason])).toEqual([
      ['a', 'mailbox failed'],
      ['b', 'mailbox failed'],
    ])
    expect(written).toHaveLength(1)
  })
})

describe('the unbounded mailbox', () => {
  it('warns when it passes its mark, and again at each doubling, with size and path', () => {
    useKit({ settings: { mailboxHighWater: 100 } })
    const warnings = kit.createLogProbe({ level: 'warn' })
    const actor = kit.spawn(recording, 'slow')

    for (let count = 0; count < 600; count++) actor.tell('m')

    const sizes = warnings.fishForMessage(({ fields }) => (Number(fields?.['size']) > 400 ? 'complete' : 'continue'))
    expect(sizes.map(({ fields }) => fields?.['size'])).toEqual([129, 257, 513])
    expect(sizes[0]?.path?.name).toBe('slow')
    warnings.expectNoMessage()
  })

  it('warns of each burst anew, whichever actor had one before', () => {
    useKit({ settings: { mailboxHighWater: 100 } })
    const warnings = kit.createLogProbe({ level: 'warn' })
    const actors = [kit.spawn(recording, 'a'), kit.spawn(recording, 'b')]

    for (const actor of [...actors, ...actors]) {
      for (let count = 0; count < 300; count++) actor.tell('m')
      kit.runUntilQuiet()
      expect(warnings.receiveMessages(2).map(({ fields }) => fields?.['size'])).toEqual([129, 257])
    }
    warnings.expectNoMessage()
  })

  it('may be as full as its mark without a word; one message more is a record and an event', () => {
    useKit({ settings: { mailboxHighWater: 128 } })
    const warnings = kit.createLogProbe({ level: 'warn' })
    const events = kit.createProbe<SystemEvent>()
    kit.runUntilQuiet()
    kit.system.eventStream.subscribe(events.ref, 'MailboxHighWater')
    const actor = kit.spawn(recording, 'slow')

    for (let count = 0; count < 128; count++) actor.tell('m')
    kit.runUntilQuiet()
    warnings.expectNoMessage()

    for (let count = 0; count < 129; count++) actor.tell('m')
    kit.runUntilQuiet()
    expect(warnings.receiveMessage().message).toBe(
      'Its mailbox has grown to 129 messages: it is told more than it handles.',
    )
    expect(events.receiveMessage()).toEqual({ _tag: 'MailboxHighWater', ref: actor, size: 129 })
  })

  it('whose mark lies where it grows says nothing yet', () => {
    useKit({ settings: { mailboxHighWater: 129 } })
    const warnings = kit.createLogProbe({ level: 'warn' })
    const actor = kit.spawn(recording)

    for (let count = 0; count < 129; count++) actor.tell('m')
    kit.runUntilQuiet()

    warnings.expectNoMessage()
  })
})

describe('a message that nobody handles', () => {
  it('is in a record for those who debug, with who got it', () => {
    useKit({ settings: { logLevel: 'debug' } })
    const records = kit.createLogProbe({ level: 'debug' })
    const actor = kit.spawn<string>(Behaviors.empty, 'deaf')

    tellAll(actor, 'hello')

    const [record] = records.fishForMessage(({ message }) =>
      message === 'It did not handle a message.' ? 'complete' : 'continueAndIgnore',
    )
    expect(record).toMatchObject({ level: 'debug', fields: { message: 'hello' } })
    expect(record?.path?.name).toBe('deaf')
    expect(record?.cause).toBeUndefined()
  })
})

describe('dead letters', () => {
  it('are logged one by one up to a number in a while, then counted (virtual time)', () => {
    const records = kit.createLogProbe({ level: 'info' })
    const letters = kit.createDeadLetterProbe()
    const dead = kit.spawn(Behaviors.stopped, 'dead')
    kit.runUntilQuiet()

    for (let count = 0; count < 25; count++) dead.tell('lost')
    letters.receiveMessages(25)
    expect(records.receiveMessages(10).every(({ message }) => message.includes('dead letter'))).toBe(true)
    records.expectNoMessage()

    kit.clock.timePasses(10_000)
    dead.tell('lost')
    expect(records.receiveMessages(2).map(({ message }) => message)).toEqual([
      '15 more messages were lost and not logged one by one.',
      'A message to it is a dead letter: it has terminated.',
    ])
  })

  it('that were counted are told once: after their window, or else at the end of the system (virtual time)', async () => {
    const lines: string[] = []
    useKit({
      settings: { deadLettersLogged: 2, deadLettersWindowMs: 100 },
      logger: { log: ({ message }) => void lines.push(message) },
    })
    const lose = (count: number): void => {
      for (let n = 0; n < count; n++) kit.system.deadLetters.tell(n)
    }
    const told = (count: number): string => `${String(count)} more messages were lost and not logged one by one.`
    const one = 'A message to it is a dead letter: it has terminated.'

    lose(5)
    kit.clock.timePasses(100)
    lose(6)
    expect(lines).toEqual([one, one, told(3), one, one])

    await kit.shutdown()
    expect(lines.slice(5)).toEqual([told(4)])

    lose(3)
    kit.clock.timePasses(100)
    lose(1)
    expect(lines.slice(6)).toEqual([told(3), one])
  })

  it('whose subscriber is dead do not breed', () => {
    const letters = kit.createDeadLetterProbe()
    kit.stop(letters.ref)
    const dead = kit.spawn(Behaviors.stopped)
    kit.runUntilQuiet()

    tellAll<unknown>(dead, 'lost')

    expect(pipe(kit.system.printTree(), (tree) => tree.includes('probe-1'))).toBe(false)
  })
})
