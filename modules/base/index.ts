/**
 * Floor 0: plain data structures that know nothing of actors.
 *
 * @internal
 */
export { RingBuffer } from './RingBuffer.js'
