/**
 * One question to many: sessions that gather replies.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior } from '../model/index.js'
import { period, requireThat, wholeFrom } from '../model/internal.js'

/** What a session tells itself; a class, so that no reply can pass for it. */
class TimeIsUp {
  readonly _tag = 'TimeIsUp'
}

const timeIsUp = new TimeIsUp()

/**
 * How replies are gathered.
 *
 * @category model
 * @since 0.1.0
 */
export interface AggregateOptions<Reply, Result> {
  /** Sends the requests; what is replied to `replyTo` is gathered. */
  readonly ask: (replyTo: ActorRef<Reply>) => void
  /** How many replies make it complete. A whole number from 1. */
  readonly replies: number
  /** Milliseconds after which it makes do with what has come. Above 0. */
  readonly timeoutMs: number
  /** Makes the result of the replies, in the order in which they came; there are fewer than `replies` when the time was up. */
  readonly combine: (replies: readonly Reply[]) => Result
  /** Who gets the result. */
  readonly replyTo: ActorRef<Result>
}

/**
 * A session that gathers so many replies, or those that come in time, sends what they add up to, and stops.
 *
 * Spawn one for each question: it has its own place for replies, so that those of another question cannot get in between.
 *
 * @throws TroupeError IllegalArgument when `replies` or `timeoutMs` is out of range
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type ActorRef } from 'troupe'
 * import { aggregate } from 'troupe/patterns'
 *
 * const hotel = (cents: number) =>
 *   Behaviors.receiveMessageWithSame<ActorRef<number>>((replyTo) => replyTo.tell(cents))
 *
 * const main = Behaviors.setup<number>((context) => {
 *   const hotels = [9_000, 7_500, 8_200].map((cents) => context.spawn(hotel(cents)))
 *   context.spawn(aggregate<number, number>({
 *     ask: (replyTo) => hotels.forEach((each) => each.tell(replyTo)),
 *     replies: hotels.length,
 *     timeoutMs: 500,
 *     combine: (prices) => Math.min(...prices),
 *     replyTo: context.self,
 *   }))
 *   return Behaviors.receiveMessageWithSame((cheapest) => console.log(cheapest)) // 7500
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @see https://www.enterpriseintegrationpatterns.com/patterns/messaging/Aggregator.html
 * @category constructors
 * @since 0.1.0
 */
export const aggregate = <Reply, Result>(options: AggregateOptions<Reply, Result>): Behavior<Reply> => {
  const { ask, replies, timeoutMs, combine, replyTo } = options
  requireThat('replies of aggregate', replies, wholeFrom(1))
  requireThat('timeoutMs of aggregate', timeoutMs, period)
  return Behaviors.withTimers<Reply | TimeIsUp>((timers) => {
    timers.startSingleTimer(timeIsUp, timeIsUp, timeoutMs)
    return Behaviors.setup<Reply | TimeIsUp>((context) => {
      const gathered: Reply[] = []
      ask(context.self)
      return Behaviors.receiveMessage((message) => {
        const isLate = message instanceof TimeIsUp
        if (!isLate) gathered.push(message)
        if (!isLate && gathered.length < replies) return Behaviors.same
        replyTo.tell(combine(gathered))
        return Behaviors.stopped
      })
    })
  })
}

/**
 * How the first of several replies is found.
 *
 * @category model
 * @since 0.1.0
 */
export interface FirstReplyOptions<Reply> {
  /** Milliseconds after which nobody is waited for any more. Above 0. */
  readonly timeoutMs: number
  /** What is sent when nobody has replied in time. */
  readonly onTimeout: () => Reply
  /** Who gets the first reply. */
  readonly replyTo: ActorRef<Reply>
}

/**
 * How several are asked at once.
 *
 * @category model
 * @since 0.1.0
 */
export interface ScatterGatherOptions<Reply> extends FirstReplyOptions<Reply> {
  /** Sends the requests to all. */
  readonly ask: (replyTo: ActorRef<Reply>) => void
}

