/**
 * Floor 5: messages that arrive, whatever is lost on the way or crashes at either end.
 *
 * @packageDocumentation
 */
export { ChunkCodec } from './chunks.js'
export { ConsumerController, type ConsumerControllerOptions } from './ConsumerController.js'
export {
  DurableProducerQueue,
  type DurableProducerState,
  type InMemoryQueue,
  type MessageSent,
} from './DurableProducerQueue.js'
export {
  Confirmed,
  type ConsumerControllerCommand,
  type ConsumerReply,
  type Delivery,
  type MessageWithConfirmation,
  type Payload,
  type Poll,
  type ProducerControllerCommand,
  type RequestNext,
  type SequencedMessage,
} from './messages.js'
export type { DurableOptions } from './durable.js'
export { ProducerController, type ProducerControllerOptions } from './ProducerController.js'
export {
  WorkPullingProducerController,
  type WorkerStats,
  type WorkPullingCommand,
  type WorkPullingOptions,
  type WorkRequestNext,
} from './WorkPullingProducerController.js'
