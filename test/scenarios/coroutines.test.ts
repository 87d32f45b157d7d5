/** Many light threads, and what a coroutine keeps of the promises that all actors keep. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  type ActorRef,
  type Behavior,
  type Outcome,
  type Probe,
  type TroupeError,
} from 'troupe'
import { ActorTestKit, Simulation } from 'troupe/testkit'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes in use when nothing more can be collected. */
const bytesInUse = (): number => {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

describe('100,000 coroutines', () => {
  it('sleep 10 virtual seconds, wake in order, and take at most 1.2 kB each', async () => {
    await using kit = ActorTestKit.create()
    const count = 100_000
    const refs = new Array<ActorRef<string> | undefined>(count).fill(undefined)
    let started = 0
    let woken = 0
    let outOfOrder = 0
    const sleeper = Behaviors.coroutine<string>(function* (co) {
      const number = started++
      yield* co.sleep(10_000)
      if (number !== woken++) outOfOrder++
      return Behaviors.stopped
    })
    const before = bytesInUse()

    for (let index = 0; index < count; index++) refs[index] = kit.spawn(sleeper)
    kit.runUntilQuiet()

    expect((bytesInUse() - before) / count).toBeLessThan(1_200)
    kit.clock.timePasses(9_999)
    expect([started, woken]).toEqual([count, 0])
    kit.clock.timePasses(1)
    expect([woken, outOfOrder]).toEqual([count, 0])
  }, 60_000)
})

describe('100,000 coroutines in one simulation run', () => {
  it('sleep 10 virtual seconds and wake in order', async () => {
    const count = 100_000
    const started: number[] = []
    const woken: number[] = []
    let wokenAtMs = 0
    await Simulation.check({ maxSteps: 10 * count, history: 1 }, (world) => {
      const sleeper = Behaviors.coroutine<never>(function* (co) {
        const number = started.length
        started.push(number)
        // Who runs when is up to the seed; the later it goes to sleep, the later it is to wake.
        yield* co.sleep(10_000 + number / count)
        woken.push(number)
        wokenAtMs = world.now()
        return Behaviors.stopped
      })
      world.spawn(
        Behaviors.coroutine<never>(function* (co) {
          for (let index = 0; index < count; index++) {
            yield* co.spawn(sleeper)
            // A hundred at a time: the simulator looks at all who could run before each step.
            if (index % 100 === 0) yield* co.sleep(0)
          }
          for (;;) yield* co.receive()
        }),
      )
    })

    expect(woken).toEqual(started)
    expect(Math.floor(wokenAtMs)).toBe(10_000)
  }, 60_000)
})

/** Counts sends and how they end. */
const bookkeeping = (): { readonly probe: Probe; readonly booked: Record<Outcome | 'sent', number> } => {
  const booked = { sent: 0, handled: 0, unhandled: 0, dropped: 0, deadLetter: 0 }
  return {
    booked,
    probe: {
      enqueued: () => booked.sent++,
      settled: (_, __, outcome) => {
        booked[outcome]++
      },
    },
  }
}

describe('what a coroutine leaves in its place', () => {
  it('counts as sent once and as waiting, until it is handled or the actor stops', async () => {
    const { probe, booked } = bookkeeping()
    await using kit = ActorTestKit.create({ probe })
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (const wanted of ['x', 'y', 'x']) yield* co.receive((text) => text === wanted)
        return Behaviors.stopped
      }),
    )

    for (const text of ['a', 'x', 'x', 'b']) ref.tell(text)
    kit.runUntilQuiet()
    expect(booked).toEqual({ sent: 4, handled: 1, unhandled: 0, dropped: 0, deadLetter: 0 })

    ref.tell('y')
    kit.runUntilQuiet()
    expect(booked).toEqual({ sent: 5, handled: 3, unhandled: 0, dropped: 0, deadLetter: 2 })
  })

  it('stays through a restart, in order, before what came later', async () => {
    await using kit = ActorTestKit.create()
    const seen: string[] = []
    const ref = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          const first = yield* co.receive((text) => text.startsWith('!'))
          if (first === '!fail') throw new Error('failed')
          for (;;) seen.push(yield* co.receive())
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )

    for (const text of ['a', 'b', '!fail', 'c', '!go', 'd']) ref.tell(text)
    kit.runUntilQuiet()

    expect(seen).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is warned of when it grows', async () => {
    await using kit = ActorTestKit.create({ settings: { mailboxHighWater: 100 } })
    const warnings = kit.createLogProbe({ level: 'warn' })
    const ref = kit.spawn(
      Behaviors.coroutine<number>(function* (co) {
        yield* co.receive((n) => n < 0)
        return Behaviors.stopped
      }),
    )

    for (let n = 0; n < 200; n++) {
      ref.tell(n)
      kit.runUntilQuiet()
    }

    expect(warnings.receiveMessage().message).toContain('Its mailbox has grown to 129 messages')
  })

  it('may be a hundred thousand messages, which are read in one go afterwards', async () => {
    await using kit = ActorTestKit.create({ settings: { mailboxHighWater: 1_000_000 } })
    let sum = 0
    const count = 100_000
    const ref = kit.spawn(
      Behaviors.coroutine<number>(function* (co) {
        yield* co.receive((message) => message < 0)
        for (let n = 0; n < count; n++) {
          const message = yield* co.receive()
          if (message === n) sum += message
        }
        return Behaviors.stopped
      }),
    )

    for (let n = 0; n < count; n++) ref.tell(n)
    ref.tell(-1)
    kit.runUntilQuiet()

    expect(sum).toBe((count * (count - 1)) / 2)
  })
})

