/**
 * What a consistent hash promises.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HashRing } from '../../modules/base/index.js'

const nodes = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 8 })
const ringOf = (names: readonly string[]): HashRing<string> => new HashRing(names, (name) => name, 128)
/** Enough that a share of them is near the share of the ring. */
const keys = Array.from({ length: 1_000 }, (_, i) => `key ${String(i)}`)

describe('a hash ring', () => {
  it('gives a key to the same node whatever the order of the nodes', () => {
    fc.assert(
      fc.property(nodes, fc.string(), (names, key) => {
        const node = ringOf(names).nodeOf(key)

        expect(names).toContain(node)
        expect(ringOf([...names].reverse()).nodeOf(key)).toBe(node)
      }),
    )
  })

  it('moves at most two in n of the keys when a node joins, and all of them to it', () => {
    fc.assert(
      fc.property(nodes, (names) => {
        const [joins = '', ...before] = names
        if (before.length === 0) return
        const [old, next] = [ringOf(before), ringOf(names)]
        const moved = keys.filter((key) => old.nodeOf(key) !== next.nodeOf(key))

        expect(moved.length).toBeLessThanOrEqual((2 * keys.length) / names.length)
        expect(new Set(moved.map((key) => next.nodeOf(key)))).toEqual(new Set(moved.length === 0 ? [] : [joins]))
      }),
    )
  })

  it('has no node for any key when it is empty', () => {
    expect(ringOf([]).nodeOf('key')).toBeUndefined()
  })
})
