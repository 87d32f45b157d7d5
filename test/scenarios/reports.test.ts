/**
 * What is told of lives and failures: events, log records, signals to the probe.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  ActorSystem,
  Behaviors,
  SupervisorStrategy,
  consoleLogger,
  type ActorRef,
  type Behavior,
  type SupervisorStrategy as Strategy,
  type SystemEvent,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { armedClock, counter, ErrorA, ErrorB, fail, isA, isB } from './support.js'

const { restart, resume, stop, withLimit } = SupervisorStrategy

let kit: ActorTestKit
let log: string[]

/** Events of the actor called so, and the signals that it sees. */
const noting = (name: string): ActorTestKit =>
  ActorTestKit.create({
    probe: {
      event: (event: SystemEvent) => {
        if ('ref' in event && event.ref.path.name === name)
          log.push(event._tag === 'ActorFailed' ? `ActorFailed ${event.outcome} ${String(event.restarts)}` : event._tag)
      },
      beforeSignal: (ref, signal) => {
        if (ref.path.name === name) log.push(`sees ${signal._tag}`)
      },
    },
  })

beforeEach(() => {
  log = []
  kit = noting('actor')
})

describe('the events of a life', () => {
  it('tell of one start, of each restart, and of one end', () => {
    const actor = kit.spawn(pipe(counter([]), Behaviors.supervise(restart)), 'actor')
    for (const message of ['get', fail(), fail(), 'stop'] as const) actor.tell(message)
    kit.runUntilQuiet()

    const again = ['ActorFailed restarted 1', 'sees PreRestart', 'ActorRestarted']
    expect(log).toEqual([
      'ActorStarted',
      ...again,
      'ActorFailed restarted 2',
      ...again.slice(1),
      'sees PostStop',
      'ActorStopped',
    ])
  })

  it('are not subscribed to without a tag', () => {
    const probe = kit.createProbe<SystemEvent>('reader')

    expect(() => {
      kit.system.eventStream.subscribe(probe.ref, undefined as never)
    }).toThrow(/reader: The tag that is subscribed to is undefined, but must be a text\.$/)
  })

  it('are told to those who subscribe, with the reference', () => {
    const probe = kit.createProbe<SystemEvent>()
    kit.runUntilQuiet()
    kit.system.eventStream.subscribe(probe.ref, 'ActorStarted')
    kit.system.eventStream.subscribe(probe.ref, 'ActorStopped')
    const actor = kit.spawn(Behaviors.receiveMessage<string>(() => Behaviors.stopped))
    actor.tell('stop')
    kit.runUntilQuiet()

    expect(probe.receiveMessages(2)).toEqual([
      { _tag: 'ActorStarted', ref: actor },
      { _tag: 'ActorStopped', ref: actor },
    ])
  })

  it('are told to those who subscribe where nobody else looks on', async () => {
    const seen: string[] = []
    const guardian = Behaviors.setup<'gone'>((context) => {
      const listener = context.spawn(
        Behaviors.receiveMessageWithSame<SystemEvent>((event) => {
          if ('ref' in event && event.ref.path.name === 'child') seen.push(event._tag)
        }),
      )
      context.system.eventStream.subscribe(listener, 'ActorStarted')
      context.system.eventStream.subscribe(listener, 'ActorStopped')
      const child = context.spawn(
        Behaviors.receiveMessage<string>(() => Behaviors.stopped),
        'child',
      )
      context.watchWith(child, 'gone')
      child.tell('stop')
      return Behaviors.receiveMessage(() => Behaviors.stopped)
    })

    await ActorSystem.create(guardian, 'plain').whenTerminated

    expect(seen).toEqual(['ActorStarted', 'ActorStopped'])
  })

  it('E9: have no PreRestart for a start that failed: there is no behavior to see it', () => {
    let starts = 0
    kit.spawn(
      pipe(
        Behaviors.setup<string>(() => {
          if (++starts < 3) throw new ErrorA('no start')
          return Behaviors.empty
        }),
        Behaviors.supervise(pipe(restart, withLimit(3, 1_000))),
      ),
      'actor',
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['ActorFailed restarted 1', 'ActorFailed restarted 2', 'ActorStarted', 'ActorRestarted'])
  })
})

