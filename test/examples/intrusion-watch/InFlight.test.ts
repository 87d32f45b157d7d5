import { describe, expect, it } from 'vitest'
import { firstYear, type Calendar } from '../../../examples/intrusion-watch/calendar.js'
import { InFlight } from '../../../examples/intrusion-watch/InFlight.js'

const march: Calendar = { daysBefore: 0, month: 2, hasLeapDay: false }

describe('InFlight', () => {
  it('numbers lines and has room for so many', () => {
    const inFlight = new InFlight(2)

    expect(inFlight.add('a')).toEqual({ line: 1, text: 'a' })
    expect(inFlight.hasRoom).toBe(true)
    expect(inFlight.add('b')).toEqual({ line: 2, text: 'b' })
    expect(inFlight.hasRoom).toBe(false)
    expect(inFlight.sent).toBe(2)
  })

  it('keeps what is not parsed, and the calendar of what is', () => {
    const inFlight = new InFlight(2)
    inFlight.add('a')
    inFlight.add('b')

    expect(inFlight.calendar).toBe(firstYear)
    inFlight.parsed(1, march, false)
    inFlight.add('c')

    expect(inFlight.unparsed()).toEqual([
      { line: 2, text: 'b' },
      { line: 3, text: 'c' },
    ])
    expect(inFlight.calendar).toBe(march)
  })

  it('settles a failure when it is counted', () => {
    const inFlight = new InFlight(1)
    inFlight.add('a')

    inFlight.parsed(1, march, true)
    expect([inFlight.isSettled, inFlight.hasRoom]).toEqual([false, false])
    inFlight.counted()
    expect([inFlight.isSettled, inFlight.hasRoom]).toEqual([true, true])
  })

  it('keeps a line whose failure is counted before it is known to be parsed', () => {
    const inFlight = new InFlight(1)
    inFlight.add('a')

    inFlight.counted()

    expect(inFlight.hasRoom).toBe(false)
    expect(inFlight.unparsed()).toEqual([{ line: 1, text: 'a' }])
  })

  it('hears once what comes twice', () => {
    const inFlight = new InFlight(2)
    inFlight.add('a')
    inFlight.add('b')

    inFlight.parsed(1, march, false)
    inFlight.parsed(1, firstYear, false)

    expect(inFlight.unparsed()).toEqual([{ line: 2, text: 'b' }])
    expect(inFlight.calendar).toBe(march)
  })
})
