/**
 * Crashes on purpose.
 *
 * Whether a piece of work crashes its actor is a function of the seed, the actor's part in the play, the line and the attempt: a
 * generator that counts in place of keeping a state, so a crash cannot lose it, and a run can be repeated whatever the order of turns.
 */

/** How often, and which of all the runs with that rate. */
export interface Chaos {
  /** The chance, from 0 up to but not including 1, that handling a piece of work ends in a crash. A retry takes it anew. */
  readonly rate: number
  readonly seed: number
}

/** Who is at work. */
export type Part = 'parser' | 'source'

/** Where a crash strikes: before the state has changed, half-way through the change, or when all is done and said. */
export type Moment = 'before' | 'middle' | 'after'

/** What is thrown. */
export class InjectedCrash extends Error {
  override readonly name = 'InjectedCrash'
}

/** For supervisors: tells a crash on purpose from a defect. */
export const isInjectedCrash = (error: unknown): error is InjectedCrash => error instanceof InjectedCrash

const moments: readonly Moment[] = ['before', 'middle', 'after']

/** When this attempt at this work will crash; undefined when it will not. */
export const fateOf = (chaos: Chaos, part: Part, line: number, attempt: number): Moment | undefined => {
  if (chaos.rate === 0) return undefined
  const drawn = unit(chaos.seed, part === 'parser' ? 1 : 2, line, attempt)
  return drawn < chaos.rate ? moments[Math.floor((drawn / chaos.rate) * moments.length)] : undefined
}

/** Throws when this is the moment. */
export const strike = (fate: Moment | undefined, moment: Moment, line: number): void => {
  if (fate === moment) throw new InjectedCrash(`a crash on purpose, ${whenOf[moment]} line ${line}`)
}

const whenOf: Readonly<Record<Moment, string>> = { before: 'before', middle: 'in the middle of', after: 'after' }

/** A number from 0 up to but not including 1 that these four numbers determine. */
const unit = (seed: number, part: number, line: number, attempt: number): number =>
  mix(mix(mix(mix(0, seed), part), line), attempt) / 2 ** 32

/** One round of MurmurHash3 and its finish: each bit of either number reaches every bit of the answer. */
const mix = (hash: number, value: number): number => {
  let h = hash ^ Math.imul(Math.imul(value, 0xcc9e2d51), 0x1b873593)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
