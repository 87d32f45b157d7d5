/**
 * What becomes of an actor that fails.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  boundedMailbox,
  type ActorRef,
  type BackoffStrategy,
  type Behavior,
  type RestartStrategy,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import {
  ErrorA,
  ErrorB,
  ErrorC,
  SpecialErrorA,
  counter,
  dynasty,
  fail,
  isA,
  isB,
  logSignals,
  mortal,
  spawnWatcher,
  type CounterCommand,
} from './support.js'

const { restart, resume, stop, withLimit, withMaxRestarts, withStashCapacity, withStopChildren } = SupervisorStrategy

const backoff = (minMs = 1_000, maxMs = 10_000): BackoffStrategy =>
  SupervisorStrategy.restartWithBackoff({ minMs, maxMs, randomFactor: 0 })

let kit: ActorTestKit
let log: string[]

beforeEach(() => {
  kit = ActorTestKit.create()
  log = []
})

/** Sends it all and lets the actors run. */
const tellAll = <A>(ref: ActorRef<A>, ...messages: readonly A[]): void => {
  for (const message of messages) ref.tell(message)
  kit.runUntilQuiet()
}

/** Logs each start of a counter. */
const started = (text = 'setup'): Behavior<CounterCommand> =>
  Behaviors.setup(() => {
    log.push(text)
    return counter(log)
  })

describe('a failing actor', () => {
  it('E1: without a strategy it sees PostStop and terminates, and the failure is logged once, with path, cause and count', () => {
    const error = new Error('boom')
    const records = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(counter(log), 'actor')
    spawnWatcher(kit, log, actor)

    tellAll(actor, fail(error), 'get')

    expect(log).toEqual(['PostStop 0', 'Terminated(actor)'])
    const record = records.receiveMessage()
    expect(record.path?.toString()).toBe('troupe://test/user/actor')
    expect(record).toMatchObject({ message: 'It failed and stops. boom', cause: error, fields: { restarts: 0 } })
    records.expectNoMessage()
  })

  it('E2: under restart its current behavior sees PreRestart, and it starts afresh with its reference and its mailbox', () => {
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(restart)))
    const deadLetters = kit.createDeadLetterProbe()

    tellAll(actor, 'increment', 'increment', fail(), 'increment', 'get')

    expect(log).toEqual(['setup', 'PreRestart 2', 'setup', 'state 1'])
    deadLetters.expectNoMessage()
  })

  it('E2: each crash and restart is published and logged once, with the count of restarts', () => {
    const restarted = kit.createProbe<{ readonly _tag: 'ActorRestarted' }>()
    const failed = kit.createProbe<{ readonly _tag: 'ActorFailed' }>()
    kit.system.eventStream.subscribe(restarted.ref, 'ActorRestarted')
    kit.system.eventStream.subscribe(failed.ref, 'ActorFailed')
    const records = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(restart)))

    const command = fail(new Error('boom'))
    tellAll(actor, command, command)

    expect(records.receiveMessages(2).map(({ message, fields }) => [message, fields?.['restarts']])).toEqual([
      ['It failed and restarts (restart 1). boom', 1],
      ['It failed and restarts (restart 2). boom', 2],
    ])
    records.expectNoMessage()
    expect(failed.receiveMessages(2)).toMatchObject([
      { ref: actor, message: command, outcome: 'restarted', restarts: 1 },
      { ref: actor, message: command, outcome: 'restarted', restarts: 2 },
    ])
    restarted.receiveMessages(2)
  })

  it('E3: under resume it keeps its state, sees no signal and loses the message', () => {
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(resume)))

    tellAll(actor, 'increment', fail(), 'increment', 'get')

    expect(log).toEqual(['setup', 'state 2'])
  })

  it('E3: a message that fails counts as one for the receive timeout (virtual time)', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.setup<string>((context) => {
          context.setReceiveTimeout(100, 'timeout')
          return Behaviors.receiveMessage((text) => {
            if (text === 'fail') throw new ErrorA()
            log.push(`${text} at ${String(kit.clock.now())}`)
            return Behaviors.same
          })
        }),
        Behaviors.supervise(resume),
      ),
    )

    kit.clock.timePasses(60)
    tellAll(actor, 'fail')
    kit.clock.timePasses(100)

    expect(log).toEqual(['timeout at 160'])
  })

  it('E4: a strategy for other failures leaves it to stop', () => {
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(restart, { when: isA })))

    tellAll(actor, fail(new ErrorB()))

    expect(log).toEqual(['setup', 'PostStop 0'])
  })

  it('E4: a strategy for a class of failures holds for its subclasses', () => {
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(restart, { when: isA })))

    tellAll(actor, fail(new SpecialErrorA()))

    expect(log).toEqual(['setup', 'PreRestart 0', 'setup'])
  })

  it('E5: of nested strategies the innermost that matches decides', () => {
    const nested = pipe(
      started(),
      Behaviors.supervise(resume, { when: isA }),
      Behaviors.supervise(restart, { when: isB }),
    )
    const actor = kit.spawn(nested)

    tellAll(actor, 'increment', fail(new ErrorA()), 'get')
    expect(log).toEqual(['setup', 'state 1'])

    tellAll(actor, fail(new ErrorB()), 'get')
    expect(log.slice(2)).toEqual(['PreRestart 1', 'setup', 'state 0'])

    tellAll(actor, fail(new ErrorC()))
    expect(log.slice(5)).toEqual(['PostStop 0'])
  })

  it('E5: the inner one decides when both match', () => {
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(resume), Behaviors.supervise(restart)))

    tellAll(actor, 'increment', fail(), 'get')

    expect(log).toEqual(['setup', 'state 1'])
  })

  it('E6: every behavior that it becomes stays supervised', () => {
    const actor = kit.spawn(pipe(counter(log, 5), Behaviors.supervise(restart)))

    tellAll(actor, 'increment', 'increment', fail(), 'get', 'increment', fail(), 'get')

    expect(log).toEqual(['PreRestart 7', 'state 5', 'PreRestart 6', 'state 5'])
  })
})