/**
 * A session that asks several at once, sends the first reply on, and stops: what comes later is a dead letter.
 *
 * @throws TroupeError IllegalArgument when `timeoutMs` is out of range
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type ActorRef } from 'troupe'
 * import { scatterGather } from 'troupe/patterns'
 *
 * const mirror = (name: string) => Behaviors.receiveMessageWithSame<ActorRef<string>>((replyTo) => replyTo.tell(name))
 *
 * const main = Behaviors.setup<string>((context) => {
 *   const mirrors = ['north', 'south'].map((name) => context.spawn(mirror(name), name))
 *   context.spawn(scatterGather<string>({
 *     ask: (replyTo) => mirrors.forEach((each) => each.tell(replyTo)),
 *     timeoutMs: 500,
 *     onTimeout: () => 'nobody',
 *     replyTo: context.self,
 *   }))
 *   return Behaviors.receiveMessageWithSame((first) => console.log(first))
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @see https://www.enterpriseintegrationpatterns.com/patterns/messaging/BroadcastAggregate.html
 * @category constructors
 * @since 0.1.0
 */
export const scatterGather = <Reply>(options: ScatterGatherOptions<Reply>): Behavior<Reply> => {
  const { ask, timeoutMs, onTimeout, replyTo } = options
  requireThat('timeoutMs of scatterGather', timeoutMs, period)
  return aggregate<Reply, Reply>({ ask, replies: 1, timeoutMs, combine: ([first]) => first ?? onTimeout(), replyTo })
}

/** What a tail-chopping session tells itself. */
class NextAttempt {
  readonly _tag = 'NextAttempt'
}

const nextAttempt = new NextAttempt()

/**
 * How one after the other is asked.
 *
 * @category model
 * @since 0.1.0
 */
export interface TailChopOptions<Reply> extends FirstReplyOptions<Reply> {
  /** Sends request number `attempt`, from 0; false when there is nobody left to ask. */
  readonly ask: (attempt: number, replyTo: ActorRef<Reply>) => boolean
  /** Milliseconds to wait for a reply before the next one is asked. Above 0. */
  readonly nextAfterMs: number
}

/**
 * A session that asks one, and another one each time that has taken too long; it sends the first reply on and stops. It cuts the long tail
 * of response times at the price of some more requests.
 *
 * @throws TroupeError IllegalArgument when `timeoutMs` or `nextAfterMs` is out of range
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type ActorRef } from 'troupe'
 * import { tailChop } from 'troupe/patterns'
 *
 * const main = Behaviors.setup<string>((context) => {
 *   const silent = context.spawn(Behaviors.ignore)
 *   const quick = context.spawn(
 *     Behaviors.receiveMessageWithSame<ActorRef<string>>((replyTo) => replyTo.tell('here')))
 *   const replicas = [silent, quick]
 *   context.spawn(tailChop<string>({
 *     ask: (attempt, replyTo) => {
 *       replicas[attempt]?.tell(replyTo)
 *       return attempt < replicas.length
 *     },
 *     nextAfterMs: 20,
 *     timeoutMs: 500,
 *     onTimeout: () => 'nobody',
 *     replyTo: context.self,
 *   }))
 *   return Behaviors.receiveMessageWithSame((first) => console.log(first)) // here
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @see https://research.google/pubs/the-tail-at-scale/
 * @category constructors
 * @since 0.1.0
 */
export const tailChop = <Reply>(options: TailChopOptions<Reply>): Behavior<Reply> => {
  const { ask, nextAfterMs, timeoutMs, onTimeout, replyTo } = options
  requireThat('nextAfterMs of tailChop', nextAfterMs, period)
  requireThat('timeoutMs of tailChop', timeoutMs, period)
  type Message = Reply | TimeIsUp | NextAttempt
  return Behaviors.withTimers<Message>((timers) => {
    timers.startSingleTimer(timeIsUp, timeIsUp, timeoutMs)
    const finish = (reply: Reply): Behavior<Message> => {
      replyTo.tell(reply)
      return Behaviors.stopped
    }
    return Behaviors.setup<Message>((context) => {
      const attempt = (number: number): Behavior<Message> => {
        if (ask(number, context.self)) timers.startSingleTimer(nextAttempt, nextAttempt, nextAfterMs)
        return Behaviors.receiveMessage<Message>((message) => {
          if (message instanceof NextAttempt) return attempt(number + 1)
          return finish(message instanceof TimeIsUp ? onTimeout() : message)
        })
      }
      return attempt(0)
    })
  })
}
