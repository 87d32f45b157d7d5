/**
 * The receptionist, topics, and finding actors.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  Receptionist,
  ServiceKey,
  Topic,
  contramapRef,
  find,
  type ActorRef,
  type Listing,
  type Registered,
} from 'troupe'
import { ActorTestKit, type TestProbe } from 'troupe/testkit'

let kit: ActorTestKit

beforeEach(() => {
  kit = ActorTestKit.create()
})

/** Throws at whatever it is told. */
const brokenView = <A>(): ActorRef<A> =>
  contramapRef((): string => {
    throw new Error('no view')
  })(kit.spawn(Behaviors.ignore))

/** Two probes whose paths are equal, in two systems of one name. */
const twins = <A>(): readonly [TestProbe<A>, TestProbe<A>] => {
  const [mine, theirs] = [kit.createProbe<A>(), ActorTestKit.create().createProbe<A>()]
  expect(String(theirs.ref)).toBe(String(mine.ref))
  return [mine, theirs]
}

describe('the receptionist', () => {
  const key = ServiceKey.of<string>('printers')
  const other = ServiceKey.of<string>('plotters')

  const tell = (command: Parameters<ReturnType<typeof Receptionist.get>['tell']>[0]): void => {
    Receptionist.get(kit.system).tell(command)
    kit.runUntilQuiet()
  }
  const subscribe = (to = key): TestProbe<Listing<string>> => {
    const probe = kit.createProbe<Listing<string>>()
    tell(Receptionist.subscribe(to, probe.ref))
    return probe
  }
  const spawn = (): ActorRef<string> => kit.spawn(Behaviors.ignore)
  const listing = (...refs: readonly ActorRef<string>[]): Listing<string> => ({
    _tag: 'Listing',
    keyId: 'printers',
    refs,
  })

  it('I2: tells a subscriber who is there at once, and whenever that changes', () => {
    const probe = subscribe()
    probe.expectMessage(listing())
    const [a, b] = [spawn(), spawn()]

    tell(Receptionist.register(key, a))
    tell(Receptionist.register(key, b))

    probe.expectMessage(listing(a))
    probe.expectMessage(listing(a, b))
  })

  it('forgets who has stopped under all keys, also when the view of a subscriber throws', () => {
    tell(Receptionist.subscribe(key, brokenView()))
    const [probe, others] = [subscribe(), subscribe(other)]
    const a = spawn()
    for (const each of [key, other]) tell(Receptionist.register(each, a))

    kit.stop(a)

    for (const refs of [[], [a], []]) probe.expectMessage(listing(...refs))
    for (const refs of [[], [a], []]) others.expectMessage({ ...listing(...refs), keyId: 'plotters' })
  })

  it('tells references of equal path in two systems apart', () => {
    const [a, b] = twins<string>()
    const probe = subscribe()
    for (const { ref } of [a, b]) tell(Receptionist.register(key, ref))
    tell(Receptionist.deregister(key, a.ref))

    for (const refs of [[], [a.ref], [a.ref, b.ref], [b.ref]]) probe.expectMessage(listing(...refs))
  })

  it('I2: takes a reference out under one key and keeps it under the other', () => {
    const [probe, others] = [subscribe(), subscribe(other)]
    const a = spawn()
    tell(Receptionist.register(key, a))
    tell(Receptionist.register(other, a))
    others.receiveMessages(2)

    tell(Receptionist.deregister(key, a))

    expect(probe.receiveMessages(3).at(-1)).toEqual(listing())
    others.expectNoMessage()
    expect(find.byKey(other)(kit.system)).toEqual([a])
  })

  it('I2: takes out what has stopped; it can be registered again while it lives', () => {
    const probe = subscribe()
    const [a, b] = [spawn(), spawn()]
    tell(Receptionist.register(key, a))
    tell(Receptionist.register(key, b))
    tell(Receptionist.deregister(key, b))
    tell(Receptionist.register(key, b))
    probe.receiveMessages(5)

    kit.stop(a)

    probe.expectMessage(listing(b))
  })

  it('I2: finds nobody under a key that nobody knows', () => {
    const probe = kit.createProbe<Listing<string>>()

    tell(Receptionist.find(ServiceKey.of<string>('unknown'))(probe.ref))

    probe.expectMessage({ _tag: 'Listing', keyId: 'unknown', refs: [] })
  })

  it('lists a reference once, tells who registers it, and says nothing when nothing has changed', () => {
    const probe = subscribe()
    const acks = kit.createProbe<Registered>()
    const a = spawn()

    tell(Receptionist.register(key, a, acks.ref))
    tell(Receptionist.register(key, a, acks.ref))
    tell(Receptionist.deregister(key, a, acks.ref))
    tell(Receptionist.deregister(key, a, acks.ref))

    expect(acks.receiveMessages(4).map(({ _tag }) => _tag)).toEqual([
      'Registered',
      'Registered',
      'Deregistered',
      'Deregistered',
    ])
    expect(probe.receiveMessages(3).map(({ refs }) => refs.length)).toEqual([0, 1, 0])
    probe.expectNoMessage()
  })

  it('lists nobody who has stopped already', () => {
    const a = spawn()
    kit.stop(a)
    const probe = subscribe()

    tell(Receptionist.register(key, a))

    expect(probe.receiveMessage()).toEqual(listing())
    probe.expectNoMessage()
  })

  it('goes on without a subscriber that has stopped or unsubscribed', () => {
    const probe = subscribe()
    const dead = kit.createDeadLetterProbe()
    const gone = kit.spawn(Behaviors.ignore)
    tell(Receptionist.subscribe(key, gone))
    kit.stop(gone)
    tell(Receptionist.unsubscribe(key, probe.ref))
    probe.receiveMessage()

    tell(Receptionist.register(key, spawn()))

    probe.expectNoMessage()
    dead.expectNoMessage()
  })

  it('is one for each system', () => {
    expect(Receptionist.get(kit.system)).toBe(Receptionist.get(kit.system))
    expect(Receptionist.get(kit.system).path.toString()).toBe('troupe://test/system/receptionist')
  })

  it('refuses a key without a name', () => {
    expect(() => ServiceKey.of('')).toThrow(/The id of a ServiceKey is empty. Give it a name/)
  })
})

