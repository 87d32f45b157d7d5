/**
 * Laws of the decisions behind breaker and retry.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { admit, closed, failed, succeeded, type Circuit } from '../../modules/patterns/CircuitBreaker.js'
import { pauseAfter } from '../../modules/patterns/retry.js'

describe('a circuit breaker', () => {
  const calls = fc.array(fc.record({ afterMs: fc.nat(80), fails: fc.boolean() }), { maxLength: 60 })

  it('refuses exactly from so many failures in a row on, and until its time is up', () => {
    fc.assert(
      fc.property(calls, fc.integer({ min: 1, max: 4 }), (plan, maxFailures) => {
        let circuit: Circuit = closed
        let nowMs = 0
        // The model: failures in a row among the calls that were made, and when the last of them was.
        let inARow = 0
        let openedMs = -Infinity
        for (const { afterMs, fails } of plan) {
          nowMs += afterMs
          const admitted = admit(circuit, nowMs)
          expect(admitted === undefined).toBe(inARow >= maxFailures && nowMs < openedMs + 100)
          if (admitted === undefined) continue
          // Nobody gets in while one is being tried.
          if (admitted.state === 'halfOpen') expect(admit(admitted, nowMs)).toBeUndefined()
          circuit = fails ? failed(admitted, nowMs, maxFailures, 100) : succeeded(admitted)
          inARow = fails ? inARow + 1 : 0
          if (inARow >= maxFailures) openedMs = nowMs
        }
      }),
    )
  })
})

describe('the pause of a retry', () => {
  const options = fc
    .record({
      minMs: fc.integer({ min: 1, max: 1_000 }),
      more: fc.nat(100_000),
      randomFactor: fc.double({ min: 0, max: 1, noNaN: true }),
    })
    .map(({ minMs, more, randomFactor }) => ({ minMs, maxMs: minMs + more, randomFactor }))

  it('is at least the shortest and at most the longest, stretched, and never shrinks', () => {
    fc.assert(
      fc.property(options, fc.nat(60), fc.double({ min: 0, max: 1, noNaN: true }), (given, attempt, unit) => {
        const pause = pauseAfter(attempt, given, unit)

        expect(pause).toBeGreaterThanOrEqual(given.minMs)
        expect(pause).toBeLessThanOrEqual(given.maxMs * (1 + given.randomFactor))
        expect(pauseAfter(attempt + 1, given, unit)).toBeGreaterThanOrEqual(pause)
      }),
    )
  })
})
