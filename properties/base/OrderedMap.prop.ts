import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OrderedMap } from '../../modules/base/index.js'

/** What is done to a map: a number puts itself there under a name, `undefined` takes the name out. */
const operations = fc.array(fc.tuple(fc.nat(60).map(String), fc.option(fc.nat(), { nil: undefined, freq: 2 })), {
  maxLength: 400,
  size: 'max',
})

const entriesOf = (map: OrderedMap<number>): readonly unknown[] => [
  map.size,
  map.first(),
  map.keys().map((key) => [key, map.get(key)]),
  map.values(),
]

describe('OrderedMap', () => {
  it('equals a Map for any sequence of changes, and no change is seen in what was there before it', () => {
    fc.assert(
      fc.property(operations, fc.nat(300), (changes, first) => {
        let map = OrderedMap.empty<number>()
        const model = new Map<string, number>()
        const seen: unknown[] = []
        const expected: unknown[] = []
        const kept: [OrderedMap<number>, readonly unknown[]][] = []
        const change = (key: string, value: number | undefined): void => {
          map = value === undefined ? map.without(key) : map.with(key, value)
          if (value === undefined) model.delete(key)
          else model.set(key, value)
        }
        for (let number = 0; number < first; number++) change(`first-${String(number)}`, number)
        for (const [at, [key, value]] of changes.entries()) {
          change(key, value)
          seen.push(map.has(key), map.get(key), map.size)
          expected.push(model.has(key), model.get(key), model.size)
          if (at % 50 === 0) kept.push([map, entriesOf(map)])
        }
        const keys = [...model.keys()]
        expect(seen).toEqual(expected)
        expect(entriesOf(map)).toEqual([keys.length, model.get(keys[0] ?? ''), [...model], [...model.values()]])
        expect(kept.map(([before]) => entriesOf(before))).toEqual(kept.map(([, entries]) => entries))
        keys.forEach((key, at) => {
          if (at % 20 === 0) expect(map.keys(key)).toEqual(keys.slice(at))
        })
      }),
    )
  })
})
