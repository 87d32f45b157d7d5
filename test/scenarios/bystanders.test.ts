/**
 * What one actor breaks, others do not feel: rule 4 where subscribers, ports, errors and mappers throw.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  boundedMailbox,
  contramapRef,
  type ActorFailed,
  type Dropped,
  type Interceptor,
  type Outcome,
  type SystemEvent,
  type UnhandledMessage,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { counter, fail, logSignals, spawnWatcher, unreadable } from './support.js'

let log: string[]

beforeEach(() => {
  log = []
})

const tags: readonly SystemEvent['_tag'][] = [
  'ActorStarted',
  'ActorFailed',
  'ActorRestarted',
  'ActorStopped',
  'DeadLetter',
  'UnhandledMessage',
]

/** Subscribes with a view that throws at every event. */
const subscribeBroken = (kit: ActorTestKit): void => {
  const view = contramapRef((event: SystemEvent): string => {
    throw new Error(`no view of ${event._tag}`)
  })(kit.spawn(Behaviors.ignore, 'subscriber'))
  for (const tag of tags) kit.system.eventStream.subscribe(view, tag)
}

describe('a subscriber of events that throws at each', () => {
  it('harms nobody: the actors live, fail, restart and end as ever', () => {
    const kit = ActorTestKit.create()
    const errors = kit.createLogProbe({ level: 'error' })
    subscribeBroken(kit)
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>((text) => {
          if (text === 'fail') throw new Error('boom')
          if (text !== 'log') return text === 'stop' ? Behaviors.stopped : Behaviors.unhandled
          log.push('handled')
          return Behaviors.same
        }, logSignals(log)),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
      'actor',
    )
    spawnWatcher(kit, log, actor)
    for (const text of ['log', 'what?', 'fail', 'log', 'stop']) actor.tell(text)
    kit.runUntilQuiet()
    actor.tell('too late')

    expect(log).toEqual(['handled', 'PreRestart', 'handled', 'PostStop', 'Terminated(actor)'])
    expect(
      errors.fishForMessage(({ message }) => (message.includes('DeadLetter') ? 'complete' : 'continue')),
    ).toContainEqual(
      expect.objectContaining({
        message: "It could not be told of an event that it subscribed to, 'ActorFailed'.",
        cause: new Error('no view of ActorFailed'),
      }),
    )
  })

  it('harms nobody where isolation refuses what was thrown', () => {
    const kit = ActorTestKit.create({ settings: { isolation: 'freeze' } })
    const events = kit.createProbe<ActorFailed>()
    kit.system.eventStream.subscribe(events.ref, 'ActorFailed')
    const actor = kit.spawn(
      Behaviors.receiveMessage<string>(() => {
        // Whatever can be thrown is thrown somewhere.
        // eslint-disable-next-line @typescript-eslint/only-throw-error
        throw { code: 1, retry: () => 2 }
      }),
      'actor',
    )
    spawnWatcher(kit, log, actor)
    actor.tell('x')
    kit.runUntilQuiet()

    expect(log).toEqual(['Terminated(actor)'])
  })
})

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

describe('an error that cannot be looked at', () => {
  it.each<readonly [string, unknown]>([
    ['a symbol for a message', Object.assign(new Error('boom'), { message: Symbol('what') })],
    [
      'a message that throws',
      Object.defineProperty(new Error('boom'), 'message', {
        get: () => {
          throw new Error('no message')
        },
      }),
    ],
    ['a revoked proxy', revoked()],
  ])('is dealt with as any other: %s', (_, error) => {
    const kit = ActorTestKit.create()
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(SupervisorStrategy.resume)), 'actor')
    for (const command of ['increment', fail(error), 'get'] as const) actor.tell(command)
    kit.runUntilQuiet()

    expect(log).toEqual(['state 1'])
  })
})

describe('a failure that cannot be dealt with', () => {
  it('ends its actor at once: its watchers are told, and it is logged', () => {
    const kit = ActorTestKit.create({
      random: {
        next: () => {
          throw new Error('no randomness')
        },
      },
    })
    const errors = kit.createLogProbe({ level: 'error' })
    const backoff = SupervisorStrategy.restartWithBackoff({ minMs: 10, maxMs: 20, randomFactor: 0.5 })
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(backoff)), 'actor')
    spawnWatcher(kit, log, actor)
    actor.tell(fail())
    kit.runUntilQuiet()

    expect(log).toEqual(['Terminated(actor)'])
    expect(errors.receiveMessage()).toMatchObject({
      message: 'Its failure could not be dealt with, so it is killed.',
      cause: new Error('no randomness'),
    })
  })
})

