/**
 * How messages are kept apart from the state of their sender.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, TroupeError, type ActorRef, type Isolation } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

class Money {
  cents: number

  constructor(cents: number) {
    this.cents = cents
  }
}

class Tags extends Set<string> {}
class Prices extends Map<string, number> {}
class Lines extends Array<string> {}

/** Built inside out, so that nothing recurses to make it. */
const nested = (depth: number): unknown => {
  let value: unknown = 'core'
  for (let n = 0; n < depth; n++) value = [value]
  return value
}

let received: unknown[]

beforeEach(() => {
  received = []
})

/** An actor that keeps what it gets, in a system with this isolation. */
const receiver = (isolation: Isolation): { readonly kit: ActorTestKit; readonly ref: ActorRef<unknown> } => {
  const kit = ActorTestKit.create({ settings: { isolation } })
  return {
    kit,
    ref: kit.spawn(
      Behaviors.receiveMessageWithSame<unknown>((message) => void received.push(message)),
      'receiver',
    ),
  }
}

const send = (isolation: Isolation, message: unknown): unknown => {
  const { kit, ref } = receiver(isolation)
  ref.tell(message)
  kit.runUntilQuiet()
  return received.at(-1)
}

describe("isolation 'trust'", () => {
  it('is the default and sends a message as it is', () => {
    const message = { list: [1], call: () => 1 }

    expect(ActorTestKit.create().system.settings.isolation).toBe('trust')
    expect(send('trust', message)).toBe(message)
    expect(Object.isFrozen(message)).toBe(false)
  })
})

describe("isolation 'freeze'", () => {
  it('makes plain data immutable through and through, before the sender goes on', () => {
    const message = { list: [{ n: 1 }], map: new Map([[{ key: 1 }, { value: 1 }]]), set: new Set([{ item: 1 }]) }
    const { ref } = receiver('freeze')

    ref.tell(message)

    expect(() => {
      message.list.push({ n: 2 })
    }).toThrow(TypeError)
    expect(() => {
      ;(message.list[0] as { n: number }).n = 2
    }).toThrow(TypeError)
    expect(() => message.map.set({ key: 2 }, { value: 2 })).toThrow(
      'was sent as a message and is frozen. Copy it first.',
    )
    expect(() => message.set.add({ item: 2 })).toThrow('was sent as a message and is frozen. Copy it first.')
    expect(() => {
      message.map.clear()
    }).toThrow(TroupeError)
    for (const [key, value] of message.map) expect([Object.isFrozen(key), Object.isFrozen(value)]).toEqual([true, true])
    for (const item of message.set) expect(Object.isFrozen(item)).toBe(true)
  })

  it('hands over the same object', () => {
    const message = { list: [1] }

    expect(send('freeze', message)).toBe(message)
  })

  it('freezes what lies under symbols and deep inside, and leaves a message that it refuses as it was', () => {
    const key = Symbol('key')
    const message = { [key]: { n: NaN }, list: [NaN] }
    const refused = { list: [1], map: new Map([['a', 1]]), call: () => 1 }
    const deep = nested(50_000)
    const { kit, ref } = receiver('freeze')

    ref.tell(message)
    ref.tell(message)
    ref.tell(deep)
    expect(() => {
      ref.tell(refused)
    }).toThrow('the message.call is a function')
    kit.runUntilQuiet()

    expect(received).toHaveLength(3)
    expect(Object.isFrozen(message[key])).toBe(true)
    expect(Object.isFrozen(deep)).toBe(true)
    refused.list.push(2)
    refused.map.set('a', 2)
    expect(refused).toMatchObject({ list: [1, 2], map: new Map([['a', 2]]) })
  })

  it('lets references, instances of classes and typed arrays pass as they are, and can meet them again', () => {
    const money = new Money(100)
    const bytes = Uint8Array.of(1, 2)
    const tags = new Tags(['new'])
    const { kit, ref } = receiver('freeze')
    const message = { money, bytes, tags, ref, again: ref }

    ref.tell(message)
    ref.tell(message)
    kit.runUntilQuiet()

    expect(received).toEqual([message, message])
    for (const passed of [money, bytes, tags, ref]) expect(Object.isFrozen(passed)).toBe(false)
    expect(tags.add('sold')).toBe(tags)
  })
})

