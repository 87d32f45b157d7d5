/**
 * Floor 4, the public door: what threads of control use among themselves. Each is an actor; coroutines wait for it with `co.ask`,
 * everybody else with `ask`.
 *
 * @packageDocumentation
 */

/**
 * An event that many can wait for.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Event } from 'troupe/light'
 *
 * await using system = ActorSystem.create(Event.behavior(), 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Event from './Event.js'
/**
 * A result that is there once and for all.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { AsyncResult } from 'troupe/light'
 *
 * await using system = ActorSystem.create(AsyncResult.behavior<string, number>(), 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as AsyncResult from './AsyncResult.js'
/**
 * A bounded queue between those who put and those who take.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Queue } from 'troupe/light'
 *
 * await using system = ActorSystem.create(Queue.behavior<string>(100), 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Queue from './Queue.js'
/**
 * A limit to how many hold something at a time.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Semaphore } from 'troupe/light'
 *
 * await using system = ActorSystem.create(Semaphore.behavior(2), 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Semaphore from './Semaphore.js'
/**
 * Tasks that run beside each other, so many at a time.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Pool } from 'troupe/light'
 *
 * await using system = ActorSystem.create(Pool.behavior(10), 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Pool from './Pool.js'
/**
 * Tasks that run beside each other, as many as come.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Group } from 'troupe/light'
 *
 * await using system = ActorSystem.create(Group.behavior(), 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Group from './Group.js'
export type { AsyncResultCommand } from './AsyncResult.js'
export type { EventCommand } from './Event.js'
export type { PoolCommand, PoolStatus } from './poolOf.js'
export type { QueueCommand } from './Queue.js'
export type { SemaphoreCommand } from './Semaphore.js'
