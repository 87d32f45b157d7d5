import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { RankedList } from '../../modules/base/index.js'

/** What is done to a list: `undefined` puts an item at its end, a number takes out the item of that rank, counted round. */
const operations = fc.array(fc.option(fc.nat(), { nil: undefined, freq: 1 }), { maxLength: 300, size: 'max' })

describe('RankedList', () => {
  it('equals an array for any sequence of push and take', () => {
    fc.assert(
      fc.property(operations, fc.constantFrom(1, 2, 8), fc.nat(40), (ranks, capacity, first) => {
        const list = new RankedList<{ readonly number: number }>(capacity)
        const array: { readonly number: number }[] = []
        const push = (number: number): void => {
          list.push({ number })
          array.push({ number })
        }
        for (let number = 0; number < first; number++) push(-number)
        // One comparison at the end: an expectation costs far more than a push.
        const seen: unknown[] = []
        const expected: unknown[] = []
        for (const [number, any] of ranks.entries()) {
          if (any === undefined) push(number)
          else {
            const rank = any % (array.length + 1)
            seen.push(list.take(rank))
            expected.push(array.splice(rank, 1)[0])
          }
          seen.push(list.size)
          expected.push(array.length)
        }
        expect(seen).toEqual(expected)
        expect(list.toArray()).toEqual(array)
      }),
    )
  })
})
