import { describe, expect, it } from 'vitest'
import { Heap } from '../../modules/base/index.js'

describe('Heap', () => {
  it('gives its items back in order, whatever the order they came in', () => {
    for (let size = 0; size < 50; size++) {
      // Objects, so that to compare one with a place where none is would throw.
      const heap = new Heap<{ readonly rank: number }>((a, b) => a.rank < b.rank)
      const items = Array.from({ length: size }, (_, index) => ({ rank: (index * 37) % 53 }))

      for (const item of items) heap.push(item)
      const taken = items.map(() => heap.pop())

      expect(taken).toEqual(items.sort((a, b) => a.rank - b.rank))
      expect(heap.pop()).toBeUndefined()
    }
  })

  it('shows its first item without taking it', () => {
    const heap = new Heap<number>((a, b) => a < b)
    expect(heap.first).toBeUndefined()

    heap.push(2)
    heap.push(1)

    expect(heap.first).toBe(1)
    expect(heap.size).toBe(2)
  })
})
