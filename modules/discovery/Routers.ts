/**
 * Actors that stand for several others.
 */
import type { ActorRef, Behavior } from '../model/index.js'
import { group, type GroupOptions } from './group.js'
import { pool, poolSize, resizePool, type PoolCommand, type PoolOptions } from './pool.js'
import type { ServiceKey } from './ServiceKey.js'

/**
 * Makes routers: an actor that passes each message on to one of several.
 *
 * A pool spawns its routees; a group finds them at the receptionist. A message that is passed on is a send of its own.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, SupervisorStrategy } from 'troupe'
 * import { Routers } from 'troupe/discovery'
 *
 * const worker = pipe(
 *   Behaviors.receive<string>((context, job) => {
 *     context.log.info(job)
 *     return Behaviors.same
 *   }),
 *   Behaviors.supervise(SupervisorStrategy.restart))
 * const system = ActorSystem.create(pipe(worker, Routers.pool({ size: 4 })), 'demo')
 * for (const job of ['a', 'b', 'c', 'd', 'e']) system.tell(job)
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/routers.html
 * @category constructors
 * @since 0.1.0
 */
export const Routers: {
  /**
   * Spawns `size` routees of one behavior. One that stops is not replaced; declare supervision on the behavior to have it restarted. The
   * pool stops when the last of them has stopped.
   *
   * @throws TroupeError IllegalArgument for a size below 1, and for bounds that do not hold it
   */
  readonly pool: <A>(options: PoolOptions<A>) => (behavior: Behavior<A>) => Behavior<A | PoolCommand>
  /**
   * Passes on to whoever is registered under a key. Messages wait until the receptionist has answered for the first time.
   *
   * @throws TroupeError IllegalArgument when `capacityMessages` is out of range
   */
  readonly group: <A>(key: ServiceKey<A>, options?: GroupOptions<A>) => Behavior<A>
  /** A message for a pool that has bounds: have so many routees. Those that go finish what they were sent. */
  readonly resizePool: (size: number) => PoolCommand
  /** A request to a pool: how many routees it has. */
  readonly poolSize: (replyTo: ActorRef<number>) => PoolCommand
} = { pool, group, resizePool, poolSize }
