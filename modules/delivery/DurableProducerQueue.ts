/**
 * Where a producer controller keeps what is not confirmed, so that it outlives it.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { right } from '../model/internal.js'
import type { Payload } from './messages.js'

/**
 * A message, or a piece of one, as it is stored.
 *
 * @category ports
 * @since 0.1.0
 */
export interface MessageSent<A> {
  readonly seqNr: number
  readonly payload: Payload<A>
}

/**
 * What a durable queue holds.
 *
 * @category ports
 * @since 0.1.0
 */
export interface DurableProducerState<A> {
  /** Tells these numbers from those of any other queue, also of one that was emptied. Made when the queue is made, and kept with it. */
  readonly numbering: string
  /** What the next message gets; 1 at the beginning. */
  readonly currentSeqNr: number
  /** What was stored and is not confirmed, by number. */
  readonly unconfirmed: readonly MessageSent<A>[]
}

/**
 * The port to a store of what was sent and is not confirmed, one for each producer.
 *
 * @category ports
 * @since 0.1.0
 */
export interface DurableProducerQueue<E, A> {
  /** What was left when the producer controller ended. */
  readonly load: TaskEither<E, DurableProducerState<A>>
  /** Keeps these, all or none. To store the same twice is to store it once. */
  readonly storeSent: (messages: readonly MessageSent<A>[]) => TaskEither<E, void>
  /** All up to this number are confirmed and can be let go. A lower one than before changes nothing. */
  readonly storeConfirmed: (seqNr: number) => TaskEither<E, void>
}

/**
 * A queue in memory, whose state can be read.
 *
 * @category ports
 * @since 0.1.0
 */
export interface InMemoryQueue<A> extends DurableProducerQueue<never, A> {
  readonly state: () => DurableProducerState<A>
}

/**
 * Makes durable queues.
 *
 * @example
 * ```ts
 * import { DurableProducerQueue } from 'troupe/delivery'
 *
 * const queue = DurableProducerQueue.inMemory<string>('orders')
 * await queue.storeSent([{ seqNr: 1, payload: { _tag: 'Whole', message: 'a' } }])()
 * console.log(queue.state().currentSeqNr) // 2
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/reliable-delivery.html
 * @category ports
 * @since 0.1.0
 */
export const DurableProducerQueue: {
  /** A queue that outlives its producer controller and not the process: for tests. `numbering` tells it from other queues. */
  readonly inMemory: <A>(numbering: string) => InMemoryQueue<A>
} = {
  inMemory: <A>(numbering: string): InMemoryQueue<A> => {
    let state: DurableProducerState<A> = { numbering, currentSeqNr: 1, unconfirmed: [] }
    const done = right(undefined)
    return {
      state: () => state,
      load: () => Promise.resolve(right(state)),
      storeSent: (messages) => () => {
        state = sent(state, messages)
        return Promise.resolve(done)
      },
      storeConfirmed: (seqNr) => () => {
        state = { ...state, unconfirmed: state.unconfirmed.filter((message) => message.seqNr > seqNr) }
        return Promise.resolve(done)
      },
    }
  },
}

const sent = <A>(state: DurableProducerState<A>, messages: readonly MessageSent<A>[]): DurableProducerState<A> => {
  const added = messages.filter(({ seqNr }) => seqNr >= state.currentSeqNr)
  return {
    ...state,
    currentSeqNr: state.currentSeqNr + added.length,
    unconfirmed: [...state.unconfirmed, ...added],
  }
}
