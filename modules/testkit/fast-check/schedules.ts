/**
 * Schedules for fast-check: who runs when and what fails when, in values that shrink together.
 */
import * as fc from 'fast-check'
import type { Fault, FaultKind, Pick, Schedule } from '../index.js'
import {
  beginning,
  faultKinds,
  oneOf,
  requireThat,
  seededRandom,
  show,
  simpler,
  wholeFrom,
  type Place,
} from '../internal.js'

/**
 * Options of `Simulation.schedules`.
 *
 * @category testing
 * @since 0.1.0
 */
export interface SchedulesOptions {
  /** Decisions are spread over so many steps; what comes after them goes its usual way. Default: 200. */
  readonly steps?: number
  /** What may go wrong. Default: nothing. */
  readonly faults?: readonly FaultKind[]
  /** How many faults a schedule has at most. Default: 3. */
  readonly maxFaults?: number
}

const defaultSteps = 200
const defaultMaxFaults = 3
/** How many of the steps are decided: all, some, few. A rare mistake needs many of them, a deep one needs few. */
const densities = [1, 0.3, 0.1, 0.03]
/** More than ever wait at a time, so that counting round gives everybody the same chance. */
const mostOver = 1 << 20

class Schedules extends fc.Arbitrary<Schedule> {
  readonly #steps: number
  readonly #kinds: readonly FaultKind[]
  readonly #maxFaults: number

  constructor(options: SchedulesOptions) {
    super()
    if (options.steps !== undefined) requireThat('steps of Simulation.schedules', options.steps, wholeFrom(1))
    if (options.maxFaults !== undefined)
      requireThat('maxFaults of Simulation.schedules', options.maxFaults, wholeFrom(0))
    for (const kind of options.faults ?? []) requireThat('A fault of Simulation.schedules', kind, oneOf(faultKinds))
    this.#steps = options.steps ?? defaultSteps
    this.#kinds = options.faults ?? []
    this.#maxFaults = options.maxFaults ?? defaultMaxFaults
  }

  override generate(mrng: fc.Random): fc.Value<Schedule> {
    const seed = mrng.nextInt(0, 0x7fffffff)
    const random = seededRandom(seed)
    const below = (bound: number): number => Math.floor(random() * bound)
    const density = densities[below(densities.length)] as number
    const picks: Pick[] = []
    for (let step = 1; step <= this.#steps; step++)
      if (random() < density) picks.push({ step, over: 1 + below(mostOver) })
    const faults: Fault[] = []
    if (this.#kinds.length > 0)
      for (let left = below(this.#maxFaults + 1); left > 0; left--)
        faults.push({ step: 1 + below(this.#steps), kind: this.#kinds[below(this.#kinds.length)] as FaultKind })
    return valueOf({ seed, picks, faults }, beginning)
  }

  override canShrinkWithoutContext(value: unknown): value is Schedule {
    return typeof value === 'object' && value !== null && 'seed' in value && 'picks' in value && 'faults' in value
  }

  override shrink(schedule: Schedule, context: unknown): fc.Stream<fc.Value<Schedule>> {
    // Contexts are those of generate and of this method; a value from elsewhere has none.
    const place = (context as Place | undefined) ?? beginning
    return fc.stream(valuesOf(schedule, place))
  }
}

function* valuesOf(schedule: Schedule, place: Place): IterableIterator<fc.Value<Schedule>> {
  for (const { schedule: candidate, next } of simpler(schedule, place)) yield valueOf(candidate, next)
}

/** A schedule is shown as what can be pasted into `Simulation.run`. */
const valueOf = (schedule: Schedule, place: Place): fc.Value<Schedule> => {
  const value = Object.defineProperty({ ...schedule }, fc.toStringMethod, { value: () => show(schedule) })
  return new fc.Value<Schedule>(value, place)
}

export const schedules = (options: SchedulesOptions = {}): fc.Arbitrary<Schedule> => new Schedules(options)
