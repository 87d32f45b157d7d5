/**
 * A reference seen through a function.
 */
import type { Contravariant1 } from 'fp-ts/lib/Contravariant.js'
import type { ActorRef } from '../model/index.js'
import { ViewRef } from './ViewRef.js'

class ContramappedRef<A, B> extends ViewRef<A> {
  readonly #f: (message: B) => A

  constructor(target: ActorRef<A>, f: (message: B) => A) {
    super(target)
    this.#f = f
  }

  tell(message: unknown): void {
    // The reference is handed out as one of B.
    this.target.tell(this.#f(message as B))
  }
}

/**
 * A reference that applies `f` to each message before it is sent, at the sender. It keeps the identity of its target: path,
 * `equals` and watch are those of the target.
 *
 * @remarks
 * What `f` throws reaches the sender, and nothing is sent.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, contramapRef } from 'troupe'
 *
 * const system = ActorSystem.create(Behaviors.receiveMessage<number>(() => Behaviors.same), 'demo')
 * pipe(system, contramapRef((text: string) => text.length)).tell('four')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const contramapRef =
  <A, B>(f: (message: B) => A) =>
  (ref: ActorRef<A>): ActorRef<B> =>
    new ContramappedRef(ref, f)

declare module 'fp-ts/HKT' {
  interface URItoKind<A> {
    readonly 'troupe/ActorRef': ActorRef<A>
  }
}

/**
 * `ActorRef` as a contravariant functor; the function runs at the sender.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, ContravariantActorRef } from 'troupe'
 *
 * const system = ActorSystem.create(Behaviors.receiveMessage<number>(() => Behaviors.same), 'demo')
 * ContravariantActorRef.contramap(system, (text: string) => text.length).tell('four')
 * ```
 *
 * @category instances
 * @since 0.1.0
 */
export const ContravariantActorRef: Contravariant1<'troupe/ActorRef'> = {
  URI: 'troupe/ActorRef',
  contramap: (ref, f) => contramapRef(f)(ref),
}
