/**
 * A promise that an implementation has to keep, as a value that can be checked without any test runner.
 */
import { seededRandom } from '../../base/index.js'
import { ExpectationFailed } from '../ExpectationFailed.js'
import { show } from '../show.js'

/**
 * Options of checking a law.
 *
 * @category testing
 * @since 0.1.0
 */
export interface CheckOptions {
  /** Which cases are tried. Default: 0. */
  readonly seed?: number
  /** How many cases are tried. Default: 100. */
  readonly runs?: number
}

/**
 * A law: its name says what always holds, and `check` throws when it does not, with a sentence and the smallest case that it found.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Law {
  readonly name: string
  /** Tries the law on many cases. @throws ExpectationFailed when it does not hold; a promise is rejected in its place */
  readonly check: (options?: CheckOptions) => void | Promise<void>
}

/** Draws from a seeded generator. */
export interface Draw {
  /** A whole number from 0 up to but not including `bound`. */
  readonly below: (bound: number) => number
}

/** A list whose elements are drawn one by one. */
export const listOf = <A>(draw: Draw, mostItems: number, item: (draw: Draw) => A): readonly A[] =>
  Array.from({ length: draw.below(mostItems + 1) }, () => item(draw))

/** A law on lists: what `complaint` says of the shortest list that breaks it is what is thrown. */
export const lawOnLists = <A>(
  name: string,
  list: (draw: Draw) => readonly A[],
  complaint: (items: readonly A[]) => string | undefined,
): Law => ({
  name,
  check: ({ seed = 0, runs = 100 } = {}) => {
    const random = seededRandom(seed)
    const draw: Draw = { below: (bound) => Math.floor(random() * bound) }
    for (let run = 0; run < runs; run++) {
      const items = list(draw)
      if (complaint(items) !== undefined) fail(name, shortest(items, complaint), complaint)
    }
  },
})

/** Leaves elements out as long as it stays broken. */
const shortest = <A>(items: readonly A[], complaint: (items: readonly A[]) => string | undefined): readonly A[] => {
  for (let at = 0; at < items.length; at++) {
    const fewer = items.filter((_, index) => index !== at)
    if (complaint(fewer) !== undefined) return shortest(fewer, complaint)
  }
  return items
}

const fail = <A>(name: string, items: readonly A[], complaint: (items: readonly A[]) => string | undefined): never => {
  throw new ExpectationFailed(`It does not hold that ${name}: ${complaint(items) ?? ''}. Seen after ${show(items)}.`)
}

/** A law that is tried once. */
export const lawOnce = (name: string, complaint: () => Promise<string | undefined>): Law => ({
  name,
  check: async () => {
    const what = await complaint()
    if (what !== undefined) throw new ExpectationFailed(`It does not hold that ${name}: ${what}.`)
  },
})
