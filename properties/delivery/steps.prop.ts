/**
 * The pure steps of both controllers on a line that loses, doubles and reorders, with ends that are started anew at any moment.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ConsumerReply } from 'troupe/delivery'
import {
  consumerWith,
  stepConsumer,
  type Consumer,
  type ConsumerEvent,
  type Source,
} from '../../modules/delivery/consumer.js'
import {
  producerFrom,
  stepProducer,
  type Numbered,
  type Producer,
  type ProducerEvent,
} from '../../modules/delivery/producer.js'

class Address {
  equals(that: Address): boolean {
    return this === that
  }
}

type Act =
  | { readonly _tag: 'carry'; readonly way: 'there' | 'back'; readonly index: number; readonly keep: boolean }
  | { readonly _tag: 'lose'; readonly way: 'there' | 'back'; readonly index: number }
  | { readonly _tag: 'confirm' | 'tick' | 'restartConsumer' | 'replaceConsumer' | 'restartProducer' }

const way = fc.constantFrom('there' as const, 'back' as const)
const acts: fc.Arbitrary<readonly Act[]> = fc.array(
  fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({ _tag: fc.constant('carry' as const), way, index: fc.nat(3), keep: fc.boolean() }),
    },
    { weight: 2, arbitrary: fc.record({ _tag: fc.constant('lose' as const), way, index: fc.nat(3) }) },
    { weight: 4, arbitrary: fc.constant({ _tag: 'confirm' as const }) },
    {
      weight: 1,
      arbitrary: fc.record({
        _tag: fc.constantFrom('tick', 'restartConsumer', 'replaceConsumer', 'restartProducer' as const),
      }),
    },
  ),
  { maxLength: 200 },
)

/** Both ends, and what is on its way between them. Producers are durable: they come back with what is stored. */
class World {
  readonly #window: number
  readonly #count: number
  readonly #pieces: number
  #given = 0
  #stored: { currentSeqNr: number; unconfirmed: readonly Numbered<number>[] } = { currentSeqNr: 1, unconfirmed: [] }
  #address = new Address()
  #producer: Producer<number, never>
  #consumer: Consumer<number, Address>
  readonly #there: ConsumerEvent<number, Address>[] = []
  readonly #back: { readonly to: Address; readonly reply: ConsumerReply }[] = []
  /** What each incarnation of the consumer was handed, apart from what was handed again to a consumer that was restarted. */
  processed: number[][] = [[]]
  confirmed: number[] = []

  constructor(count: number, window: number, pieces: number) {
    this.#count = count
    this.#window = window
    this.#pieces = pieces
    this.#producer = producerFrom(this.#stored)
    this.#consumer = consumerWith(window, true)
    this.#toProducer({ _tag: 'Started' })
    this.#toProducer({ _tag: 'ConsumerRegistered' })
    this.#toConsumer({ _tag: 'Started' })
  }

