/**
 * Tasks that run beside each other, so many at a time.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { AbortableTask, ActorRef, Behavior, TaskRejected } from '../model/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'
import { poolOf, type PoolCommand, type PoolStatus, type Run } from './poolOf.js'

/**
 * A pool that runs at most `size` tasks at a time; others wait, first come, first served. Each is answered with its end. A task
 * whose asker has ceased to wait is not begun. When the pool stops or is restarted, the signals of the tasks that run fire.
 *
 * @remarks
 * Tasks are functions: a pool works with `isolation: 'trust'`.
 *
 * @throws TroupeError IllegalArgument when the size is not a whole number from 1 up
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Pool } from 'troupe/light'
 *
 * const pool = ActorSystem.create(Pool.behavior(10), 'demo')
 * const fetched = await pipe(pool, ask(Pool.run(() => Promise.resolve('page')), { timeoutMs: 1_000 }))()
 * if (fetched._tag === 'Right') console.log(fetched.right) // { _tag: 'Right', right: 'page' }
 * ```
 *
 * @see https://www.gevent.org/api/gevent.pool.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = (size: number): Behavior<PoolCommand> => {
  requireThat('The size of a pool', size, wholeFrom(1))
  return poolOf(size)
}

/**
 * Runs a task: right with its value, or left with a rejection. What it promised is up to `T`: annotate it, or let it be found.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { Pool, type PoolCommand } from 'troupe/light'
 *
 * const crawler = (pool: ActorRef<PoolCommand>) =>
 *   Behaviors.coroutine<never>(function* (co) {
 *     const pages = yield* co.all(
 *       ['a', 'b', 'c'].map((name) => co.ask(pool, Pool.run(() => Promise.resolve(name)), { timeoutMs: 5_000 })),
 *     )
 *     co.context.log.info(`${pages.length} pages`)
 *     return Behaviors.stopped
 *   })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const run =
  <T>(task: AbortableTask<T>) =>
  (replyTo: ActorRef<Either<TaskRejected, T>>): Run => ({
    _tag: 'Run',
    task,
    // It is answered with the end of this task.
    replyTo: replyTo as ActorRef<Either<TaskRejected, unknown>>,
  })

/**
 * Waits until no task runs or waits.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Pool } from 'troupe/light'
 *
 * const pool = ActorSystem.create(Pool.behavior(10), 'demo')
 * console.log(await pipe(pool, ask(Pool.join, { timeoutMs: 1_000 }))()) // { _tag: 'Right', right: 'done' }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const join = (replyTo: ActorRef<'done'>): { readonly _tag: 'Join'; readonly replyTo: ActorRef<'done'> } => ({
  _tag: 'Join',
  replyTo,
})

/**
 * Asks how many tasks run and wait.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Pool } from 'troupe/light'
 *
 * const pool = ActorSystem.create(Pool.behavior(10), 'demo')
 * console.log(await pipe(pool, ask(Pool.status, { timeoutMs: 1_000 }))()) // { _tag: 'Right', right: { running: 0, waiting: 0 } }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const status = (
  replyTo: ActorRef<PoolStatus>,
): { readonly _tag: 'Status'; readonly replyTo: ActorRef<PoolStatus> } => ({ _tag: 'Status', replyTo })
