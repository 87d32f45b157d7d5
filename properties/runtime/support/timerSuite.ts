/**
 * The laws of timers, under simulation: a tick is that of the timer of the moment, and each single timer ticks once.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type Behavior } from 'troupe'
import { Simulation } from 'troupe/testkit/fast-check'
import type { Schedule, SimulatedWorld, Trace } from 'troupe/testkit'
import { suiteOf, type Suite } from './Suite.js'

type Act =
  | { readonly _tag: 'Start'; readonly key: number; readonly delayMs: number; readonly then: readonly Act[] }
  | { readonly _tag: 'Cancel'; readonly key: number }
  | { readonly _tag: 'CancelAll' }
  | { readonly _tag: 'Crash' }

type Message =
  | { readonly _tag: 'Do'; readonly acts: readonly Act[] }
  | { readonly _tag: 'Tick'; readonly key: number; readonly generation: number; readonly acts: readonly Act[] }

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

const act = fc.oneof({ weight: 1, arbitrary: leaf }, { weight: 3, arbitrary: startOf(fc.oneof(leaf, startOf(leaf))) })

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.record({ afterMs: fc.nat({ max: 3 }), acts: fc.array(act, { minLength: 1, maxLength: 4 }) }),
  { maxLength: 10 },
)

/** Which timer is the current one, by key. */
const watchmaker = (sim: SimulatedWorld): Behavior<Message> => {
  const current = new Map<number, number>()
  let generations = 0
  return pipe(
    Behaviors.withTimers<Message>((timers) => {
      const perform = (acts: readonly Act[]): void => {
        for (const each of acts)
          switch (each._tag) {
            case 'Start': {
              const generation = ++generations
              current.set(each.key, generation)
              const tick = { _tag: 'Tick' as const, key: each.key, generation, acts: each.then }
              timers.startSingleTimer(each.key, tick, each.delayMs)
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
      return Behaviors.receiveMessageWithSame((message) => {
        if (message._tag === 'Tick') {
          if (current.get(message.key) !== message.generation)
            sim.fail(new Error(`a tick of timer ${String(message.key)} came after it had ended`))
          current.delete(message.key)
        }
        perform(message.acts)
      })
    }),
    Behaviors.supervise(SupervisorStrategy.restart),
  )
}

const play = (program: readonly Command[], schedule: Schedule): Promise<Trace> =>
  Simulation.run({ schedule, faults: { delayMs: 2 } }, async (sim) => {
    const actor = sim.spawn(watchmaker(sim), 'watchmaker')
    for (const { afterMs, acts } of program) {
      if (afterMs > 0) await sim.sleep(afterMs)
      actor.tell({ _tag: 'Do', acts })
    }
  })

export const timerSuite: Suite = suiteOf(
  'the timers of an actor',
  fc.tuple(commands, Simulation.schedules({ steps: 60, faults: ['delay'], maxFaults: 4 })),
  ([program, schedule]) => play(program, schedule),
)
