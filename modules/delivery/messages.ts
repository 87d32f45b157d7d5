/**
 * What producers, consumers and their controllers tell each other.
 */
import type { ActorRef } from '../model/index.js'

/**
 * What is sent under one number: a message, or a piece of one that was too large.
 *
 * @category model
 * @since 0.1.0
 */
export type Payload<A> =
  | { readonly _tag: 'Whole'; readonly message: A }
  | { readonly _tag: 'Chunk'; readonly bytes: Uint8Array; readonly isFirst: boolean; readonly isLast: boolean }

/**
 * A numbered message on its way from a producer controller to a consumer controller.
 *
 * @category model
 * @since 0.1.0
 */
export interface SequencedMessage<A> {
  readonly _tag: 'SequencedMessage'
  readonly producerId: string
  /** Counted from 1. */
  readonly seqNr: number
  readonly payload: Payload<A>
  /** The first that the producer controller sends to this consumer controller. */
  readonly first: boolean
  /** Whether its confirmation is to be told at once. */
  readonly ack: boolean
  /** Tells the numbers of a durable queue from those of any other; undefined when the numbers are those of this controller alone. */
  readonly numbering: string | undefined
  readonly producerController: ActorRef<ConsumerReply>
}

/**
 * Asks a consumer controller how far it is. A producer controller sends it while something is unconfirmed.
 *
 * @category model
 * @since 0.1.0
 */
export interface Poll {
  readonly _tag: 'Poll'
  readonly producerId: string
  /** The last number that was sent. */
  readonly lastSeqNr: number
  readonly numbering: string | undefined
  readonly producerController: ActorRef<ConsumerReply>
}

/**
 * What a consumer controller tells a producer controller: how far it is and how much more it takes, that it misses something, or that
 * something is confirmed.
 *
 * @category model
 * @since 0.1.0
 */
export type ConsumerReply =
  | {
      readonly _tag: 'Request'
      /** All up to this number are confirmed. */
      readonly confirmedSeqNr: number
      /** All up to this number may be sent. */
      readonly requestUpToSeqNr: number
      /** False in flow control only mode. */
      readonly supportResend: boolean
    }
  /** 0: it does not know this producer yet; all that is unconfirmed is sent again, the first marked so. */
  | { readonly _tag: 'Resend'; readonly fromSeqNr: number }
  | { readonly _tag: 'Ack'; readonly confirmedSeqNr: number }

/**
 * The consumer's word that it has processed a delivery.
 *
 * @category model
 * @since 0.1.0
 */
export interface Confirmed {
  readonly _tag: 'Confirmed'
}

/**
 * The consumer's word that it has processed a delivery: `delivery.confirmTo.tell(Confirmed)`.
 *
 * @example
 * ```ts
 * import { Behaviors } from 'troupe'
 * import { Confirmed, type Delivery } from 'troupe/delivery'
 *
 * const consumer = Behaviors.receiveMessageWithSame<Delivery<string>>(({ message, confirmTo }) => {
 *   console.log(message)
 *   confirmTo.tell(Confirmed)
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const Confirmed: Confirmed = { _tag: 'Confirmed' }

/**
 * A message as the consumer gets it. The next comes when this one is confirmed.
 *
 * @category model
 * @since 0.1.0
 */
export interface Delivery<A> {
  readonly _tag: 'Delivery'
  readonly message: A
  /** Takes `Confirmed`, once: the second time it throws a TroupeError, IllegalState, at the consumer. */
  readonly confirmTo: ActorRef<Confirmed>
  readonly producerId: string
  readonly seqNr: number
}

/**
 * A message for `askNextTo`. The reply is its number: when the consumer has confirmed it or, with a durable queue, when it is stored.
 *
 * @category model
 * @since 0.1.0
 */
export interface MessageWithConfirmation<A> {
  readonly _tag: 'MessageWithConfirmation'
  readonly message: A
  readonly replyTo: ActorRef<number>
}

/**
 * Tells a producer that it may send one message, by one of two references. A second message throws a TroupeError, IllegalState, at the
 * producer.
 *
 * @category model
 * @since 0.1.0
 */
export interface RequestNext<A> {
  readonly _tag: 'RequestNext'
  readonly producerId: string
  /** The number that the message gets. */
  readonly currentSeqNr: number
  /** All up to this number are confirmed. */
  readonly confirmedSeqNr: number
  readonly sendNextTo: ActorRef<A>
  readonly askNextTo: ActorRef<MessageWithConfirmation<A>>
}

/**
 * What a producer controller handles. The functions of `ProducerController` make the first two; the rest comes from consumer controllers.
 *
 * @category model
 * @since 0.1.0
 */
export type ProducerControllerCommand<A> =
  | { readonly _tag: 'Start'; readonly producer: ActorRef<RequestNext<A>> }
  | { readonly _tag: 'RegisterConsumer'; readonly consumerController: ActorRef<ConsumerControllerCommand<A>> }
  | ConsumerReply

/**
 * What a consumer controller handles. The functions of `ConsumerController` make the first three; the rest comes from producer controllers.
 *
 * @category model
 * @since 0.1.0
 */
export type ConsumerControllerCommand<A> =
  | { readonly _tag: 'Start'; readonly deliverTo: ActorRef<Delivery<A>> }
  | {
      readonly _tag: 'RegisterToProducerController'
      readonly producerController: ActorRef<ProducerControllerCommand<A>>
    }
  | { readonly _tag: 'DeliverThenStop' }
  | SequencedMessage<A>
  | Poll
