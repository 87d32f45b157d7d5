/**
 * Looks for a run that fails: by many seeds, or by every interleaving.
 */
import type { SimulatedApp, SimulationOptions } from './SimulatedWorld.js'
import { checkExploreOptions } from './checkOptions.js'
import { Run } from './Run.js'
import { Search } from './Search.js'
import { isFailure, shrink } from './shrink.js'
import type { Trace } from './Trace.js'

/**
 * Options of `Simulation.explore`.
 *
 * @category testing
 * @since 0.1.0
 */
export interface ExploreOptions extends Omit<SimulationOptions, 'schedule'> {
  /**
   * Which orders to try: those of consecutive seeds, or every one that makes a difference. The latter is for small programs, and takes no
   * notice of `faults` but for `only`. Default: 'seeds'.
   */
  readonly orders?: 'seeds' | 'every'
  /** How many runs at most. Default: 1,000. */
  readonly maxRuns?: number
  /** With every order: how many handlers crash in one run, wherever they can. Default: 0. */
  readonly crashes?: number
  /**
   * With every order: leaves out those that differ only in who was first of two that have nothing to do with each other. What the system lets
   * actors share is known; set it to false when they share variables, fields of an extension for one, or when an `always` check compares
   * several of them. Default: true.
   */
  readonly reduce?: boolean
  /** Runs that may be spent on finding a shorter trace that fails too. Default: 1,000. */
  readonly maxShrinkRuns?: number
}

/**
 * What an exploration has found.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Exploration {
  /** How many runs were made, those that were cut or spent on shrinking not counted. */
  readonly runs: number
  /** How many of them differed. */
  readonly distinct: number
  /** True when every order was tried: with `orders: 'every'`, when neither the runs ran out nor one failed. */
  readonly isComplete: boolean
  /** The shortest trace that was found to fail; undefined when none failed. */
  readonly failure: Trace | undefined
  /** The trace that failed first; undefined when none failed. */
  readonly found: Trace | undefined
}

const defaultMaxRuns = 1_000

export const explore = (options: ExploreOptions, app: SimulatedApp): Promise<Exploration> => {
  checkExploreOptions(options)
  return options.orders === 'every' ? everyOrder(options, app) : seedBySeed(options, app)
}

const seedBySeed = async (options: ExploreOptions, app: SimulatedApp): Promise<Exploration> => {
  const { seed = 0, maxRuns = defaultMaxRuns } = options
  const seen = new Set<string>()
  for (let runs = 1; runs <= maxRuns; runs++) {
    const trace = await new Run({ ...options, seed: seed + runs - 1 }).play(app)
    seen.add(trace.sha256)
    if (isFailure(trace)) return found(trace, runs, seen.size, options, app)
  }
  return { runs: maxRuns, distinct: seen.size, isComplete: false, failure: undefined, found: undefined }
}

const everyOrder = async (options: ExploreOptions, app: SimulatedApp): Promise<Exploration> => {
  const { maxRuns = defaultMaxRuns, reduce = true, crashes = 0 } = options
  const search = new Search(reduce, crashes)
  const seen = new Set<string>()
  let runs = 0
  do {
    if (runs >= maxRuns) return { runs, distinct: seen.size, isComplete: false, failure: undefined, found: undefined }
    search.restart()
    const trace = await new Run(options, search, search).play(app)
    if (trace.outcome === 'cut') continue
    runs++
    seen.add(trace.sha256)
    if (isFailure(trace)) return found(trace, runs, seen.size, options, app)
    search.finished()
  } while (search.next())
  return { runs, distinct: seen.size, isComplete: true, failure: undefined, found: undefined }
}

const found = async (
  trace: Trace,
  runs: number,
  distinct: number,
  options: ExploreOptions,
  app: SimulatedApp,
): Promise<Exploration> => ({
  runs,
  distinct,
  isComplete: false,
  failure: await shrink(trace, options, app, options.maxShrinkRuns ?? defaultMaxRuns),
  found: trace,
})
