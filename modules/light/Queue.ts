/**
 * A bounded queue between those who put and those who take.
 */
import { RingBuffer } from '../base/index.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior, Sendable } from '../model/index.js'
import { orInfinity, requireThat, something, wholeFrom } from '../model/internal.js'
import { isTerminated } from '../runtime/internal.js'
import { Waiters } from './Waiters.js'

/**
 * What a queue understands: to put an item when there is room, to put it only if there is room now, to take an item when there is
 * one, and to read those that wait.
 *
 * @category model
 * @since 0.1.0
 */
export type QueueCommand<A> =
  | { readonly _tag: 'Put'; readonly item: A; readonly replyTo: ActorRef<'done'> }
  | { readonly _tag: 'Offer'; readonly item: A; readonly replyTo: ActorRef<boolean> }
  | { readonly _tag: 'Take'; readonly replyTo: ActorRef<A> }
  | { readonly _tag: 'Items'; readonly replyTo: ActorRef<readonly A[]> }

const room = orInfinity(wholeFrom(1))

/**
 * A queue in which at most `capacity` items wait; as many as come with Infinity. `put` is answered when the item is in, `take` with the
 * next item; both wait for their turn, first come, first served. Who has ceased to wait is passed over: its item is not put, and none is
 * given to it. An item is what can be sent, so neither null nor undefined.
 *
 * @throws TroupeError IllegalArgument when the capacity is neither a whole number from 1 up nor Infinity
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Queue } from 'troupe/light'
 *
 * const jobs = ActorSystem.create(Queue.behavior<string>(100), 'demo')
 * await pipe(jobs, ask(Queue.put('sweep'), { timeoutMs: 1_000 }))()
 * console.log(await pipe(jobs, ask(Queue.take<string>, { timeoutMs: 1_000 }))()) // { _tag: 'Right', right: 'sweep' }
 * ```
 *
 * @see https://eventlet.readthedocs.io/en/latest/modules/queue.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = <A extends Sendable>(capacity: number): Behavior<QueueCommand<A>> => {
  requireThat('The capacity of a queue', capacity, room)
  return Behaviors.setup(() => {
    const items = new RingBuffer<A>(8)
    const putting = new Waiters<{ readonly item: A; readonly replyTo: ActorRef<'done'> }>()
    const taking = new Waiters<{ readonly replyTo: ActorRef<A> }>()

    /** An item goes to who waits for one, or waits itself. There is room for it. */
    const putNow = (item: A): void => {
      const taker = taking.take()
      if (taker === undefined) items.push(item)
      else taker.replyTo.tell(item)
    }
    return Behaviors.receiveMessageWithSame((command) => {
      if (isTerminated(command.replyTo)) return
      switch (command._tag) {
        case 'Put':
          if (items.size >= capacity) putting.add(command)
          else {
            putNow(command.item)
            command.replyTo.tell('done')
          }
          return
        case 'Offer': {
          const hasRoom = items.size < capacity
          if (hasRoom) putNow(command.item)
          command.replyTo.tell(hasRoom)
          return
        }
        case 'Take': {
          if (items.size === 0) {
            taking.add(command)
            return
          }
          // The size says that it is there.
          command.replyTo.tell(items.shift() as A)
          const putter = putting.take()
          if (putter === undefined) return
          items.push(putter.item)
          putter.replyTo.tell('done')
          return
        }
        case 'Items':
          // The indices lie within the buffer.
          command.replyTo.tell(Array.from({ length: items.size }, (_, index) => items.at(index) as A))
      }
    })
  })
}

/**
 * Puts an item; the reply comes when it is in the queue.
 *
 * @throws TroupeError IllegalArgument when the item is null or undefined
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { Queue, type QueueCommand } from 'troupe/light'
 *
 * const producer = (jobs: ActorRef<QueueCommand<number>>) =>
 *   Behaviors.coroutine<never>(function* (co) {
 *     for (let n = 0; n < 10; n++) yield* co.ask(jobs, Queue.put(n), { timeoutMs: 1_000 })
 *     return Behaviors.stopped
 *   })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const put = <A extends Sendable>(
  item: A,
): ((replyTo: ActorRef<'done'>) => {
  readonly _tag: 'Put'
  readonly item: A
  readonly replyTo: ActorRef<'done'>
}) => {
  requireThat('An item for a queue', item, something)
  return (replyTo) => ({ _tag: 'Put', item, replyTo })
}

/**
 * Puts an item if there is room; the reply says whether there was.
 *
 * @throws TroupeError IllegalArgument when the item is null or undefined
 *
 * @example
 * ```ts
 * import { Queue } from 'troupe/light'
 *
 * const request = Queue.offer('sweep')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const offer = <A extends Sendable>(
  item: A,
): ((replyTo: ActorRef<boolean>) => {
  readonly _tag: 'Offer'
  readonly item: A
  readonly replyTo: ActorRef<boolean>
}) => {
  requireThat('An item for a queue', item, something)
  return (replyTo) => ({ _tag: 'Offer', item, replyTo })
}

/**
 * Takes the next item; the reply comes when there is one.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { Queue, type QueueCommand } from 'troupe/light'
 *
 * const consumer = (jobs: ActorRef<QueueCommand<number>>) =>
 *   Behaviors.coroutine<never>(function* (co) {
 *     for (;;) {
 *       const job = yield* co.ask(jobs, Queue.take<number>, { timeoutMs: 1_000 })
 *       if (job._tag === 'Left') return Behaviors.stopped
 *       co.context.log.info(`job ${job.right}`)
 *     }
 *   })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const take = <A>(replyTo: ActorRef<A>): { readonly _tag: 'Take'; readonly replyTo: ActorRef<A> } => ({
  _tag: 'Take',
  replyTo,
})

/**
 * Reads the items that wait, the next to be taken first; they stay.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Queue } from 'troupe/light'
 *
 * const jobs = ActorSystem.create(Queue.behavior<string>(100), 'demo')
 * console.log(await pipe(jobs, ask(Queue.items<string>, { timeoutMs: 1_000 }))()) // { _tag: 'Right', right: [] }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const items = <A>(
  replyTo: ActorRef<readonly A[]>,
): { readonly _tag: 'Items'; readonly replyTo: ActorRef<readonly A[]> } => ({ _tag: 'Items', replyTo })
