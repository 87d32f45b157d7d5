/**
 * The consumer's side of reliable delivery.
 */
import { left, right } from 'fp-ts/lib/Either.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, TroupeError, type ActorRef } from 'troupe'
import {
  ChunkCodec,
  Confirmed,
  ConsumerController,
  type ConsumerReply,
  type Delivery,
  type Payload,
  type ProducerControllerCommand,
} from 'troupe/delivery'
import { ActorTestKit } from 'troupe/testkit'
import { consumerSide, request } from './support.js'

let kit: ActorTestKit

beforeEach(() => {
  kit = ActorTestKit.create()
})

const text = ChunkCodec.ofText<string>({ encode: (message) => message, decode: right })
const chunk = (letter: string, isFirst: boolean, isLast: boolean): { readonly payload: Payload<never> } => ({
  payload: { _tag: 'Chunk', bytes: new TextEncoder().encode(letter), isFirst, isLast },
})

describe('a consumer controller', () => {
  it('K1: asks for a window at the first message, and again when the first is confirmed', () => {
    const { send, confirm, replies } = consumerSide(kit)

    send(1)
    replies.expectMessage(request(0, 20))
    replies.expectNoMessage()
    confirm(1)

    replies.expectMessage(request(1, 20))
  })

  it('K1: asks for more when half of the window is used up', () => {
    const { send, confirm, replies } = consumerSide(kit)
    for (let n = 1; n <= 20; n++) send(n)
    replies.expectMessage(request(0, 20))
    confirm(1)
    replies.expectMessage(request(1, 20))

    for (let n = 2; n <= 9; n++) confirm(n)
    replies.expectNoMessage()
    confirm(10)

    replies.expectMessage(request(10, 30))
    replies.expectNoMessage()
  })

  it('K1: works with a window of one', () => {
    const { send, confirm, replies } = consumerSide(kit, { window: 1 })
    for (const n of [1, 2]) {
      send(n)
      confirm(n)
    }

    expect(replies.receiveMessages(3)).toEqual([request(0, 1), request(1, 2), request(2, 3)])
  })

  it('K2: asks for what is missing, delivers one by one, and ignores what it has had', () => {
    const { send, confirm, replies, consumer } = consumerSide(kit)
    for (const n of [1, 2]) {
      send(n)
      confirm(n)
    }
    replies.receiveMessages(2)

    send(5)
    replies.expectMessage({ _tag: 'Resend', fromSeqNr: 3 })
    consumer.expectNoMessage()
    for (const n of [3, 4, 5]) send(n)
    for (const n of [3, 4, 5]) {
      confirm(n)
      if (n < 5) kit.runUntilQuiet()
    }
    for (const n of [5, 4, 3]) send(n)

    consumer.expectNoMessage()
    replies.expectNoMessage()
    send(6)
    confirm(6)
  })

  it('K2: takes the same number from another producer as another message', () => {
    const { send, confirm, consumer } = consumerSide(kit)
    const other = kit.createProbe<ConsumerReply>()
    send(1)
    confirm(1)

    send(1, { producerController: other.ref })
    confirm(1)
    send(1, { producerId: 'q' })
    confirm(1)

    other.expectMessage(request(0, 20))
    consumer.expectNoMessage()
  })

  it('tells a producer controller how far it came before it goes on to that of another producer', () => {
    const { send, confirm, replies } = consumerSide(kit)
    for (const n of [1, 2, 3]) {
      send(n)
      confirm(n)
    }
    replies.expectMessage(request(0, 20))
    replies.expectMessage(request(1, 20))

    send(1, { producerId: 'q', producerController: kit.createProbe<ConsumerReply>().ref })

    replies.expectMessage({ _tag: 'Ack', confirmedSeqNr: 3 })
  })

  it('K2: has all sent again by a producer that it does not know', () => {
    const { send, replies, consumer } = consumerSide(kit)

    send(7)

    replies.expectMessage({ _tag: 'Resend', fromSeqNr: 0 })
    consumer.expectNoMessage()
  })

  it('K3: holds later messages while one is unconfirmed', () => {
    const { send, consumer, confirm } = consumerSide(kit)
    for (const n of [1, 2, 3]) send(n)

    const first = consumer.receiveMessage()
    consumer.expectNoMessage({ forMs: 10_000 })
    first.confirmTo.tell(Confirmed)

    confirm(2)
    confirm(3)
  })

  it('K3: delivers again what a consumer that was restarted has not confirmed', () => {
    const { controller, send, consumer, confirm } = consumerSide(kit)
    for (const n of [1, 2]) send(n)
    confirm(1)
    consumer.expectMessage(({ seqNr }) => seqNr === 2)

    controller.tell(ConsumerController.start(consumer.ref))

    confirm(2)
    consumer.expectNoMessage()
  })

  it('takes no late confirmation for that of the same number from another producer', () => {
    const { controller, consumer, send } = consumerSide(kit)
    const q = { producerId: 'q', producerController: kit.createProbe<ConsumerReply>().ref }
    send(1)
    const before = consumer.receiveMessage()
    controller.tell(ConsumerController.start(consumer.ref))
    const again = consumer.receiveMessage()
    send(1, q)
    again.confirmTo.tell(Confirmed)
    consumer.expectMessage(({ producerId }) => producerId === 'q')
    send(2, q)

    before.confirmTo.tell(Confirmed)

    consumer.expectNoMessage()
  })

  it('K3: stops with its consumer, and says what is confirmed', () => {
    const { controller, send, replies } = consumerSide(kit)
    const consumer = kit.spawn(Behaviors.ignore)
    controller.tell(ConsumerController.start(consumer))
    const other = consumerSide(kit)
    for (const n of [1, 2]) other.send(n)
    other.confirm(1)
    other.confirm(2)
    other.replies.receiveMessages(2)
    send(1)
    replies.expectMessage(request(0, 20))

    const watcher = kit.createProbe()
    kit.stop(consumer)
    watcher.expectTerminated(controller)
    kit.stop(other.controller)

    replies.expectNoMessage()
    other.replies.expectMessage({ _tag: 'Ack', confirmedSeqNr: 2 })
  })

  it('K3: DeliverThenStop drains what has arrived, takes nothing more, and stops', () => {
    const { controller, send, confirm, replies } = consumerSide(kit)
    for (const n of [1, 2, 3]) send(n)

    controller.tell(ConsumerController.deliverThenStop())
    send(4)
    for (const n of [1, 2, 3]) confirm(n)

    kit.createProbe().expectTerminated(controller)
    expect(replies.receiveMessages(3).at(-1)).toEqual({ _tag: 'Ack', confirmedSeqNr: 3 })
  })

  it('K4: in flow control only mode asks for nothing again', () => {
    const { send, confirm, replies } = consumerSide(kit, { onlyFlowControl: true })
    send(1)
    confirm(1)
    replies.receiveMessages(2)

    send(5, { ack: true })
    confirm(5)

    replies.expectMessage({ _tag: 'Ack', confirmedSeqNr: 5 })
    replies.expectNoMessage()
  })

  it('K5: puts a message together that comes in pieces', () => {
    const { send, consumer, replies } = consumerSide(kit, { codec: text })
    send(1, chunk('a', true, false))
    send(2, chunk('b', false, false))
    consumer.expectNoMessage()
    send(3, chunk('c', false, true))

    const delivery = consumer.expectMessage(({ message, seqNr }) => message === 'abc' && seqNr === 3)
    delivery.confirmTo.tell(Confirmed)

    expect(replies.receiveMessages(2)).toEqual([request(0, 20), request(3, 20)])
  })

  it('K5: gives back the text that was sent, also one that begins with a byte order mark', () => {
    expect(text.decode(text.encode('\uFEFFabc'))).toEqual(right('\uFEFFabc'))
  })

  it('K5: asks on for the pieces of a message that is larger than the window', () => {
    const { send, replies } = consumerSide(kit, { codec: text, window: 2 })
    send(1, chunk('a', true, false))
    expect(replies.receiveMessages(2)).toEqual([request(0, 2), request(0, 3)])
    send(2, chunk('b', false, false))

    replies.expectMessage(request(0, 4))
  })

  it('fails where the pieces cannot be put together, and says what to do', () => {
    const failing = (codec?: ChunkCodec<string>): string => {
      const log = kit.createLogProbe({ level: 'error' })
      const { send } = consumerSide(kit, codec === undefined ? {} : { codec })
      send(1, chunk('a', true, true))
      return String(log.receiveMessage().cause)
    }

    expect(failing()).toMatch(/IllegalState.*test\/user\/.*came in pieces.*Give ConsumerController\.of the codec/)
    const picky = ChunkCodec.ofText<string>({ encode: (message) => message, decode: () => left('no order') })
    expect(failing(picky)).toMatch(/IllegalState.*cannot be decoded: no order\. Give/)
  })

  it('registers until something comes from the producer controller', () => {
    const { controller, send } = consumerSide(kit)
    const producing = kit.createProbe<ProducerControllerCommand<string>>()
    const registration = { _tag: 'RegisterConsumer', consumerController: controller } as const
    controller.tell(ConsumerController.registerToProducerController(producing.ref))
    producing.expectMessage(registration)
    kit.clock.timePasses(1_000)
    producing.expectMessage(registration)

    send(1)

    producing.expectNoMessage({ forMs: 10_000 })
  })

  it('goes on registering at another producer controller while messages of the one before come', () => {
    const { controller, send, confirm } = consumerSide(kit)
    const another = kit.createProbe<ProducerControllerCommand<string>>()
    send(1)
    confirm(1)
    controller.tell(ConsumerController.registerToProducerController(another.ref))
    const registration = another.receiveMessage()

    send(2)
    kit.clock.timePasses(1_000)

    another.expectMessage(registration)
  })

  it('gives up registering when the producer controller ends, however often it was told to', () => {
    const { controller } = consumerSide(kit)
    const producing = kit.spawn(Behaviors.ignore)
    for (let n = 0; n < 2; n++) controller.tell(ConsumerController.registerToProducerController(producing))
    kit.runUntilQuiet()
    kit.stop(producing)
    const dead = kit.createDeadLetterProbe()

    kit.clock.timePasses(10_000)

    dead.expectNoMessage()
  })

  it('tells whoever polls what it has, and what it misses', () => {
    const { controller, send, confirm, replies } = consumerSide(kit)
    const poll = (lastSeqNr: number): void => {
      const producerController: ActorRef<ConsumerReply> = replies.ref
      controller.tell({ _tag: 'Poll', producerId: 'p', lastSeqNr, numbering: undefined, producerController })
    }
    poll(1)
    replies.expectMessage({ _tag: 'Resend', fromSeqNr: 0 })
    send(1)
    confirm(1)
    replies.receiveMessages(2)

    poll(1)
    replies.expectMessage(request(1, 20))
    poll(3)
    replies.expectMessage(request(1, 20))
    replies.expectMessage({ _tag: 'Resend', fromSeqNr: 2 })
  })

  it('makes room again in flow control only mode when it is polled about what was lost', () => {
    const { controller, send, confirm, replies } = consumerSide(kit, { onlyFlowControl: true, window: 4 })
    send(1)
    confirm(1)
    replies.receiveMessages(2)

    const numbering = undefined
    controller.tell({ _tag: 'Poll', producerId: 'p', lastSeqNr: 4, numbering, producerController: replies.ref })

    expect(replies.receiveMessages(2).at(-1)).toEqual(request(4, 8, false))
  })
})

describe('a consumer that makes a mistake', () => {
  it('is told at once when it confirms twice; nobody else is troubled', () => {
    const { send, consumer, confirm } = consumerSide(kit)
    send(1)
    const { confirmTo }: Delivery<string> = consumer.receiveMessage()
    confirmTo.tell(Confirmed)

    expect(() => {
      confirmTo.tell(Confirmed)
    }).toThrow(/confirmed message 1 of 'p' twice\. Confirm each delivery once, to its own confirmTo\./)
    try {
      confirmTo.tell(Confirmed)
    } catch (error) {
      expect(error).toBeInstanceOf(TroupeError)
      expect(error).toMatchObject({ _tag: 'IllegalState' })
      expect(String(error)).toContain('test/user/')
    }
    send(2)
    confirm(2)
  })

  it('is refused a window of 0', () => {
    expect(() => ConsumerController.of({ window: 0 })).toThrow(
      'window of ConsumerController is 0, but must be a whole number from 1 up.',
    )
    expect(() => ConsumerController.of({ registerIntervalMs: 0 })).toThrow('above 0')
  })
})
