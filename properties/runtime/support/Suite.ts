/**
 * A set of laws under simulation: what is drawn, and how one case is played. Properties check it, and so does the hunt for planted bugs.
 */
import fc from 'fast-check'
import type { Trace } from 'troupe/testkit'

/** What a search for a case that fails has found. */
export interface Found {
  /** How many cases were tried, that one included. */
  readonly cases: number
  /** The trace of the smallest case; undefined when none failed. */
  readonly trace: Trace | undefined
  /** The smallest case, as it was drawn; undefined when none failed. */
  readonly drawn: unknown
}

export interface Suite {
  readonly name: string
  /** A property for `fc.assert`; a failure shows the trace. */
  readonly property: () => fc.IAsyncPropertyWithHooks<[unknown]>
  /** Looks for a case that fails. */
  readonly search: (parameters: fc.Parameters<unknown>) => Promise<Found>
  /** Plays a case that was drawn once. */
  readonly replay: (drawn: unknown) => Promise<Trace>
}

export const suiteOf = <C>(name: string, cases: fc.Arbitrary<C>, play: (drawn: C) => Promise<Trace>): Suite => {
  const property = (): fc.IAsyncPropertyWithHooks<[C]> =>
    fc.asyncProperty(cases, async (drawn) => {
      const trace = await play(drawn)
      if (trace.outcome !== 'done') throw new Error(trace.toString())
    })
  return {
    name,
    // Whoever asserts it does not look at what is drawn.
    property: property,
    search: async (parameters) => {
      // Neither seed nor number of cases depends on what is drawn.
      const result = await fc.check(property(), parameters as fc.Parameters<[C]>)
      const [smallest] = result.counterexample ?? []
      const trace = smallest === undefined ? undefined : await play(smallest)
      return { cases: result.numRuns, trace, drawn: smallest }
    },
    // What was kept was drawn from these cases.
    replay: (drawn) => play(drawn as C),
  }
}
