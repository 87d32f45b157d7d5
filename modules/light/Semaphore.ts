/**
 * So many at a time.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior } from '../model/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'
import { identityOf, isTerminated } from '../runtime/internal.js'
import { Waiters } from './Waiters.js'

/**
 * What a semaphore understands.
 *
 * @category model
 * @since 0.1.0
 */
export type SemaphoreCommand =
  | { readonly _tag: 'Acquire'; readonly holder: ActorRef<never>; readonly replyTo: ActorRef<'acquired'> }
  | { readonly _tag: 'Release'; readonly holder: ActorRef<never> }
  | { readonly _tag: 'Available'; readonly replyTo: ActorRef<number> }

interface HolderGone {
  readonly _tag: 'HolderGone'
  readonly holder: ActorRef<never>
}

/**
 * A semaphore: at most `permits` holders at a time. `acquire` is answered when a permit is free, first come, first served. A holder
 * that terminates without a release gives its permits back by that. A release by one that holds none is logged and changes nothing.
 *
 * @throws TroupeError IllegalArgument when the permits are not a whole number from 1 up
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type ActorRef } from 'troupe'
 * import { Semaphore, type SemaphoreCommand } from 'troupe/light'
 *
 * const worker = (limit: ActorRef<SemaphoreCommand>) =>
 *   Behaviors.coroutine<never>(function* (co) {
 *     const { self } = co.context
 *     const permit = yield* co.ask(limit, Semaphore.acquire(self), { timeoutMs: 5_000 })
 *     if (permit._tag === 'Left') return Behaviors.stopped
 *     try {
 *       yield* co.sleep(100)
 *     } finally {
 *       limit.tell(Semaphore.release(self))
 *     }
 *     return Behaviors.stopped
 *   })
 *
 * const guardian = Behaviors.setup<never>((context) => {
 *   const limit = context.spawn(Semaphore.behavior(2), 'limit')
 *   for (let n = 0; n < 5; n++) context.spawn(worker(limit))
 *   return Behaviors.ignore
 * })
 * await using system = ActorSystem.create(guardian, 'demo')
 * ```
 *
 * @see https://www.gevent.org/api/gevent.lock.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = (permits: number): Behavior<SemaphoreCommand> => {
  requireThat('The permits of a semaphore', permits, wholeFrom(1))
  return pipe(
    Behaviors.setup<SemaphoreCommand | HolderGone>((context) => {
      const waiters = new Waiters<Extract<SemaphoreCommand, { readonly _tag: 'Acquire' }>>()
      /** How many permits each holder has, by what tells holders apart. */
      const held = new Map<object, number>()
      let free = permits

      const give = ({ holder, replyTo }: Extract<SemaphoreCommand, { readonly _tag: 'Acquire' }>): void => {
        const key = identityOf(holder)
        const before = held.get(key) ?? 0
        if (before === 0) context.watchWith(holder, { _tag: 'HolderGone', holder })
        held.set(key, before + 1)
        free--
        replyTo.tell('acquired')
      }
      const giveFree = (): void => {
        while (free > 0) {
          const next = waiters.take()
          if (next === undefined) return
          give(next)
        }
      }
      return Behaviors.receiveMessageWithSame((command) => {
        switch (command._tag) {
          case 'Acquire':
            if (isTerminated(command.replyTo)) return
            if (free > 0) give(command)
            else waiters.add(command)
            return
          case 'Release': {
            const key = identityOf(command.holder)
            const before = held.get(key)
            if (before === undefined) {
              // It may have been given back already, by the holder's end. Else it is a slip of one, and no harm to the others.
              if (!isTerminated(command.holder))
                context.log.warn(
                  `${command.holder.path.toString()} released a permit that it does not hold, so nothing has changed. Release once for ` +
                    `each acquire that was granted, and not for one that was left without a reply.`,
                )
              return
            }
            if (before === 1) {
              held.delete(key)
              context.unwatch(command.holder)
            } else held.set(key, before - 1)
            free++
            giveFree()
            return
          }
          case 'HolderGone': {
            const key = identityOf(command.holder)
            free += held.get(key) ?? 0
            held.delete(key)
            giveFree()
            return
          }
          case 'Available':
            command.replyTo.tell(free)
        }
      })
    }),
    Behaviors.narrow<SemaphoreCommand>(),
  )
}

/**
 * Takes a permit for `holder`; the reply comes when there is one.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { Semaphore, type SemaphoreCommand } from 'troupe/light'
 *
 * const request = (holder: ActorRef<never>) => Semaphore.acquire(holder)
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const acquire =
  (holder: ActorRef<never>) =>
  (
    replyTo: ActorRef<'acquired'>,
  ): { readonly _tag: 'Acquire'; readonly holder: ActorRef<never>; readonly replyTo: ActorRef<'acquired'> } => ({
    _tag: 'Acquire',
    holder,
    replyTo,
  })

/**
 * Gives a permit of `holder` back. Only who holds one has one to give.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { Semaphore, type SemaphoreCommand } from 'troupe/light'
 *
 * const giveBack = (limit: ActorRef<SemaphoreCommand>, holder: ActorRef<never>) => limit.tell(Semaphore.release(holder))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const release = (holder: ActorRef<never>): SemaphoreCommand => ({ _tag: 'Release', holder })

/**
 * Asks how many permits are free.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Semaphore } from 'troupe/light'
 *
 * const limit = ActorSystem.create(Semaphore.behavior(2), 'demo')
 * console.log(await pipe(limit, ask(Semaphore.available, { timeoutMs: 1_000 }))()) // { _tag: 'Right', right: 2 }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const available = (
  replyTo: ActorRef<number>,
): { readonly _tag: 'Available'; readonly replyTo: ActorRef<number> } => ({ _tag: 'Available', replyTo })
