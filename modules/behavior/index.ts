/**
 * Floor 2, the public door: behaviors are values; nothing in this room has a state or an effect.
 */

/**
 * The constructors and combinators of behaviors.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 *
 * const greeter: Behavior<string> = Behaviors.receiveMessageWithSame((name: string) => console.log(`Hello, ${name}`))
 * const system = ActorSystem.create(greeter, 'demo')
 * system.tell('world')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Behaviors from './behaviors.js'
export type { StoppedBehavior, SuperviseOptions } from './behaviors.js'
export { ContravariantBehavior } from './contravariant.js'
export type { LogMessagesOptions } from './interceptors.js'
export type { Coroutine, Instruction, LightThread, ResultOf, Steps } from './coroutine/Coroutine.js'
