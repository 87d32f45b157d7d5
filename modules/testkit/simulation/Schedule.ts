/**
 * A schedule: every decision that a simulation makes, as plain data. What it does not mention goes its usual way: whoever has waited
 * longest is next, and nothing fails.
 */

/**
 * At this step not the one that has waited longest is next, but one further back.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Pick {
  /** The number of the step, from 1. */
  readonly step: number
  /** How many that have waited longer are passed over; counted round when fewer are waiting. */
  readonly over: number
}

/**
 * What can go wrong in a simulation: a handler throws before it begins, a start throws, an actor gets its turn later than it would, a
 * link loses, doubles or overtakes.
 *
 * @category testing
 * @since 0.1.0
 */
export type FaultKind = 'crash' | 'crashInSetup' | 'delay' | 'drop' | 'duplicate' | 'reorder'

/**
 * At the first occasion from this step on something goes wrong: a crash needs a message to be handled, and so on.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Fault {
  /** The number of the step, from 1. */
  readonly step: number
  readonly kind: FaultKind
}

/**
 * Who runs when, and what goes wrong when. The same schedule gives the same trace.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Schedule {
  /** What the randomness of the system and of the application comes from. */
  readonly seed: number
  readonly picks: readonly Pick[]
  readonly faults: readonly Fault[]
}

/** Makes the decisions of one run. */
export interface Decider {
  /** Which of `count` that wait is next, 0 for the one that has waited longest; -1 to give the run up. */
  pick(step: number, count: number): number
  /** Whether this goes wrong at this step. Asked once for each kind that could. */
  fails(step: number, kind: FaultKind): boolean
}

/** How likely each kind of fault is, from 0 to 1. */
export type FaultRates = Readonly<Record<FaultKind, number>>

/** Decides by chance. */
export const seededDecider = (random: () => number, rates: FaultRates): Decider => ({
  pick: (_, count) => (count === 1 ? 0 : Math.floor(random() * count)),
  fails: (_, kind) => {
    const rate = rates[kind]
    return rate > 0 && random() < rate
  },
})

/** Decides as it is written. A fault happens at the first occasion from its step on. */
export const scheduledDecider = ({ picks, faults }: Schedule): Decider => {
  const overs = new Map(picks.map(({ step, over }) => [step, over]))
  const due = new Map<FaultKind, number[]>()
  for (const { step, kind } of [...faults].sort(byStep)) {
    const steps = due.get(kind)
    if (steps === undefined) due.set(kind, [step])
    else steps.push(step)
  }
  return {
    pick: (step, count) => (overs.get(step) ?? 0) % count,
    fails: (step, kind) => {
      const steps = due.get(kind)
      const first = steps?.[0]
      if (steps === undefined || first === undefined || first > step) return false
      steps.shift()
      return true
    },
  }
}

const byStep = (a: Fault, b: Fault): number => a.step - b.step

/** Lets another decide, and keeps what it decided. */
export class DecisionLog implements Decider {
  readonly #decider: Decider
  readonly #picks: number[] = []
  readonly #faults: Fault[] = []

  constructor(decider: Decider) {
    this.#decider = decider
  }

  pick(step: number, count: number): number {
    const over = this.#decider.pick(step, count)
    if (over > 0) this.#picks.push(step, over)
    return over
  }

  fails(step: number, kind: FaultKind): boolean {
    const fails = this.#decider.fails(step, kind)
    if (fails) this.#faults.push({ step, kind })
    return fails
  }

  /** What was decided, for another run that shall be the same. */
  schedule(seed: number): Schedule {
    const picks: Pick[] = []
    for (let at = 0; at < this.#picks.length; at += 2)
      picks.push({ step: this.#picks[at] as number, over: this.#picks[at + 1] as number })
    return { seed, picks, faults: [...this.#faults] }
  }
}