  get isDone(): boolean {
    return this.confirmed.includes(this.#count)
  }

  act(act: Act): void {
    switch (act._tag) {
      case 'carry':
        return act.way === 'there' ? this.#carryThere(act.index, act.keep) : this.#carryBack(act.index, act.keep)
      case 'lose':
        ;(act.way === 'there' ? this.#there : this.#back).splice(act.index, 1)
        return
      case 'confirm':
        if (this.#consumer.current !== undefined) {
          const [payload] = this.#consumer.current.payloads
          if (payload?._tag === 'Whole') this.confirmed.push(payload.message)
          if (payload?._tag === 'Chunk') this.confirmed.push(payload.bytes[0]!)
          this.#toConsumer({ _tag: 'Confirmed', arrived: this.#consumer.current })
        }
        return
      case 'tick':
        return this.#toProducer({ _tag: 'Ticked' })
      case 'restartConsumer':
        return this.#toConsumer({ _tag: 'Started' })
      case 'replaceConsumer':
        this.#consumer = consumerWith(this.#window, true)
        this.processed.push([])
        this.#there.length = 0
        this.#toConsumer({ _tag: 'Started' })
        return this.#toProducer({ _tag: 'ConsumerRegistered' })
      case 'restartProducer':
        this.#address = new Address()
        this.#producer = producerFrom(this.#stored)
        this.#toProducer({ _tag: 'Started' })
        return this.#toProducer({ _tag: 'ConsumerRegistered' })
    }
  }

  /** Nothing goes wrong any more. */
  finish(): void {
    for (let round = 0; !this.isDone; round++) {
      if (round > 2_000) throw new Error(`stuck: ${JSON.stringify([this.#producer, this.#consumer])}`)
      this.act({ _tag: 'carry', way: 'there', index: 0, keep: false })
      this.act({ _tag: 'carry', way: 'back', index: 0, keep: false })
      this.act({ _tag: 'confirm' })
      if (this.#there.length + this.#back.length === 0) this.act({ _tag: 'tick' })
    }
  }

  #carryThere(index: number, keep: boolean): void {
    const event = this.#there[index]
    if (event === undefined) return
    if (!keep) this.#there.splice(index, 1)
    this.#toConsumer(event)
  }

  #carryBack(index: number, keep: boolean): void {
    const sent = this.#back[index]
    if (sent === undefined) return
    if (!keep) this.#back.splice(index, 1)
    // What was for a producer controller that is gone is a dead letter.
    if (sent.to === this.#address) this.#toProducer(sent.reply)
  }

  #toProducer(event: ProducerEvent<number, never>): void {
    const [next, effects] = stepProducer(this.#producer, event)
    this.#producer = next
    const source: Source<Address> = { id: 'p', numbering: 'n', ref: this.#address }
    for (const effect of effects)
      switch (effect._tag) {
        case 'Send': {
          const { seqNr, payload, ack } = effect.numbered
          this.#there.push({ _tag: 'Received', received: { source, seqNr, payload, ack, first: effect.first } })
          break
        }
        case 'Poll':
          this.#there.push({ _tag: 'Polled', source, lastSeqNr: effect.lastSeqNr })
          break
        case 'RequestNext':
          this.#give()
          break
        case 'Store':
          this.#stored = {
            currentSeqNr: this.#stored.currentSeqNr + effect.numbered.length,
            unconfirmed: [...this.#stored.unconfirmed, ...effect.numbered],
          }
          this.#toProducer({ ...effect, _tag: 'Stored' })
          break
        case 'StoreConfirmed':
          this.#stored = {
            ...this.#stored,
            unconfirmed: this.#stored.unconfirmed.filter(({ seqNr }) => seqNr > effect.seqNr),
          }
          break
        case 'Reply':
      }
  }

  #give(): void {
    if (this.#given >= this.#count) return
    const n = ++this.#given
    const payloads =
      this.#pieces === 1
        ? [{ _tag: 'Whole' as const, message: n }]
        : Array.from({ length: this.#pieces }, (_, i) => ({
            _tag: 'Chunk' as const,
            bytes: Uint8Array.of(n),
            isFirst: i === 0,
            isLast: i === this.#pieces - 1,
          }))
    this.#toProducer({ _tag: 'Given', payloads, replyTo: undefined })
  }

  #toConsumer(event: ConsumerEvent<number, Address>): void {
    const [next, effects] = stepConsumer(this.#consumer, event)
    this.#consumer = next
    for (const effect of effects)
      switch (effect._tag) {
        case 'Deliver': {
          expect(effect.arrived.payloads).toHaveLength(this.#pieces)
          const values = effect.arrived.payloads.map((each) => (each._tag === 'Whole' ? each.message : each.bytes[0]!))
          expect(new Set(values).size).toBe(1)
          // A consumer that was restarted gets the one that it has not confirmed again.
          if (event._tag !== 'Started') this.processed.at(-1)!.push(values[0]!)
          break
        }
        case 'Request':
          this.#back.push({
            to: effect.to,
            reply: {
              _tag: 'Request',
              confirmedSeqNr: effect.confirmedSeqNr,
              requestUpToSeqNr: effect.requestUpToSeqNr,
              supportResend: true,
            },
          })
          break
        case 'Resend':
          this.#back.push({ to: effect.to, reply: { _tag: 'Resend', fromSeqNr: effect.fromSeqNr } })
          break
        case 'Ack':
          this.#back.push({ to: effect.to, reply: { _tag: 'Ack', confirmedSeqNr: effect.confirmedSeqNr } })
          break
        case 'Stop':
      }
  }
}

describe('a producer and a consumer on a bad line', () => {
  it('process and confirm every message, in order, once for each incarnation of the consumer', () => {
    fc.assert(
      fc.property(
        acts,
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        fc.integer({ min: 1, max: 3 }),
        (plan, count, window, pieces) => {
          const world = new World(count, window, pieces)
          for (const act of plan) world.act(act)
          world.finish()

          for (const mine of world.processed) expect(mine).toEqual(mine.map((_, i) => mine[0]! + i))
          // Each is confirmed; what a consumer has confirmed that is gone may be confirmed again by the next.
          expect([...new Set(world.confirmed)]).toEqual(Array.from({ length: count }, (_, i) => i + 1))
        },
      ),
    )
  })
})