describe('a limit of restarts', () => {
  it('E7: the failure beyond it stops the actor', () => {
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(pipe(restart, withLimit(2, 1_000)))))

    tellAll(actor, fail(), fail(), fail())

    expect(log).toEqual(['PreRestart 0', 'PreRestart 0', 'PostStop 0'])
  })

  it('E7: a limit of 0 allows none', () => {
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(pipe(restart, withLimit(0, 1_000)))))

    tellAll(actor, fail())

    expect(log).toEqual(['PostStop 0'])
  })

  it('E7: a spent strategy stops the actor, whatever lies outside of it: the innermost that matches decides', () => {
    const once = pipe(restart, withLimit(1, 1_000))
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(once), Behaviors.supervise(resume)))
    const records = kit.createLogProbe({ level: 'error' })

    tellAll(actor, 'increment', fail(), 'increment', fail())

    expect(log).toEqual(['PreRestart 1', 'PostStop 1'])
    expect(records.receiveMessages(2).map(({ message }) => message)).toEqual([
      'It failed and restarts (restart 1). boom',
      'It failed and stops after 1 restarts, its limit. boom',
    ])
  })

  it('E19: a recursive behavior that supervises itself cannot reset its own limit', () => {
    const recursive = (n: number): Behavior<CounterCommand> =>
      pipe(
        Behaviors.receiveMessage<CounterCommand>((command) => {
          if (command === 'increment') return recursive(n + 1)
          throw new Error('failure')
        }),
        Behaviors.receiveSignal<CounterCommand>((_, signal) => {
          log.push(signal._tag)
          return Behaviors.same
        }),
        Behaviors.supervise(pipe(restart, withLimit(2, 1_000))),
      )
    const actor = kit.spawn(recursive(0))

    for (let n = 0; n < 4; n++) tellAll(actor, 'increment', fail())

    expect(log).toEqual(['PreRestart', 'PreRestart', 'PostStop'])
  })

  it('E8: restarts count within a window (virtual time)', () => {
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(pipe(restart, withLimit(2, 100)))))

    tellAll(actor, fail(), fail())
    kit.clock.timePasses(101)
    tellAll(actor, fail(), fail())
    expect(log).toEqual(['PreRestart 0', 'PreRestart 0', 'PreRestart 0', 'PreRestart 0'])

    tellAll(actor, fail())
    expect(log.at(-1)).toBe('PostStop 0')
  })

  it('E8: the window starts at the first failure and does not slide (virtual time)', () => {
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(pipe(restart, withLimit(2, 100)))))

    for (const afterMs of [0, 90, 20, 10]) {
      kit.clock.timePasses(afterMs)
      tellAll(actor, fail())
    }
    expect(log).toEqual(['PreRestart 0', 'PreRestart 0', 'PreRestart 0', 'PreRestart 0'])

    kit.clock.timePasses(10)
    tellAll(actor, fail())
    expect(log.at(-1)).toBe('PostStop 0')
  })

  it('E10: withLimit(n) means 1 + n starts, for a failure that comes later', () => {
    for (const limit of [1, 2, 3]) {
      log = []
      const actor = kit.spawn(pipe(started(), Behaviors.supervise(pipe(restart, withLimit(limit, 1_000)))))
      tellAll(actor, ...Array.from({ length: limit + 1 }, () => fail()))
      expect(log.filter((entry) => entry === 'setup')).toHaveLength(1 + limit)
      expect(log.at(-1)).toBe('PostStop 0')
    }
  })

  it('E10: withLimit(n) means 1 + n starts, for a setup that fails', () => {
    for (const limit of [1, 2, 3]) {
      log = []
      kit.spawn(pipe(failingSetup(Infinity), Behaviors.supervise(pipe(restart, withLimit(limit, 1_000)))))
      kit.runUntilQuiet()
      expect(log).toEqual(Array.from({ length: 1 + limit }, () => 'StartFailed'))
    }
  })
})