describe('a probe that throws ahead of a signal', () => {
  it('fails the actor as its handler would, and keeps neither a restart nor a stop from going on', () => {
    kit = ActorTestKit.create({
      probe: {
        beforeSignal: (ref, signal) => {
          if (ref.path.name !== 'actor') return
          log.push(signal._tag)
          throw new ErrorB(`at ${signal._tag}`)
        },
      },
    })
    const errors = kit.createLogProbe({ level: 'error' })
    const parent = Behaviors.setup<string>((context) => {
      context.watch(context.spawn(Behaviors.stopped))
      return Behaviors.receiveMessage<string>(() => Behaviors.stopped)
    })
    const actor = kit.spawn(pipe(parent, Behaviors.supervise(pipe(restart, withLimit(1, 1_000)))), 'actor')
    kit.runUntilQuiet()

    kit.createProbe<never>().expectTerminated(actor)
    expect(log).toEqual(['Terminated', 'PreRestart', 'Terminated', 'PostStop'])
    expect(errors.receiveMessages(4).map(({ cause }) => cause)).toEqual(
      ['Terminated', 'PreRestart', 'Terminated', 'PostStop'].map((tag) => new ErrorB(`at ${tag}`)),
    )
  })
})

describe('the record of a failure', () => {
  const backoff = SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 1_000, randomFactor: 0 })

  it.each<readonly [string, Strategy | undefined, string, string]>([
    ['no strategy', undefined, 'stopped', 'It failed and stops. boom'],
    ['stop', stop, 'stopped', 'It failed and stops. boom'],
    ['resume', resume, 'resumed', 'It failed and goes on with the state from before. boom'],
    ['restart', restart, 'restarted', 'It failed and restarts (restart 1). boom'],
    ['backoff', backoff, 'backoff', 'It failed and restarts in 100 ms (restart 1). boom'],
    [
      'no restarts',
      pipe(restart, withLimit(0, 100)),
      'stopped',
      'It failed and stops after 0 restarts, its limit. boom',
    ],
  ])('says what follows, and so does the event: %s', (_, strategy, outcome, text) => {
    const records = kit.createLogProbe({ message: /^It failed/ })
    const actor = kit.spawn(
      strategy === undefined ? counter([]) : pipe(counter([]), Behaviors.supervise(strategy)),
      'actor',
    )
    actor.tell(fail(new ErrorA('boom')))
    kit.runUntilQuiet()

    expect(records.receiveMessage().message).toBe(text)
    expect(log.find((entry) => entry.startsWith('ActorFailed'))).toMatch(new RegExp(`^ActorFailed ${outcome} `))
  })

  it.each([
    ['restart', restart],
    ['resume', resume],
  ] as const)('E9: says why a first start is not tried again under %s', (_, strategy) => {
    const records = kit.createLogProbe({ message: /^It failed/ })
    kit.spawn(
      pipe(
        Behaviors.setup<string>(() => {
          throw new ErrorA('no start')
        }),
        Behaviors.supervise(strategy),
      ),
      'actor',
    )
    kit.runUntilQuiet()

    expect(records.receiveMessage().message).toMatch(
      /^It failed and stops: a start that fails is not retried without a limit or a pause\. /,
    )
  })

  it('is followed by what becomes of the actor, for those who debug', () => {
    const records = kit.createLogProbe({ level: 'debug' })
    kit = ActorTestKit.create({ settings: { logLevel: 'debug' } })
    const own = kit.createLogProbe({ level: 'debug' })
    const actor = kit.spawn(pipe(counter([]), Behaviors.supervise(restart)), 'actor')
    actor.tell(fail())
    actor.tell('stop')
    kit.runUntilQuiet()

    expect(own.receiveMessages(2).map(({ message, path }) => [message, path?.name])).toEqual([
      ['It runs again.', 'actor'],
      ['It has stopped.', 'actor'],
    ])
    records.expectNoMessage()
  })
})

describe('the console', () => {
  it.each<readonly [string, PropertyDescriptor]>([
    [
      'cannot be made',
      {
        get: () => {
          throw new ErrorB('in a hook')
        },
      },
    ],
    ['is no text', { value: Symbol('stack') }],
  ])('has a record of a failure whose stack %s', (_, stack) => {
    const written = vi.spyOn(console, 'error').mockImplementation(() => {})
    kit = ActorTestKit.create({ logger: consoleLogger })
    const actor = kit.spawn(counter([]), 'actor')
    actor.tell(fail(Object.defineProperty(new ErrorA('disk full'), 'stack', stack)))
    kit.runUntilQuiet()
    const lines = written.mock.calls.map(([line]) => String(line))
    written.mockRestore()

    expect(lines).toEqual([expect.stringMatching(/ERROR \S+actor It failed and stops\. disk full.*\ndisk full$/)])
  })
})

