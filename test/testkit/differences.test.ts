import { describe, expect, it } from 'vitest'
import { Behaviors, contramapRef } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { differences } from '../../modules/testkit/differences.js'

const cyclic = (name: string): object => {
  const value: Record<string, unknown> = { name }
  value['self'] = value
  return value
}

class Point {
  readonly x: number

  constructor(x: number) {
    this.x = x
  }
}

const key = Symbol('key')

class Secret {
  readonly #n: number

  constructor(n: number) {
    this.#n = n
  }

  reveal(): number {
    return this.#n
  }
}

describe('differences', () => {
  const equals: readonly (readonly [string, unknown, unknown])[] = [
    ['primitives', NaN, NaN],
    ['arrays', [1, [2]], [1, [2]]],
    ['objects in any order of keys', { a: 1, b: 2 }, { b: 2, a: 1 }],
    ['maps with equal keys', new Map([[{ id: 1 }, 'a']]), new Map([[{ id: 1 }, 'a']])],
    ['sets in any order', new Set([{ a: 1 }, { b: 2 }]), new Set([{ b: 2 }, { a: 1 }])],
    ['dates', new Date(5), new Date(5)],
    ['typed arrays', Uint8Array.of(1, 2), Uint8Array.of(1, 2)],
    ['errors of one class and message', new TypeError('no'), new TypeError('no')],
    ['instances of one class', new Point(1), new Point(1)],
    ['cycles', cyclic('a'), cyclic('a')],
    ['URLs', new URL('http://a/'), new URL('http://a/')],
    ['array buffers', Uint8Array.of(1).buffer, Uint8Array.of(1).buffer],
    ['errors of one cause', new Error('no', { cause: { code: 1 } }), new Error('no', { cause: { code: 1 } })],
    ['objects without a prototype', Object.create(null), Object.create(null)],
    ['objects without fields', {}, {}],
  ]
  it.each(equals)('finds none between equal %s', (_, expected, actual) => {
    expect(differences(expected, actual)).toEqual([])
  })

  const unequal: readonly (readonly [unknown, unknown, readonly string[]])[] = [
    [0, -0, ['message: expected 0, got -0']],
    [1, '1', ["message: expected 1, got '1'"]],
    [{ a: { b: [1] } }, { a: { b: [2] } }, ['message.a.b[0]: expected 1, got 2']],
    [{ a: 1 }, {}, ['message.a: expected 1, but it is missing']],
    [{}, { a: 1 }, ['message.a: 1 was not expected']],
    [[1, 2], [1], ['message[1]: expected 2, but it is missing']],
    [[1], [1, 2], ['message[1]: 2 was not expected']],
    [new Map([['k', 1]]), new Map([['k', 2]]), ["message.get('k'): expected 1, got 2"]],
    [
      new Map([['k', 1]]),
      new Map([['l', 1]]),
      ["message.get('k'): expected 1, but it is missing", "message.get('l'): 1 was not expected"],
    ],
    [
      new Set([1]),
      new Set([2]),
      ['message: expected the element 1, but it is missing', 'message: the element 2 was not expected'],
    ],
    [new Date(1), new Date(2), ['message: expected Date(1), got Date(2)']],
    [Uint8Array.of(1), Uint8Array.of(2), ['message: expected Uint8Array[1], got Uint8Array[2]']],
    [new Error('a'), new Error('b'), ["message: expected Error('a'), got Error('b')"]],
    [new Point(1), { x: 1 }, ['message: expected Point { x: 1 }, got { x: 1 }']],
    [new URL('http://a/'), new URL('http://b/'), ['message: expected URL(http://a/), got URL(http://b/)']],
    [
      new URLSearchParams({ a: '1' }),
      new URLSearchParams({ a: '2' }),
      ['message: expected URLSearchParams(a=1), got URLSearchParams(a=2)'],
    ],
    [new ArrayBuffer(1), new ArrayBuffer(2), ['message: expected ArrayBuffer[0], got ArrayBuffer[0, 0]']],
    [{ [key]: 1 }, { [key]: 2 }, ['message[Symbol(key)]: expected 1, got 2']],
    [{ [key]: 1 }, {}, ['message[Symbol(key)]: expected 1, but it is missing']],
    [
      new Secret(1),
      new Secret(2),
      [
        'message: expected Secret {}, got Secret {}, another one of which nothing can be seen; expect it with a predicate',
      ],
    ],
    [
      new Error('no', { cause: 'disk' }),
      new Error('no', { cause: 'net' }),
      ["message.cause: expected 'disk', got 'net'"],
    ],
    [
      new AggregateError([new Error('a')], 'no'),
      new AggregateError([new Error('b')], 'no'),
      ["message.errors[0]: expected Error('a'), got Error('b')"],
    ],
    [cyclic('a'), cyclic('b'), ["message.name: expected 'a', got 'b'"]],
  ]
  it.each(unequal)('tells %o from %o', (expected, actual, lines) => {
    expect(differences(expected, actual)).toEqual(lines)
  })

  it('takes references of one actor for equal and shows others by path', () => {
    const kit = ActorTestKit.create()
    const a = kit.spawn(Behaviors.ignore, 'a')
    const b = kit.spawn(Behaviors.ignore, 'b')
    const seenThrough = contramapRef((n: number) => n)(a)

    expect(differences({ ref: a }, { ref: seenThrough })).toEqual([])
    expect(differences({ ref: a }, { ref: b })).toEqual([`message.ref: expected ${a.toString()}, got ${b.toString()}`])
  })
})
