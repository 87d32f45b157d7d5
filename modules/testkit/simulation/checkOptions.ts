/**
 * What options of a simulation must be: a number that is none would let it run for ever, or not at all.
 */
import { delay, numberFrom, oneOf, orInfinity, requireThat, wholeFrom, type Rule } from '../../model/internal.js'
import { faultKinds, type Schedule } from './Schedule.js'
import type { Faults, SimulationOptions } from './SimulatedWorld.js'

const bound: Rule = numberFrom(0, Infinity)

/** Throws IllegalArgument for an option out of range. */
export const checkOptions = (options: SimulationOptions): void => {
  const { faults, schedule, history } = options
  for (const name of ['maxSteps', 'stopAfter', 'maxMs'] as const)
    requireUnlessAbsent(`${name} of a simulation`, options[name], bound)
  requireUnlessAbsent('history of a simulation', history, wholeFrom(1))
  if (faults !== undefined) checkFaults(faults)
  if (schedule !== undefined) checkSchedule(schedule)
}

const checkFaults = (faults: Faults): void => {
  for (const kind of faultKinds) requireUnlessAbsent(`The rate of ${kind}`, faults[kind], numberFrom(0, 1))
  requireUnlessAbsent('delayMs of faults', faults.delayMs, delay)
}

const list: Rule = { holds: Array.isArray, expected: 'a list' }

const checkSchedule = ({ picks, faults }: Schedule): void => {
  requireThat('picks of a schedule', picks, list)
  requireThat('faults of a schedule', faults, list)
  for (const { step, over } of picks) {
    requireThat('step of a pick', step, wholeFrom(1))
    requireThat(`over of the pick at step ${String(step)}`, over, wholeFrom(0))
  }
  for (const { step, kind, delayMs } of faults) {
    requireThat('step of a fault', step, wholeFrom(1))
    requireThat(`kind of the fault at step ${String(step)}`, kind, oneOf(faultKinds))
    requireUnlessAbsent(`delayMs of the fault at step ${String(step)}`, delayMs, delay)
  }
}

/** What bounds an exploration. */
interface Bounds {
  readonly orders?: string
  readonly maxRuns?: number
  readonly crashes?: number
  readonly maxShrinkRuns?: number
}

/** Throws IllegalArgument for an option of `explore` alone that is out of range. */
export const checkExploreOptions = ({ orders, maxRuns, crashes, maxShrinkRuns }: Bounds): void => {
  requireUnlessAbsent('orders of an exploration', orders, oneOf(['seeds', 'every']))
  requireUnlessAbsent('maxRuns of an exploration', maxRuns, orInfinity(wholeFrom(1)))
  requireUnlessAbsent('crashes of an exploration', crashes, orInfinity(wholeFrom(0)))
  requireUnlessAbsent('maxShrinkRuns of an exploration', maxShrinkRuns, orInfinity(wholeFrom(0)))
}

const requireUnlessAbsent = (what: string, value: unknown, rule: Rule): void => {
  if (value !== undefined) requireThat(what, value, rule)
}
