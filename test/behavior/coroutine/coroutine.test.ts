/** Conversations written top to bottom, seen from outside. */
import { none, some } from 'fp-ts/lib/Option.js'
import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef, type Behavior } from 'troupe'
import { kit, log, newScene, tellAll } from '../../scene.js'
import { is, say } from './support.js'

beforeEach(newScene)
afterEach(() => kit.shutdown())

describe('a coroutine receives', () => {
  it('messages one by one, in order', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (;;) say(yield* co.receive())
      }),
    )

    tellAll(ref, 'a', 'b', 'c')

    expect(log).toEqual(['a', 'b', 'c'])
  })

  it('what it wants, and leaves the others in their place and order', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(yield* co.receive(is('x')))
        say(yield* co.receive(is('y')))
        for (;;) say(yield* co.receive())
      }),
    )

    tellAll(ref, 'a', 'y', 'b', 'x', 'c')

    expect(log).toEqual(['x', 'y', 'a', 'b', 'c'])
  })

  it('an old message that a later receive wants before a newer one', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (;;) {
          yield* co.receive(is('go'))
          say(yield* co.receive((text) => text !== 'go'))
        }
      }),
    )

    tellAll(ref, 'a', 'b', 'go', 'c', 'go', 'go', 'd')

    expect(log).toEqual(['a', 'b', 'c'])
    tellAll(ref, 'go')
    expect(log).toEqual(['a', 'b', 'c', 'd'])
  })

  it('nothing while it waits for something else', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.sleep(100)
        for (;;) say(yield* co.receive())
      }),
    )

    tellAll(ref, 'a', 'b')
    expect(log).toEqual([])

    kit.clock.timePasses(100)
    expect(log).toEqual(['a', 'b'])
  })

  it('within a time: some message, or none when the time is up', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (;;) say(JSON.stringify(yield* co.receiveWithin(100, is('x'))))
      }),
    )

    kit.clock.timePasses(99)
    tellAll(ref, 'a', 'x')
    kit.clock.timePasses(99)
    expect(log).toEqual([JSON.stringify(some('x'))])

    kit.clock.timePasses(1)
    expect(log).toEqual([JSON.stringify(some('x')), JSON.stringify(none)])
  })

  it('what came before its time was up, though it had no turn since', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(JSON.stringify(yield* co.receiveWithin(100)))
        return Behaviors.ignore
      }),
    )
    kit.runUntilQuiet()
    const teller = kit.spawn(
      Behaviors.receiveMessageWithSame<string>((text) => {
        ref.tell(text)
        kit.clock.timePasses(100)
      }),
    )

    tellAll(teller, 'in time')

    expect(log).toEqual([JSON.stringify(some('in time'))])
  })

  it('from a protocol that another is mapped to', () => {
    const ref = kit.spawn(
      pipe(
        Behaviors.coroutine<number>(function* (co) {
          say(String(yield* co.receive((n) => n > 1)))
          for (;;) say(String(yield* co.receive()))
        }),
        Behaviors.contramap((text: string) => text.length),
      ),
    )

    tellAll(ref, 'a', 'bb', 'ccc')

    expect(log).toEqual(['2', '1', '3'])
  })

  it('what it postponed even if the mailbox is small: only what waits in the mailbox counts against its bound', () => {
    const dropped = kit.createDroppedProbe()
    const ref = kit.spawn(
      Behaviors.coroutine<number>(function* (co) {
        yield* co.receive((n) => n === 9)
        for (;;) say(String(yield* co.receive()))
      }),
    )

    tellAll(ref, 1)
    tellAll(ref, 2)
    tellAll(ref, 3)
    tellAll(ref, 9)

    expect(log).toEqual(['1', '2', '3'])
    dropped.expectNoMessage()
  })
})

describe('a coroutine hands over', () => {
  it('to a plain behavior, which may return a coroutine', () => {
    const asking = (): Behavior<string> =>
      Behaviors.coroutine<string>(function* (co) {
        say(`coroutine ${yield* co.receive(is('over'))}`)
        return plain()
      })
    const plain = (): Behavior<string> =>
      Behaviors.receiveMessage((text) => {
        say(`plain ${text}`)
        return text === 'back' ? asking() : Behaviors.same
      })
    const ref = kit.spawn(asking())

    tellAll(ref, 'a', 'over', 'b', 'back', 'c', 'over')

    expect(log).toEqual(['coroutine over', 'plain a', 'plain b', 'plain back', 'coroutine over', 'plain c'])
  })

  it('and stops, with what it postponed as dead letters in order', () => {
    const letters = kit.createDeadLetterProbe()
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.receive(is('end'))
        return Behaviors.stopped
      }),
    )

    tellAll(ref, 'a', 'b', 'end', 'c')

    expect(letters.receiveMessages(3).map(({ message }) => message)).toEqual(['a', 'b', 'c'])
  })

  it('from coroutine to coroutine a hundred thousand times without growing', () => {
    const count = (n: number): Behavior<string> =>
      Behaviors.coroutine<string>(function* (co) {
        yield* co.sleep(0)
        if (n === 20_000) {
          say('done')
          return Behaviors.stopped
        }
        return count(n + 1)
      })
    kit.spawn(count(0))

    kit.runUntilQuiet()

    expect(log).toEqual(['done'])
  })
})

