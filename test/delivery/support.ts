/**
 * Both sides of reliable delivery, with probes for whatever is on the other side.
 */
import { pipe } from 'fp-ts/lib/function.js'
import type { ActorRef } from 'troupe'
import {
  Confirmed,
  ConsumerController,
  ProducerController,
  type ConsumerControllerCommand,
  type ConsumerControllerOptions,
  type ConsumerReply,
  type Delivery,
  type ProducerControllerCommand,
  type ProducerControllerOptions,
  type RequestNext,
  type SequencedMessage,
} from 'troupe/delivery'
import type { ActorTestKit, TestProbe } from 'troupe/testkit'

export interface ConsumerSide {
  readonly controller: ActorRef<ConsumerControllerCommand<string>>
  /** What the producer controller is told. */
  readonly replies: TestProbe<ConsumerReply>
  readonly consumer: TestProbe<Delivery<string>>
  readonly send: (seqNr: number, more?: Partial<SequencedMessage<string>>) => void
  /** Takes the next delivery, which is to be of this number, and confirms it. */
  readonly confirm: (seqNr: number) => void
}

/** A consumer controller between two probes. */
export const consumerSide = (kit: ActorTestKit, options?: ConsumerControllerOptions<string>): ConsumerSide => {
  const controller = kit.spawn(ConsumerController.of<string>(options))
  const replies = kit.createProbe<ConsumerReply>()
  const consumer = kit.createProbe<Delivery<string>>()
  controller.tell(ConsumerController.start(consumer.ref))
  const send: ConsumerSide['send'] = (seqNr, more) => {
    controller.tell({ ...sequenced(seqNr, replies.ref), ...more })
  }
  const confirm = (seqNr: number): void => {
    consumer.expectMessage((delivery) => delivery.seqNr === seqNr).confirmTo.tell(Confirmed)
  }
  return { controller, replies, consumer, send, confirm }
}

const sequenced = (seqNr: number, producerController: ActorRef<ConsumerReply>): SequencedMessage<string> => ({
  _tag: 'SequencedMessage',
  producerId: 'p',
  seqNr,
  payload: { _tag: 'Whole', message: `message ${String(seqNr)}` },
  first: seqNr === 1,
  ack: false,
  numbering: undefined,
  producerController,
})

export interface ProducerSide {
  readonly controller: ActorRef<ProducerControllerCommand<string>>
  readonly producer: TestProbe<RequestNext<string>>
  /** What the consumer controller is told. */
  readonly sent: TestProbe<ConsumerControllerCommand<string>>
  /** Expects one RequestNext for each, and answers it. */
  readonly give: (...messages: readonly string[]) => void
  /** The numbers that were sent since, negative for those that are flagged as first. */
  readonly numbers: () => readonly number[]
}

/** A producer controller between two probes. */
export const producerSide = (kit: ActorTestKit, options?: ProducerControllerOptions<string>): ProducerSide => {
  const controller = kit.spawn(ProducerController.of<string>('p', options))
  const producer = kit.createProbe<RequestNext<string>>()
  const sent = kit.createProbe<ConsumerControllerCommand<string>>()
  controller.tell(ProducerController.start(producer.ref))
  controller.tell(ProducerController.registerConsumer(sent.ref))
  return {
    controller,
    producer,
    sent,
    give: (...messages) => {
      for (const message of messages) producer.receiveMessage().sendNextTo.tell(message)
      kit.runUntilQuiet()
    },
    numbers: () => numbersOf(kit, sent),
  }
}

/** Lets time pass in steps, and what the store has begun come to its end in each. */
export const passInSteps = async (kit: ActorTestKit, ms: number, stepMs = 50): Promise<void> => {
  for (let passed = 0; passed < ms; passed += stepMs) {
    await kit.settle()
    kit.clock.timePasses(stepMs)
  }
  await kit.settle()
}

/** Takes what has come, which are to be numbered messages only. */
export const numbersOf = (
  kit: ActorTestKit,
  probe: TestProbe<ConsumerControllerCommand<string>>,
): readonly number[] => {
  const taken: ConsumerControllerCommand<string>[] = []
  kit.runUntilQuiet()
  probe.ref.tell(ConsumerController.deliverThenStop())
  for (let next = probe.receiveMessage(); next._tag !== 'DeliverThenStop'; next = probe.receiveMessage())
    taken.push(next)
  return pipe(taken, (all) =>
    all.map((each) => {
      if (each._tag !== 'SequencedMessage') throw new Error(`a ${each._tag} among numbered messages`)
      return each.first ? -each.seqNr : each.seqNr
    }),
  )
}

export const request = (confirmedSeqNr: number, requestUpToSeqNr: number, supportResend = true): ConsumerReply => ({
  _tag: 'Request',
  confirmedSeqNr,
  requestUpToSeqNr,
  supportResend,
})
