/**
 * troupe: typed actors. Behaviors are immutable values that return their next behavior; actors form a tree in which parents supervise
 * their children.
 *
 * @packageDocumentation
 */
export * from './model/index.js'
export * from './behavior/index.js'
export * from './runtime/index.js'
export * from './supervisor/index.js'
export * from './discovery/index.js'
// The value and the type of this name; the face in model is the same type.
export { ActorSystem } from './runtime/index.js'
