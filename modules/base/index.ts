/**
 * Floor 0: plain data structures that know nothing of actors.
 *
 * @internal
 */
export { fnv1a, fnvBasis } from './hash.js'
export { HashRing } from './HashRing.js'
export { Heap } from './Heap.js'
export { OrderedMap } from './OrderedMap.js'
export { RankedList } from './RankedList.js'
export { RingBuffer } from './RingBuffer.js'
export { seededRandom } from './seededRandom.js'
export { Sha256 } from './Sha256.js'
