/**
 * The laws of restarts in time, under simulation: a pause doubles from the least to the most, a calm long enough begins anew, and a limit
 * counts what lies within its time.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type Behavior } from 'troupe'
import { Simulation, type SimulatedWorld, type Trace } from 'troupe/testkit'
import { isTerminated } from '../../../modules/runtime/internal.js'
import { suiteOf, type Suite } from './Suite.js'

interface Limits {
  readonly most: number
  readonly withinMs: number
}

type Plan = ({ readonly _tag: 'Backoff'; readonly resetMs: number } & Pauses) | ({ readonly _tag: 'Limit' } & Limits)

interface Pauses {
  readonly minMs: number
  readonly maxMs: number
  readonly most: number
}

const plans: fc.Arbitrary<Plan> = fc.oneof(
  fc.record({
    _tag: fc.constant('Backoff' as const),
    minMs: fc.integer({ min: 1, max: 4 }),
    maxMs: fc.integer({ min: 5, max: 20 }),
    most: fc.constantFrom(2, 4, Infinity),
    resetMs: fc.integer({ min: 1, max: 30 }),
  }),
  fc.record({
    _tag: fc.constant('Limit' as const),
    most: fc.integer({ min: 1, max: 3 }),
    withinMs: fc.integer({ min: 1, max: 30 }),
  }),
)

/** How long it is calm before each crash. */
const calms = fc.array(fc.nat({ max: 30 }), { maxLength: 10 })

const strategyOf = (plan: Plan): SupervisorStrategy => {
  if (plan._tag === 'Limit')
    return pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(plan.most, plan.withinMs))
  const { minMs, maxMs, most, resetMs } = plan
  return pipe(
    SupervisorStrategy.restartWithBackoff({ minMs, maxMs, randomFactor: 0 }),
    SupervisorStrategy.withMaxRestarts(most),
    SupervisorStrategy.withResetBackoffAfter(resetMs),
  )
}

/** What is to come of a crash: the moment of the next start, undefined when there is none. */
class Expectation {
  readonly #plan: Plan
  #restarts = 0
  #windowMs = 0
  #startedMs = 0

  constructor(plan: Plan) {
    this.#plan = plan
  }

  afterCrash(nowMs: number): number | undefined {
    const plan = this.#plan
    if (plan._tag === 'Limit') {
      if (nowMs - this.#windowMs >= plan.withinMs) this.#restarts = 0
      if (this.#restarts === 0) this.#windowMs = nowMs
    } else if (nowMs - this.#startedMs >= plan.resetMs) this.#restarts = 0
    if (this.#restarts >= plan.most) return undefined
    const pauseMs = plan._tag === 'Limit' ? 0 : Math.min(plan.maxMs, plan.minMs * 2 ** this.#restarts)
    this.#restarts++
    this.#startedMs = nowMs + pauseMs
    return this.#startedMs
  }
}

const crashing = (starts: number[], sim: SimulatedWorld): Behavior<'crash'> =>
  Behaviors.setup<'crash'>(() => {
    starts.push(sim.now())
    return Behaviors.receiveMessage<'crash'>(() => {
      throw new Error('crash')
    })
  })

const play = (plan: Plan, program: readonly number[]): Promise<Trace> =>
  Simulation.run({ maxSteps: 1_000 }, async (sim) => {
    const starts: number[] = []
    const actor = sim.spawn(pipe(crashing(starts, sim), Behaviors.supervise(strategyOf(plan))), 'actor')
    await sim.quiet()
    const expectation = new Expectation(plan)
    for (const calmMs of program) {
      await sim.sleep(calmMs)
      const before = starts.length
      const startMs = expectation.afterCrash(sim.now())
      actor.tell('crash')
      await sim.sleep((startMs ?? sim.now()) - sim.now() + 1)
      if (startMs === undefined) {
        if (!isTerminated(actor)) throw new Error('it went on beyond its limit')
        return
      }
      if (starts.length !== before + 1 || starts.at(-1) !== startMs)
        throw new Error(`it started at ${starts.slice(before).join(', ') || 'no time'}, not at ${String(startMs)}`)
    }
  })

export const restartSuite: Suite = suiteOf('restarts in time', fc.tuple(plans, calms), ([plan, program]) =>
  play(plan, program),
)
