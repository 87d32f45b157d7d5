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

export const faultKinds: readonly FaultKind[] = ['crash', 'crashInSetup', 'delay', 'drop', 'duplicate', 'reorder']

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
  /** How long a delay is, in milliseconds; other kinds have none. Default: what `faults` says, or 100. */
  readonly delayMs?: number
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
  /** Whether this goes wrong at this step, and how. Asked once for each kind that could. */
  fails(step: number, kind: FaultKind): Fault | undefined
}

/** How likely each kind of fault is, from 0 to 1. */
export type FaultRates = Readonly<Record<FaultKind, number>>

/** Decides by chance. */
export const seededDecider = (random: () => number, rates: FaultRates, delayMs: number): Decider => ({
  pick: (_, count) => (count === 1 ? 0 : Math.floor(random() * count)),
  fails: (step, kind) => {
    const rate = rates[kind]
    if (rate === 0 || random() >= rate) return undefined
    return kind === 'delay' ? { step, kind, delayMs } : { step, kind }
  },
})

/** Decides as it is written. A fault happens at the first occasion from its step on; a delay that does not say how long takes `delayMs`. */
export const scheduledDecider = ({ picks, faults }: Schedule, delayMs: number): Decider => {
  const overs = new Map(picks.map(({ step, over }) => [step, over]))
  const due = new Map<FaultKind, Fault[]>()
  for (const fault of [...faults].sort(byStep)) {
    const ofKind = due.get(fault.kind)
    if (ofKind === undefined) due.set(fault.kind, [fault])
    else ofKind.push(fault)
  }
  return {
    pick: (step, count) => (overs.get(step) ?? 0) % count,
    fails: (step, kind) => {
      const ofKind = due.get(kind)
      const first = ofKind?.[0]
      if (ofKind === undefined || first === undefined || first.step > step) return undefined
      ofKind.shift()
      return kind === 'delay' ? { step, kind, delayMs: first.delayMs ?? delayMs } : { step, kind }
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

  fails(step: number, kind: FaultKind): Fault | undefined {
    const fault = this.#decider.fails(step, kind)
    if (fault !== undefined) this.#faults.push(fault)
    return fault
  }

  /** What was decided, for another run that shall be the same. */
  schedule(seed: number): Schedule {
    const picks: Pick[] = []
    for (let at = 0; at < this.#picks.length; at += 2)
      picks.push({ step: this.#picks[at] as number, over: this.#picks[at + 1] as number })
    return { seed, picks, faults: [...this.#faults] }
  }
}
