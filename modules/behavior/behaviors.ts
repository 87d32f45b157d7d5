/**
 * What users know as `Behaviors.*`.
 */
export * from './constructors.js'
export * from './combinators.js'
export { coroutine } from './coroutine.js'
