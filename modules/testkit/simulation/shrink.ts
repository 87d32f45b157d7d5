/**
 * From a run that failed to the shortest that still fails in the same way.
 */
import { Run } from './Run.js'
import { beginning, simpler, type Place } from './simpler.js'
import type { SimulatedApp, SimulationOptions } from './SimulatedWorld.js'
import type { Trace } from './Trace.js'

/** Whether something is wrong with how it ended. */
export const isFailure = ({ outcome }: Trace): boolean =>
  outcome !== 'done' && outcome !== 'stopped' && outcome !== 'cut'

/** Runs it again and again with fewer decisions, at most `maxRuns` times. */
export const shrink = async (
  failing: Trace,
  options: SimulationOptions,
  app: SimulatedApp,
  maxRuns: number,
): Promise<Trace> => {
  let shortest = failing
  let place: Place | undefined = beginning
  for (let runs = 0; place !== undefined && runs < maxRuns;) {
    const from: Place = place
    place = undefined
    for (const { schedule, next } of simpler(shortest.schedule, from)) {
      if (++runs > maxRuns) return shortest
      const trace = await new Run({ ...options, schedule }).play(app)
      if (trace.outcome !== failing.outcome) continue
      // The schedule that the run wrote down leaves out what had no effect.
      shortest = trace
      place = next
      break
    }
  }
  return shortest
}
