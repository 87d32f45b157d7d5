import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Heap, RingBuffer } from '../../modules/base/index.js'

/** What is done to a queue: a number is pushed, undefined takes one out. */
const operations = fc.array(fc.option(fc.integer(), { nil: undefined }), { maxLength: 200, size: 'max' })

describe('RingBuffer', () => {
  it('equals an array queue for any sequence of push and shift', () => {
    fc.assert(
      fc.property(operations, fc.constantFrom(1, 2, 8), (numbers, capacity) => {
        const ring = new RingBuffer<number>(capacity)
        const queue: number[] = []
        // One comparison at the end: an expectation costs far more than a push.
        const seen: unknown[] = []
        const expected: unknown[] = []
        for (const number of numbers) {
          if (number === undefined) {
            seen.push(ring.shift())
            expected.push(queue.shift())
          } else {
            expected.push(ring.size === ring.capacity)
            seen.push(ring.push(number))
            queue.push(number)
          }
          seen.push(ring.size, ring.at(0), ring.at(queue.length - 1), ring.at(queue.length))
          expected.push(queue.length, queue[0], queue.at(-1), undefined)
        }
        expect(seen).toEqual(expected)
        expect(queue.map((_, index) => ring.at(index))).toEqual(queue)
      }),
    )
  })
})

describe('RingBuffer at both ends', () => {
  it('equals an array for any sequence of push, unshift, shift and pop', () => {
    const calls = fc.array(fc.constantFrom('push', 'push', 'unshift', 'shift', 'pop'), { maxLength: 200, size: 'max' })
    fc.assert(
      fc.property(calls, fc.constantFrom(1, 8), (names, capacity) => {
        let expectedCapacity: number = capacity
        const ring = new RingBuffer<number>(capacity)
        const array: number[] = []
        for (const [index, name] of names.entries()) {
          if (name === 'push' || name === 'unshift') {
            // It grows when it is full, and not before.
            expectedCapacity = array.length === expectedCapacity ? 2 * expectedCapacity : expectedCapacity
            ring[name](index)
            array[name](index)
          } else if (ring[name]() !== array[name]()) throw new Error(name)
        }
        expect(array.map((_, index) => ring.at(index))).toEqual(array)
        expect(ring.size).toBe(array.length)
        expect(ring.capacity).toBe(expectedCapacity)
      }),
    )
  })
})

describe('Heap', () => {
  it('equals a sorted array for any sequence of push and pop', () => {
    fc.assert(
      fc.property(operations, (numbers) => {
        const heap = new Heap<number>((a, b) => a < b)
        const sorted: number[] = []
        const seen: unknown[] = []
        const expected: unknown[] = []
        for (const number of numbers) {
          if (number === undefined) {
            seen.push(heap.pop())
            expected.push(sorted.shift())
          } else {
            heap.push(number)
            sorted.push(number)
            sorted.sort((a, b) => a - b)
          }
          seen.push(heap.first, heap.size)
          expected.push(sorted[0], sorted.length)
        }
        expect(seen).toEqual(expected)
      }),
    )
  })
})
