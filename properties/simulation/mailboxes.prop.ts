/**
 * The mailboxes in front of actors that crash: a plain list says what waits, and each hands out what the list says.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it } from 'vitest'
import { Behaviors, boundedMailbox, type MailboxFactory, type Probe } from 'troupe'
import { controlAwareMailbox, deduplicatingMailbox, priorityMailbox } from 'troupe/mailboxes'
import { collecting, expectSame, inAnyOrder, numbers, restarting, resuming } from './support.js'

/** A message, its number in the order in which they were told, and how urgent it is: 0 comes first. */
interface Mail {
  readonly number: number
  readonly rank: number
}

const isMail = (message: unknown): message is Mail =>
  typeof message === 'object' && message !== null && 'rank' in message

/** Puts a message among those that wait, the next to be handled first, and answers who has to go. */
type Arrive = (waiting: Mail[], mail: Mail) => Mail | undefined

/** The list beside the mailbox. What differs is noted: a probe that throws would be one more crash. */
class Model implements Probe {
  readonly differences: string[] = []
  handled = 0
  gone = 0
  told = 0
  readonly #waiting: Mail[] = []
  readonly #going: Mail[] = []
  readonly #arrive: Arrive

  constructor(arrive: Arrive) {
    this.#arrive = arrive
  }

  get waiting(): number {
    return this.#waiting.length + this.#going.length
  }

  enqueued(_: unknown, message: unknown): undefined {
    if (!isMail(message)) return
    this.told++
    const goes = this.#arrive(this.#waiting, message)
    if (goes !== undefined) this.#going.push(goes)
  }

  beforeHandle(_: unknown, message: unknown): void {
    if (!isMail(message)) return
    this.handled++
    this.#compare('handled', message, this.#waiting.shift())
  }

  settled(_: unknown, message: unknown, outcome: string): void {
    if (!isMail(message) || outcome === 'handled') return
    this.gone++
    this.#compare(outcome, message, this.#going.shift())
  }

  #compare(what: string, found: Mail, expected: Mail | undefined): void {
    if (found !== expected) this.differences.push(`${what} ${JSON.stringify(found)}, not ${JSON.stringify(expected)}`)
  }
}

/** Three tell the owner of a mailbox messages of many ranks while it crashes, and is restarted or resumed. */
const equals = (mailbox: MailboxFactory<Mail>, arrive: Arrive): Promise<void> => {
  let model = new Model(arrive)
  return inAnyOrder(
    { crash: 0.15, delay: 0.1, delayMs: 30 },
    (world) => {
      const supervised = world.random.next() < 0.5 ? restarting : resuming
      const owner = world.spawn(pipe(collecting<Mail>([]), supervised), 'frail', { mailbox })
      let number = 0
      for (const name of ['a', 'b', 'c'])
        world.spawn(
          Behaviors.setup<'go'>((context) => {
            for (const n of numbers(8)) context.scheduleOnce(n * 5, context.self, 'go')
            return Behaviors.receiveMessageWithSame(() => {
              for (let n = 0; n < 2; n++) owner.tell({ number: ++number, rank: Math.floor(world.random.next() * 4) })
            })
          }),
          name,
        )
      world.finally(() => {
        expectSame('differences', model.differences, [])
        expectSame('told, waiting, and what became of it', [model.told, model.waiting], [48, 0])
        expectSame('handled and gone', model.handled + model.gone, 48)
      })
    },
    () => (model = new Model(arrive)),
  )
}

/** Behind all that are at least as urgent. */
const insert = (waiting: Mail[], mail: Mail, rankOf: (mail: Mail) => number = ({ rank }) => rank): undefined => {
  const at = waiting.findIndex((other) => rankOf(other) > rankOf(mail))
  waiting.splice(at === -1 ? waiting.length : at, 0, mail)
}

describe('in front of an actor that crashes', () => {
  it('a priority mailbox gives the most urgent that waits, of those the oldest', () =>
    equals(
      priorityMailbox((mail: Mail) => mail.rank),
      insert,
    ))

  it('a priority mailbox with a bound refuses what finds no room, and nothing else', () =>
    equals(
      priorityMailbox((mail: Mail) => mail.rank, { capacity: 4 }),
      (waiting, mail) => (waiting.length >= 4 ? mail : insert(waiting, mail)),
    ))

  it('a control-aware mailbox gives control messages first, and bounds only the others', () => {
    const isControl = ({ rank }: Mail): boolean => rank === 0
    return equals(controlAwareMailbox(isControl, { capacity: 3 }), (waiting, mail) =>
      !isControl(mail) && waiting.filter((other) => !isControl(other)).length >= 3
        ? mail
        : insert(waiting, mail, (each) => (isControl(each) ? 0 : 1)),
    )
  })

  it('a deduplicating mailbox holds one message of each key, the newest, in the place of the oldest', () =>
    equals(
      deduplicatingMailbox((mail: Mail) => mail.rank),
      (waiting, mail) => {
        const at = waiting.findIndex(({ rank }) => rank === mail.rank)
        if (at >= 0) return waiting.splice(at, 1, mail)[0]
        waiting.push(mail)
        return undefined
      },
    ))

  it('a bounded mailbox gives what came first, and never holds more than it may', () =>
    equals(boundedMailbox(4, 'dropOldest'), (waiting, mail) => {
      waiting.push(mail)
      return waiting.length > 4 ? waiting.shift() : undefined
    }))
})