/** Fails so many times, then starts. */
const failingSetup = (times: number, error: () => unknown = () => new ErrorA('no start')): Behavior<CounterCommand> => {
  let failures = 0
  return Behaviors.setup(() => {
    if (failures++ < times) {
      log.push('StartFailed')
      throw error()
    }
    log.push('Started')
    return counter(log)
  })
}

describe('a setup that fails at the first start', () => {
  const noRetry: readonly (readonly [string, (behavior: Behavior<CounterCommand>) => Behavior<CounterCommand>])[] = [
    ['restart', Behaviors.supervise(restart)],
    ['resume', Behaviors.supervise(resume)],
    ['stop', Behaviors.supervise(stop)],
    ['no strategy', (behavior) => behavior],
    ['a strategy for another class', Behaviors.supervise(pipe(restart, withLimit(3, 1_000)), { when: isB })],
  ]
  it.each(noRetry)('E9: is not tried again under %s: the actor fails, which is logged', (_, supervised) => {
    const records = kit.createLogProbe({ level: 'error' })
    const deadLetters = kit.createDeadLetterProbe()
    const actor = kit.spawn(supervised(failingSetup(1)), 'actor')
    spawnWatcher(kit, log, actor)

    tellAll(actor, 'get')

    expect(log).toEqual(['StartFailed', 'Terminated(actor)'])
    expect(records.receiveMessage().message).toContain('It failed and stops: a start that fails is not retried without a limit or a pause.')
    records.expectNoMessage()
    expect(deadLetters.receiveMessage().message).toBe('get')
  })

  it('E9: is tried again within a limit', () => {
    const actor = kit.spawn(pipe(failingSetup(1), Behaviors.supervise(pipe(restart, withLimit(3, 1_000)))))

    tellAll(actor, 'get')

    expect(log).toEqual(['StartFailed', 'Started', 'state 0'])
  })

  it('E9: is given up when the limit is spent', () => {
    const actor = kit.spawn(
      pipe(failingSetup(Infinity), Behaviors.supervise(pipe(restart, withLimit(2, 1_000)))),
      'actor',
    )
    spawnWatcher(kit, log, actor)

    expect(log).toEqual(['StartFailed', 'StartFailed', 'StartFailed', 'Terminated(actor)'])
  })

  it('E9: is tried again by backoff, after the pause (virtual time)', () => {
    const actor = kit.spawn(pipe(failingSetup(1), Behaviors.supervise(backoff())))
    tellAll(actor, 'get')

    kit.clock.timePasses(999)
    expect(log).toEqual(['StartFailed'])

    kit.clock.timePasses(1)
    expect(log).toEqual(['StartFailed', 'Started', 'state 0'])
  })

  it('E9: under resume stops the actor also when it was the start of a restart', () => {
    let starts = 0
    const fragile = Behaviors.setup<CounterCommand>(() => {
      if (++starts > 1) throw new ErrorB('no second start')
      return counter(log)
    })
    const actor = kit.spawn(
      pipe(fragile, Behaviors.supervise(restart, { when: isA }), Behaviors.supervise(resume, { when: isB })),
      'actor',
    )
    spawnWatcher(kit, log, actor)

    tellAll(actor, fail(), 'get')

    expect(log).toEqual(['PreRestart 0', 'Terminated(actor)'])
  })

  it('E9: leaves no children of the failed attempt behind', () => {
    let attempts = 0
    const parent = Behaviors.setup<string>((context) => {
      context.spawn(mortal(log, `child ${String(++attempts)}`), 'child')
      if (attempts === 1) throw new ErrorA()
      return Behaviors.empty
    })
    kit.spawn(pipe(parent, Behaviors.supervise(pipe(restart, withLimit(1, 1_000)))), 'parent')
    kit.runUntilQuiet()

    expect(kit.system.printTree().match(/child/g)).toHaveLength(1)
  })
})

