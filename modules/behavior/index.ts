/**
 * Floor 2, the public door: behaviors are values; nothing in this room has a state or an effect.
 */
export * as Behaviors from './behaviors.js'
export type { StoppedBehavior, SuperviseOptions } from './behaviors.js'
export { ContravariantBehavior } from './contravariant.js'
export type { LogMessagesOptions } from './interceptors.js'
