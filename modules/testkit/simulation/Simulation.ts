/**
 * The simulator: a whole system on one seed.
 */
import { orInfinity, requireThat, wholeFrom } from '../../model/internal.js'
import { explore, type Exploration, type ExploreOptions } from './explore.js'
import { Run } from './Run.js'
import { reportOf } from './render.js'
import { isFailure, shrink } from './shrink.js'
import type { SimulatedApp, SimulationOptions } from './SimulatedWorld.js'
import type { Trace } from './Trace.js'

/**
 * What `Simulation.check` throws. The message says how it ended and who waits, and shows the last 200 events; `trace` has all of them.
 *
 * @category testing
 * @since 0.1.0
 */
export interface SimulationFailed extends Error {
  readonly _tag: 'SimulationFailed'
  readonly trace: Trace
}

class Failed extends Error implements SimulationFailed {
  readonly _tag = 'SimulationFailed'
  readonly trace: Trace

  constructor(trace: Trace) {
    super(reportOf(trace), { cause: trace.failure })
    this.name = 'SimulationFailed'
    this.trace = trace
  }
}

const run = (options: SimulationOptions, app: SimulatedApp): Promise<Trace> => new Run(options).play(app)

const check = async (options: SimulationOptions, app: SimulatedApp): Promise<void> => {
  const trace = await run(options, app)
  if (isFailure(trace)) throw new Failed(trace)
}

const shrinkTo = (failing: Trace, options: SimulationOptions, app: SimulatedApp, maxRuns = 1_000): Promise<Trace> => {
  requireThat('maxRuns of Simulation.shrink', maxRuns, orInfinity(wholeFrom(0)))
  return shrink(failing, options, app, maxRuns)
}

/**
 * Runs real actors in virtual time, in an order that a seed decides, with the failures that it decides.
 *
 * @remarks
 * One step is one message. Time stands still while anybody can run. Tasks that actors start are real promises; they may wait for virtual
 * time, for asks and for other promises, but not for the machine: the simulation says who does.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { Simulation } from 'troupe/testkit'
 *
 * const trace = await Simulation.run({ seed: 7 }, (world) => {
 *   const printer = world.spawn(Behaviors.receiveMessageWithSame<string>(() => undefined), 'printer')
 *   const writer = (name: string) =>
 *     world.spawn(Behaviors.receiveMessageWithSame<ActorRef<string>>((to) => { to.tell(name) }), name)
 *   writer('ann').tell(printer)
 *   writer('ben').tell(printer)
 * })
 * console.log(trace.outcome) // done
 * console.log(trace.toString()) // who told whom what
 * ```
 *
 * @see https://www.foundationdb.com/files/fdb-paper.pdf
 * @category testing
 * @since 0.1.0
 */
export const Simulation: {
  /**
   * Runs an application once. The same options give the same trace, byte for byte.
   *
   * @throws TroupeError IllegalArgument for an option that is out of range, such as a rate that is not from 0 to 1
   */
  readonly run: (options: SimulationOptions, app: SimulatedApp) => Promise<Trace>
  /** Like `run`, but rejects with SimulationFailed, which shows the trace, unless the run is done or was stopped as asked. */
  readonly check: (options: SimulationOptions, app: SimulatedApp) => Promise<void>
  /**
   * Looks for a run that fails, by consecutive seeds or by every order that makes a difference, and then for the shortest that fails in
   * the same way: with the same outcome and, when it has failed, an error of the same name and message. Numbers in the message may differ,
   * and what stands in quotes or brackets.
   *
   * @throws TroupeError IllegalArgument for an option that is out of range; IllegalState when, with every order, the same decisions have led to something else than before: the application is
   * not the same in each run
   */
  readonly explore: (options: ExploreOptions, app: SimulatedApp) => Promise<Exploration>
  /** Looks for a shorter trace that fails in the same way, in at most `maxRuns` runs (default: 1,000). */
  readonly shrink: (failing: Trace, options: SimulationOptions, app: SimulatedApp, maxRuns?: number) => Promise<Trace>
} = { run, check, explore, shrink: shrinkTo }