describe('a restart of an actor with children', () => {
  type ParentCommand = { readonly _tag: 'Fail' } | { readonly _tag: 'GetState' }

  it('E11: waits until they have stopped; what comes meanwhile is held back, in order', () => {
    const other = kit.spawn(mortal(log, 'other'), 'other')
    const hasty: (parent: ActorRef<ParentCommand>) => Behavior<string> = (parent) =>
      Behaviors.receiveMessage(
        () => Behaviors.same,
        (_, signal) => {
          log.push(`c1 ${signal._tag}`)
          parent.tell({ _tag: 'GetState' })
          other.tell('stop')
          return Behaviors.same
        },
      )
    let starts = 0
    const parent = Behaviors.setup<ParentCommand>((context) => {
      log.push('setup')
      if (++starts === 1) {
        context.watch(other)
        context.watch(context.spawn(hasty(context.self), 'c1'))
        context.spawn(dynasty(log, 'c2', 10), 'c2')
      }
      return Behaviors.receiveMessage<ParentCommand>((command) => {
        if (command._tag === 'Fail') throw new ErrorA()
        log.push(`State(children: ${context.children.map((child) => child.path.name).join()})`)
        return Behaviors.same
      }, logSignals(log))
    })
    const actor = kit.spawn(pipe(parent, Behaviors.supervise(restart)))

    tellAll(actor, { _tag: 'GetState' })
    tellAll(actor, { _tag: 'Fail' })

    expect(log).toEqual([
      'setup',
      'State(children: c1,c2)',
      'PreRestart',
      'c1 PostStop',
      'other got stop',
      'other PostStop',
      'c2 PostStop',
      'setup',
      'State(children: )',
      'Terminated(other)',
    ])
  })

  it('E12: leaves them alone when the strategy says so', () => {
    let starts = 0
    const parent = Behaviors.setup<CounterCommand>((context) => {
      if (++starts === 1) context.spawn(mortal(log, 'child'), 'child')
      log.push(`setup with ${String(context.children.length)}`)
      return counter(log)
    })
    const actor = kit.spawn(pipe(parent, Behaviors.supervise(pipe(restart, withStopChildren(false)))))

    tellAll(actor, fail(), 'get')

    expect(log).toEqual(['setup with 1', 'PreRestart 0', 'setup with 1', 'state 0'])
  })
})

