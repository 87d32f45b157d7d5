import { describe, expect, it } from 'vitest'
import { HashRing } from '../../modules/base/index.js'

interface Node {
  readonly name: string
}

const ringOf = (nodes: readonly Node[], pointsEach: number): HashRing<Node> =>
  new HashRing(nodes, ({ name }) => name, pointsEach)

describe('a hash ring', () => {
  it('gives a key to the node that stands at the hash of that very key', () => {
    const nodes = ['a', 'b', 'c', 'd'].map((name) => ({ name }))
    const ring = ringOf(nodes, 50)

    for (const node of nodes) for (let i = 0; i < 50; i++) expect(ring.nodeOf(`${node.name}#${String(i)}`)).toBe(node)
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