describe('a mapper of a piped result that throws', () => {
  it('fails its actor by that result, which is counted', async () => {
    const books: string[] = []
    const kit = ActorTestKit.create({
      probe: {
        enqueued: () => void books.push('sent'),
        settled: (_ref: unknown, _message: unknown, outcome: Outcome) => books.push(outcome),
      },
    })
    const failures = kit.createProbe<ActorFailed>()
    kit.system.eventStream.subscribe(failures.ref, 'ActorFailed')
    const actor = kit.spawn(
      Behaviors.receive<string>((context) => {
        context.pipeToSelf(
          () => Promise.resolve(1),
          () => {
            throw new Error('mapper')
          },
        )
        return Behaviors.same
      }),
    )
    kit.runUntilQuiet()
    books.length = 0
    actor.tell('go')
    await kit.settle()

    expect(failures.receiveMessage()).toMatchObject({
      cause: new Error('mapper'),
      message: { _tag: 'Right', right: 1 },
    })
    // The message, the result, and the event that the probe was told of.
    expect(books).toEqual(['sent', 'handled', 'sent', 'handled', 'sent', 'handled'])
  })
})

describe('what an interceptor has thrown', () => {
  it('says nothing of what is thrown later, even if that is undefined', () => {
    const kit = ActorTestKit.create()
    const throwing: Interceptor<string> = {
      name: 'throwing',
      aroundReceive: (_, text, target) => {
        if (text === 'interceptor') throw new Error('outside')
        return target.receive(text)
      },
    }
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>((text) => {
          // eslint-disable-next-line @typescript-eslint/only-throw-error
          if (text === 'undefined') throw undefined
          log.push(text)
          return Behaviors.same
        }),
        Behaviors.supervise(SupervisorStrategy.resume),
        Behaviors.intercept(throwing),
        Behaviors.supervise(SupervisorStrategy.restart, { when: (error): error is Error => error instanceof Error }),
      ),
    )
    for (const text of ['undefined', 'a', 'interceptor', 'b', 'undefined', 'c']) actor.tell(text)
    kit.runUntilQuiet()

    expect(log).toEqual(['a', 'b', 'c'])
  })
})

describe('a message that throws when it is looked at', () => {
  const { restartWithBackoff, withStashCapacity } = SupervisorStrategy

  it.each([
    ['of the runtime', undefined],
    ['of a kind', { mailbox: boundedMailbox(8) }],
  ])('is lost like any other, and its actor ends and is told of, with a mailbox %s', (_, props) => {
    const ends: Outcome[] = []
    const kit = ActorTestKit.create({
      probe: {
        settled: (_ref, message, outcome) => {
          if (message === poison) ends.push(outcome)
        },
      },
    })
    const poison = unreadable()
    const actor = kit.spawn<'stop' | object>(
      Behaviors.receiveMessage(() => Behaviors.stopped),
      'actor',
      props,
    )
    spawnWatcher(kit, log, actor)
    for (const message of ['stop', poison, poison] as const) actor.tell(message)
    kit.runUntilQuiet()
    actor.tell(poison)

    expect(log).toEqual(['Terminated(actor)'])
    expect(ends).toEqual(['deadLetter', 'deadLetter', 'deadLetter'])
  })

  it('is held by a restart, and handled then (virtual time)', () => {
    const kit = ActorTestKit.create()
    const pause = pipe(restartWithBackoff({ minMs: 10, maxMs: 10, randomFactor: 0 }), withStashCapacity(1))
    const actor = kit.spawn<'fail' | object>(
      pipe(
        Behaviors.receiveMessage((message) => {
          if (message === 'fail') throw new Error('boom')
          log.push(typeof message)
          return Behaviors.same
        }),
        Behaviors.supervise(pause),
      ),
    )
    for (const message of ['fail', unreadable(), unreadable()] as const) actor.tell(message)
    kit.runUntilQuiet()
    kit.clock.timePasses(10)

    expect(log).toEqual(['object'])
  })
})

describe('a report', () => {
  it('of a drop that is dropped in another shape is not reported again', () => {
    const kit = ActorTestKit.create()
    const reader = kit.spawn<object>(Behaviors.ignore, 'reader', { mailbox: boundedMailbox(1) })
    const reports: object[] = []
    const view = contramapRef((report: Dropped) => {
      reports.push(report)
      return { report }
    })(reader)
    kit.system.eventStream.subscribe(view, 'Dropped')

    for (const message of [{ n: 1 }, { n: 2 }, { n: 3 }]) reader.tell(message)

    expect(reports).toEqual([
      { _tag: 'Dropped', recipient: reader, message: { n: 2 }, reason: 'mailbox full' },
      { _tag: 'Dropped', recipient: reader, message: { n: 3 }, reason: 'mailbox full' },
    ])
  })

  it('of an unhandled message that is left unhandled is not reported again', () => {
    const kit = ActorTestKit.create()
    const reader = kit.spawn(
      Behaviors.receiveMessage<UnhandledMessage>(({ message }) => {
        log.push(String(message))
        return log.length < 10 ? Behaviors.unhandled : Behaviors.stopped
      }),
    )
    kit.system.eventStream.subscribe(reader, 'UnhandledMessage')

    for (const text of ['what?', 'who?']) kit.spawn<string>(Behaviors.empty).tell(text)
    kit.runUntilQuiet()

    expect(log).toEqual(['what?', 'who?'])
  })
})
