/**
 * Work that outlives the controller that gave it out.
 */
import { left, right, type Right } from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, ServiceKey, type ActorRef } from 'troupe'
import {
  Confirmed,
  ConsumerController,
  DurableProducerQueue,
  WorkPullingProducerController,
  type ConsumerControllerCommand,
  type Delivery,
  type DurableProducerState,
  type InMemoryQueue,
  type MessageSent,
  type WorkPullingCommand,
  type WorkPullingOptions,
  type WorkRequestNext,
} from 'troupe/delivery'
import { ActorTestKit, type TestProbe } from 'troupe/testkit'
import { passInSteps } from './support.js'

const key = ServiceKey.of<ConsumerControllerCommand<string>>('workers')

let kit: ActorTestKit
let durableQueue: InMemoryQueue<string>

beforeEach(() => {
  kit = ActorTestKit.create()
  durableQueue = DurableProducerQueue.inMemory<string>('q')
})

interface Side {
  readonly controller: ActorRef<WorkPullingCommand<string>>
  readonly producer: TestProbe<WorkRequestNext<string>>
  readonly give: (...messages: readonly string[]) => Promise<void>
}

const side = async (options: WorkPullingOptions<string> = {}): Promise<Side> => {
  const controller = kit.spawn(WorkPullingProducerController.of('p', key, { durableQueue, ...options }))
  const producer = kit.createProbe<WorkRequestNext<string>>()
  controller.tell(WorkPullingProducerController.start(producer.ref))
  await kit.settle()
  const give = async (...messages: readonly string[]): Promise<void> => {
    for (const message of messages) {
      producer.receiveMessage().sendNextTo.tell(message)
      await kit.settle()
    }
  }
  return { controller, producer, give }
}

interface Worker {
  readonly ref: ActorRef<ConsumerControllerCommand<string>>
  readonly deliveries: TestProbe<Delivery<string>>
}

const worker = async (window = 20): Promise<Worker> => {
  const deliveries = kit.createProbe<Delivery<string>>()
  const ref = kit.spawn(ConsumerController.of<string>({ serviceKey: key, window }))
  ref.tell(ConsumerController.start(deliveries.ref))
  await kit.settle()
  return { ref, deliveries }
}

const confirms = async ({ deliveries }: Worker): Promise<string> => {
  const { message, confirmTo } = deliveries.receiveMessage()
  confirmTo.tell(Confirmed)
  await kit.settle()
  return message
}

const kept = (): readonly number[] => durableQueue.state().unconfirmed.map(({ seqNr }) => seqNr)

