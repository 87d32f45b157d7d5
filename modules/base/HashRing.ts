/**
 * A ring of nodes on which every key has its place: when a node joins or leaves, only the keys that it has or had move.
 *
 * ```
 *   each node stands at many points of the circle 0 … 2³²; a key belongs to the first point at or after its own hash
 * ```
 *
 * The idea is Karger et al., Consistent Hashing and Random Trees, 1997.
 */
import { hash } from './hash.js'

export class HashRing<N> {
  /** Where the nodes stand, in order. */
  readonly #points: readonly number[]
  /** Which node stands there. */
  readonly #nodes: readonly N[]

  /** `nameOf` tells nodes apart; each stands at `pointsEach` points. */
  constructor(nodes: readonly N[], nameOf: (node: N) => string, pointsEach: number) {
    const places = nodes.flatMap((node) => {
      const name = nameOf(node)
      // The name decides where two nodes share a point, so that the order of the nodes does not matter.
      return Array.from({ length: pointsEach }, (_, i) => ({ point: hash(`${name}#${String(i)}`), name, node }))
    })
    places.sort((a, b) => a.point - b.point || (a.name < b.name ? -1 : 1))
    this.#points = places.map(({ point }) => point)
    this.#nodes = places.map(({ node }) => node)
  }

  /** The node of a key; undefined when there are no nodes. */
  nodeOf(key: string): N | undefined {
    return this.#nodes[this.#indexFrom(hash(key))]
  }

  /** The first point at or after this one, by halving; past the last one comes the first. */
  #indexFrom(point: number): number {
    let low = 0
    let high = this.#points.length
    while (low < high) {
      const middle = (low + high) >>> 1
      // In range: low <= middle < high.
      if ((this.#points[middle] as number) < point) low = middle + 1
      else high = middle
    }
    return low === this.#points.length ? 0 : low
  }
}
