/**
 * What becomes of an actor that fails.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type BackoffStrategy, type Behavior, type Interceptor } from 'troupe'
import {
  ErrorA,
  ErrorB,
  ErrorC,
  SpecialErrorA,
  counter,
  fail,
  isA,
  isB,
  mortal,
  spawnWatcher,
  type CounterCommand,
} from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

const { restart, resume, stop, withLimit } = SupervisorStrategy

const backoff = (minMs = 1_000, maxMs = 10_000): BackoffStrategy =>
  SupervisorStrategy.restartWithBackoff({ minMs, maxMs, randomFactor: 0 })

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

  it('E4: a refinement that throws has not said yes, and the failure is the one that it was asked about', () => {
    const cannotTell = (): never => {
      throw new ErrorB('cannot tell')
    }
    const errors = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(
      pipe(
        started(),
        Behaviors.supervise(resume, { when: cannotTell }),
        Behaviors.supervise(restart, { when: isA }),
        Behaviors.supervise(resume),
      ),
    )

    tellAll(actor, fail(new ErrorA('boom')))

    expect(log).toEqual(['setup', 'PreRestart 0', 'setup'])
    expect(errors.receiveMessage().cause).toEqual(new ErrorA('boom'))
    errors.expectNoMessage()
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

  it('E5: is judged by where it failed, and not by where it failed before, which an interceptor kept to itself', () => {
    const keeping: Interceptor<string> = {
      name: 'keeping',
      aroundReceive: (_, text, target) => {
        try {
          return target.receive(text)
        } catch {
          return Behaviors.same
        }
      },
    }
    const failing: Interceptor<string> = {
      name: 'failing',
      aroundReceive: (_, text, target) => {
        if (text === 'fail') throw new ErrorA()
        return target.receive(text)
      },
    }
    const behavior = Behaviors.setup<string>((context) => {
      log.push('setup')
      const child = context.spawn(mortal([], 'child'))
      context.watch(child)
      return Behaviors.receiveMessage<string>(() => {
        child.tell('stop')
        return Behaviors.same
      })
    })
    const errors = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(
      pipe(
        behavior,
        Behaviors.supervise(resume),
        Behaviors.intercept(failing),
        Behaviors.intercept(keeping),
        Behaviors.supervise(restart),
      ),
    )

    tellAll(actor, 'fail', 'end the child')

    // The death pact is broken outside of all interceptors, and the innermost strategy decides.
    expect(log).toEqual(['setup'])
    expect(errors.receiveMessage().cause).toMatchObject({ _tag: 'DeathPact' })
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

  it('E8: a window is over when its whole length has passed (virtual time)', () => {
    const actor = kit.spawn(pipe(counter(log), Behaviors.supervise(pipe(restart, withLimit(1, 100)))))

    for (const afterMs of [0, 100, 100, 99]) {
      expect(log.at(-1)).not.toBe('PostStop 0')
      kit.clock.timePasses(afterMs)
      tellAll(actor, fail())
    }

    expect(log).toEqual(['PreRestart 0', 'PreRestart 0', 'PreRestart 0', 'PostStop 0'])
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
      log.length = 0
      const actor = kit.spawn(pipe(started(), Behaviors.supervise(pipe(restart, withLimit(limit, 1_000)))))
      tellAll(actor, ...Array.from({ length: limit + 1 }, () => fail()))
      expect(log.filter((entry) => entry === 'setup')).toHaveLength(1 + limit)
      expect(log.at(-1)).toBe('PostStop 0')
    }
  })

  it('E10: withLimit(n) means 1 + n starts, for a setup that fails', () => {
    for (const limit of [1, 2, 3]) {
      log.length = 0
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
    expect(records.receiveMessage().message).toMatch(/^It failed and stops[.:]/)
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
