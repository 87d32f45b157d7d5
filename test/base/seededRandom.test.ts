import { describe, expect, it } from 'vitest'
import { seededRandom } from '../../modules/base/index.js'

describe('seededRandom', () => {
  it('gives the numbers of mulberry32, on every machine and in every version', () => {
    const draw = (seed: number): number[] => {
      const next = seededRandom(seed)
      return [next(), next(), next(), next()].map((number) => number * 2 ** 32)
    }

    expect(draw(0)).toEqual([1144304738, 1416247, 958946056, 627933444])
    expect(draw(-1)).toEqual([3850105811, 813802916, 3073704848, 4054706436])
  })

  it('gives the same numbers for the same seed and others for another', () => {
    const draw = (seed: number): number[] => {
      const next = seededRandom(seed)
      return Array.from({ length: 100 }, next)
    }

    expect(draw(7)).toEqual(draw(7))
    expect(draw(7)).not.toEqual(draw(8))
  })

  it('gives numbers from 0 up to but not including 1, spread evenly', () => {
    const next = seededRandom(1)
    const numbers = Array.from({ length: 10_000 }, next)

    expect(numbers.every((number) => number >= 0 && number < 1)).toBe(true)
    expect(numbers.reduce((sum, number) => sum + number) / numbers.length).toBeCloseTo(0.5, 1)
  })
})