describe('messages that come during a restart', () => {
  type Ping = number | 'crash'

  const pinger = Behaviors.setup<Ping>(() => {
    log.push('setup')
    return Behaviors.receiveMessage((ping) => {
      if (ping === 'crash') throw new ErrorA()
      log.push(`Pong${String(ping)}`)
      return Behaviors.same
    })
  })

  const spawnPinger = (strategy: BackoffStrategy | RestartStrategy): ActorRef<Ping> =>
    kit.spawn(pipe(pinger, Behaviors.supervise(strategy)), 'pinger')

  it('E13: wait up to the stash capacity; those beyond are dropped with the reason (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(pipe(backoff(), withStashCapacity(2)))

    tellAll(actor, 'crash', 1, 2)
    tellAll(actor, 3, 4)
    expect(dropped.receiveMessages(2)).toMatchObject([
      { recipient: actor, message: 3, reason: 'Stash is full' },
      { recipient: actor, message: 4, reason: 'Stash is full' },
    ])

    kit.clock.timePasses(1_000)
    expect(log).toEqual(['setup', 'setup', 'Pong1', 'Pong2'])
    dropped.expectNoMessage()
  })

  it('E13: have the whole capacity again at the next restart (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(pipe(backoff(), withStashCapacity(1)))

    tellAll(actor, 'crash', 1)
    kit.clock.timePasses(1_000)
    tellAll(actor, 'crash', 2)
    kit.clock.timePasses(2_000)

    expect(log).toEqual(['setup', 'setup', 'Pong1', 'setup', 'Pong2'])
    dropped.expectNoMessage()
  })

  it('E13: are all dropped with a capacity of 0 (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(pipe(backoff(), withStashCapacity(0)))

    tellAll(actor, 'crash', 1, 2)
    kit.clock.timePasses(1_000)

    expect(dropped.receiveMessages(2).map(({ message }) => message)).toEqual([1, 2])
    expect(log).toEqual(['setup', 'setup'])
  })

  it('E13: stay in the mailbox without a capacity, and nothing is dropped (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(backoff())

    tellAll(actor, 'crash', ...Array.from({ length: 1_000 }, (_, index) => index))
    kit.clock.timePasses(1_000)

    expect(log).toHaveLength(1_002)
    dropped.expectNoMessage()
  })

  it('E13: stay under the bound of the mailbox (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(pipe(pinger, Behaviors.supervise(backoff())), 'bounded', { mailbox: boundedMailbox(1) })

    tellAll(actor, 'crash')
    tellAll(actor, 1, 2)
    kit.clock.timePasses(1_000)

    expect(dropped.receiveMessage()).toMatchObject({ message: 2, reason: 'mailbox full' })
    expect(log).toEqual(['setup', 'setup', 'Pong1'])
  })

  it('E13: are dead letters when a stop ends the pause: no setup, no second PreRestart (virtual time)', () => {
    for (const strategy of [backoff(), pipe(backoff(), withStashCapacity(2))]) {
      log = []
      const deadLetters = kit.createDeadLetterProbe()
      const actor = spawnPinger(strategy)
      tellAll(actor, 'crash', 1, 2)

      kit.stop(actor)
      kit.clock.timePasses(10_000)

      expect(deadLetters.receiveMessages(2).map(({ message }) => message)).toEqual([1, 2])
      expect(log).toEqual(['setup'])
    }
  })

  it('E13: are dead letters when a stop comes while children stop: no setup', () => {
    const parent = (grandparent: ActorRef<string>): Behavior<Ping> =>
      Behaviors.setup((context) => {
        log.push('setup')
        context.spawn(
          Behaviors.receiveMessage<string>(
            () => Behaviors.same,
            (_, signal) => {
              log.push(`child ${signal._tag}`)
              context.self.tell(1)
              grandparent.tell('stop it')
              return Behaviors.same
            },
          ),
        )
        context.spawn(dynasty(log, 'slow', 10))
        return Behaviors.receiveMessage(() => {
          throw new ErrorA()
        }, logSignals(log))
      })
    const deadLetters = kit.createDeadLetterProbe()
    const grandparent = kit.spawn(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(pipe(parent(context.self), Behaviors.supervise(restart)), 'parent')
        return Behaviors.receiveMessage((text) => {
          if (text === 'stop it') context.stop(child)
          else child.tell('crash')
          return Behaviors.same
        })
      }),
    )
    kit.runUntilQuiet()

    tellAll(grandparent, 'crash it')

    expect(log).toEqual(['setup', 'PreRestart', 'child PostStop', 'slow PostStop'])
    expect(deadLetters.receiveMessage().message).toBe(1)
    deadLetters.expectNoMessage()
  })

  it('E13: a stale tick neither fills the stash nor is dropped (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(
      pipe(
        Behaviors.withTimers<Ping>((timers) => {
          log.push('setup')
          timers.startSingleTimer('tick', 99, 10)
          return Behaviors.receiveMessage((ping) => {
            if (ping === 'crash') {
              // The tick comes while the crash is being handled.
              kit.clock.timePasses(10)
              throw new ErrorA()
            }
            log.push(`Pong${String(ping)}`)
            return Behaviors.same
          })
        }),
        Behaviors.supervise(pipe(backoff(), withStashCapacity(1))),
      ),
    )

    tellAll(actor, 'crash')
    tellAll(actor, 1)
    kit.clock.timePasses(1_000)

    expect(log).toEqual(['setup', 'setup', 'Pong1'])
    dropped.expectNoMessage()
  })
})

