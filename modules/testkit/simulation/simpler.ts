/**
 * Simpler schedules: what to try when one has failed. Pure, and the same for fast-check and for the search of this room.
 *
 * The order is that of delta debugging: first without all picks or all faults, then without halves of them, quarters, and so on down to
 * single ones, then with picks that pass over fewer. After a success the search goes on where it was, not from the beginning; among single
 * ones it goes round until none can be left out.
 *
 * @see https://www.st.cs.uni-saarland.de/papers/tse2002/
 */
import type { Fault, Pick, Schedule } from './Schedule.js'

/** Where a search for simpler schedules stands. */
export interface Place {
  /** 0 while leaving out, 1 while making picks smaller. */
  readonly phase: 0 | 1
  /** How many decisions are left out at a time; undefined at the very beginning. */
  readonly size: number | undefined
  /** How many decisions were kept so far at this size, or made smaller. */
  readonly at: number
}

export const beginning: Place = { phase: 0, size: undefined, at: 0 }

/** A simpler schedule, and where to go on if it still fails. */
export interface Candidate {
  readonly schedule: Schedule
  readonly next: Place
}

/**
 * All that could be tried, the boldest first. Once single decisions are tried it goes round: what was kept before a success is tried again
 * after it, so that in the end none can be left out.
 */
export function* simpler(schedule: Schedule, from: Place = beginning): Generator<Candidate> {
  const { picks, faults } = schedule
  const count = picks.length + faults.length
  if (from.phase === 1) {
    yield* smallerFrom(schedule, from.at, picks.length)
    yield* leftOut(schedule, 1, 0, count)
    yield* smallerFrom(schedule, 0, from.at)
    return
  }
  if (from.size === undefined && count > 0) yield* wholeKinds(schedule)
  for (let size = from.size ?? Math.ceil(count / 2), at = from.at; size >= 1; size = halfOf(size), at = 0)
    yield* leftOut(schedule, size, at, count)
  yield* smallerFrom(schedule, 0, picks.length)
  if (from.size === 1) yield* leftOut(schedule, 1, 0, from.at)
}

function* leftOut(schedule: Schedule, size: number, from: number, to: number): Generator<Candidate> {
  for (let at = from; at < to; at += size) yield { schedule: without(schedule, at, size), next: { phase: 0, size, at } }
}

function* smallerFrom(schedule: Schedule, from: number, to: number): Generator<Candidate> {
  const { picks } = schedule
  for (let at = from; at < Math.min(to, picks.length); at++)
    for (const over of smaller(picks[at] as Pick))
      yield {
        schedule: { ...schedule, picks: picks.map((pick, index) => (index === at ? { ...pick, over } : pick)) },
        next: { phase: 1, size: 1, at },
      }
}

function* wholeKinds(schedule: Schedule): Generator<Candidate> {
  const { picks, faults } = schedule
  yield { schedule: { ...schedule, picks: [], faults: [] }, next: beginning }
  if (picks.length === 0 || faults.length === 0) return
  yield { schedule: { ...schedule, picks: [] }, next: beginning }
  yield { schedule: { ...schedule, faults: [] }, next: beginning }
}

const halfOf = (size: number): number => (size === 1 ? 0 : Math.ceil(size / 2))

/** Leaves out `size` decisions from `at` on, faults counted first: few as they are, they say most. */
const without = ({ seed, picks, faults }: Schedule, at: number, size: number): Schedule => ({
  seed,
  faults: leaveOut<Fault>(faults, at, size),
  picks: leaveOut<Pick>(picks, at - faults.length, size),
})

const leaveOut = <A>(items: readonly A[], at: number, size: number): readonly A[] =>
  items.filter((_, index) => index < at || index >= at + size)

const small = 8

/** The small ones first: large ones are counted round, so that being less says little. */
function* smaller({ over }: Pick): Generator<number> {
  for (let less = 1; less < over && less <= small; less++) yield less
  for (let half = over >> 1; half > small; half >>= 1) yield half
}
