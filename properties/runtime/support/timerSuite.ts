/**
 * The laws of timers, under simulation: a tick is that of the timer of the moment, each single timer ticks once, the others go on at their
 * times, and none outlives its actor: a simulation in which timers go on does not end.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type Behavior } from 'troupe'
import { Simulation } from 'troupe/testkit/fast-check'
import type { Schedule, SimulatedWorld, Trace } from 'troupe/testkit'
import { suiteOf, type Suite } from './Suite.js'

type Act =
  | { readonly _tag: 'Start'; readonly key: number; readonly delayMs: number; readonly then: readonly Act[] }
  | { readonly _tag: 'Repeat'; readonly key: number; readonly periodMs: number; readonly isRate: boolean }
  | { readonly _tag: 'Cancel'; readonly key: number }
  | { readonly _tag: 'CancelAll' }
  | { readonly _tag: 'Crash' }

type Message =
  | { readonly _tag: 'Do'; readonly acts: readonly Act[] }
  | { readonly _tag: 'Tick'; readonly key: number; readonly generation: number; readonly acts: readonly Act[] }
  | { readonly _tag: 'Stop' }

/** What comes from outside, and how long to wait before it. */
interface Command {
  readonly afterMs: number
  readonly acts: readonly Act[]
}

const key = fc.nat({ max: 2 })

const leaf: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ _tag: fc.constant('Cancel' as const), key }) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ _tag: 'CancelAll' }, { _tag: 'Crash' }) },
)

const startOf = (inner: fc.Arbitrary<Act>): fc.Arbitrary<Act> =>
  fc.record({
    _tag: fc.constant('Start' as const),
    key,
    delayMs: fc.nat({ max: 3 }),
    then: fc.array(inner, { maxLength: 2 }),
  })

const repeat: fc.Arbitrary<Act> = fc.record({
  _tag: fc.constant('Repeat' as const),
  key,
  periodMs: fc.integer({ min: 1, max: 3 }),
  isRate: fc.boolean(),
})

const act = fc.oneof(
  { weight: 1, arbitrary: repeat },
  { weight: 1, arbitrary: leaf },
  { weight: 3, arbitrary: startOf(fc.oneof(leaf, startOf(leaf))) },
)

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.record({ afterMs: fc.nat({ max: 3 }), acts: fc.array(act, { minLength: 1, maxLength: 4 }) }),
  { maxLength: 10 },
)

/** A timer as the books have it. */
interface Timer {
  readonly generation: number
  /** Undefined when it ticks once. */
  readonly periodMs: number | undefined
  /** Before this moment it does not tick. */
  dueMs: number
}

/** Which timer is the current one, by key. */
const watchmaker = (sim: SimulatedWorld): Behavior<Message> => {
  const current = new Map<number, Timer>()
  let generations = 0
  return pipe(
    Behaviors.withTimers<Message>((timers) => {
      const perform = (acts: readonly Act[]): void => {
        for (const each of acts)
          switch (each._tag) {
            case 'Start': {
              const generation = ++generations
              current.set(each.key, { generation, periodMs: undefined, dueMs: sim.now() + each.delayMs })
              const tick = { _tag: 'Tick' as const, key: each.key, generation, acts: each.then }
              timers.startSingleTimer(each.key, tick, each.delayMs)
              break
            }
            case 'Repeat': {
              const generation = ++generations
              const { key, periodMs, isRate } = each
              current.set(key, { generation, periodMs, dueMs: sim.now() + periodMs })
              const tick = { _tag: 'Tick' as const, key, generation, acts: [] }
              if (isRate) timers.startTimerAtFixedRate(key, tick, periodMs)
              else timers.startTimerWithFixedDelay(key, tick, periodMs)
              break
            }
            case 'Cancel':
              current.delete(each.key)
              timers.cancel(each.key)
              break
            case 'CancelAll':
              current.clear()
              timers.cancelAll()
              break
            case 'Crash':
              // The restart that follows ends all timers.
              current.clear()
              throw new Error('crash')
          }
        for (const each of [0, 1, 2])
          if (timers.isTimerActive(each) !== current.has(each))
            sim.fail(new Error(`timer ${String(each)} ${current.has(each) ? 'is not' : 'is'} active`))
      }
      const hear = (key: number, generation: number): void => {
        const timer = current.get(key)
        if (timer?.generation !== generation)
          sim.fail(new Error(`a tick of timer ${String(key)} came after it had ended`))
        else if (sim.now() < timer.dueMs) sim.fail(new Error(`a tick of timer ${String(key)} came too early`))
        else if (timer.periodMs === undefined) current.delete(key)
        else timer.dueMs += timer.periodMs
      }
      return Behaviors.receiveMessage((message) => {
        if (message._tag === 'Stop') return Behaviors.stopped
        if (message._tag === 'Tick') hear(message.key, message.generation)
        perform(message.acts)
        return Behaviors.same
      })
    }),
    Behaviors.supervise(SupervisorStrategy.restart),
  )
}

const play = (program: readonly Command[], schedule: Schedule): Promise<Trace> =>
  Simulation.run({ schedule, faults: { delayMs: 2 }, maxSteps: 2_000 }, async (sim) => {
    const actor = sim.spawn(watchmaker(sim), 'watchmaker')
    for (const { afterMs, acts } of program) {
      if (afterMs > 0) await sim.sleep(afterMs)
      actor.tell({ _tag: 'Do', acts })
    }
    await sim.sleep(10)
    actor.tell({ _tag: 'Stop' })
  })

export const timerSuite: Suite = suiteOf(
  'the timers of an actor',
  fc.tuple(commands, Simulation.schedules({ steps: 60, faults: ['delay'], maxFaults: 4 })),
  ([program, schedule]) => play(program, schedule),
)
