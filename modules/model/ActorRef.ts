/**
 * The address of an actor: all that another part of the program ever holds of it.
 */
import type { ActorPath } from './ActorPath.js'

/**
 * Marks what handles messages of a type. It exists for the compiler only: no message can pass for a behavior, and no
 * `{ tell }` for a reference.
 *
 * @category model
 * @since 0.1.0
 */
export declare const Handles: unique symbol

/**
 * The address of an actor that handles messages of type `A`.
 *
 * It is contravariant: an `ActorRef<Command>` may be used where an `ActorRef<Increment>` is wanted, and every reference
 * is an `ActorRef<never>`, which can be watched and stopped but not told anything.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type ActorRef } from 'troupe'
 *
 * const greet = (ref: ActorRef<string>): void => ref.tell('hello')
 * const system = ActorSystem.create(Behaviors.receiveMessage<string>(() => Behaviors.same), 'demo')
 * greet(system)
 * ```
 *
 * @category model
 * @since 0.1.0
 */
export interface ActorRef<in A> {
  readonly [Handles]: (message: A) => void
  /** Where the actor lives; it stays the same after the actor has stopped. */
  readonly path: ActorPath
  /**
   * Sends a message and returns at once; the receiver never runs on the sender's stack.
   *
   * @throws TroupeError with the tag IllegalArgument when the message is null or undefined, or when the isolation of the system
   * refuses it.
   */
  tell(message: A): void
  /** True when both address the same incarnation of an actor. A contramapped reference equals its target. */
  equals(that: ActorRef<never>): boolean
  toString(): string
}

/**
 * Sends point-free: `tellTo(ref)` is a function that tells its argument to `ref`.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, tellTo } from 'troupe'
 *
 * const system = ActorSystem.create(Behaviors.receiveMessage<number>(() => Behaviors.same), 'demo')
 * ;[1, 2, 3].forEach(tellTo(system))
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const tellTo =
  <A>(ref: ActorRef<A>) =>
  (message: A): void => {
    ref.tell(message)
  }
