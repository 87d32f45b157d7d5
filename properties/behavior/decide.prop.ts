import { pipe } from 'fp-ts/lib/function.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SupervisorStrategy, type BackoffStrategy, type RestartStrategy } from 'troupe'
import {
  decide,
  decideFirstStart,
  emptyLog,
  levelOf,
  noteStarted,
  stretch,
  type FailureLog,
} from '../../modules/behavior/decide.js'

const limited: fc.Arbitrary<RestartStrategy> = fc
  .record({ max: fc.nat({ max: 5 }), withinMs: fc.integer({ min: 1, max: 100 }) })
  .map(({ max, withinMs }) => pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(max, withinMs)))

const backoffs: fc.Arbitrary<BackoffStrategy> = fc
  .record({
    minMs: fc.integer({ min: 1, max: 100 }),
    stretchedBy: fc.integer({ min: 0, max: 1_000 }),
    randomFactor: fc.double({ min: 0, max: 1, noNaN: true }),
    maxRestarts: fc.oneof(fc.nat({ max: 5 }), fc.constant(Infinity)),
    resetAfterMs: fc.integer({ min: 1, max: 200 }),
  })
  .map(({ minMs, stretchedBy, randomFactor, maxRestarts, resetAfterMs }) =>
    pipe(
      SupervisorStrategy.restartWithBackoff({ minMs, maxMs: minMs + stretchedBy, randomFactor }),
      SupervisorStrategy.withMaxRestarts(maxRestarts),
      SupervisorStrategy.withResetBackoffAfter(resetAfterMs),
    ),
  )

/** Milliseconds between failures. */
const pauses = fc.array(fc.nat({ max: 60 }), { minLength: 1, maxLength: 40 })

const timesOf = (gaps: readonly number[]): readonly number[] => {
  let now = 0
  return gaps.map((gap) => (now += gap))
}

describe('decide', () => {
  it('never allows more restarts in a window than the limit, and stops only when the limit is spent', () => {
    fc.assert(
      fc.property(limited, pauses, (strategy, gaps) => {
        let log = emptyLog
        /** When the window began, and the restarts in it. */
        let window: { startMs: number; restarts: number } | undefined
        for (const now of timesOf(gaps)) {
          if (window === undefined || now - window.startMs >= strategy.withinMs) window = { startMs: now, restarts: 0 }
          const decision = decide(strategy, log, now)

          if (decision._tag !== 'Restart') {
            expect(decision._tag).toBe('Stop')
            expect(window.restarts).toBe(strategy.maxRestarts)
            return
          }
          window.restarts++
          expect(window.restarts).toBeLessThanOrEqual(strategy.maxRestarts)
          expect(decision).toMatchObject({
            delayMs: 0,
            log: { restarts: window.restarts, windowStartMs: window.startMs },
          })
          log = noteStarted(decision.log, now)
        }
      }),
    )
  })

  it('lets the pause of a backoff double from the shortest to the longest, until a reset', () => {
    fc.assert(
      fc.property(backoffs, pauses, fc.array(fc.boolean(), { maxLength: 40 }), (strategy, gaps, startsWell) => {
        let log: FailureLog = emptyLog
        let expectedMs = strategy.minMs
        let inARow = 0
        timesOf(gaps).every((now, index) => {
          if (log.startedMs !== undefined && now - log.startedMs >= strategy.resetAfterMs) {
            expectedMs = strategy.minMs
            inARow = 0
          }
          const decision = decide(strategy, log, now)
          if (decision._tag !== 'Restart') {
            expect(inARow).toBe(strategy.maxRestarts)
            return false
          }
          expect(decision.delayMs).toBe(Math.min(expectedMs, strategy.maxMs))
          expect(decision.delayMs).toBeGreaterThanOrEqual(strategy.minMs)
          inARow++
          expect(inARow).toBeLessThanOrEqual(strategy.maxRestarts)
          expectedMs *= 2
          log = startsWell[index] === false ? decision.log : noteStarted(decision.log, now)
          return true
        })
      }),
    )
  })

  it('never pauses for longer than the longest pause and its random stretch', () => {
    fc.assert(
      fc.property(
        backoffs,
        fc.nat({ max: 5_000 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (strategy, restarts, random) => {
          const decision = decide(
            { ...strategy, maxRestarts: Infinity },
            { restarts, windowStartMs: 0, startedMs: undefined },
            1,
          )
          if (decision._tag !== 'Restart') throw new Error('It has no limit.')
          const pauseMs = stretch(decision.delayMs, strategy, random)

          expect(pauseMs).toBeGreaterThanOrEqual(strategy.minMs)
          expect(pauseMs).toBeLessThanOrEqual(strategy.maxMs * (1 + strategy.randomFactor))
        },
      ),
    )
  })

  it('retries a first start only within a limit or after a pause, and then as any other', () => {
    fc.assert(
      fc.property(fc.oneof(limited, backoffs), fc.nat(), (strategy, now) => {
        expect(decideFirstStart(strategy, emptyLog, now)).toEqual(decide(strategy, emptyLog, now))
        for (const endless of [SupervisorStrategy.restart, SupervisorStrategy.resume, SupervisorStrategy.stop])
          expect(decideFirstStart(endless, emptyLog, now)._tag).toBe('Stop')
      }),
    )
  })

  it('changes neither the strategy nor the log', () => {
    fc.assert(
      fc.property(fc.oneof(limited, backoffs), fc.nat({ max: 3 }), fc.nat(), (strategy, restarts, now) => {
        const log = Object.freeze({ restarts, windowStartMs: 0, startedMs: 0 })

        expect(decide(Object.freeze(strategy), log, now)).toEqual(decide(strategy, log, now))
      }),
    )
  })
})

describe('levelOf', () => {
  it('is the critical level from the restart after so many on', () => {
    fc.assert(
      fc.property(limited, fc.nat({ max: 10 }), fc.nat({ max: 20 }), (plain, after, restarts) => {
        const strategy = pipe(
          plain,
          SupervisorStrategy.withLogLevel('info'),
          SupervisorStrategy.withCriticalLogLevel('error', after),
        )

        expect(levelOf(strategy, restarts)).toBe(restarts > after ? 'error' : 'info')
      }),
    )
  })
})
