import { describe, expect, it } from 'vitest'
import { RankedList } from '../../modules/base/index.js'

describe('RankedList', () => {
  it('takes out by rank, and keeps the order of the others', () => {
    const list = new RankedList<{ readonly name: string }>(2)
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => ({ name }))
    for (const item of [a!, b!, c!, d!]) list.push(item)

    expect([list.take(2), list.take(0), list.take(1), list.take(0), list.take(0)]).toEqual([c, a, d, b, undefined])
    expect(list.size).toBe(0)
  })

  it('has nothing of a rank that no item has', () => {
    const list = new RankedList<object>(4)
    list.push({})

    expect([list.take(1), list.take(NaN)]).toEqual([undefined, undefined])
    expect(list.size).toBe(1)
  })

  it('keeps the order while items come and go for long', () => {
    const list = new RankedList<{ readonly number: number }>(8)
    const seen: number[] = []
    for (let number = 0; number < 10_000; number++) {
      list.push({ number })
      // Three stay behind, so that the list is never empty.
      if (number >= 3) seen.push(list.take(0)!.number)
    }

    expect(seen).toEqual(Array.from({ length: 9_997 }, (_, number) => number))
    expect(list.toArray().map(({ number }) => number)).toEqual([9_997, 9_998, 9_999])
  })
})
