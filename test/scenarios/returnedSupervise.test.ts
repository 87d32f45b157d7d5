/**
 * Supervision that comes with a behavior that a handler returns.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type BackoffStrategy, type Behavior } from 'troupe'
import { ErrorA, ErrorB, fail, isA, isB, logSignals } from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

const { restart, resume, withLimit } = SupervisorStrategy

const backoff = (minMs = 1_000, maxMs = 10_000): BackoffStrategy =>
  SupervisorStrategy.restartWithBackoff({ minMs, maxMs, randomFactor: 0 })

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

  it('E19: each of two nested ones keeps its own count', () => {
    const wrapped = (): Behavior<Command> =>
      pipe(
        receive('state', wrapped),
        Behaviors.supervise(pipe(restart, withLimit(1, 1_000)), { when: isA }),
        Behaviors.supervise(pipe(restart, withLimit(2, 1_000)), { when: isB }),
      )
    const endOf = (...errors: readonly Error[]): readonly string[] => {
      log.length = 0
      const actor = kit.spawn(receive('first', wrapped))
      for (const error of errors) tellAll(actor, 'next', { fail: error })
      return log.map((entry) => entry.split(' ')[0]!)
    }

    expect(endOf(new ErrorA(), new ErrorA())).toEqual(['PreRestart', 'PostStop'])
    expect(endOf(new ErrorB(), new ErrorB(), new ErrorB())).toEqual(['PreRestart', 'PreRestart', 'PostStop'])
  })

  it('E19: the outer one stays when it restarts what the inner one is in', () => {
    const wrapped = pipe(
      receive('state', () => Behaviors.same),
      Behaviors.supervise(restart, { when: isA }),
      Behaviors.supervise(restart, { when: isB }),
    )
    const actor = kit.spawn(receive('first', () => wrapped))

    tellAll(actor, 'next', { fail: new ErrorB() }, { fail: new ErrorB() }, { fail: new ErrorA() }, 'get')

    expect(log).toEqual(['PreRestart state', 'PreRestart state', 'PreRestart state', 'state'])
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