describe('a logger that throws', () => {
  it('is reported once on standard error, and harms no actor', () => {
    const reported = vi.spyOn(console, 'error').mockImplementation(() => {})
    const error = new ErrorA('disk full')
    kit = ActorTestKit.create({
      logger: {
        log: () => {
          throw error
        },
      },
    })
    const actor = kit.spawn(
      Behaviors.receive<string>((context, message) => {
        context.log.info(message)
        log.push(message)
        return Behaviors.same
      }),
    )
    for (const message of ['a', 'b', 'c']) actor.tell(message)
    kit.runUntilQuiet()
    const calls = [...reported.mock.calls]
    reported.mockRestore()

    expect(log).toEqual(['a', 'b', 'c'])
    expect(calls).toEqual([
      ["troupe: the logger of system 'test' threw at the record 'a'. This is reported once.", error],
    ])
  })
})

describe('a restart that waits', () => {
  it('E13: leaves no timer behind when the actor is stopped meanwhile (virtual time)', () => {
    const { clock, armed } = armedClock()
    kit = ActorTestKit.create({ clock })
    const strategy = SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 1_000, randomFactor: 0 })
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(strategy)))
    actor.tell(fail())
    kit.runUntilQuiet()
    expect(armed.size).toBe(1)

    kit.stop(actor)

    expect(armed.size).toBe(0)
  })

  it('G2: does not count a tick of an ended timer against its capacity (virtual time)', () => {
    const strategy = pipe(
      SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 1_000, randomFactor: 0 }),
      SupervisorStrategy.withStashCapacity(1),
    )
    const behavior: Behavior<string> = Behaviors.withTimers((timers) =>
      Behaviors.receiveMessageWithSame<string>((text) => {
        log.push(text)
        if (text !== 'fail') return
        timers.startSingleTimer('tick', 'tick', 10)
        // The turn takes so long that the tick is in the mailbox when it ends.
        kit.clock.timePasses(10)
        for (const text of ['one', 'two']) actor.tell(text)
        throw new ErrorA('boom')
      }),
    )
    kit = ActorTestKit.create()
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(pipe(behavior, Behaviors.supervise(strategy)))
    actor.tell('fail')
    kit.runUntilQuiet()
    kit.clock.timePasses(100)

    expect(log).toEqual(['fail', 'one'])
    expect(dropped.receiveMessage()).toMatchObject({ message: 'two', reason: 'Stash is full' })
  })

  it('G2: keeps what comes through adapters and watches in its place among what it holds (virtual time)', () => {
    const strategy = pipe(
      SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 1_000, randomFactor: 0 }),
      SupervisorStrategy.withStashCapacity(3),
    )
    kit = ActorTestKit.create()
    const friend = kit.spawn(
      Behaviors.receiveMessage<string>(() => Behaviors.stopped),
      'friend',
    )
    const numbers: ActorRef<number>[] = []
    const behavior = Behaviors.setup<string>((context) => {
      numbers.push(context.messageAdapter((n: number) => `number ${String(n)}`))
      context.watchWith(friend, 'friend gone')
      return Behaviors.receiveMessageWithSame((text) => {
        log.push(text)
        if (text === 'fail') throw new ErrorA('boom')
      })
    })
    const actor = kit.spawn(pipe(behavior, Behaviors.supervise(strategy)))
    actor.tell('fail')
    kit.runUntilQuiet()

    numbers[0]?.tell(7)
    friend.tell('stop')
    kit.runUntilQuiet()
    actor.tell('plain')
    kit.clock.timePasses(99)
    expect(log).toEqual(['fail'])
    kit.clock.timePasses(1)

    expect(log).toEqual(['fail', 'number 7', 'friend gone', 'plain'])
  })

  it('E14: of an inner strategy does not put off the reset of an outer backoff (virtual time)', () => {
    const outer = pipe(
      SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 10_000, randomFactor: 0 }),
      SupervisorStrategy.withResetBackoffAfter(1_000),
    )
    kit = ActorTestKit.create()
    const records = kit.createLogProbe({ message: / in \d+ ms/ })
    const actor = kit.spawn(
      pipe(counter(log), Behaviors.supervise(restart, { when: isB }), Behaviors.supervise(outer, { when: isA })),
    )
    const failAfter = (ms: number, error: Error): void => {
      kit.clock.timePasses(ms)
      actor.tell(fail(error))
      kit.runUntilQuiet()
    }

    failAfter(0, new ErrorA())
    failAfter(600, new ErrorB())
    failAfter(600, new ErrorA())

    expect(records.receiveMessages(2).map(({ message }) => / in \d+ ms/.exec(message)?.[0])).toEqual([
      ' in 100 ms',
      ' in 100 ms',
    ])
  })
})

