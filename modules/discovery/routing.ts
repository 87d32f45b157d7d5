/**
 * Who of several gets the next message: pure decisions.
 */
import { HashRing } from '../base/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'

/**
 * How a router picks one of its routees.
 *
 * @category model
 * @since 0.1.0
 */
export type Routing<A> =
  | { readonly _tag: 'RoundRobin' }
  | { readonly _tag: 'Random' }
  | { readonly _tag: 'ConsistentHash'; readonly keyOf: (message: A) => string; readonly pointsEach: number }

/**
 * The ways to pick a routee.
 *
 * @example
 * ```ts
 * import { Routing } from 'troupe/discovery'
 *
 * const byUser = Routing.consistentHash((message: { readonly user: string }) => message.user)
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/routers.html
 * @category constructors
 * @since 0.1.0
 */
export const Routing: {
  /** One after the other: of any number of messages in a row all get as many, or one more. */
  readonly roundRobin: Routing<unknown>
  /** Any of them, each as likely as the others. */
  readonly random: Routing<unknown>
  /**
   * Messages of one key go to one routee. When a routee comes or goes, only the keys that it gets or had move.
   *
   * @param pointsEach - at how many points of the ring each routee stands; more make the shares more even. Default: 128
   * @throws TroupeError IllegalArgument when `pointsEach` is not a whole number from 1 up
   */
  readonly consistentHash: <A>(keyOf: (message: A) => string, pointsEach?: number) => Routing<A>
} = {
  roundRobin: { _tag: 'RoundRobin' },
  random: { _tag: 'Random' },
  consistentHash: (keyOf, pointsEach = 128) => {
    requireThat('pointsEach of Routing.consistentHash', pointsEach, wholeFrom(1))
    return { _tag: 'ConsistentHash', keyOf, pointsEach }
  },
}

/** Routees and what is needed to pick one; a value. */
export interface Route<R> {
  readonly routees: readonly R[]
  /** Whose turn it is in round robin. */
  readonly next: number
  /** The ring on which they stand. */
  readonly ring: (pointsEach: number) => HashRing<R>
}

/** What to pick from. The turn stays where it was, as far as there are that many. */
export const routeOf = <R>(routees: readonly R[], nameOf: (routee: R) => string, next = 0): Route<R> => {
  let ring: HashRing<R> | undefined
  return {
    routees,
    next: routees.length === 0 ? 0 : next % routees.length,
    // It is long, so it waits for the first message that asks for it: routees come and go one by one, by the hundreds.
    ring: (pointsEach) => (ring ??= new HashRing(routees, nameOf, pointsEach)),
  }
}

/** The routee of a message, and what to pick the next from; undefined when there is none. `unit` is from 0 up to 1. */
export const pick = <A, R>(
  routing: Routing<A>,
  route: Route<R>,
  message: A,
  unit: () => number,
): readonly [R | undefined, Route<R>] => {
  const { routees, next, ring } = route
  switch (routing._tag) {
    case 'RoundRobin':
      return [routees[next], { ...route, next: next + 1 >= routees.length ? 0 : next + 1 }]
    case 'Random':
      return [routees[Math.floor(unit() * routees.length)], route]
    case 'ConsistentHash':
      return [ring(routing.pointsEach).nodeOf(routing.keyOf(message)), route]
  }
}