describe("isolation 'clone'", () => {
  it('hands over a copy that shares no plain data', () => {
    const message = { list: [{ n: 1 }], map: new Map([['a', { n: 2 }]]), set: new Set([3]), bytes: Uint8Array.of(4) }
    const copy = send('clone', message) as typeof message

    expect(copy).toEqual(message)
    expect(copy).not.toBe(message)
    expect(copy.list[0]).not.toBe(message.list[0])
    expect(copy.map.get('a')).not.toBe(message.map.get('a'))
    expect(copy.set).not.toBe(message.set)
    expect(copy.bytes).not.toBe(message.bytes)
    message.list.push({ n: 9 })
    expect(copy.list).toHaveLength(1)
  })

  it('takes the copy at the time of the send', () => {
    const { kit, ref } = receiver('clone')
    const message = { n: 1 }

    ref.tell(message)
    message.n = 2
    kit.runUntilQuiet()

    expect(received).toEqual([{ n: 1 }])
  })

  it('lets references and instances of classes pass by identity, of those that extend collections too', () => {
    const { kit, ref } = receiver('clone')
    const message = [ref, new Money(100), new Tags(['new']), new Prices([['tea', 3]]), Lines.from(['one'])]

    ref.tell(message)
    kit.runUntilQuiet()

    const [copy] = received as [readonly unknown[]]
    expect(copy).not.toBe(message)
    for (const [index, part] of message.entries()) expect(copy[index]).toBe(part)
  })

  it('copies the bytes that a view shows, and no others, into one of the same class', () => {
    const pool = Uint8Array.from({ length: 64 }, (_, index) => index).buffer
    const views = [
      Buffer.from(pool, 8, 4),
      new Uint16Array(pool, 8, 2),
      new Float64Array(pool, 8, 1),
      new DataView(pool, 8, 4),
      pool.slice(8, 12),
    ]
    const copies = send('clone', views) as typeof views

    expect(copies).toEqual(views)
    expect(copies.map((copy) => copy.constructor)).toEqual(views.map((view) => view.constructor))
    for (const [index, copy] of copies.entries()) {
      expect(copy).not.toBe(views[index])
      if (ArrayBuffer.isView(copy)) expect(copy.buffer).not.toBe(pool)
    }
    expect((copies[3] as DataView).buffer.byteLength).toBe(4)
  })

  it('lets memory be shared that was made to be', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(4))

    expect(send('clone', shared)).toBe(shared)
  })

  it('copies what lies under symbols and under __proto__, and keeps holes', () => {
    const key = Symbol('key')
    const message = {
      [key]: { n: 1 },
      parsed: JSON.parse('{ "__proto__": { "n": 2 } }') as object,
      list: Object.assign(new Array<number>(3), { 0: 1 }),
    }
    const copy = send('clone', message) as typeof message

    expect(copy).toStrictEqual(message)
    expect(copy[key]).not.toBe(message[key])
    expect(Object.keys(copy.parsed)).toEqual(['__proto__'])
    expect(1 in copy.list).toBe(false)
  })

  it('copies what is nested deeper than a stack would allow', () => {
    let copy = send('clone', nested(50_000))
    let depth = 0
    for (; Array.isArray(copy); depth++) copy = copy[0]

    expect([depth, copy]).toEqual([50_000, 'core'])
  })

  it('keeps shapes: cycles, shared parts, objects without a prototype', () => {
    const shared = { n: 1 }
    const message: Record<string, unknown> = Object.assign(Object.create(null) as object, {
      left: shared,
      right: shared,
    })
    message['self'] = message

    const copy = send('clone', message) as Record<string, unknown>

    expect(Object.getPrototypeOf(copy)).toBeNull()
    expect(copy['self']).toBe(copy)
    expect(copy['left']).toBe(copy['right'])
    expect(copy['left']).not.toBe(shared)
  })
})

describe('what cannot be kept apart', () => {
  const refused: readonly (readonly [unknown, string])[] = [
    [() => 1, 'message is a function'],
    [{ on: { click: () => 1 } }, 'message.on.click is a function'],
    [{ list: [1, Symbol('s')] }, 'message.list[1] is a symbol'],
    [new Map([['a', { f: () => 1 }]]), 'message.get(a).f is a function'],
    [{ [Symbol('s')]: () => 1 }, 'message.Symbol(s) is a function'],
    [new Map([[Object.create(null), () => 1]]), 'message.get({}) is a function'],
    [new Map([[Symbol('s'), 1]]), 'the message (a key) is a symbol'],
    [new Set([() => 1]), 'the message (an element) is a function'],
  ]

  it.each(refused)('throws at the sender with the place inside the message: %o', (message, place) => {
    for (const isolation of ['freeze', 'clone'] as const) {
      const { kit, ref } = receiver(isolation)

      expect(() => {
        ref.tell(message)
      }).toThrow(`${place}, which cannot be kept apart from its sender.`)
      kit.runUntilQuiet()
      expect(received).toEqual([])
    }
  })

  it('applies to adapters, asks and contramapped references as to any', () => {
    const kit = ActorTestKit.create({ settings: { isolation: 'clone' } })
    const message = { n: 1 }
    kit.spawn(
      Behaviors.setup<unknown>((context) => {
        context.messageAdapter((given: unknown) => given).tell(message)
        return Behaviors.receiveMessageWithSame<unknown>((given) => void received.push(given))
      }),
    )
    kit.runUntilQuiet()

    expect(received).toEqual([message])
    expect(received[0]).not.toBe(message)
  })
})
