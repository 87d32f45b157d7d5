/**
 * Rule 9 of the semantics: nobody is kept waiting for ever, neither another actor nor a timer nor the event loop.
 *
 * The real tests count handlers, not time. Each handler takes a millisecond of the clock that slices are measured on; a slower machine
 * handles fewer in a slice, never more.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, describe, expect, it } from 'vitest'
import { ActorSystem, ask, Behaviors, type ActorRef, type Behavior } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

/** How often each name comes in a row, the longest time. */
const longestRun = (names: readonly string[]): Readonly<Record<string, number>> => {
  const longest: Record<string, number> = {}
  let run = 0
  for (const [index, name] of names.entries()) {
    run = names[index - 1] === name ? run + 1 : 1
    longest[name] = Math.max(longest[name] ?? 0, run)
  }
  return longest
}

/** Tells itself the next message again and again, and notes each; so often that only an unfair run loop sees the end of it. */
const flooding = (name: string, note: (name: string) => void): Behavior<'next'> =>
  Behaviors.setup((context) => {
    let left = 2_000
    return Behaviors.receiveMessageWithSame(() => {
      note(name)
      if (--left > 0) context.self.tell('next')
    })
  })

describe('an actor that is flooded', () => {
  it.each([1, 3, 10])('has a turn of at most its throughput of %d messages before the next one runs', (throughput) => {
    const kit = ActorTestKit.create({ settings: { throughput } })
    const handled: string[] = []
    const actors = ['a', 'b', 'c'].map((name) =>
      kit.spawn(
        Behaviors.receiveMessageWithSame<number>(() => {
          handled.push(name)
        }),
        name,
      ),
    )

    for (const actor of actors) for (let n = 0; n < 2 * throughput; n++) actor.tell(n)
    kit.runUntilQuiet()

    const turn = (name: string): readonly string[] => Array.from({ length: throughput }, () => name)
    const round = ['a', 'b', 'c'].flatMap(turn)
    expect(handled).toEqual([...round, ...round])
  })

  it('by itself lets each of the others have a turn between any two of its own', () => {
    const kit = ActorTestKit.create({ settings: { throughput: 4 } })
    const handled: string[] = []
    const note = (name: string): void => {
      handled.push(name)
    }
    const flood = ['a', 'b', 'c'].map((name) => kit.spawn(flooding(name, note), name))
    kit.runUntilQuiet()
    for (const actor of flood) actor.tell('next')
    kit.runUntilQuiet()

    expect(longestRun(handled)).toEqual({ a: 4, b: 4, c: 4 })
    expect(handled.slice(0, 12)).toEqual(['a', 'a', 'a', 'a', 'b', 'b', 'b', 'b', 'c', 'c', 'c', 'c'])
  })
})

describe('the run loop (real time)', () => {
  const sliceMs = 5
  const handlerMs = 1
  /** A slice ends with the handler in which its time is over. */
  const mostInSlice = sliceMs / handlerMs + 1
  const settings = { sliceMs, throughput: 3, wakeUpsPerTurn: 16, logLevel: 'off' } as const

  let system: ActorSystem<never> | undefined

  afterEach(() => system?.terminate())

  const busy = (): void => {
    for (const start = performance.now(); performance.now() - start < handlerMs;);
  }

  /** What one round of the event loop sees of the counter, a hundred times. */
  const rounds = async (count: () => number): Promise<readonly number[]> => {
    const seen: number[] = []
    for (let round = 0, before = count(); round < 100; round++) {
      await new Promise((resolve) => setImmediate(resolve))
      seen.push(count() - before)
      before = count()
    }
    return seen
  }

  it('gives the event loop a turn after each slice, whatever actors tell themselves (real)', async () => {
    let handled = 0
    const guardian = Behaviors.setup<never>((context) => {
      for (const name of ['a', 'b'])
        context
          .spawn(
            flooding(name, () => {
              busy()
              handled++
            }),
          )
          .tell('next')
      return Behaviors.ignore
    })
    system = ActorSystem.create(guardian, 'flood', { settings })

    const seen = await rounds(() => handled)

    // A round may see the end of one slice and the next one.
    expect(Math.max(...seen)).toBeLessThanOrEqual(2 * mostInSlice)
    expect(Math.max(...seen)).toBeGreaterThan(0)
  })

  it('keeps the timers of other actors alive (real)', async () => {
    let handled = 0
    const ticks = await new Promise<readonly number[]>((resolve) => {
      const seen: number[] = []
      const ticking = Behaviors.withTimers<'tick'>((timers) => {
        timers.startTimerWithFixedDelay('clock', 'tick', 1)
        return Behaviors.receiveMessage(() => {
          seen.push(handled)
          if (seen.length < 50) return Behaviors.same
          resolve(seen)
          return Behaviors.stopped
        })
      })
      const guardian = Behaviors.setup<never>((context) => {
        context.spawn(ticking)
        context
          .spawn(
            flooding('flood', () => {
              busy()
              handled++
            }),
          )
          .tell('next')
        return Behaviors.ignore
      })
      system = ActorSystem.create(guardian, 'flood', { settings })
    })

    const between = ticks.map((count, index) => count - (ticks[index - 1] ?? 0))
    // It is armed in one slice, due in the next, noticed after it, and handled when those have had their turn who were first.
    expect(Math.max(...between)).toBeLessThanOrEqual(4 * mostInSlice)
  })

  it('gives the event loop a turn while question follows answer, each in a microtask (real)', async () => {
    let answered = 0
    const answering = Behaviors.receiveMessage<ActorRef<number>>((replyTo) => {
      replyTo.tell(++answered)
      return Behaviors.same
    })
    const asked = ActorSystem.create(answering, 'asked', { settings })
    system = asked
    const asks = { isOver: false }
    const asking = (async () => {
      const question = pipe(
        asked,
        ask((replyTo: ActorRef<number>) => replyTo, { timeoutMs: 60_000 }),
      )
      while (!asks.isOver) await question()
    })()

    const seen = await rounds(() => answered)
    asks.isOver = true
    await asking

    expect(Math.max(...seen)).toBeLessThanOrEqual(2 * settings.wakeUpsPerTurn)
    expect(Math.max(...seen)).toBeGreaterThan(0)
  })
})