describe('a topic', () => {
  it('reaches those who are subscribed, each once, until they leave or stop', () => {
    const topic = kit.spawn(Topic.of<string>())
    const [a, b, counts] = [kit.createProbe<string>(), kit.createProbe<string>(), kit.createProbe<number>()]
    const dead = kit.createDeadLetterProbe()
    const mortal = kit.spawn(Behaviors.ignore)

    for (const ref of [a.ref, b.ref, a.ref, mortal]) topic.tell(Topic.subscribe<string>(ref))
    topic.tell(Topic.countSubscribers(counts.ref))
    topic.tell(Topic.publish('one'))
    kit.runUntilQuiet()
    kit.stop(mortal)
    topic.tell(Topic.unsubscribe(b.ref))
    topic.tell(Topic.publish('two'))
    topic.tell(Topic.countSubscribers(counts.ref))

    expect(a.receiveMessages(2)).toEqual(['one', 'two'])
    expect(b.receiveMessage()).toBe('one')
    b.expectNoMessage()
    expect(counts.receiveMessages(2)).toEqual([3, 1])
    dead.expectNoMessage()
  })

  it('reaches subscribers of equal path in two systems', () => {
    const [a, b] = twins<string>()
    const topic = kit.spawn(Topic.of<string>())
    for (const { ref } of [a, b]) topic.tell(Topic.subscribe(ref))
    topic.tell(Topic.publish('hello'))
    kit.runUntilQuiet()

    a.expectMessage('hello')
    b.expectMessage('hello')
  })

  it('reaches the subscribers after one whose view throws, and logs that', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const topic = kit.spawn(Topic.of<string>())
    const probe = kit.createProbe<string>()
    for (const ref of [brokenView<string>(), probe.ref]) topic.tell(Topic.subscribe(ref))
    topic.tell(Topic.publish('hello'))

    probe.expectMessage('hello')
    expect(errors.receiveMessage().cause).toEqual(new Error('no view'))
  })

  it('keeps its subscribers when passing a message on fails', () => {
    const topic = kit.spawn(Topic.of<number>())
    const probe = kit.createProbe<number>()
    topic.tell(Topic.subscribe(probe.ref))

    topic.tell(Topic.publish(null as never))
    topic.tell(Topic.publish(1))

    probe.expectMessage(1)
  })
})

describe('find', () => {
  const tree = (depth: number): ReturnType<typeof Behaviors.setup<string>> =>
    Behaviors.setup<string>((context) => {
      if (depth > 0) for (const name of ['a', 'b-1']) context.spawn(tree(depth - 1), name)
      return Behaviors.ignore
    })

  beforeEach(() => {
    kit.spawn(tree(2), 'top')
    kit.runUntilQuiet()
  })

  const paths = (found: readonly ActorRef<never>[]): readonly string[] =>
    found.map(({ path }) => `/${path.elements.join('/')}`)

  it.each([
    ['/user/top', ['/user/top']],
    ['/user/top/*', ['/user/top/a', '/user/top/b-1']],
    ['/user/top/b-*', ['/user/top/b-1']],
    ['/user/**/a', ['/user/top/a', '/user/top/a/a', '/user/top/b-1/a']],
    [
      '/user/top/**',
      [
        '/user/top',
        '/user/top/a',
        '/user/top/b-1',
        '/user/top/a/a',
        '/user/top/a/b-1',
        '/user/top/b-1/a',
        '/user/top/b-1/b-1',
      ],
    ],
    ['/user/top/.', []],
    ['/user/t', []],
  ])('takes %s for a path with gaps', (pattern, expected) => {
    expect(paths(pipe(kit.system, find.byPath(pattern)))).toEqual(expected)
  })

  it('finds all of one name that live', () => {
    expect(paths(find.byName('b-1')(kit.system))).toEqual(['/user/top/b-1', '/user/top/a/b-1', '/user/top/b-1/b-1'])
    expect(find.byName('nobody')(kit.system)).toEqual([])
  })

  it('finds under a key only who lives, also before the receptionist has heard of an end', () => {
    const key = ServiceKey.of<string>('short')
    const short = kit.spawn(Behaviors.receiveMessage<string>(() => Behaviors.stopped))
    let found: readonly ActorRef<string>[] | undefined
    const looking = kit.spawn(
      Behaviors.receive<string>((context) => {
        found = find.byKey(key)(context.system)
        return Behaviors.same
      }),
    )
    Receptionist.get(kit.system).tell(Receptionist.register(key, short))
    kit.runUntilQuiet()
    expect(find.byKey(key)(kit.system)).toEqual([short])

    short.tell('stop')
    looking.tell('look')
    kit.runUntilQuiet()

    expect(found).toEqual([])
  })

  it.each(['', '/', 'user/top'])('refuses the pattern "%s"', (pattern) => {
    expect(() => find.byPath(pattern)).toThrow(/does not name a path. Begin at the root, as in \/user\/shop\/\*/)
  })
})