describe('backoff', () => {
  /** How long after a crash it starts again. */
  const pauseAfterCrash = (actor: ActorRef<CounterCommand>): number => {
    const before = log.filter((entry) => entry === 'setup').length
    tellAll(actor, fail())
    const crashedAt = kit.clock.now()
    for (let step = 0; step < 100_000 && log.filter((entry) => entry === 'setup').length === before; step++)
      kit.clock.timePasses(1)
    return kit.clock.now() - crashedAt
  }

  it('E14: pauses for twice as long each time, up to the longest (virtual time)', () => {
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(backoff(1_000, 5_000))))
    kit.runUntilQuiet()

    expect([1, 2, 3, 4, 5].map(() => pauseAfterCrash(actor))).toEqual([1_000, 2_000, 4_000, 5_000, 5_000])
  })

  it('E14: begins with the shortest pause again when the time without failure has passed, by default the mean (virtual time)', () => {
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(backoff(1_000, 5_000))))
    kit.runUntilQuiet()
    expect([1, 2].map(() => pauseAfterCrash(actor))).toEqual([1_000, 2_000])

    kit.clock.timePasses(2_999)
    expect(pauseAfterCrash(actor)).toBe(4_000)

    kit.clock.timePasses(3_000)
    expect(pauseAfterCrash(actor)).toBe(1_000)
  })

  it('E14: takes another time for the reset (virtual time)', () => {
    const strategy = pipe(backoff(1_000, 5_000), SupervisorStrategy.withResetBackoffAfter(100))
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(strategy)))
    kit.runUntilQuiet()
    expect([1, 2].map(() => pauseAfterCrash(actor))).toEqual([1_000, 2_000])

    kit.clock.timePasses(100)
    expect(pauseAfterCrash(actor)).toBe(1_000)
  })

  it('E14: is stretched by chance, by up to the factor (virtual time)', () => {
    kit = ActorTestKit.create({ random: { next: () => 0.5 } })
    const strategy = SupervisorStrategy.restartWithBackoff({ minMs: 1_000, maxMs: 5_000, randomFactor: 0.2 })
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(strategy)))
    kit.runUntilQuiet()

    expect(pauseAfterCrash(actor)).toBe(1_100)
  })

  it('E15: gives up after so many restarts in a row, failed starts included (virtual time)', () => {
    let starts = 0
    const fragile = Behaviors.setup<CounterCommand>(() => {
      if (++starts > 1) throw new ErrorA('no start')
      return counter(log)
    })
    const records = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(pipe(fragile, Behaviors.supervise(pipe(backoff(), withMaxRestarts(2)))), 'actor')
    spawnWatcher(kit, log, actor)

    tellAll(actor, fail())
    kit.clock.timePasses(10_000)

    expect(records.receiveMessages(3).map(({ message }) => message)).toEqual([
      'It failed and restarts in 1000 ms (restart 1). boom',
      'It failed and restarts in 2000 ms (restart 2). no start',
      'It failed and stops after 2 restarts, its limit. no start',
    ])
    records.expectNoMessage()
    expect(log).toEqual(['PreRestart 0', 'Terminated(actor)'])
    expect(starts).toBe(3)
  })

  it('E16: logs at another level when it has failed often, until the reset (virtual time)', () => {
    const strategy = pipe(
      backoff(1_000, 1_000),
      SupervisorStrategy.withLogLevel('info'),
      SupervisorStrategy.withCriticalLogLevel('error', 3),
    )
    const records = kit.createLogProbe({ message: 'It failed' })
    const actor = kit.spawn(pipe(started(), Behaviors.supervise(strategy)))
    kit.runUntilQuiet()

    for (let failure = 1; failure <= 5; failure++) pauseAfterCrash(actor)
    kit.clock.timePasses(1_000)
    pauseAfterCrash(actor)

    expect(records.receiveMessages(6).map(({ level }) => level)).toEqual([
      'info',
      'info',
      'info',
      'error',
      'error',
      'info',
    ])
  })
})

