import { describe, expect, it } from 'vitest'
import { OrderedMap } from '../../modules/base/index.js'

const letters = ['d', 'b', 'a', 'c'].reduce((map, key) => map.with(key, key.toUpperCase()), OrderedMap.empty<string>())

describe('OrderedMap', () => {
  it('has its names and values in the order in which they were added', () => {
    expect(letters.keys()).toEqual(['d', 'b', 'a', 'c'])
    expect(letters.keys('b')).toEqual(['b', 'a', 'c'])
    expect(letters.values()).toEqual(['D', 'B', 'A', 'C'])
    expect([letters.first(), letters.get('a'), letters.get('e'), letters.size]).toEqual(['D', 'A', undefined, 4])
  })

  it('keeps the place of a name that gets another value, and gives the last one to a name that comes back', () => {
    expect(letters.with('b', '?').values()).toEqual(['D', '?', 'A', 'C'])
    expect(letters.without('b').with('b', '!').values()).toEqual(['D', 'A', 'C', '!'])
  })

  it('is not changed by what is made of it', () => {
    letters.with('e', 'E').without('d')

    expect(letters.values()).toEqual(['D', 'B', 'A', 'C'])
    expect(letters.without('e')).toBe(letters)
  })

  it('is as shallow when its names come in order, and go in order', () => {
    let map = OrderedMap.empty<number>()
    for (let index = 0; index < 50_000; index++) map = map.with(String(index).padStart(5, '0'), index)
    for (const key of map.keys().slice(0, -1)) map = map.without(key)

    expect(map.values()).toEqual([49_999])
  })
})