describe('sleep', () => {
  it('wakes in the order of time', () => {
    for (const ms of [30, 10, 20])
      kit.spawn(
        Behaviors.coroutine<string>(function* (co) {
          yield* co.sleep(ms)
          say(String(ms))
          return Behaviors.stopped
        }),
      )
    kit.runUntilQuiet()

    kit.clock.timePasses(30)

    expect(log).toEqual(['10', '20', '30'])
  })

  it('of 0 gives way once: all who are ready have a turn first', () => {
    const talker = (name: string): Behavior<string> =>
      Behaviors.coroutine<string>(function* (co) {
        for (let i = 1; i <= 3; i++) {
          say(`${name}${String(i)}`)
          yield* co.sleep(0)
        }
        return Behaviors.stopped
      })
    kit.spawn(talker('a'))
    kit.spawn(talker('b'))
    kit.runUntilQuiet()

    expect(log).toEqual(['a1', 'b1', 'a2', 'b2', 'a3', 'b3'])
  })

  it('refuses a time below 0 with a sentence', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.sleep(-1)
        return Behaviors.stopped
      }),
      'sleeper',
    )
    kit.runUntilQuiet()

    expect(errors.receiveMessage().message).toContain(
      'sleeper: the delay of sleep is -1, but must be a finite number of milliseconds from 0 up',
    )
  })
})

describe('ask, await, spawn and join', () => {
  interface Query {
    readonly _tag: 'Square'
    readonly of: number
    readonly replyTo: ActorRef<number>
  }
  const squarer = Behaviors.receiveMessage<Query>((query) => {
    if (query.of >= 0) query.replyTo.tell(query.of * query.of)
    return Behaviors.same
  })

  it('ask gives the reply on the right, and why there is none on the left', () => {
    const target = kit.spawn(squarer)
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (const of of [7, -1]) {
          const answer = yield* co.ask(target, (replyTo) => ({ _tag: 'Square', of, replyTo }), { timeoutMs: 50 })
          say(answer._tag === 'Right' ? String(answer.right + 1) : answer.left._tag)
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()
    expect(log).toEqual(['50'])

    kit.clock.timePasses(50)
    expect(log).toEqual(['50', 'AskTimeout'])
  })

  it('await gives the value and throws the rejection where it waits', async () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(yield* co.await(() => Promise.resolve('value')))
        try {
          yield* co.await(() => Promise.reject(new Error('no')))
        } catch (error) {
          say((error as Error).message)
        }
        return Behaviors.stopped
      }),
    )

    await kit.settle()

    expect(log).toEqual(['value', 'no'])
  })

  it('a stop fires the signal of a task at once', () => {
    let signal: AbortSignal | undefined
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.await((given) => {
          signal = given
          return new Promise<never>(() => {})
        })
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()
    expect(signal?.aborted).toBe(false)

    kit.stop(ref)

    expect(signal?.aborted).toBe(true)
  })

  it('join of a child waits for its end, and tells the cause of a failure', () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const good = yield* co.spawn(Behaviors.receiveMessage<string>(() => Behaviors.stopped))
        const bad = yield* co.spawn(
          Behaviors.receiveMessage<string>(() => {
            throw new Error('boom')
          }),
        )
        good.tell('end')
        bad.tell('end')
        const [none, cause] = yield* co.all([co.join(good), co.join(bad)])
        say(JSON.stringify(none))
        say(cause._tag === 'Some' ? String(cause.value) : 'no cause')
        say(JSON.stringify(yield* co.join(good)))
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    expect(log).toEqual([JSON.stringify(none), 'Error: boom', JSON.stringify(none)])
  })

  it('join sees the end of a child after what the child has sent', () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const child = yield* co.spawn(
          Behaviors.setup<string>(() => {
            co.context.self.tell('last words')
            return Behaviors.stopped
          }),
        )
        for (let i = 0; i < 2; i++) {
          const first = yield* co.race([co.receive(), co.join(child)])
          say(JSON.stringify(first))
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['"last words"', JSON.stringify(none)])
  })

  it('a forked block runs beside the others, and join gives its result', () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const other = yield* co.fork(
          (function* () {
            yield* co.sleep(20)
            say('other')
            return 42
          })(),
        )
        yield* co.sleep(10)
        say('first')
        say(String(yield* co.join(other)))
        say(String(yield* co.join(other)))
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(20)

    expect(log).toEqual(['first', 'other', '42', '42'])
  })
})