describe('what a restart starts afresh', () => {
  /** Keeps its count in a variable. */
  const mutable = (): Behavior<CounterCommand> => {
    let count = 0
    return Behaviors.receiveMessage((command) => {
      if (typeof command === 'object') throw command.fail
      if (command === 'get') log.push(`state ${String(count)}`)
      else count++
      return Behaviors.same
    })
  }

  it('E17: is mutable state that was made inside setup', () => {
    const inside = kit.spawn(
      pipe(
        Behaviors.setup<CounterCommand>(() => mutable()),
        Behaviors.supervise(restart),
      ),
    )
    const outside = kit.spawn(pipe(mutable(), Behaviors.supervise(restart)))

    for (const actor of [inside, outside]) tellAll(actor, 'increment', fail(), 'get')

    expect(log).toEqual(['state 0', 'state 1'])
  })
})

describe('a rejected promise', () => {
  type Command = 'start' | 'pipe' | 'await' | 'get'

  it('E18: of a task that was merely started is no failure; a piped one is a message, an awaited one a failure', async () => {
    const error = new ErrorA('rejected')
    const failures = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(
      pipe(
        Behaviors.receive<Command | { readonly piped: string }>((context, command) => {
          if (typeof command === 'object') log.push(command.piped)
          else if (command === 'get') log.push('alive')
          else if (command === 'start') Promise.reject(error).catch(() => log.push('rejected'))
          else if (command === 'await')
            return Behaviors.awaiting(
              () => Promise.reject(error),
              () => Behaviors.same,
            )
          else
            context.pipeToSelf(
              () => Promise.reject<string>(error),
              (result) => ({
                piped: result._tag === 'Left' ? `${result.left._tag}: ${result.left.message}` : result.right,
              }),
            )
          return Behaviors.same
        }),
        Behaviors.supervise(resume),
      ),
    )

    tellAll(actor, 'start')
    await Promise.resolve()
    tellAll(actor, 'get')
    await kit.settle()
    expect(log).toEqual(['rejected', 'alive'])
    failures.expectNoMessage()

    tellAll(actor, 'pipe')
    await kit.settle()
    expect(log.at(-1)).toBe('TaskRejected: A piped task was rejected: rejected')
    failures.expectNoMessage()

    tellAll(actor, 'await')
    await kit.settle()
    expect(failures.receiveMessage().cause).toBe(error)
  })
})