describe('two that wait in orElse', () => {
  const coroutine = Behaviors.coroutine<string>(function* (co) {
    yield* co.receive()
    return Behaviors.stopped
  })
  const waiting = Behaviors.awaiting(
    () => new Promise<never>(() => undefined),
    () => Behaviors.stopped,
  )
  const sentence =
    'troupe://test/user/a has two parts of orElse that wait, coroutines or awaiting behaviors, but an actor waits for one thing at a ' +
    'time. Give one of them an actor of its own, or wait for both in one coroutine.'

  const failureOf = (behavior: Behavior<string>, ...messages: readonly string[]): string => {
    const kit = ActorTestKit.create()
    const log = kit.createLogProbe({ level: 'error' })
    const ref = kit.spawn(behavior, 'a')
    for (const message of messages) ref.tell(message)
    kit.runUntilQuiet()
    const { cause } = log.receiveMessage()
    kit.createProbe().expectTerminated(ref)
    return (cause as TroupeError).message
  }

  it.each<readonly [string, Behavior<string>, Behavior<string>]>([
    ['two coroutines', coroutine, coroutine],
    ['a coroutine and an awaiting behavior', coroutine, waiting],
    ['two of three, inside one another', pipe(Behaviors.ignore, Behaviors.orElse(coroutine)), coroutine],
    ['one behind an interceptor', pipe(coroutine, Behaviors.logMessages()), coroutine],
  ])('are refused at the start: %s', (_, first, second) => {
    expect(failureOf(pipe(first, Behaviors.orElse(second)))).toBe(sentence)
  })

  it('are refused when a part returns the second one later', () => {
    const deaf = Behaviors.coroutine<string>(function* (co) {
      yield* co.receive(() => false)
      return Behaviors.stopped
    })
    const first = Behaviors.receiveMessage<string>((text) => (text === 'first' ? deaf : Behaviors.unhandled))
    const second = Behaviors.receiveMessage<string>(() => deaf)

    expect(failureOf(pipe(first, Behaviors.orElse(second)), 'second', 'first')).toBe(sentence)
  })

  it('go beside one that does not wait', async () => {
    await using kit = ActorTestKit.create()
    const heard: string[] = []
    const other = Behaviors.receiveMessageWithSame<string>((text) => void heard.push(text))
    const picky = Behaviors.coroutine<string>(function* (co) {
      heard.push(`picked ${yield* co.receive((text) => text === 'mine')}`)
      return Behaviors.ignore
    })

    const ref = kit.spawn(pipe(other, Behaviors.orElse(picky)))
    ref.tell('mine')
    kit.runUntilQuiet()

    expect(heard).toEqual(['mine'])
  })
})