describe('an ask that is over before its reply', () => {
  it('is ended: the reply is a dead letter and no timer is left', () => {
    const letters = kit.createDeadLetterProbe()
    const target = kit.createProbe<{ readonly replyTo: ActorRef<number> }>()
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.race([
          co.ask(target.ref, (replyTo: ActorRef<number>) => ({ replyTo }), { timeoutMs: 1_000 }),
          co.sleep(10),
        ])
        say('over')
        return Behaviors.stopped
      }),
    )
    const { replyTo } = target.receiveMessage()

    kit.clock.timePasses(10)
    replyTo.tell(42)

    expect(log).toEqual(['over'])
    expect(letters.receiveMessage().message).toBe(42)
  })
})

describe('all, race and timeout', () => {
  it('all gives the results in order and waits for the last', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const [a, b, c] = yield* co.all([
          co.receive(is('a')),
          (function* () {
            yield* co.sleep(10)
            return 'slept'
          })(),
          co.receive(is('c')),
        ])
        say(`${a} ${b} ${c}`)
        yield* co.all([])
        say('none')
        return Behaviors.stopped
      }),
    )

    tellAll(ref, 'c', 'a')
    expect(log).toEqual([])
    kit.clock.timePasses(10)

    expect(log).toEqual(['a slept c', 'none'])
  })

  it('all goes on after the last message though a timer that is over waits for its turn in the mailbox', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.all([co.receive(is('a')), co.sleep(10)])
        say('both')
        return Behaviors.stopped
      }),
    )
    const teller = kit.spawn(
      Behaviors.receiveMessageWithSame<string>((text) => {
        ref.tell(text)
        kit.clock.timePasses(10)
      }),
    )
    kit.runUntilQuiet()

    tellAll(teller, 'a')

    expect(log).toEqual(['both'])
  })

  it('race gives the first and ends the others, whose finally runs and whose message stays', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const first = yield* co.race([
          co.receive(is('x')),
          (function* () {
            try {
              yield* co.sleep(10)
              return 'slept'
            } finally {
              say('finally')
            }
          })(),
        ])
        say(first)
        for (;;) say(yield* co.receive())
      }),
    )

    tellAll(ref, 'x')
    kit.clock.timePasses(10)
    tellAll(ref, 'x')

    expect(log).toEqual(['finally', 'x', 'x'])
  })

  it('what a block throws is thrown where it is waited for', () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const failing = function* () {
          yield* co.sleep(1)
          throw new Error('inside')
        }
        for (const both of [() => co.all([failing(), co.sleep(5)]), () => co.race([failing(), co.sleep(5)])])
          try {
            yield* both()
          } catch (error) {
            say((error as Error).message)
          }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(2)

    expect(log).toEqual(['inside', 'inside'])
  })

  it('timeout gives some result in time, none after it, and the block is ended', () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const slow = function* (ms: number) {
          try {
            yield* co.sleep(ms)
            return ms
          } finally {
            say(`end of ${String(ms)}`)
          }
        }
        say(JSON.stringify(yield* co.timeout(10, slow(5))))
        say(JSON.stringify(yield* co.timeout(10, slow(50))))
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(15)

    expect(log).toEqual(['end of 5', JSON.stringify(some(5)), 'end of 50', JSON.stringify(none)])
  })
})

describe('a message that it does not want yet', () => {
  it('is seen by interceptors each time that it is offered: monitor sends a copy and logMessages writes a line each time', () => {
    const probe = kit.createProbe<string>()
    const records = kit.createLogProbe({ level: 'info' })
    const actor = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          for (const wanted of ['a', 'b', 'c']) say(yield* co.receive(is(wanted)))
          return Behaviors.stopped
        }),
        Behaviors.logMessages({ level: 'info' }),
        Behaviors.monitor(probe.ref),
      ),
    )

    tellAll(actor, 'c', 'b', 'a')

    const offered = ['c', 'b', 'a', 'c', 'b', 'c']
    expect(log).toEqual(['a', 'b', 'c'])
    expect(probe.receiveMessages(offered.length)).toEqual(offered)
    probe.expectNoMessage()
    expect(records.receiveMessages(offered.length).map(({ fields }) => fields?.['message'])).toEqual(offered)
  })
})
