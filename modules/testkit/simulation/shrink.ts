/**
 * From a run that failed to the shortest that still fails in the same way.
 */
import { show } from '../show.js'
import { Run } from './Run.js'
import { beginning, simpler, type Place } from './simpler.js'
import type { SimulatedApp, SimulationOptions } from './SimulatedWorld.js'
import type { Trace } from './Trace.js'

/** Whether something is wrong with how it ended. */
export const isFailure = ({ outcome }: Trace): boolean =>
  outcome !== 'done' && outcome !== 'stopped' && outcome !== 'cut'

/**
 * In which way it fails: how it ended, and the name of the error with the first line of its message. Numbers, and what stands in quotes or
 * brackets, may differ from run to run.
 */
const wayOf = ({ outcome, failure }: Trace): string => {
  if (outcome !== 'failed') return outcome
  const [name, message] = failure instanceof Error ? [failure.name, failure.message] : ['', show(failure)]
  return `${outcome} ${name} ${withoutParticulars(message.split('\n', 1)[0] ?? '')}`
}

const withoutParticulars = (text: string): string =>
  text
    .replaceAll(/'[^']*'|"[^"]*"|`[^`]*`/g, '…')
    .replaceAll(/\[.*\]|\{.*\}|\(.*\)/g, '…')
    .replaceAll(/\d+/g, '0')

/** Runs it again and again with fewer decisions, at most `maxRuns` times. */
export const shrink = async (
  failing: Trace,
  options: SimulationOptions,
  app: SimulatedApp,
  maxRuns: number,
): Promise<Trace> => {
  const way = wayOf(failing)
  let shortest = failing
  let place: Place | undefined = beginning
  for (let runs = 0; place !== undefined && runs < maxRuns;) {
    const from: Place = place
    place = undefined
    for (const { schedule, next } of simpler(shortest.schedule, from)) {
      if (++runs > maxRuns) return shortest
      const trace = await new Run({ ...options, schedule }).play(app)
      if (wayOf(trace) !== way) continue
      // The schedule that the run wrote down leaves out what had no effect.
      shortest = trace
      place = next
      break
    }
  }
  return shortest
}
