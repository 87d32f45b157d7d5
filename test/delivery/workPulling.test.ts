/**
 * Work that goes to whoever asks.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, ServiceKey, type ActorRef } from 'troupe'
import {
  Confirmed,
  ConsumerController,
  WorkPullingProducerController,
  type ConsumerControllerCommand,
  type Delivery,
  type WorkerStats,
  type WorkPullingCommand,
  type WorkRequestNext,
} from 'troupe/delivery'
import { ActorTestKit, type TestProbe } from 'troupe/testkit'

const key = ServiceKey.of<ConsumerControllerCommand<string>>('workers')

let kit: ActorTestKit
let controller: ActorRef<WorkPullingCommand<string>>
let producer: TestProbe<WorkRequestNext<string>>

beforeEach(() => {
  kit = ActorTestKit.create()
  controller = kit.spawn(WorkPullingProducerController.of('p', key))
  producer = kit.createProbe<WorkRequestNext<string>>()
  controller.tell(WorkPullingProducerController.start(producer.ref))
})

interface Worker {
  readonly ref: ActorRef<ConsumerControllerCommand<string>>
  readonly deliveries: TestProbe<Delivery<string>>
}

const worker = (): Worker => {
  const deliveries = kit.createProbe<Delivery<string>>()
  const ref = kit.spawn(ConsumerController.of<string>({ serviceKey: key }))
  ref.tell(ConsumerController.start(deliveries.ref))
  kit.runUntilQuiet()
  return { ref, deliveries }
}

const give = (...messages: readonly string[]): void => {
  for (const message of messages) producer.receiveMessage().sendNextTo.tell(message)
  kit.runUntilQuiet()
}

const taken = ({ deliveries }: Worker): string => {
  const { message, confirmTo } = deliveries.receiveMessage()
  confirmTo.tell(Confirmed)
  return message
}

describe('work pulling', () => {
  it('asks for no work while there is no worker', () => {
    producer.expectNoMessage({ forMs: 10_000 })

    worker()

    producer.receiveMessage()
  })

  it('gives work to those who ask', () => {
    const [a, b] = [worker(), worker()]
    give('1', '2')

    expect([taken(a), taken(b)].sort()).toEqual(['1', '2'])
    a.deliveries.expectNoMessage()
  })

  it('takes no late message of the producer of before for the one that it has asked for', () => {
    const a = worker()
    const dead = kit.createDeadLetterProbe()
    const before = producer.receiveMessage()
    controller.tell(WorkPullingProducerController.start(producer.ref))
    const now = producer.receiveMessage()

    before.sendNextTo.tell('late')
    now.sendNextTo.tell('asked for')

    expect(taken(a)).toBe('asked for')
    expect(dead.receiveMessage()).toMatchObject({ message: 'late' })
  })

  it('gives what a worker had not confirmed that has ended to another', () => {
    const a = worker()
    give('1', '2', '3')
    expect(taken(a)).toBe('1')
    kit.runUntilQuiet()
    const b = worker()

    kit.stop(a.ref)

    expect([taken(b), taken(b)]).toEqual(['2', '3'])
    b.deliveries.expectNoMessage()
  })

  it('keeps what an ended worker had until there is another', () => {
    const a = worker()
    give('1')
    kit.stop(a.ref)

    expect(taken(worker())).toBe('1')
  })

  it('replies when a worker has confirmed, also when the first one has ended', () => {
    const replies = kit.createProbe<number>()
    const a = worker()
    producer.receiveMessage().askNextTo.tell({ _tag: 'MessageWithConfirmation', message: '1', replyTo: replies.ref })
    a.deliveries.receiveMessage()
    kit.stop(a.ref)
    replies.expectNoMessage()

    taken(worker())

    replies.expectMessage(1)
    replies.expectNoMessage()
  })

  it('counts its workers', () => {
    const stats = kit.createProbe<WorkerStats>()
    const [a] = [worker(), worker()]
    controller.tell(WorkPullingProducerController.getWorkerStats(stats.ref))
    stats.expectMessage({ _tag: 'WorkerStats', numberOfWorkers: 2 })

    kit.stop(a.ref)
    controller.tell(WorkPullingProducerController.getWorkerStats(stats.ref))

    stats.expectMessage({ _tag: 'WorkerStats', numberOfWorkers: 1 })
  })

  it('stops with its producer', () => {
    const gone = kit.spawn(Behaviors.ignore)
    controller.tell(WorkPullingProducerController.start(gone))

    kit.stop(gone)

    kit.createProbe().expectTerminated(controller)
  })

  it('refuses an id that is empty, options that are out of range, and a second message for one RequestNext', () => {
    expect(() => WorkPullingProducerController.of('', key)).toThrow(/producerId .* is empty\. Give it a name/)
    expect(() => WorkPullingProducerController.of('p', key, { resendIntervalMs: -1 })).toThrow('resendIntervalMs')
    worker()
    const { sendNextTo } = producer.receiveMessage()
    sendNextTo.tell('1')
    expect(() => {
      sendNextTo.tell('2')
    }).toThrow(/second message for one RequestNext\. Send one/)
  })
})
