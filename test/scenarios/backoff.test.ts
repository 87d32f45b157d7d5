/**
 * Restarts after a pause.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type ActorRef, type BackoffStrategy, type Behavior } from 'troupe'
import { ErrorA, counter, fail, spawnWatcher, type CounterCommand } from './support.js'
import { kit, log, newScene, tellAll, useKit } from '../scene.js'

beforeEach(newScene)

const { withMaxRestarts } = SupervisorStrategy

const backoff = (minMs = 1_000, maxMs = 10_000): BackoffStrategy =>
  SupervisorStrategy.restartWithBackoff({ minMs, maxMs, randomFactor: 0 })

/** Logs each start of a counter. */
const started = (text = 'setup'): Behavior<CounterCommand> =>
  Behaviors.setup(() => {
    log.push(text)
    return counter(log)
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
    useKit({ random: { next: () => 0.5 } })
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

  it('E13: counts what is held back in one pause against the capacity in the next (virtual time)', () => {
    let starts = 0
    const fragile = Behaviors.setup<string>(() => {
      if (++starts === 2) throw new ErrorA('no start')
      return Behaviors.receiveMessage((text) => {
        if (text === 'boom') throw new ErrorA(text)
        log.push(text)
        return Behaviors.same
      })
    })
    const strategy = pipe(backoff(10, 10), SupervisorStrategy.withStashCapacity(2))
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(pipe(fragile, Behaviors.supervise(strategy)))

    tellAll(actor, 'boom', 'a', 'b')
    kit.clock.timePasses(10)
    tellAll(actor, 'c')
    kit.clock.timePasses(10)
    tellAll(actor, 'd')

    expect(starts).toBe(3)
    expect(dropped.receiveMessage().message).toBe('c')
    expect(log).toEqual(['a', 'b', 'd'])
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
