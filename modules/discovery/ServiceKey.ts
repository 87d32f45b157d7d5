/**
 * What a service is known by, and who provides it.
 */
import { TroupeError, type ActorRef } from '../model/index.js'

/** Marks a key with the protocol of its services. It exists for the compiler only. */
declare const Protocol: unique symbol

/**
 * The name of a service, and the messages that it handles. Two keys of one id are the same key.
 *
 * @category model
 * @since 0.1.0
 */
export interface ServiceKey<in out A> {
  readonly [Protocol]: (message: A) => A
  readonly id: string
}

/**
 * Who is registered under a key, in the order of registration.
 *
 * @category model
 * @since 0.1.0
 */
export interface Listing<in A> {
  readonly _tag: 'Listing'
  readonly keyId: string
  readonly refs: readonly ActorRef<A>[]
}

/**
 * Makes keys.
 *
 * @example
 * ```ts
 * import { ServiceKey } from 'troupe/discovery'
 *
 * const printers = ServiceKey.of<string>('printers')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/actor-discovery.html
 * @category constructors
 * @since 0.1.0
 */
export const ServiceKey: {
  /**
   * The key of this id, for services that handle `A`.
   *
   * @throws TroupeError IllegalArgument when the id is empty
   */
  readonly of: <A>(id: string) => ServiceKey<A>
} = {
  of: <A>(id: string) => {
    if (typeof id !== 'string' || id === '')
      throw new TroupeError(
        'IllegalArgument',
        'The id of a ServiceKey is empty. Give it a name that says what the service does.',
      )
    // The mark has no value.
    return { id } as unknown as ServiceKey<A>
  },
}
