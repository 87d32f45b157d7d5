import { describe, expect, it } from 'vitest'
import { fateOf, isInjectedCrash, strike, type Moment, type Part } from '../../../examples/intrusion-watch/chaos.js'

const lines = Array.from({ length: 30_000 }, (_, index) => index + 1)

describe('fateOf', () => {
  it.each(['parser', 'source'] as const)(
    'lets the %s crash as often as the rate says, at each moment alike',
    (part) => {
      const fates = lines.map((line) => fateOf({ rate: 0.3, seed: 7 }, part, line, 0))
      const share = (moment: Moment): number => fates.filter((fate) => fate === moment).length / lines.length

      expect(share('before')).toBeCloseTo(0.1, 2)
      expect(share('middle')).toBeCloseTo(0.1, 2)
      expect(share('after')).toBeCloseTo(0.1, 2)
    },
  )

  it('depends on all that it is given', () => {
    const fates = (seed: number, part: Part, attempt: number): string =>
      lines.map((line) => fateOf({ rate: 0.5, seed }, part, line, attempt)).join()

    const each = [fates(1, 'parser', 0), fates(2, 'parser', 0), fates(1, 'source', 0), fates(1, 'parser', 1)]
    expect(new Set(each).size).toBe(each.length)
    expect(fates(1, 'parser', 0)).toBe(each[0])
  })

  it('spares everyone at the rate 0', () => {
    expect(lines.some((line) => fateOf({ rate: 0, seed: 7 }, 'parser', line, 0) !== undefined)).toBe(false)
  })
})

describe('strike', () => {
  it('throws at its moment only', () => {
    expect(() => {
      strike('middle', 'before', 1)
      strike(undefined, 'before', 1)
    }).not.toThrow()
    expect(() => {
      strike('middle', 'middle', 12)
    }).toThrow('a crash on purpose, in the middle of line 12')
  })

  it('throws what supervisors know for a crash on purpose', () => {
    try {
      strike('after', 'after', 1)
    } catch (error) {
      expect([isInjectedCrash(error), isInjectedCrash(new Error('no'))]).toEqual([true, false])
    }
    expect.assertions(1)
  })
})
