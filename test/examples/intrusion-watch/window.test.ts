import { describe, expect, it } from 'vitest'
import { emptyWindow, isReached, slide, type Rule } from '../../../examples/intrusion-watch/window.js'

const rule: Rule = { threshold: 5, windowSeconds: 600 }

/** Whether the rule is met, failure by failure. */
const met = (times: readonly number[], by: Rule = rule): readonly boolean[] => {
  let window = emptyWindow
  return times.map((seconds) => {
    window = slide(window, seconds, by)
    return isReached(window, by)
  })
}

describe('the window', () => {
  it.each([
    { title: 'is met by the fifth failure', times: [0, 1, 2, 3, 4], expected: [false, false, false, false, true] },
    {
      title: 'is met by failures 600 seconds apart',
      times: [0, 0, 0, 0, 600],
      expected: [false, false, false, false, true],
    },
    {
      title: 'is not met by failures 601 seconds apart',
      times: [0, 0, 0, 0, 601],
      expected: [false, false, false, false, false],
    },
    {
      title: 'is met later, when five lie close together',
      times: [0, 300, 500, 700, 800, 850],
      expected: [false, false, false, false, false, true],
    },
    {
      title: 'is not met by failures that a log with its latest part first brings together',
      times: [9_000, 9_001, 9_002, 9_003, 0, 1, 2, 3],
      expected: [false, false, false, false, false, false, false, false],
    },
    {
      title: 'is met by failures that are a little out of order',
      times: [3, 2, 4, 1, 0],
      expected: [false, false, false, false, true],
    },
  ])('$title', ({ times, expected }) => {
    expect(met(times)).toEqual(expected)
  })

  it('is met by every failure when one is enough', () => {
    expect(met([0, 5_000], { threshold: 1, windowSeconds: 0 })).toEqual([true, true])
  })

  it('holds no more than the rule asks for', () => {
    const window = [1, 2, 3, 4, 5, 6, 7].reduce((window, seconds) => slide(window, seconds, rule), emptyWindow)

    expect(window).toEqual([3, 4, 5, 6, 7])
  })
})
