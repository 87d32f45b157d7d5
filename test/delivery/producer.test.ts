/**
 * The producer's side of reliable delivery.
 */
import { left, right, type Either } from 'fp-ts/lib/Either.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors } from 'troupe'
import {
  ChunkCodec,
  DurableProducerQueue,
  ProducerController,
  type ConsumerControllerCommand,
  type RequestNext,
  type SequencedMessage,
} from 'troupe/delivery'
import { ActorTestKit } from 'troupe/testkit'
import { numbersOf, passInSteps, producerSide, request } from './support.js'

let kit: ActorTestKit

beforeEach(() => {
  kit = ActorTestKit.create()
})

const text = ChunkCodec.ofText<string>({ encode: (message) => message, decode: right })

describe('a producer controller', () => {
  it('K4: lets the producer send one message for each RequestNext, as far as is asked for', () => {
    const { controller, producer, give, numbers } = producerSide(kit)
    give('a')
    expect(numbers()).toEqual([-1])
    producer.expectNoMessage()

    controller.tell(request(0, 3))
    give('b', 'c')

    expect(numbers()).toEqual([2, 3])
    producer.expectNoMessage()
    controller.tell(request(2, 4))
    producer.expectMessage(({ currentSeqNr, confirmedSeqNr }) => currentSeqNr === 4 && confirmedSeqNr === 2)
  })

  it('K4: sends the first again until it is answered', () => {
    const { controller, give, numbers, sent } = producerSide(kit)
    give('a')
    kit.clock.timePasses(2_000)
    expect(numbers()).toEqual([-1, -1, -1])

    controller.tell(request(1, 20))

    sent.expectNoMessage({ forMs: 10_000 })
  })

  it('K4: sends again from where the consumer controller misses something', () => {
    const { controller, give, numbers } = producerSide(kit)
    give('a')
    controller.tell(request(1, 20))
    give('b', 'c', 'd')
    numbers()

    controller.tell({ _tag: 'Resend', fromSeqNr: 3 })

    expect(numbers()).toEqual([3, 4])
  })

  it('K4: gives a new consumer controller all that is unconfirmed: the first, and the rest when it asks', () => {
    const { controller, give, numbers } = producerSide(kit)
    give('a')
    controller.tell(request(1, 20))
    give('b', 'c', 'd')
    numbers()
    const other = kit.createProbe<ConsumerControllerCommand<string>>()

    controller.tell(ProducerController.registerConsumer(other.ref))
    expect(numbersOf(kit, other)).toEqual([-2])
    controller.tell(request(2, 22))

    expect(numbersOf(kit, other)).toEqual([3, 4])
    expect(numbers()).toEqual([])
  })

  it('K4: marks the first again for a consumer controller that does not know it', () => {
    const { controller, give, numbers } = producerSide(kit)
    give('a')
    controller.tell(request(1, 20))
    give('b', 'c')
    numbers()

    controller.tell({ _tag: 'Resend', fromSeqNr: 0 })

    expect(numbers()).toEqual([-2])
  })

  it('K4: in flow control only mode sends nothing again, and completes confirmations', () => {
    const { controller, producer, give, numbers } = producerSide(kit)
    const replies = kit.createProbe<number>()
    give('a')
    controller.tell(request(1, 20, false))
    give('b')
    producer.receiveMessage().askNextTo.tell({ _tag: 'MessageWithConfirmation', message: 'c', replyTo: replies.ref })
    expect(numbers()).toEqual([-1, 2, 3])

    controller.tell({ _tag: 'Resend', fromSeqNr: 2 })
    expect(numbers()).toEqual([])
    controller.tell({ _tag: 'Ack', confirmedSeqNr: 3 })

    replies.expectMessage(3)
  })

  it('K5: an Ack completes the confirmations up to it, in order', () => {
    const { controller, producer, give } = producerSide(kit)
    const replies = kit.createProbe<number>()
    give('a')
    controller.tell(request(1, 20))
    give('b')
    for (const message of ['c', 'd', 'e'])
      producer.receiveMessage().askNextTo.tell({ _tag: 'MessageWithConfirmation', message, replyTo: replies.ref })
    replies.expectNoMessage()

    controller.tell({ _tag: 'Ack', confirmedSeqNr: 4 })

    expect(replies.receiveMessages(2)).toEqual([3, 4])
    replies.expectNoMessage()
  })

  it('K5: with a durable queue replies when the message is stored, and sends it then', async () => {
    const durableQueue = DurableProducerQueue.inMemory<string>('q')
    const { producer, sent, numbers } = producerSide(kit, { durableQueue })
    const replies = kit.createProbe<number>()
    await kit.settle()
    producer.receiveMessage().askNextTo.tell({ _tag: 'MessageWithConfirmation', message: 'a', replyTo: replies.ref })
    sent.expectNoMessage({ whileTasksRun: true })
    replies.expectNoMessage({ whileTasksRun: true })

    await kit.settle()

    replies.expectMessage(1)
    expect(numbers()).toEqual([-1])
    expect(durableQueue.state().unconfirmed).toHaveLength(1)
  })

  it('K5: sends a large message in pieces, each under a number of its own', () => {
    const { controller, give, sent } = producerSide(kit, { chunking: { codec: text, chunkBytes: 1 } })
    give('abc')
    controller.tell(request(0, 20))

    const isChunk = (seqNr: number, letter: string, isFirst: boolean, isLast: boolean) => (each: unknown) => {
      const { seqNr: number, payload, first } = each as SequencedMessage<string>
      expect([number, first, payload]).toEqual([
        seqNr,
        seqNr === 1,
        { _tag: 'Chunk', bytes: new TextEncoder().encode(letter), isFirst, isLast },
      ])
      return true
    }
    sent.expectMessage(isChunk(1, 'a', true, false))
    sent.expectMessage(isChunk(2, 'b', false, false))
    sent.expectMessage(isChunk(3, 'c', false, true))
  })

  it('with a durable queue sends after a restart what was not confirmed, under the same numbers', async () => {
    const durableQueue = DurableProducerQueue.inMemory<string>('q')
    const before = producerSide(kit, { durableQueue })
    await kit.settle()
    before.controller.tell(request(0, 20))
    for (const message of ['a', 'b', 'c']) {
      before.give(message)
      await kit.settle()
    }
    before.controller.tell(request(1, 20))
    await kit.settle()
    kit.stop(before.controller)

    const after = producerSide(kit, { durableQueue })
    await kit.settle()

    expect(after.numbers()).toEqual([-2])
    after.controller.tell(request(2, 22))
    expect(after.numbers()).toEqual([3])
    expect(after.producer.receiveMessage().currentSeqNr).toBe(4)
  })

  it('tries a durable queue again, and fails when it does not come back', async () => {
    let failures = 3
    const inMemory = DurableProducerQueue.inMemory<string>('q')
    const durableQueue: DurableProducerQueue<string, string> = {
      ...inMemory,
      storeSent: (messages) =>
        failures-- > 0 ? () => Promise.resolve(left('disk full')) : inMemory.storeSent(messages),
    }
    const { give, numbers } = producerSide(kit, { durableQueue })
    await kit.settle()
    give('a')
    await passInSteps(kit, 300)
    expect(numbers()).toEqual([])
    await passInSteps(kit, 50)
    expect(numbers()).toEqual([-1])

    failures = 2
    const log = kit.createLogProbe({ level: 'error' })
    const failing = producerSide(kit, { durableQueue, storeAttempts: 2 })
    await kit.settle()
    failing.controller.tell(request(1, 20))
    await kit.settle()
    failing.give('b')
    await passInSteps(kit, 50)

    expect(String(log.receiveMessage().cause)).toMatch(/could not store in 2 attempts: disk full\. See to the store/)
  })

  /** A queue that is never well, and when it was tried. */
  const busyQueue = (
    busy: 'load' | 'storeSent',
  ): { readonly durableQueue: DurableProducerQueue<string, string>; readonly at: number[] } => {
    const at: number[] = []
    const refuse = (): Promise<Either<string, never>> => {
      at.push(kit.clock.now())
      return Promise.resolve(left('busy'))
    }
    const inMemory = DurableProducerQueue.inMemory<string>('q')
    return { at, durableQueue: { ...inMemory, [busy]: busy === 'load' ? refuse : () => refuse } }
  }
  const tenTries = [0, 50, 150, 350, 750, 1_550, 3_150, 6_150, 9_150, 12_150]

  it.each(['load', 'storeSent'] as const)('leaves a queue that cannot %s alone for longer each time', async (busy) => {
    const { at, durableQueue } = busyQueue(busy)
    const log = kit.createLogProbe({ level: 'error' })
    const { controller, give } = producerSide(kit, { durableQueue })
    await kit.settle()
    if (busy === 'storeSent') give('a')

    await passInSteps(kit, 12_100)
    expect(at).toEqual(tenTries.slice(0, 9))
    log.expectNoMessage()
    await passInSteps(kit, 50)

    expect(at).toEqual(tenTries)
    expect(String(log.receiveMessage().cause)).toMatch(/in 10 attempts: busy/)
    kit.createProbe().expectTerminated(controller)
  })

  it.each(['load', 'storeSent'] as const)('that stops does not try to %s again', async (busy) => {
    const { at, durableQueue } = busyQueue(busy)
    const { controller, give } = producerSide(kit, { durableQueue })
    await kit.settle()
    if (busy === 'storeSent') give('a')
    await passInSteps(kit, 100)

    kit.stop(controller)
    await passInSteps(kit, 1_000)

    expect(at).toEqual([0, 50])
  })

  it.each<[string, () => never | Promise<never>]>([
    [
      'throws',
      () => {
        throw new Error('busy')
      },
    ],
    ['rejects', () => Promise.reject(new Error('busy'))],
  ])('tries a durable queue again that %s', async (_, refuse) => {
    const queue = DurableProducerQueue.inMemory<string>('q')
    const refusals = { load: 1, storeSent: 1 }
    const durableQueue: typeof queue = {
      ...queue,
      load: () => (refusals.load-- > 0 ? refuse() : queue.load()),
      storeSent: (messages) => () => (refusals.storeSent-- > 0 ? refuse() : queue.storeSent(messages)()),
    }
    const { give, numbers } = producerSide(kit, { durableQueue })
    await passInSteps(kit, 50)

    give('a')
    await passInSteps(kit, 50)

    expect(numbers()).toEqual([-1])
  })

  it('takes what it is told while it waits for its queue', async () => {
    const inMemory = DurableProducerQueue.inMemory<string>('q')
    let failures = 2
    const load: typeof inMemory.load = () => (failures-- > 0 ? Promise.resolve(left('busy' as never)) : inMemory.load())
    const { controller, give, numbers } = producerSide(kit, { durableQueue: { ...inMemory, load } })
    await kit.settle()
    kit.clock.timePasses(10)
    controller.tell(request(0, 20))

    await passInSteps(kit, 200)
    give('a')
    await kit.settle()

    expect(numbers()).toEqual([-1])
  })

  it('stops with its producer', () => {
    const { controller } = producerSide(kit)
    const producer = kit.spawn(Behaviors.ignore)
    controller.tell(ProducerController.start(producer))

    kit.stop(producer)

    kit.createProbe().expectTerminated(controller)
  })

  it('lets a producer that was restarted send again', () => {
    const { controller, producer, give, numbers } = producerSide(kit)
    const lost = producer.receiveMessage()
    controller.tell(ProducerController.start(producer.ref))
    give('a')
    expect(numbers()).toEqual([-1])

    const dead = kit.createDeadLetterProbe()
    lost.sendNextTo.tell('late')

    dead.expectMessage(({ message }) => message === 'late')
  })

  it('takes no late message of the producer of before for the one that it has asked for', () => {
    const { controller, producer, sent } = producerSide(kit)
    const dead = kit.createDeadLetterProbe()
    const before = producer.receiveMessage()
    controller.tell(ProducerController.start(producer.ref))
    const now = producer.receiveMessage()

    before.sendNextTo.tell('late')
    now.sendNextTo.tell('asked for')

    expect(sent.receiveMessage()).toMatchObject({ payload: { message: 'asked for' } })
    expect(dead.receiveMessage()).toMatchObject({ message: 'late' })
  })

  it('asks nothing and sends nothing to a consumer controller that has stopped', () => {
    const { controller, give, producer } = producerSide(kit)
    const gone = kit.spawn(Behaviors.ignore)
    controller.tell(ProducerController.registerConsumer(gone))
    give('a')
    kit.stop(gone)
    const dead = kit.createDeadLetterProbe()

    dead.expectNoMessage({ forMs: 10_000 })
    producer.expectNoMessage()
  })
})

