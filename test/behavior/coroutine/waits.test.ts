/** What a wait leaves behind when it is over: nothing. And what comes too late for it. */
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ask as askFromOutside,
  Behaviors,
  boundedMailbox,
  type ActorRef,
  type Coroutine,
  type DeadLetter,
  type Outcome,
  type Steps,
} from 'troupe'
import type { TestProbe } from 'troupe/testkit'
import { armedClock, deferred, type Deferred } from '../../scenarios/support.js'
import { kit, log, newScene, tellAll, useKit } from '../../scene.js'
import { is, say } from './support.js'

beforeEach(newScene)
afterEach(() => kit.shutdown())

describe('a wait that is over', () => {
  it.each<[string, (co: Coroutine<string>) => Iterable<unknown>]>([
    ['a sleep', (co) => co.sleep(1_000)],
    ['a timeout', (co) => co.timeout(1_000, co.receive())],
    ['an ask', (co) => co.ask(kit.createProbe().ref, (replyTo) => ({ replyTo }), { timeoutMs: 1_000 })],
  ])('leaves no timer of %s behind', (_, wait) => {
    const { clock, armed } = armedClock()
    useKit({ clock })
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.race([wait(co) as Iterable<never>, co.receive(is('over'))])
        say('over')
        yield* co.receive(is('never'))
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()
    expect(armed.size).toBe(1)

    tellAll(ref, 'over')

    expect(log).toEqual(['over'])
    expect(armed.size).toBe(0)
  })

  it('has had what came in time: it is no dead letter', async () => {
    const letters = kit.createDeadLetterProbe()
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(yield* co.await(() => Promise.resolve('in time')))
        return Behaviors.empty
      }),
    )

    await kit.settle()

    expect(log).toEqual(['in time'])
    letters.expectNoMessage()
  })

  it('gets nothing that comes too late: a value is a dead letter, a rejection a record for those who debug', async () => {
    useKit({ settings: { logLevel: 'debug' } })
    const letters = kit.createDeadLetterProbe()
    const records = kit.createLogProbe({ level: 'debug' })
    const first = deferred<string>()
    const second = deferred<string>()
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.race([co.await(() => first.promise), co.await(() => second.promise), co.sleep(10)])
        say(yield* co.receive())
        return Behaviors.stopped
      }),
      'waiting',
    )
    kit.runUntilQuiet()
    kit.clock.timePasses(10)

    first.resolve('late')
    second.reject(new Error('too bad'))
    await kit.settle()

    expect(letters.receiveMessage()).toMatchObject({ message: 'late' })
    letters.expectNoMessage()
    const [record] = records.fishForMessage(({ message }) =>
      message.includes('nobody waited for') ? 'complete' : 'continueAndIgnore',
    )
    expect(record).toMatchObject({
      level: 'debug',
      message: 'A task that nobody waited for any more was rejected.',
      cause: new Error('too bad'),
    })
    expect(record?.path?.name).toBe('waiting')
  })

  describe('and had a result that it did not go on with', () => {
    let letters: TestProbe<DeadLetter>
    let first: Deferred<string>
    let second: Deferred<string>

    beforeEach(() => {
      useKit({ settings: { logLevel: 'debug' } })
      letters = kit.createDeadLetterProbe()
      first = deferred()
      second = deferred()
    })

    /** All that has settled is there. */
    const turn = (): Promise<void> => new Promise((resolve) => void setImmediate(resolve))

    const spawn = async (block: (co: Coroutine<string>) => Steps<unknown>): Promise<ActorRef<string>> => {
      const ref = kit.spawn(
        Behaviors.coroutine<string>(function* (co) {
          say(JSON.stringify(yield* block(co)))
          yield* co.receive(is('end'))
          return Behaviors.stopped
        }),
      )
      kit.runUntilQuiet()
      await turn()
      return ref
    }

    it('makes a dead letter of it, when another had one before and won the race', async () => {
      const ref = await spawn((co) => co.race([co.await(() => second.promise), co.await(() => first.promise)]))

      first.resolve('first')
      second.resolve('second')
      await turn()
      kit.runUntilQuiet()

      expect(log).toEqual(['"first"'])
      expect(letters.receiveMessage()).toMatchObject({ message: 'second', recipient: ref })
      letters.expectNoMessage()
    })

    it('makes a dead letter of it, however deep it is in what has lost', async () => {
      await spawn((co) =>
        co.race([
          co.timeout(100, co.all([co.race([co.await(() => second.promise), co.receive()]), co.receive()])),
          co.await(() => first.promise),
        ]),
      )

      first.resolve('first')
      second.resolve('second')
      await turn()
      kit.runUntilQuiet()

      expect(log).toEqual(['"first"'])
      expect(letters.receiveMessage()).toMatchObject({ message: 'second' })
      letters.expectNoMessage()
    })

    it('makes a dead letter of it, when a block beside it throws', async () => {
      await spawn(function* (co) {
        try {
          return yield* co.all([co.await(() => second.promise), co.await(() => first.promise)])
        } catch (error) {
          return error
        }
      })

      first.reject('broken')
      second.resolve('second')
      await turn()
      kit.runUntilQuiet()

      expect(log).toEqual(['"broken"'])
      expect(letters.receiveMessage()).toMatchObject({ message: 'second' })
      letters.expectNoMessage()
    })

    it('makes a dead letter of it, when the coroutine has ended by then', async () => {
      kit.spawn(
        Behaviors.coroutine<string>(function* (co) {
          yield* co.fork(co.await(() => second.promise))
          say(yield* co.await(() => first.promise))
          return Behaviors.ignore
        }),
      )
      kit.runUntilQuiet()
      await turn()

      first.resolve('first')
      second.resolve('second')
      await turn()
      kit.runUntilQuiet()

      expect(log).toEqual(['first'])
      expect(letters.receiveMessage()).toMatchObject({ message: 'second' })
      letters.expectNoMessage()
    })

    it('makes a dead letter of it, when the actor stops first', async () => {
      const ref = await spawn((co) => co.await(() => first.promise))

      first.resolve('first')
      await turn()
      kit.stop(ref)

      expect(log).toEqual([])
      expect(letters.receiveMessage()).toMatchObject({ message: 'first', recipient: ref })
      letters.expectNoMessage()
    })

    it('notes a rejection for those who debug', async () => {
      const records = kit.createLogProbe({ level: 'debug' })
      await spawn((co) => co.race([co.await(() => second.promise), co.await(() => first.promise)]))

      first.resolve('first')
      second.reject(new Error('too bad'))
      await turn()
      kit.runUntilQuiet()

      expect(log).toEqual(['"first"'])
      letters.expectNoMessage()
      const isNote = ({ message }: { readonly message: string }): boolean => message.includes('nobody waited for')
      expect(records.fishForMessage((record) => (isNote(record) ? 'complete' : 'continueAndIgnore'))).toMatchObject([
        { level: 'debug', cause: new Error('too bad') },
      ])
    })
  })

  it('gives way to one result only, though two came in the same turn', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const forked = yield* co.fork(
          (function* () {
            return yield* co.receive(is('go'))
          })(),
        )
        say(`race ${yield* co.race([co.join(forked), co.join(forked)])}`)
        say(`message ${yield* co.receive()}`)
        return Behaviors.stopped
      }),
    )

    tellAll(ref, 'go', 'a')

    expect(log).toEqual(['race go', 'message a'])
  })
})