describe('what a restart starts', () => {
  type Command = 'next' | { readonly fail: unknown }

  /** Returns itself in one more frame with each message. */
  const receiving = (name: string): Behavior<Command> =>
    Behaviors.receiveMessage<Command>((command) => {
      if (command !== 'next') throw command.fail
      log.push(name)
      return pipe(receiving('next'), Behaviors.supervise(stop, { when: () => false }))
    })

  const resuming = pipe(receiving('second'), Behaviors.supervise(resume, { when: isA }))

  const seen = (): readonly string[] => log.filter((entry) => !entry.startsWith('sees') && entry !== 'ActorStarted')

  it('E19: has the frames that it began with for as long as it lives, also when there are more than before', () => {
    let starts = 0
    const begin = (): Behavior<Command> => (++starts === 1 ? receiving('first') : resuming)
    const actor = kit.spawn(pipe(Behaviors.setup(begin), Behaviors.supervise(restart)), 'actor')

    for (const command of [{ fail: new ErrorB() }, 'next', { fail: new ErrorA() }, 'next'] as const) actor.tell(command)
    kit.runUntilQuiet()

    expect(seen()).toEqual(['ActorFailed restarted 1', 'ActorRestarted', 'second', 'ActorFailed resumed 0', 'next'])
  })

  it('E19: has them also when its first start has failed', () => {
    let starts = 0
    const begin = (): Behavior<Command> => {
      if (++starts === 1) throw new ErrorB()
      return resuming
    }
    const strategy = pipe(restart, withLimit(3, 1_000))
    const actor = kit.spawn(pipe(Behaviors.setup(begin), Behaviors.supervise(strategy)), 'actor')

    for (const command of ['next', { fail: new ErrorA() }, 'next', { fail: new ErrorB() }, 'next'] as const)
      actor.tell(command)
    kit.runUntilQuiet()

    expect(seen()).toEqual([
      'ActorFailed restarted 1',
      'ActorRestarted',
      'second',
      'ActorFailed resumed 0',
      'next',
      'ActorFailed restarted 2',
      'ActorRestarted',
      'second',
    ])
  })
})

describe('context.child and context.unwatch', () => {
  it('find nothing and do nothing where there is nothing', () => {
    const failures = kit.createLogProbe({ level: 'error' })
    kit.spawn(
      Behaviors.setup<string>((context) => {
        log.push(`child ${context.child('none')._tag}`)
        context.unwatch(kit.system.deadLetters)
        context.watch(kit.system.deadLetters)
        context.unwatch(context.self)
        return Behaviors.empty
      }),
      'parent',
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['child None'])
    failures.expectNoMessage()
  })

  it('find a child without a name of its own by the one that it got', () => {
    kit.spawn(
      Behaviors.setup<string>((context) => {
        const children = [1, 2, 3].map(() => context.spawn(Behaviors.receiveMessage<string>(() => Behaviors.same)))
        for (const child of children) {
          const found = context.child(child.path.name)
          log.push(found._tag === 'Some' && found.value.equals(child) ? 'itself' : 'another')
        }
        log.push(context.child('$none')._tag)
        return Behaviors.empty
      }),
      'parent',
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['itself', 'itself', 'itself', 'None'])
  })

  it('D7: a child that is not watched ends without a word to a parent that watches another', () => {
    const failures = kit.createLogProbe({ level: 'error' })
    kit.spawn(
      Behaviors.setup<string>((context) => {
        context.watch(
          context.spawn(
            Behaviors.receiveMessage<string>(() => Behaviors.same),
            'watched',
          ),
        )
        context.spawn(Behaviors.stopped, 'unwatched')
        return Behaviors.receive<string>(
          () => Behaviors.same,
          () => Behaviors.same,
        )
      }),
      'actor',
    )
    kit.runUntilQuiet()

    expect(log.filter((entry) => entry.startsWith('sees'))).toEqual([])
    failures.expectNoMessage()
  })
})