describe('a supervise on a behavior that is returned later', () => {
  type Command = 'next' | 'get' | { readonly fail: unknown }

  const receive = (label: string, next: () => Behavior<Command>): Behavior<Command> =>
    Behaviors.receiveMessage<Command>(
      (command) => {
        if (command === 'next') return next()
        if (typeof command === 'object') throw command.fail
        log.push(label)
        return Behaviors.same
      },
      logSignals(log, ` ${label}`),
    )

  it('E19: decides before those of the behavior that was spawned, which stay', () => {
    const inner = pipe(
      receive('inner', () => Behaviors.same),
      Behaviors.supervise(resume, { when: isA }),
    )
    const actor = kit.spawn(
      pipe(
        receive('outer', () => inner),
        Behaviors.supervise(restart),
      ),
    )

    tellAll(
      actor,
      'next',
      fail(new ErrorA()) as Command,
      'get',
      fail(new ErrorB()) as Command,
      'get',
      fail(new ErrorA()) as Command,
    )

    expect(log).toEqual(['inner', 'PreRestart inner', 'outer', 'PreRestart outer'])
  })

  it('E19: takes the place of those that were returned earlier', () => {
    const third = pipe(
      receive('third', () => Behaviors.same),
      Behaviors.supervise(resume, { when: isB }),
    )
    const second = pipe(
      receive('second', () => third),
      Behaviors.supervise(resume, { when: isA }),
    )
    const actor = kit.spawn(receive('first', () => second))

    tellAll(actor, 'next', 'next', { fail: new ErrorB() }, 'get', { fail: new ErrorA() })

    expect(log).toEqual(['third', 'PostStop third'])
  })

  it('E19: restarts the behavior that it was given', () => {
    const wrapped = (n: number): Behavior<Command> =>
      pipe(
        receive(`state ${String(n)}`, () => wrapped(n + 1)),
        Behaviors.supervise(restart),
      )
    const actor = kit.spawn(receive('first', () => wrapped(1)))

    tellAll(actor, 'next', 'next', 'next', { fail: new ErrorA() }, 'get')

    expect(log).toEqual(['PreRestart state 3', 'state 3'])
  })

  it('E19: keeps the count of an equal strategy whose place it takes, so that recursion cannot reset a limit', () => {
    const limited = pipe(restart, withLimit(2, 1_000))
    const wrapped = (n: number): Behavior<Command> =>
      pipe(
        receive(`state ${String(n)}`, () => wrapped(n + 1)),
        Behaviors.supervise({ ...limited }),
      )
    const actor = kit.spawn(receive('first', () => wrapped(1)))

    for (let round = 0; round < 3; round++) tellAll(actor, 'next', { fail: new ErrorA() })

    expect(log.map((entry) => entry.split(' ')[0])).toEqual(['PreRestart', 'PreRestart', 'PostStop'])
  })

  it('E19: keeps the pause of an equal backoff (virtual time)', () => {
    const wrapped = (n: number): Behavior<Command> =>
      pipe(
        receive(`state ${String(n)}`, () => wrapped(n + 1)),
        Behaviors.supervise(backoff(100, 1_000)),
      )
    const actor = kit.spawn(receive('first', () => wrapped(1)))
    tellAll(actor, 'next', { fail: new ErrorA() })
    kit.clock.timePasses(100)

    tellAll(actor, 'next', { fail: new ErrorA() }, 'get')
    kit.clock.timePasses(199)
    expect(log).not.toContain('state 2')

    kit.clock.timePasses(1)
    expect(log.at(-1)).toBe('state 2')
  })

  it('E19: leaves the depth constant, however often it is returned, also with inline refinements', () => {
    let asked = 0
    const wrapped = (n: number): Behavior<Command> =>
      pipe(
        receive(`state ${String(n)}`, () => wrapped(n + 1)),
        Behaviors.supervise(restart, {
          when: () => {
            asked++
            return false
          },
        }),
      )
    const actor = kit.spawn(pipe(wrapped(0), Behaviors.supervise(resume)))

    for (let n = 0; n < 100_000; n++) actor.tell('next')
    tellAll(actor, { fail: new ErrorA() }, 'get')

    expect(log).toEqual(['state 100000'])
    // One of the behavior that was spawned, one of those returned.
    expect(asked).toBe(2)
  })

  it('E19: a restart by a frame of the spawned behavior removes it', () => {
    const inner = pipe(
      receive('inner', () => Behaviors.same),
      Behaviors.supervise(resume, { when: isA }),
    )
    const actor = kit.spawn(
      pipe(
        receive('outer', () => inner),
        Behaviors.supervise(restart, { when: isB }),
      ),
    )

    tellAll(actor, 'next', { fail: new ErrorB() }, { fail: new ErrorA() })

    expect(log).toEqual(['PreRestart inner', 'PostStop outer'])
  })
})
