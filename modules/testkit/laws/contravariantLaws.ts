/**
 * What a `contramap` has to keep to.
 */
import { lawOnLists, listOf, type Draw, type Law } from './Law.js'
import { show } from '../show.js'

/**
 * Something that takes numbers, how to put a function in front of it, and what can be seen of it.
 *
 * @category testing
 * @since 0.1.0
 */
export interface ContravariantUnderTest<F> {
  /** Makes one; for each observation a fresh one. */
  readonly make: () => F
  readonly contramap: (f: (n: number) => number) => (fa: F) => F
  /** Hands the numbers over, one after the other, and answers what can be seen. */
  readonly observe: (fa: F, inputs: readonly number[]) => unknown
}

const numbers = (draw: Draw): readonly number[] => listOf(draw, 12, ({ below }) => below(50))

/** Any two functions that do not commute will do. */
const double = (n: number): number => n * 2
const next = (n: number): number => n + 1

/**
 * The laws of contravariant functors, for anything that takes numbers and has a `contramap`.
 *
 * @example
 * ```ts
 * import { contravariantLaws } from 'troupe/testkit'
 *
 * type Sink = (n: number) => string
 * const laws = contravariantLaws<Sink>({
 *   make: () => (n) => `got ${String(n)}`,
 *   contramap: (f) => (sink) => (n) => sink(f(n)),
 *   observe: (sink, inputs) => inputs.map(sink),
 * })
 * for (const { check } of laws) await check()
 * ```
 *
 * @see https://gcanti.github.io/fp-ts/modules/Contravariant.ts.html
 * @category testing
 * @since 0.1.0
 */
export const contravariantLaws = <F>({ make, contramap, observe }: ContravariantUnderTest<F>): readonly Law[] => {
  const compare = (expected: F, actual: F, inputs: readonly number[]): string | undefined => {
    const [wanted, got] = [show(observe(expected, inputs)), show(observe(actual, inputs))]
    return wanted === got ? undefined : `${got} is seen in place of ${wanted}`
  }
  return [
    lawOnLists('what is behind a contramap gets what the function makes of each input', numbers, (inputs) => {
      const [wanted, got] = [observe(make(), inputs.map(double)), observe(contramap(double)(make()), inputs)].map(
        (seen) => show(seen),
      )
      return wanted === got ? undefined : `${String(got)} is seen in place of ${String(wanted)}`
    }),
    lawOnLists('contramap of a function that changes nothing changes nothing', numbers, (inputs) =>
      compare(make(), contramap((n) => n)(make()), inputs),
    ),
    lawOnLists('two contramaps are one of the composition, the outer function first', numbers, (inputs) =>
      compare(contramap((n) => double(next(n)))(make()), contramap(next)(contramap(double)(make())), inputs),
    ),
    lawOnLists('contramap leaves alone what it is given', numbers, (inputs) => {
      const before = make()
      contramap(double)(before)
      return compare(make(), before, inputs)
    }),
  ]
}