describe('a reply that comes before the turn of who asked', () => {
  interface Request {
    readonly replyTo: ActorRef<string>
  }

  let outcomes: Record<string, Outcome>
  let timePasses: (ms: number) => void
  let shop: TestProbe<Request>
  let other: TestProbe<Request>
  /** Ends after 50 ms. */
  let mortal: ActorRef<string>

  beforeEach(() => {
    outcomes = {}
    const armed = armedClock()
    timePasses = armed.timePasses
    useKit({
      clock: armed.clock,
      probe: {
        settled: (_, message, outcome) => {
          if (typeof message === 'string') outcomes[message] = outcome
        },
      },
    })
    shop = kit.createProbe()
    other = kit.createProbe()
    // What an ask replies to ends with its time.
    void pipe(
      other.ref,
      askFromOutside((replyTo: ActorRef<string>) => ({ replyTo }), { timeoutMs: 50 }),
    )()
    mortal = other.receiveMessage().replyTo
  })

  const ask = (co: Coroutine<string>, probe: TestProbe<Request>, timeoutMs = 10_000) =>
    co.ask(probe.ref, (replyTo: ActorRef<string>) => ({ replyTo }), { timeoutMs })

  const running = (wait: (co: Coroutine<string>) => Steps<unknown>): ActorRef<string> => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(JSON.stringify(yield* wait(co)))
        yield* co.sleep(10_000)
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()
    return ref
  }

  it.each<[string, (co: Coroutine<string>) => Steps<unknown>, unknown]>([
    ['a timeout', (co) => co.timeout(50, ask(co, shop)), { _tag: 'Some', value: { _tag: 'Right', right: 'item' } }],
    ['a sleep', (co) => co.race([co.sleep(50), ask(co, shop)]), { _tag: 'Right', right: 'item' }],
    ['the time of another ask', (co) => co.race([ask(co, other, 50), ask(co, shop)]), { _tag: 'Right', right: 'item' }],
    ['an end that is joined', (co) => co.race([co.join(mortal), ask(co, shop)]), { _tag: 'Right', right: 'item' }],
  ])('is not lost to %s, though that came before', (_, wait, result) => {
    running(wait)
    const { replyTo } = shop.receiveMessage()

    timePasses(50)
    replyTo.tell('item')
    kit.runUntilQuiet()

    expect(log).toEqual([JSON.stringify(result)])
    expect(outcomes).toEqual({ item: 'handled' })
  })

  it('is not lost to a timeout that is over later in the same turn', () => {
    running((co) => co.timeout(50, ask(co, shop)))
    const { replyTo } = shop.receiveMessage()

    replyTo.tell('item')
    timePasses(50)
    kit.runUntilQuiet()

    expect(log).toEqual(['{"_tag":"Some","value":{"_tag":"Right","right":"item"}}'])
    expect(outcomes).toEqual({ item: 'handled' })
  })

  it('counts as waiting until then', () => {
    running((co) => ask(co, shop))

    shop.receiveMessage().replyTo.tell('item')
    expect(outcomes).toEqual({})
    kit.runUntilQuiet()

    expect(outcomes).toEqual({ item: 'handled' })
  })

  it('is a dead letter when another wins the race', () => {
    const letters = kit.createDeadLetterProbe()
    running((co) => co.race([ask(co, other), ask(co, shop)]))
    const asked = shop.receiveMessage()
    const askedToo = other.receiveMessage()

    asked.replyTo.tell('first')
    askedToo.replyTo.tell('second')
    kit.runUntilQuiet()

    expect(log).toEqual(['{"_tag":"Right","right":"first"}'])
    expect(outcomes).toEqual({ first: 'handled', second: 'deadLetter' })
    expect(letters.receiveMessage()).toMatchObject({ recipient: askedToo.replyTo, message: 'second' })
    letters.expectNoMessage()
  })

  it('is a dead letter when a block beside it throws', () => {
    running(function* (co) {
      try {
        yield* co.all([
          (function* () {
            yield* ask(co, other)
            throw new Error('broken')
          })(),
          ask(co, shop),
        ])
      } catch (error) {
        return (error as Error).message
      }
      return 'all'
    })
    const asked = shop.receiveMessage()

    other.receiveMessage().replyTo.tell('first')
    asked.replyTo.tell('second')
    kit.runUntilQuiet()

    expect(log).toEqual(['"broken"'])
    expect(outcomes).toEqual({ first: 'handled', second: 'deadLetter' })
  })

  it('is a dead letter when the actor stops instead', () => {
    const ref = running((co) => ask(co, shop))
    const { replyTo } = shop.receiveMessage()

    replyTo.tell('item')
    kit.stop(ref)

    expect(log).toEqual([])
    expect(outcomes).toEqual({ item: 'deadLetter' })
  })
})

