/**
 * What users know as `Behaviors.*`.
 */
export * from './constructors.js'
export * from './combinators.js'
