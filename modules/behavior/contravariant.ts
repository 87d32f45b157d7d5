/**
 * The fp-ts instance of `Behavior`.
 */
import type { Contravariant1 } from 'fp-ts/lib/Contravariant.js'
import type { Behavior } from '../model/index.js'
import { contramap } from './combinators.js'

declare module 'fp-ts/HKT' {
  interface URItoKind<A> {
    readonly 'troupe/Behavior': Behavior<A>
  }
}

/**
 * `Behavior` as a contravariant functor; the function runs in the actor.
 *
 * @example
 * ```ts
 * import { Behaviors, ContravariantBehavior } from 'troupe'
 *
 * const numbers = Behaviors.receiveMessage<number>(() => Behaviors.same)
 * const texts = ContravariantBehavior.contramap(numbers, (text: string) => text.length)
 * ```
 *
 * @category instances
 * @since 0.1.0
 */
export const ContravariantBehavior: Contravariant1<'troupe/Behavior'> = {
  URI: 'troupe/Behavior',
  contramap: (behavior, f) => contramap(f)(behavior),
}