describe('a receive within no time', () => {
  const found = (what: Option<string>): string => (what._tag === 'Some' ? what.value : 'none')

  it('takes a message that waits already, put aside or in the mailbox, or none', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (;;) {
          yield* co.receive(is('look'))
          say(found(yield* co.receiveWithin(0, is('x'))))
        }
      }),
    )

    tellAll(ref, 'a', 'x', 'look', 'look', 'b', 'x', 'look', 'look')
    expect(log).toEqual(['x', 'x', 'none', 'none'])

    tellAll(ref, 'x')
    expect(log).toHaveLength(4)
    tellAll(ref, 'look')
    expect(log.at(-1)).toBe('x')
  })

  it('empties the mailbox and goes on', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (;;) {
          const all = [yield* co.receive()]
          for (let next = yield* co.receiveWithin(0); next._tag === 'Some'; next = yield* co.receiveWithin(0))
            all.push(next.value)
          say(all.join(''))
        }
      }),
    )

    tellAll(ref, 'a', 'b', 'c')
    tellAll(ref, 'd')

    expect(log).toEqual(['abc', 'd'])
  })

  it('looks behind what woke another thread in between', () => {
    const { clock, timePasses } = armedClock()
    useKit({ clock })
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const sleeping = yield* co.fork(co.sleep(10))
        yield* co.receive(is('a'))
        say(found(yield* co.receiveWithin(0, is('x'))))
        yield* co.join(sleeping)
        say('slept')
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    ref.tell('a')
    timePasses(10)
    tellAll(ref, 'b', 'x')

    expect(log).toEqual(['x', 'slept'])
  })

  it('lets others have their turns, however often it looks', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        while ((yield* co.receiveWithin(0, is('end')))._tag === 'None');
        say('ended')
        return Behaviors.stopped
      }),
    )
    kit.spawn(
      Behaviors.coroutine<never>(function* (co) {
        for (let n = 0; n < 3; n++) yield* co.sleep(0)
        ref.tell('end')
        return Behaviors.stopped
      }),
    )

    kit.runUntilQuiet()

    expect(log).toEqual(['ended'])
  })

  it.each([-1, Infinity, NaN])('is no receive within %s', (ms) => {
    const errors = kit.createLogProbe({ level: 'error' })
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.receiveWithin(ms)
        return Behaviors.stopped
      }),
      'a',
    )

    expect(errors.receiveMessage().message).toContain(
      `troupe://test/user/a: timeoutMs of receiveWithin is ${String(ms)}, but must be a finite number of milliseconds from 0 up.`,
    )
  })
})

