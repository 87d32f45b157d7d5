import { describe, expect, it } from 'vitest'
import { HashRing } from '../../modules/base/index.js'

interface Node {
  readonly name: string
}

/** FNV-1a and the finisher of MurmurHash3, by their definitions. */
const definedHash = (text: string): bigint => {
  const low = (word: bigint): bigint => word & 0xffffffffn
  const codes = Array.from({ length: text.length }, (_, at) => BigInt(text.charCodeAt(at)))
  const fnv1a = codes.reduce((h, code) => low((h ^ code) * 0x01000193n), 0x811c9dc5n)
  const first = low((fnv1a ^ (fnv1a >> 16n)) * 0x85ebca6bn)
  const second = low((first ^ (first >> 13n)) * 0xc2b2ae35n)
  return second ^ (second >> 16n)
}

const ringOf = (nodes: readonly Node[], pointsEach: number): HashRing<Node> =>
  new HashRing(nodes, ({ name }) => name, pointsEach)

describe('a hash ring', () => {
  it('gives a key to the node that stands at the hash of that very key', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((name) => ({ name }))
    const ring = ringOf(nodes, 50)

    for (const node of nodes) for (let i = 0; i < 50; i++) expect(ring.nodeOf(`${node.name}#${String(i)}`)).toBe(node)
  })

  it('puts keys where every other machine puts them', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((name) => ({ name, point: definedHash(`${name}#0`) }))
    const inOrder = [...nodes].sort((one, other) => Number(one.point - other.point))
    const ring = ringOf(nodes, 1)

    for (let i = 0; i < 50; i++) {
      const key = `key ${String(i)}`
      const [owner] = [...inOrder.filter(({ point }) => point >= definedHash(key)), ...inOrder]
      expect(ring.nodeOf(key), key).toBe(owner)
    }
  })

  it('goes round: what lies behind the last point belongs to the first', () => {
    const node = { name: 'only' }
    const ring = ringOf([node], 1)

    for (let i = 0; i < 100; i++) expect(ring.nodeOf(`key ${String(i)}`)).toBe(node)
  })

  it('lets the name decide between nodes that stand at the same points', () => {
    // FNV-1a goes over their texts to the same state, so that they share every point.
    const less = { name: 'node-522789' }
    const greater = { name: 'node-739192' }
    for (const nodes of [
      [less, greater],
      [greater, less],
    ])
      for (let i = 0; i < 10; i++) expect(ringOf(nodes, 4).nodeOf(`key ${String(i)}`)).toBe(less)
  })
})
