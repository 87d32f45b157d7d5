/**
 * What supervision has to keep to.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors } from '../../behavior/index.js'
import { SupervisorStrategy, type Behavior } from '../../model/index.js'
import { difference, observe } from './behaviorLaws.js'
import { ActorTestKit } from '../ActorTestKit.js'
import { lawOnce, lawOnLists, listOf, type Draw, type Law } from './Law.js'

/**
 * A way to supervise behaviors: `Behaviors.supervise`, or a combinator of yours around it.
 *
 * @category testing
 * @since 0.1.0
 */
export type Supervising = (strategy: SupervisorStrategy) => (behavior: Behavior<string>) => Behavior<string>

/** Logs each message with how many came before it since it started, and what it sees of its end; fails at 'fail'. */
const counter: Behavior<string> = Behaviors.setup<string>((context) => {
  context.log.info('starts')
  const counting = (n: number): Behavior<string> =>
    Behaviors.receiveMessage<string>(
      (message) => {
        if (message === 'fail') throw new Error('fail')
        context.log.info(`${message} ${String(n)}`)
        return counting(n + 1)
      },
      (inside, { _tag }) => {
        inside.log.info(`${_tag} ${String(n)}`)
        return Behaviors.same
      },
    )
  return counting(0)
})

const words = (draw: Draw): readonly string[] => listOf(draw, 20, ({ below }) => (below(4) === 0 ? 'fail' : 'word'))

const infos = (lines: readonly string[]): readonly string[] => lines.map((line) => `logs info ${line} undefined`)

/** What has to be seen of a counter, if a failure does this to its count. */
const expected = (told: readonly string[], failure: 'keeps' | 'forgets'): readonly string[] => {
  let n = 0
  const lines = ['starts']
  for (const word of told)
    if (word !== 'fail') lines.push(`word ${String(n++)}`)
    else if (failure === 'forgets') {
      lines.push(`PreRestart ${String(n)}`, 'starts')
      n = 0
    }
  return infos(lines)
}

/** What comes before the first failure. */
const beforeFailure = (told: readonly string[]): readonly string[] => told.slice(0, [...told, 'fail'].indexOf('fail'))

/** Has a child whenever it runs; fails at 'fail'. */
const parent: Behavior<string> = Behaviors.setup<string>((context) => {
  if (context.children.length === 0) context.spawn(Behaviors.ignore)
  return Behaviors.receiveMessageWithSame((message) => {
    if (message === 'fail') throw new Error('fail')
  })
})

const childrenSpawned = (behavior: Behavior<string>, told: readonly string[]): number =>
  observe(behavior, told).filter((line) => line.includes("_tag: 'Spawned'")).length

const failuresIn = (told: readonly string[]): number => told.filter((word) => word === 'fail').length

/**
 * Lets a supervised actor fail at these times, and answers how often it has started by then, just before each failure and at the end.
 */
const startsAt = (supervised: (behavior: Behavior<string>) => Behavior<string>, timesMs: readonly number[]): string => {
  const kit = ActorTestKit.create()
  let starts = 0
  const starting = Behaviors.setup<string>(() => {
    starts++
    return Behaviors.receiveMessageWithSame((message) => {
      if (message === 'fail') throw new Error('fail')
    })
  })
  const actor = kit.spawn(supervised(starting))
  const seen = timesMs.map((timeMs) => {
    kit.clock.timePasses(timeMs - kit.clock.now())
    kit.runUntilQuiet()
    const before = starts
    actor.tell('fail')
    kit.runUntilQuiet()
    return before
  })
  return [...seen, starts].join(', ')
}

const startsExpected = (expectedStarts: string, seenStarts: string): string | undefined =>
  expectedStarts === seenStarts
    ? undefined
    : `before each failure, and at the end, it had started ${seenStarts} times in place of ${expectedStarts}`

/**
 * The laws of supervision, for `Behaviors.supervise` and for combinators that are built on it.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { Behaviors } from 'troupe'
 * import { supervisionLaws, type Supervising } from 'troupe/testkit'
 *
 * const logged: Supervising = (strategy) => (behavior) => pipe(behavior, Behaviors.supervise(strategy))
 * for (const { check } of supervisionLaws(logged)) await check()
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const supervisionLaws = (supervise: Supervising): readonly Law[] => {
  const seen = (strategy: SupervisorStrategy, told: readonly string[]): readonly string[] =>
    observe(pipe(counter, supervise(strategy)), told)
  return [
    lawOnLists('resume keeps the state, loses the message, and tells the behavior nothing', words, (told) =>
      difference(expected(told, 'keeps'), seen(SupervisorStrategy.resume, told)),
    ),
    lawOnLists('restart shows PreRestart to the behavior of the moment, and begins afresh', words, (told) =>
      difference(expected(told, 'forgets'), seen(SupervisorStrategy.restart, told)),
    ),
    lawOnLists('stop shows PostStop, and the failure goes on', words, (told) => {
      const calm = beforeFailure(told)
      const end =
        calm.length === told.length
          ? []
          : ["throws Error('fail')", ...infos([`PostStop ${String(calm.length)}`]), 'stops']
      return difference([...expected(calm, 'keeps'), ...end], seen(SupervisorStrategy.stop, told))
    }),
    lawOnLists('a limit of n is n restarts, and the next failure stops', words, (told) => {
      const limited = pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(2, 1_000))
      const failures = failuresIn(told)
      const isStopped = seen(limited, told).includes('stops')
      return isStopped === failures > 2
        ? undefined
        : `it ${isStopped ? 'stops' : 'lives'} after ${String(failures)} failures`
    }),
    lawOnce('a limit counts the restarts of its time only', () => {
      const limited = pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(2, 1_000))
      return Promise.resolve(
        startsExpected('1, 2, 3, 4, 5, 5', startsAt(supervise(limited), [0, 100, 1_000, 1_100, 1_200])),
      )
    }),
    lawOnce('a backoff waits before each restart, twice as long each time', () => {
      const backoff = SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 1_000, randomFactor: 0 })
      const failuresMs = [0, 100, 300, 700]
      return Promise.resolve(startsExpected('1, 2, 3, 4, 4', startsAt(supervise(backoff), failuresMs)))
    }),
    lawOnLists('a restart begins with no children, unless the strategy keeps them', words, (told) => {
      const keeping = pipe(SupervisorStrategy.restart, SupervisorStrategy.withStopChildren(false))
      const [stopped, kept] = [SupervisorStrategy.restart, keeping].map((strategy) =>
        childrenSpawned(pipe(parent, supervise(strategy)), told),
      )
      if (stopped !== 1 + failuresIn(told))
        return `${String(stopped)} children after ${String(failuresIn(told))} restarts`
      return kept === 1 ? undefined : `it keeps its child, and spawns ${String(kept)}`
    }),
    lawOnLists('without a failure supervision changes nothing', words, (told) => {
      const calm = told.filter((word) => word !== 'fail')
      return difference(observe(counter, calm), seen(SupervisorStrategy.restart, calm))
    }),
  ]
}