describe('while no thread wants a message', () => {
  it('messages wait in the mailbox, whose bound they count against', () => {
    const dropped = kit.createDroppedProbe()
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(yield* co.receive())
        yield* co.sleep(10)
        for (;;) say(yield* co.receive())
      }),
      'small',
      { mailbox: boundedMailbox(1, 'dropNewest') },
    )
    tellAll(ref, 'first')

    tellAll(ref, 'a', 'b')
    kit.clock.timePasses(10)

    expect(log).toEqual(['first', 'a'])
    expect(dropped.receiveMessage()).toMatchObject({ message: 'b' })
  })
})

describe('a block that throws', () => {
  const failing = (co: Coroutine<string>) =>
    (function* () {
      yield* co.sleep(5)
      throw new Error('broken')
    })()

  it('within a timeout throws where it is waited for', () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        try {
          yield* co.timeout(100, failing(co))
        } catch (error) {
          say((error as Error).message)
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(5)

    expect(log).toEqual(['broken'])
  })

  it('and was forked fails the whole coroutine, which ends the others', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const watcher = kit.createProbe()
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.fork(failing(co))
        try {
          yield* co.receive()
        } finally {
          say('finally')
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(5)

    expect(log).toEqual(['finally'])
    expect(errors.receiveMessage().cause).toEqual(new Error('broken'))
    watcher.expectTerminated(ref)
  })
})
