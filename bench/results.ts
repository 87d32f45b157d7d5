/**
 * What a run of the benchmark gives, and what is computed from it.
 */

export interface Figures {
  readonly median: number
  readonly min: number
  readonly max: number
  /** How many rounds there were. */
  readonly n: number
}

export interface WorkloadResult {
  readonly unit: string
  readonly better: 'higher' | 'lower'
  readonly arms: Readonly<Record<string, Figures>>
}

export interface Results {
  readonly node: string
  readonly cpu: string
  readonly rounds: number
  readonly workloads: Readonly<Record<string, WorkloadResult>>
}

/** How many times troupe is better; undefined when there is nobody to compare it with. */
export interface Ratios {
  /** The best of the packages whose actors hold a state, as a behavior does. */
  readonly peers: number | undefined
  /** XState's callback actors, where there are others of XState that hold a state. */
  readonly callbacks: number | undefined
  readonly erlang: number | undefined
}

const packages: readonly string[] = ['nact', 'xstate', 'xstate-transition', 'effect', 'comedy']

/** All that troupe can be compared with: packages from npm, and another runtime. */
export const peers: readonly string[] = [...packages, 'erlang']

const rounded = (value: number): number => Number(value.toPrecision(5))

/** Median, least and greatest of the rounds. */
export const figuresOf = (values: readonly number[]): Figures => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (index: number): number => sorted[index] ?? NaN
  const middle = (sorted.length - 1) / 2
  return {
    median: rounded((at(Math.floor(middle)) + at(Math.ceil(middle))) / 2),
    min: rounded(at(0)),
    max: rounded(at(sorted.length - 1)),
    n: sorted.length,
  }
}

/** Above 1 means that troupe is better, whichever way the figures point. */
export const ratiosOf = ({ better, arms }: WorkloadResult): Ratios => {
  const own = arms['troupe']?.median
  const against = (names: readonly string[]): number | undefined => {
    const ratios = names.flatMap((name) => {
      const other = arms[name]?.median
      if (own === undefined || other === undefined) return []
      return better === 'higher' ? [own / other] : [other / own]
    })
    return ratios.length === 0 ? undefined : Math.min(...ratios)
  }
  const callbacks = 'xstate-transition' in arms ? ['xstate'] : []
  return {
    peers: against(packages.filter((name) => !callbacks.includes(name))),
    callbacks: against(callbacks),
    erlang: against(['erlang']),
  }
}

/** What a hop of the ring costs, in units of the floor. */
export const floorsPerHop = ({ workloads }: Results): number | undefined => {
  const floor = workloads['floor']?.arms['floor']?.median
  const ring = workloads['ring']?.arms['troupe']?.median
  return floor === undefined || ring === undefined ? undefined : floor / ring
}