describe('a producer that makes a mistake', () => {
  it('is told at once when it sends two messages for one RequestNext', () => {
    const { producer } = producerSide(kit)
    const { sendNextTo, askNextTo }: RequestNext<string> = producer.receiveMessage()
    sendNextTo.tell('a')

    const again = (): void => {
      sendNextTo.tell('b')
    }
    expect(again).toThrow(/test\/user\/.*'p' has sent a second message for one RequestNext\. Send one, and wait/)
    expect(() => {
      askNextTo.tell({ _tag: 'MessageWithConfirmation', message: 'b', replyTo: kit.createProbe<number>().ref })
    }).toThrow('second message')
  })

  it('is told at once when it sends what cannot be a message, and may send another one', () => {
    const { producer } = producerSide(kit)
    const { sendNextTo, askNextTo }: RequestNext<string> = producer.receiveMessage()
    const replyTo = kit.createProbe<number>().ref

    expect(() => {
      sendNextTo.tell(undefined as never)
    }).toThrow(/undefined was sent to troupe:\/\/test\/user\/.*\. A message must be a value/)
    expect(() => {
      askNextTo.tell({ _tag: 'MessageWithConfirmation', message: null as never, replyTo })
    }).toThrow('null was sent to')

    expect(() => {
      sendNextTo.tell('a')
    }).not.toThrow()
  })

  it('is refused an id that is empty, and options that are out of range', () => {
    expect(() => ProducerController.of('')).toThrow(/producerId of a ProducerController is empty\. Give it a name/)
    expect(() => ProducerController.of('p', { resendIntervalMs: 0 })).toThrow(
      "resendIntervalMs of the ProducerController of 'p' is 0",
    )
    expect(() => ProducerController.of('p', { storeAttempts: 0 })).toThrow('storeAttempts')
    expect(() => ProducerController.of('p', { chunking: { codec: text, chunkBytes: 0 } })).toThrow('chunkBytes')
  })
})
