/**
 * A router that finds its routees at the receptionist.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, Behavior, StashBuffer } from '../model/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'
import { portsOf } from '../runtime/internal.js'
import { Receptionist } from './Receptionist.js'
import { pick, routeOf, Routing, type Route } from './routing.js'
import type { Listing, ServiceKey } from './ServiceKey.js'
import { tellEach, tellOne } from './tellEach.js'

/**
 * How a group is made.
 *
 * @category model
 * @since 0.1.0
 */
export interface GroupOptions<in A> {
  /** Who gets a message. Default: `Routing.roundRobin`. */
  readonly routing?: Routing<A>
  /** Messages for which this holds go to all, once to each. Default: none. */
  readonly broadcast?: (message: A) => boolean
  /** How many messages may wait for the first answer of the receptionist; those beyond are dead letters. From 1. Default: 10,000. */
  readonly capacityMessages?: number
}

class Listed<A> {
  readonly routees: readonly ActorRef<A>[]

  constructor(listing: Listing<A>) {
    this.routees = listing.refs
  }
}

export const group = <A>(key: ServiceKey<A>, options: GroupOptions<A> = {}): Behavior<A> => {
  const capacity = options.capacityMessages ?? 10_000
  requireThat('capacityMessages of Routers.group', capacity, wholeFrom(1))
  return Behaviors.setup<A | Listed<A>>((context) =>
    Behaviors.withStash<A | Listed<A>>(capacity, (stash) => {
      const listings = context.messageAdapter((listing: Listing<A>) => new Listed(listing), { key: 'listings' })
      Receptionist.get(context.system).tell(Receptionist.subscribe(key, listings))
      return waiting(context, stash, options)
    }),
  )
}

type GroupContext<A> = ActorContext<A | Listed<A>>

/** Nobody is known yet. */
const waiting = <A>(
  context: GroupContext<A>,
  stash: StashBuffer<A | Listed<A>>,
  options: GroupOptions<A>,
): Behavior<A | Listed<A>> =>
  Behaviors.receiveMessage((message) => {
    if (message instanceof Listed)
      return stash.unstashAll(routingTo(context, options, routeOf(message.routees, nameOf)))
    if (stash.isFull) context.system.deadLetters.tell(message)
    else stash.stash(message)
    return Behaviors.same
  })

const routingTo = <A>(
  context: GroupContext<A>,
  options: GroupOptions<A>,
  first: Route<ActorRef<A>>,
): Behavior<A | Listed<A>> => {
  const { routing = Routing.roundRobin, broadcast } = options
  const { random } = portsOf(context.system)
  const unit = (): number => random.next()
  const from = (route: Route<ActorRef<A>>): Behavior<A | Listed<A>> =>
    Behaviors.receiveMessage((message) => {
      if (message instanceof Listed) return from(routeOf(message.routees, nameOf, route.next))
      if (route.routees.length === 0) context.system.deadLetters.tell(message)
      else if (broadcast?.(message) === true) tellEach(context, route.routees, message)
      else {
        const [routee, next] = pick(routing, route, message, unit)
        if (routee !== undefined) tellOne(context, routee, message)
        return from(next)
      }
      return Behaviors.same
    })
  return from(first)
}

/** Routees may have the same name in different places. */
const nameOf = (routee: ActorRef<never>): string => routee.toString()
