/**
 * What a number or a word must be, and the one sentence that refuses it.
 */
import type { ActorPath } from './ActorPath.js'
import { textOf, TroupeError } from './errors.js'

/** @internal */
export interface Rule {
  readonly holds: (value: unknown) => boolean
  /** Goes on from "must be". */
  readonly expected: string
}

/** @internal */
export const wholeFrom = (least: number): Rule => ({
  holds: (value) => Number.isSafeInteger(value) && (value as number) >= least,
  expected: `a whole number from ${String(least)} up`,
})

/** @internal */
export const numberFrom = (least: number, most = Number.MAX_VALUE): Rule => ({
  holds: (value) => typeof value === 'number' && value >= least && value <= most,
  expected: `a number from ${String(least)} ${most === 1 ? 'to 1' : 'up'}`,
})

/** Milliseconds that may be none. @internal */
export const delay: Rule = { ...numberFrom(0), expected: 'a finite number of milliseconds from 0 up' }

/** Milliseconds that take time. @internal */
export const period: Rule = {
  holds: (value) => delay.holds(value) && value !== 0,
  expected: 'a finite number of milliseconds above 0',
}

/** What is Sendable. @internal */
export const something: Rule = {
  holds: (value) => value !== null && value !== undefined,
  expected: 'a value that can be sent, neither null nor undefined; the none of an Option says that there is nothing',
}

/** The same, and Infinity for none. @internal */
export const orInfinity = ({ holds, expected }: Rule): Rule => ({
  holds: (value) => value === Infinity || holds(value),
  expected: `${expected}, or Infinity`,
})

/** @internal */
export const oneOf = (words: readonly string[]): Rule => ({
  holds: (value) => words.includes(value as string),
  expected: `one of ${words.join(', ')}`,
})

/** @internal */
export const aFunction: Rule = { holds: (value) => typeof value === 'function', expected: 'a function' }

/** Throws IllegalArgument when the rule does not hold. @internal */
export const requireThat = (what: string, value: unknown, rule: Rule, at?: { readonly path: ActorPath }): void => {
  if (rule.holds(value)) return
  const where = at === undefined ? '' : `${at.path.toString()}: `
  throw new TroupeError('IllegalArgument', `${where}${what} is ${textOf(value)}, but must be ${rule.expected}.`)
}
