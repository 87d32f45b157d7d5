/**
 * A router that spawns its routees.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, Behavior, Interceptor, Props } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'
import { portsOf } from '../runtime/internal.js'
import { pick, routeOf, Routing, type Route } from './routing.js'

/**
 * How a pool is made.
 *
 * @category model
 * @since 0.1.0
 */
export interface PoolOptions<in A> {
  /** How many routees it begins with. A whole number from 1. */
  readonly size: number
  /** Who gets a message. Default: `Routing.roundRobin`. */
  readonly routing?: Routing<A>
  /** Messages for which this holds go to all routees, once to each. Default: none. */
  readonly broadcast?: (message: A) => boolean
  /** How many routees it may have after a `Routers.resizePool`. Default: as many as it has, so that it cannot be resized. */
  readonly bounds?: { readonly min: number; readonly max: number }
  /** How the routees are run. Default: as any other actor. */
  readonly props?: Props<A>
}

class Resize {
  readonly _tag = 'ResizePool'
  readonly size: number

  constructor(size: number) {
    this.size = size
  }
}

class GetSize {
  readonly _tag = 'PoolSize'
  readonly replyTo: ActorRef<number>

  constructor(replyTo: ActorRef<number>) {
    this.replyTo = replyTo
  }
}

/**
 * What a pool handles beside the messages of its routees.
 *
 * @category model
 * @since 0.1.0
 */
export type PoolCommand =
  | { readonly _tag: 'ResizePool'; readonly size: number }
  | { readonly _tag: 'PoolSize'; readonly replyTo: ActorRef<number> }

export const resizePool = (size: number): PoolCommand => {
  requireThat('size of Routers.resizePool', size, wholeFrom(1))
  return new Resize(size)
}

export const poolSize = (replyTo: ActorRef<number>): PoolCommand => new GetSize(replyTo)

/** Tells a routee to stop when it has handled what it was sent before. */
class Retire {
  readonly _tag = 'Retire'
}

const retire = new Retire()

/** Routees cannot be told to retire in a protocol that is not theirs, so this stands in front of them. */
const retiring: Interceptor<unknown> = {
  name: 'retiring',
  aroundReceive: (_, message, target) => (message instanceof Retire ? Behaviors.stopped : target.receive(message)),
}

interface Bounds {
  readonly min: number
  readonly max: number
}

export const pool = <A>(options: PoolOptions<A>): ((behavior: Behavior<A>) => Behavior<A | PoolCommand>) => {
  const { size, bounds = { min: size, max: size } } = options
  requireThat('size of Routers.pool', size, wholeFrom(1))
  requireThat('bounds.min of Routers.pool', bounds.min, wholeFrom(1))
  requireThat('bounds.max of Routers.pool', bounds.max, wholeFrom(bounds.min))
  if (size < bounds.min || size > bounds.max)
    throw new TroupeError(
      'IllegalArgument',
      `size of Routers.pool is ${String(size)}, outside of its bounds ${String(bounds.min)} to ${String(bounds.max)}.`,
    )
  return (behavior) => {
    // Without bounds nobody retires, and messages need not be looked at.
    const routee =
      options.bounds === undefined
        ? behavior
        : Behaviors.intercept<unknown, unknown>(retiring)(behavior as Behavior<unknown>)
    return Behaviors.setup<A | PoolCommand>((context) => new Pool(context, routee, options, bounds).behavior())
  }
}

class Pool<A> {
  readonly #context: ActorContext<A | PoolCommand>
  readonly #routee: Behavior<A>
  readonly #options: PoolOptions<A>
  readonly #bounds: Bounds
  readonly #routing: Routing<A>
  readonly #unit: () => number
  #route: Route<ActorRef<A>>
  /** Those that were asked to retire, and may have work to do still. */
  readonly #retired = new Set<ActorRef<never>>()

  constructor(context: ActorContext<A | PoolCommand>, routee: Behavior<A>, options: PoolOptions<A>, bounds: Bounds) {
    const { random } = portsOf(context.system)
    this.#context = context
    this.#routee = routee
    this.#options = options
    this.#bounds = bounds
    this.#routing = options.routing ?? Routing.roundRobin
    this.#unit = () => random.next()
    this.#route = routeOf(
      Array.from({ length: options.size }, () => this.#spawn()),
      nameOf,
    )
  }

  behavior(): Behavior<A | PoolCommand> {
    return Behaviors.receive<A | PoolCommand>(
      (_, message) => {
        if (message instanceof Resize) this.#resize(message.size)
        else if (message instanceof GetSize) message.replyTo.tell(this.#route.routees.length)
        // Commands are made by this file alone, so whatever else comes is for the routees.
        else this.#passOn(message as A)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag !== 'Terminated' || this.#retired.delete(signal.ref)) return Behaviors.same
        this.#use(this.#route.routees.filter((routee) => routee !== signal.ref))
        return this.#route.routees.length === 0 ? Behaviors.stopped : Behaviors.same
      },
    )
  }

  #passOn(message: A): void {
    if (this.#options.broadcast?.(message) === true) for (const routee of this.#route.routees) routee.tell(message)
    else {
      const [routee, route] = pick(this.#routing, this.#route, message, this.#unit)
      this.#route = route
      routee?.tell(message)
    }
  }

  #resize(size: number): void {
    const { min, max } = this.#bounds
    const wanted = Math.min(max, Math.max(min, size))
    if (wanted !== size)
      this.#context.log.warn(
        `It was asked for ${String(size)} routees and has ${String(wanted)}: its bounds are ${String(min)} to ${String(max)}.`,
      )
    const { routees } = this.#route
    for (const routee of routees.slice(wanted)) this.#retire(routee)
    const more = Array.from({ length: Math.max(0, wanted - routees.length) }, () => this.#spawn())
    this.#use([...routees.slice(0, wanted), ...more])
  }

  #retire(routee: ActorRef<A>): void {
    this.#retired.add(routee)
    // The interceptor in front of it takes this.
    const inner = routee as unknown as ActorRef<Retire>
    inner.tell(retire)
  }

  #use(routees: readonly ActorRef<A>[]): void {
    this.#route = routeOf(routees, nameOf, this.#route.next)
  }

  #spawn(): ActorRef<A> {
    const routee = this.#context.spawn(this.#routee, undefined, this.#options.props)
    this.#context.watch(routee)
    return routee
  }
}

/** Routees are told apart by their names, which do not change when others come and go. */
const nameOf = (routee: ActorRef<never>): string => routee.path.name
