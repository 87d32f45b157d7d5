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

/** A name that counts how often it is compared with another one; the map compares with `<` alone. */
class CountedName {
  static comparisons = 0
  readonly #text: string

  constructor(number: number) {
    this.#text = String(number).padStart(6, '0')
  }

  valueOf(): string {
    CountedName.comparisons++
    return this.#text
  }
}

/** As a name, for the type. */
const counted = (number: number): string => new CountedName(number) as unknown as string

/** Whole numbers from 0 on: rising, falling, from both ends, or in any order. */
const sequences = fc.oneof(
  fc.nat(500).map((count) => Array.from({ length: count }, (_, index) => index)),
  fc.nat(500).map((count) => Array.from({ length: count }, (_, index) => count - index)),
  fc.nat(500).map((count) => Array.from({ length: count }, (_, index) => (index % 2 === 0 ? index : 1_000 - index))),
  fc.uniqueArray(fc.nat(100_000), { maxLength: 500, size: 'max' }),
)

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

  it('stays shallow: each step to a name leaves at most three quarters of the tree', () => {
    fc.assert(
      fc.property(sequences, fc.integer({ min: 1, max: 4 }), (numbers, keptOf) => {
        const names = numbers.map(counted)
        let map = names.reduce((made, name, index) => made.with(name, index), OrderedMap.empty<number>())
        for (const [index, name] of names.entries()) if (index % keptOf !== 0) map = map.without(name)
        const kept = names.filter((_, index) => index % keptOf === 0)
        // Each comparison asks two names, and a name is not compared with itself.
        const levels = Math.floor(Math.log(kept.length + 1) / Math.log(4 / 3))
        for (const name of kept) {
          CountedName.comparisons = 0
          map.get(name)
          expect(CountedName.comparisons).toBeLessThanOrEqual(2 * levels)
        }
      }),
    )
  })
})
