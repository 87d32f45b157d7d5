/**
 * Tasks that run beside each other, as many as come.
 */
import type { Behavior } from '../model/index.js'
import { poolOf, type PoolCommand } from './poolOf.js'

/**
 * A group: a pool without a bound. It understands what a pool does.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Group } from 'troupe/light'
 *
 * const group = ActorSystem.create(Group.behavior(), 'demo')
 * const one = await pipe(group, ask(Group.run(() => Promise.resolve(1)), { timeoutMs: 1_000 }))()
 * ```
 *
 * @see https://www.gevent.org/api/gevent.pool.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = (): Behavior<PoolCommand> => poolOf(Infinity)

export { join, run, status } from './Pool.js'
