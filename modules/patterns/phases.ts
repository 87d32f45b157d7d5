/**
 * The phases of a shutdown and their order: a value.
 */
import { left, right, type Either } from '../model/internal.js'

/** A phase, and what comes before it. */
export interface Phase {
  readonly name: string
  /** The phases that have to be over before it begins. */
  readonly after: readonly string[]
  /** Milliseconds that its tasks may take together. */
  readonly timeoutMs: number
  /** Whether the phases after it come when one of its tasks has failed, or has taken too long. */
  readonly goesOn: boolean
}

/**
 * The names in an order in which each comes after those that it wants before it; else those that wait for each other. Of several that could
 * come next, the one that was added first does.
 */
export const inOrder = (phases: readonly Phase[]): Either<readonly string[], readonly Phase[]> => {
  const done: Phase[] = []
  let waiting = phases
  while (waiting.length > 0) {
    const next = waiting.find(({ after }) => after.every((name) => done.some((phase) => phase.name === name)))
    if (next === undefined) return left(waiting.map(({ name }) => name))
    done.push(next)
    waiting = waiting.filter((phase) => phase !== next)
  }
  return right(done)
}
