/**
 * Pools and groups.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, TroupeError, contramapRef, type ActorRef, type Behavior } from 'troupe'
import { Receptionist, Routers, Routing, ServiceKey, type PoolCommand, type PoolOptions } from 'troupe/discovery'
import { kit, newScene, tellAll, useKit } from '../scene.js'

/** Which routee got what. */
let got: Map<number, string[]>
let started: number

beforeEach(() => {
  newScene()
  got = new Map()
  started = 0
})

/** Writes down what it gets; ends by 'stop', fails by 'fail'. */
const worker = (): Behavior<string> =>
  Behaviors.setup<string>(() => {
    const number = ++started
    const mine: string[] = []
    got.set(number, mine)
    return Behaviors.receiveMessage<string>((text) => {
      if (text === 'fail') throw new Error(text)
      mine.push(text)
      return text === 'stop' ? Behaviors.stopped : Behaviors.same
    })
  })

const counts = (): readonly number[] => [...got.values()].map((texts) => texts.length)
const letters = (count: number): readonly string[] => Array.from({ length: count }, (_, i) => `m${String(i)}`)

describe('a pool', () => {
  const pool = (options: PoolOptions<string>): ActorRef<string | PoolCommand> => {
    const ref = kit.spawn(Routers.pool(options)(worker()), 'pool')
    kit.runUntilQuiet()
    return ref
  }

  it('I1: starts its routees and reaches all of them in turn', () => {
    const ref = pool({ size: 4 })
    expect(started).toBe(4)

    tellAll(ref, ...letters(9))

    expect(counts()).toEqual([3, 2, 2, 2])
    expect(got.get(1)).toEqual(['m0', 'm4', 'm8'])
  })

  it('I1: goes on with those that are left, and stops with the last', () => {
    const ref = pool({ size: 4 })

    tellAll(ref, 'stop', 'fail')
    tellAll(ref, ...letters(6))
    expect(counts()).toEqual([1, 0, 3, 3])

    tellAll(ref, 'stop')
    tellAll(ref, 'stop')
    kit.createProbe().expectTerminated(ref)
  })

  it('I1: sends to each once what is to be broadcast', () => {
    const ref = pool({ size: 3, broadcast: (text) => text.startsWith('all') })

    tellAll(ref, 'all 1', 'one', 'all 2')

    expect([...got.values()]).toEqual([
      ['all 1', 'one', 'all 2'],
      ['all 1', 'all 2'],
      ['all 1', 'all 2'],
    ])
  })

  it('keeps routees that are supervised', () => {
    const ref = kit.spawn(
      pipe(worker(), Behaviors.supervise(SupervisorStrategy.restart), Routers.pool({ size: 2 })),
      'pool',
    )

    tellAll(ref, 'fail', 'fail', 'a', 'b')

    expect(started).toBe(4)
    expect([...got.values()].flat()).toEqual(['a', 'b'])
  })

  it('keeps messages of one key together', () => {
    const ref = pool({ size: 5, routing: Routing.consistentHash((text) => text.slice(0, 1)) })

    tellAll(ref, ...['a1', 'b1', 'c1', 'd1', 'a2', 'b2', 'c2', 'd2'])

    for (const key of ['a', 'b', 'c', 'd'])
      expect([...got.values()].filter((texts) => texts.some((text) => text.startsWith(key)))).toHaveLength(1)
  })

  it('that hashes is done with the end of hundreds of routees soon', () => {
    const ref = pool({ size: 400, broadcast: () => true, routing: Routing.consistentHash((text) => text) })

    tellAll(ref, 'stop')

    kit.createProbe().expectTerminated(ref)
  })

  it('picks at random with the chance of the system', () => {
    const numbers = [0.99, 0, 0.5, 0.34]
    useKit({ random: { next: () => numbers.shift() ?? 0 } })
    const ref = pool({ size: 3, routing: Routing.random })

    tellAll(ref, 'a', 'b', 'c', 'd')

    expect([...got.values()]).toEqual([['b'], ['c', 'd'], ['a']])
  })

  it('grows and shrinks within its bounds; who has to go finishes its work first', () => {
    const ref = pool({ size: 2, bounds: { min: 1, max: 3 } })
    const probe = kit.createProbe<number>()
    const dead = kit.createDeadLetterProbe()

    for (const text of ['a', 'b', 'c', 'd']) ref.tell(text)
    tellAll(ref, Routers.resizePool(1), 'e', 'f')
    expect([...got.values()]).toEqual([
      ['a', 'c', 'e', 'f'],
      ['b', 'd'],
    ])

    tellAll(ref, Routers.resizePool(3), Routers.poolSize(probe.ref))
    probe.expectMessage(3)
    expect(started).toBe(4)
    dead.expectNoMessage()
  })

  it('warns when it is asked for more than its bounds allow', () => {
    const log = kit.createLogProbe({ level: 'warn' })
    const ref = pool({ size: 2, bounds: { min: 2, max: 3 } })
    const probe = kit.createProbe<number>()

    tellAll(ref, Routers.resizePool(9), Routers.poolSize(probe.ref), Routers.resizePool(1), Routers.poolSize(probe.ref))

    expect(probe.receiveMessages(2)).toEqual([3, 2])
    expect(log.receiveMessage().message).toBe('It was asked for 9 routees and has 3: its bounds are 2 to 3.')
  })

  it.each<[string, PoolOptions<string>, RegExp]>([
    ['a size of 0', { size: 0 }, /size of Routers.pool is 0, but must be a whole number from 1 up/],
    ['a size outside of its bounds', { size: 5, bounds: { min: 1, max: 4 } }, /is 5, outside of its bounds 1 to 4/],
    ['bounds that are none', { size: 1, bounds: { min: 3, max: 2 } }, /bounds.max of Routers.pool is 2/],
  ])('I1: refuses %s', (_, options, words) => {
    expect(() => Routers.pool(options)).toThrow(TroupeError)
    expect(() => Routers.pool(options)).toThrow(words)
  })

  it('refuses to be resized to nothing', () => {
    expect(() => Routers.resizePool(0)).toThrow(/size of Routers.resizePool is 0/)
  })
})

