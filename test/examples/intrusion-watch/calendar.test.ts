import { describe, expect, it } from 'vitest'
import { advance, firstYear, secondsAt } from '../../../examples/intrusion-watch/calendar.js'
import type { LogTime } from '../../../examples/intrusion-watch/syslog.js'

const at = (month: number, day: number, second = 0): LogTime => ({ month, day, second, text: '' })
const [jan, feb, mar, dec] = [0, 1, 2, 11] as const
const day = 86_400

/** The seconds of times that follow each other in a log. */
const secondsOf = (...times: readonly LogTime[]): readonly number[] => {
  let calendar = firstYear
  return times.map((time) => {
    calendar = advance(calendar, time)
    return secondsAt(calendar, time)
  })
}

/** The seconds between two neighbours. */
const gaps = (...times: readonly LogTime[]): readonly number[] =>
  secondsOf(...times).flatMap((seconds, index, all) => (index === 0 ? [] : [seconds - all[index - 1]!]))

describe('the calendar', () => {
  it('goes on with the seconds over midnight and the end of a month', () => {
    expect(gaps(at(jan, 31, day - 1), at(feb, 1, 1))).toEqual([2])
  })

  it('begins the next year when a month jumps back', () => {
    expect(gaps(at(dec, 31, day - 1), at(jan, 1, 1))).toEqual([2])
    expect(gaps(at(mar, 1), at(feb, 1), at(jan, 31))).toEqual([337 * day, 364 * day])
  })

  it('stays in its year when a day or an hour jumps back', () => {
    expect(gaps(at(mar, 2), at(mar, 1), at(mar, 1, 60), at(mar, 1, 30))).toEqual([-day, 60, -30])
  })

  it('has a leap day in a year whose log has one', () => {
    expect(gaps(at(feb, 28, day - 1), at(feb, 29), at(feb, 29, day - 1), at(mar, 1))).toEqual([1, day - 1, 1])
    expect(gaps(at(feb, 29), at(dec, 31, day - 1), at(jan, 1))).toEqual([307 * day - 1, 1])
  })

  it('has none in other years', () => {
    expect(gaps(at(feb, 28, day - 1), at(mar, 1))).toEqual([1])
    expect(gaps(at(feb, 29), at(dec, 31), at(feb, 28, day - 1), at(mar, 1))).toEqual([306 * day, 60 * day - 1, 1])
  })

  it('comes back unchanged within a month', () => {
    const inMarch = advance(firstYear, at(mar, 1))

    expect(advance(inMarch, at(mar, 31))).toBe(inMarch)
  })
})
