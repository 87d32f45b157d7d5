/**
 * The laws of receive timeouts, under simulation: one comes when its actor has been idle for so long and not before, again and again, and
 * none after it was cancelled, or after a restart or a stop.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type ActorContext, type Behavior } from 'troupe'
import { Simulation } from 'troupe/testkit/fast-check'
import type { Schedule, SimulatedWorld, Trace } from 'troupe/testkit'
import { suiteOf, type Suite } from './Suite.js'

type Act =
  | { readonly _tag: 'Set'; readonly timeoutMs: number }
  | { readonly _tag: 'Cancel' }
  | { readonly _tag: 'Crash' }
  | { readonly _tag: 'Nothing' }

type Message = { readonly _tag: 'Do'; readonly act: Act } | { readonly _tag: 'Idle' } | { readonly _tag: 'Stop' }

/** What comes from outside, and how long to wait before it. */
interface Command {
  readonly afterMs: number
  readonly act: Act
}

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ _tag: fc.constant('Set' as const), timeoutMs: fc.integer({ min: 1, max: 6 }) }),
  },
  { weight: 4, arbitrary: fc.constant<Act>({ _tag: 'Nothing' }) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ _tag: 'Cancel' }, { _tag: 'Crash' }) },
)

const commands = fc.array(fc.record({ afterMs: fc.nat({ max: 8 }), act }), { maxLength: 12 })

/** All the delays of turns together. */
const longestDelaysMs = 6

/** What is known of the timeout of the moment. */
class Expectation {
  readonly #sim: SimulatedWorld
  /** Undefined when none is set. */
  #timeoutMs: number | undefined = undefined
  #dueMs = 0
  /** Time was up, perhaps, when something else was handled: then the notice waits already. */
  #mayWait = false

  constructor(sim: SimulatedWorld) {
    this.#sim = sim
  }

  set(timeoutMs: number | undefined): void {
    this.#timeoutMs = timeoutMs
    this.#mayWait = false
    this.#dueMs = this.#sim.now() + (timeoutMs ?? 0)
  }

  /** A message has been handled. */
  activity(): void {
    const now = this.#sim.now()
    if (now >= this.#dueMs) this.#mayWait = true
    else this.#dueMs = now + (this.#timeoutMs ?? 0)
  }

  expired(): void {
    if (this.#timeoutMs === undefined) this.#sim.fail(new Error('a receive timeout came, and none was set'))
    else if (!this.#mayWait && this.#sim.now() < this.#dueMs)
      this.#sim.fail(new Error('a receive timeout came before its actor had been idle for so long'))
    this.set(this.#timeoutMs)
  }

  /** Long after the last message: one that is set has come in between. */
  check(nowMs: number): void {
    if (this.#timeoutMs !== undefined && nowMs > this.#dueMs + longestDelaysMs && !this.#mayWait)
      this.#sim.fail(new Error('a receive timeout never came'))
  }
}

const idler = (expectation: Expectation): Behavior<Message> => {
  const perform = (context: ActorContext<Message>, act: Act): void => {
    switch (act._tag) {
      case 'Set':
        context.setReceiveTimeout(act.timeoutMs, { _tag: 'Idle' })
        expectation.set(act.timeoutMs)
        break
      case 'Cancel':
        context.cancelReceiveTimeout()
        expectation.set(undefined)
        break
      case 'Crash':
        expectation.set(undefined)
        throw new Error('crash')
      case 'Nothing':
        expectation.activity()
    }
  }
  return pipe(
    Behaviors.receive<Message>((context, message) => {
      if (message._tag === 'Stop') return Behaviors.stopped
      if (message._tag === 'Idle') expectation.expired()
      else perform(context, message.act)
      return Behaviors.same
    }),
    Behaviors.supervise(SupervisorStrategy.restart),
  )
}

const play = (program: readonly Command[], schedule: Schedule): Promise<Trace> =>
  Simulation.run({ schedule, faults: { delayMs: 2 }, maxSteps: 2_000 }, async (sim) => {
    const expectation = new Expectation(sim)
    const actor = sim.spawn(idler(expectation), 'idler')
    for (const { afterMs, act } of program) {
      await sim.sleep(afterMs)
      actor.tell({ _tag: 'Do', act })
    }
    await sim.sleep(30)
    expectation.check(sim.now())
    actor.tell({ _tag: 'Stop' })
  })

export const idleSuite: Suite = suiteOf(
  'receive timeouts',
  fc.tuple(commands, Simulation.schedules({ steps: 60, faults: ['delay'], maxFaults: 3 })),
  ([program, schedule]) => play(program, schedule),
)