describe('a group', () => {
  const key = ServiceKey.of<string>('workers')
  const register = (ref = kit.spawn(worker())): ActorRef<string> => {
    Receptionist.get(kit.system).tell(Receptionist.register(key, ref))
    kit.runUntilQuiet()
    return ref
  }
  /** One whose view throws. */
  const registerBroken = (): ActorRef<string> =>
    register(
      contramapRef((text: string): string => {
        throw new Error(text)
      })(kit.spawn(worker())),
    )

  it('reaches those who are registered, as they come and go', () => {
    const first = register()
    const ref = kit.spawn(Routers.group(key))

    tellAll(ref, 'a')
    register()
    tellAll(ref, 'b', 'c', 'd')
    expect([...got.values()]).toEqual([['a', 'b', 'd'], ['c']])

    kit.stop(first)
    tellAll(ref, 'e', 'f')
    expect(got.get(2)).toEqual(['c', 'e', 'f'])
  })

  it('holds messages until the receptionist has answered, and no longer', () => {
    register()
    const ref = kit.spawn(Routers.group(key, { capacityMessages: 2 }))
    const dead = kit.createDeadLetterProbe()

    tellAll(ref, 'a', 'b', 'c')

    expect(got.get(1)).toEqual(['a', 'b'])
    expect(dead.receiveMessage().message).toBe('c')
  })

  it('sends to dead letters what comes while nobody is registered', () => {
    const ref = kit.spawn(Routers.group(key))
    kit.runUntilQuiet()
    const dead = kit.createDeadLetterProbe()

    tellAll(ref, 'a')

    expect(dead.receiveMessage().message).toBe('a')
  })

  it('sends to each once what is to be broadcast, and hashes where it is told to', () => {
    const workers = [register(), register(), register()]
    const ref = kit.spawn(
      Routers.group(key, { broadcast: (text) => text === 'all', routing: Routing.consistentHash((text) => text) }),
    )

    tellAll(ref, 'x', 'x', 'x', 'all')

    expect(workers).toHaveLength(3)
    expect([...counts()].sort()).toEqual([1, 1, 4])
  })

  it('that hashes is done with hundreds of registrations soon', () => {
    const ref = kit.spawn(Routers.group(key, { routing: Routing.consistentHash((text) => text) }))
    kit.runUntilQuiet()
    const workers = Array.from({ length: 400 }, () => kit.spawn(worker()))

    tellAll(Receptionist.get(kit.system), ...workers.map((ref) => Receptionist.register(key, ref)))
    tellAll(ref, 'a', 'a')

    expect([...got.values()].filter((texts) => texts.length === 2)).toEqual([['a', 'a']])
  })

  it('broadcasts to those after one whose view throws, and logs that', () => {
    const records = kit.createLogProbe({ level: 'error' })
    const broken = registerBroken()
    register()
    const ref = kit.spawn(Routers.group(key, { broadcast: () => true }))

    tellAll(ref, 'a', 'b')

    expect([...got.values()]).toEqual([[], ['a', 'b']])
    expect(records.receiveMessages(2).map(({ message }) => message)).toEqual(
      Array(2).fill(`${String(broken)} could not be told what was for it.`),
    )
  })

  it('goes on with the next after one whose view throws, and logs that', () => {
    const records = kit.createLogProbe({ level: 'error' })
    const broken = registerBroken()
    register()
    const ref = kit.spawn(Routers.group(key))

    tellAll(ref, 'a', 'b', 'c', 'd')

    expect([...got.values()]).toEqual([[], ['b', 'd']])
    expect(records.receiveMessages(2).map(({ message }) => message)).toEqual(
      Array(2).fill(`${String(broken)} could not be told what was for it.`),
    )
  })

  it('refuses a capacity of 0', () => {
    expect(() => Routers.group(key, { capacityMessages: 0 })).toThrow(/capacityMessages of Routers.group is 0/)
    expect(() => Routing.consistentHash(String, 0)).toThrow(/pointsEach of Routing.consistentHash is 0/)
  })
})