describe('work pulling with a durable queue', () => {
  it('gives what was not confirmed to the workers of the next controller, the oldest first', async () => {
    const before = await side()
    const a = await worker()
    await before.give('1', '2', '3')
    expect(await confirms(a)).toBe('1')
    kit.stop(a.ref)
    kit.stop(before.controller)
    expect(kept()).toEqual([2, 3])

    const after = await side()
    const b = await worker()

    expect([await confirms(b), await confirms(b)]).toEqual(['2', '3'])
    expect(kept()).toEqual([])
    await after.give('4')
    expect(durableQueue.state().currentSeqNr).toBe(5)
    expect(await confirms(b)).toBe('4')
    b.deliveries.expectNoMessage()
  })

  it('works on what was left before it has a producer', async () => {
    await durableQueue.storeSent([{ seqNr: 1, payload: { _tag: 'Whole', message: 'left' } }])()
    kit.spawn(WorkPullingProducerController.of('p', key, { durableQueue }))
    await kit.settle()

    expect(await confirms(await worker())).toBe('left')
    expect(kept()).toEqual([])
  })

  it('works off twenty thousand that were left in time that grows with their number', async () => {
    const backlog = 20_000
    const left = Array.from({ length: backlog }, (_, i): MessageSent<string> => {
      return { seqNr: i + 1, payload: { _tag: 'Whole', message: 'work' } }
    })
    await durableQueue.storeSent(left)()
    // The queue in memory looks through all that it has each time.
    const confirmed: number[] = []
    const storeConfirmed = (seqNr: number): TaskEither<never, void> => {
      confirmed.push(seqNr)
      return () => Promise.resolve(right(undefined))
    }
    const hand = kit.spawn(
      Behaviors.receiveMessageWithSame<Delivery<string>>(({ confirmTo }) => {
        confirmTo.tell(Confirmed)
      }),
    )
    kit.spawn(ConsumerController.of<string>({ serviceKey: key })).tell(ConsumerController.start(hand))

    await side({ durableQueue: { ...durableQueue, storeConfirmed } })

    expect(confirmed).toHaveLength(backlog)
    expect(confirmed.at(-1)).toBe(backlog)
  })

  it('tells a queue that has let go of some work already how far all is confirmed', async () => {
    for (const seqNr of [1, 2, 3])
      await durableQueue.storeSent([{ seqNr, payload: { _tag: 'Whole', message: String(seqNr) } }])()
    const load: typeof durableQueue.load = async () => {
      const { right: stored } = (await durableQueue.load()) as Right<DurableProducerState<string>>
      return right({ ...stored, unconfirmed: stored.unconfirmed.filter(({ seqNr }) => seqNr !== 2) })
    }
    await side({ durableQueue: { ...durableQueue, load } })
    const { deliveries } = await worker()

    for (const message of ['1', '3']) {
      deliveries.expectMessage((delivery) => delivery.message === message).confirmTo.tell(Confirmed)
      await kit.settle()
    }

    expect(durableQueue.state().unconfirmed).toEqual([])
  })

  it('lets go what is confirmed up to the oldest that is not', async () => {
    const { give } = await side()
    const [a, b] = [await worker(1), await worker(1)]
    await give('1', '2')
    const slow = a.deliveries.receiveMessage()

    await confirms(b)
    expect(kept()).toEqual([1, 2])
    slow.confirmTo.tell(Confirmed)
    await kit.settle()

    expect(kept()).toEqual([])
  })

  it('gives work to nobody before it is stored, and replies then', async () => {
    const { producer } = await side()
    const a = await worker()
    const replies = kit.createProbe<number>()
    producer.receiveMessage().askNextTo.tell({ _tag: 'MessageWithConfirmation', message: '1', replyTo: replies.ref })
    a.deliveries.expectNoMessage({ whileTasksRun: true })
    replies.expectNoMessage({ whileTasksRun: true })

    await kit.settle()

    replies.expectMessage(1)
    expect(await confirms(a)).toBe('1')
    replies.expectNoMessage()
  })

  it('tries the queue again, and fails when it does not come back', async () => {
    let failures = 3
    const failing: DurableProducerQueue<string, string> = {
      ...durableQueue,
      storeSent: (messages) =>
        failures-- > 0 ? () => Promise.resolve(left('disk full')) : durableQueue.storeSent(messages),
    }
    const { give } = await side({ durableQueue: failing })
    const a = await worker()
    await give('1')
    await passInSteps(kit, 350)
    expect(await confirms(a)).toBe('1')

    failures = 2
    const log = kit.createLogProbe({ level: 'error' })
    const second = await side({ durableQueue: failing, storeAttempts: 2 })
    second.producer.receiveMessage().sendNextTo.tell('2')
    await passInSteps(kit, 50)

    expect(String(log.receiveMessage().cause)).toMatch(
      /TroupeError\(IllegalState\): troupe:\/\/test\/user\/\S+: the durable queue could not store in 2 attempts: disk full\. See to the store/,
    )
  })

  it('refuses attempts that are out of range, and a queue that holds messages in pieces', async () => {
    expect(() => WorkPullingProducerController.of('p', key, { durableQueue, storeAttempts: 0 })).toThrow(
      "storeAttempts of the ProducerController of 'p' is 0, but must be a whole number from 1 up.",
    )
    const piece = { _tag: 'Chunk', bytes: new Uint8Array(1), isFirst: true, isLast: true } as const
    await durableQueue.storeSent([{ seqNr: 1, payload: piece }])()
    const log = kit.createLogProbe({ level: 'error' })

    await side()

    expect(String(log.receiveMessage().cause)).toMatch(
      /troupe:\/\/test\/user\/\S+: its durable queue holds message 1 in pieces.* Give each controller a queue of its own\.$/,
    )
  })
})
