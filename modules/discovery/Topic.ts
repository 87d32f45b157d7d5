/**
 * Publish and subscribe.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior } from '../model/index.js'
import { SupervisorStrategy } from '../model/index.js'
import { identityOf, isTerminated } from '../runtime/internal.js'
import { tellEach } from './tellEach.js'

/**
 * What a topic handles. The functions of `Topic` make these.
 *
 * @category model
 * @since 0.1.0
 */
export type TopicCommand<A> =
  | { readonly _tag: 'Publish'; readonly message: A }
  | { readonly _tag: 'Subscribe'; readonly subscriber: ActorRef<A> }
  | { readonly _tag: 'Unsubscribe'; readonly subscriber: ActorRef<A> }
  | { readonly _tag: 'CountSubscribers'; readonly replyTo: ActorRef<number> }

/**
 * A topic passes what is published on to all who have subscribed.
 *
 * Whoever subscribes is told what is published after that, in the order in which it came, until it unsubscribes or stops. Subscribing
 * twice changes nothing.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { Topic } from 'troupe/discovery'
 *
 * const main = Behaviors.setup<string>((context) => {
 *   const news = context.spawn(Topic.of<string>(), 'news')
 *   news.tell(Topic.subscribe(context.self))
 *   news.tell(Topic.publish('troupe has topics'))
 *   return Behaviors.receiveMessageWithSame((text) => console.log(text))
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/distributed-pub-sub.html
 * @category constructors
 * @since 0.1.0
 */
export const Topic: {
  /** The behavior of a topic. */
  readonly of: <A>() => Behavior<TopicCommand<A>>
  /** Passes a message on. */
  readonly publish: <A>(message: A) => Extract<TopicCommand<A>, { readonly _tag: 'Publish' }>
  readonly subscribe: <A>(subscriber: ActorRef<A>) => Extract<TopicCommand<A>, { readonly _tag: 'Subscribe' }>
  readonly unsubscribe: <A>(subscriber: ActorRef<A>) => Extract<TopicCommand<A>, { readonly _tag: 'Unsubscribe' }>
  /** A request: how many have subscribed. */
  readonly countSubscribers: (
    replyTo: ActorRef<number>,
  ) => Extract<TopicCommand<never>, { readonly _tag: 'CountSubscribers' }>
} = {
  of: <A>() => Behaviors.supervise(SupervisorStrategy.resume)(topic<A>()),
  publish: (message) => ({ _tag: 'Publish', message }),
  subscribe: (subscriber) => ({ _tag: 'Subscribe', subscriber }),
  unsubscribe: (subscriber) => ({ _tag: 'Unsubscribe', subscriber }),
  countSubscribers: (replyTo) => ({ _tag: 'CountSubscribers', replyTo }),
}

const topic = <A>(): Behavior<TopicCommand<A>> =>
  Behaviors.setup<TopicCommand<A>>((context) => {
    /** By what tells them apart. */
    const subscribers = new Map<object, ActorRef<A>>()
    return Behaviors.receiveMessage<TopicCommand<A>>(
      (command) => {
        switch (command._tag) {
          case 'Publish':
            tellEach(context, subscribers.values(), command.message)
            break
          case 'Subscribe':
            if (!isTerminated(command.subscriber)) {
              context.watch(command.subscriber)
              subscribers.set(identityOf(command.subscriber), command.subscriber)
            }
            break
          case 'Unsubscribe':
            if (subscribers.delete(identityOf(command.subscriber))) context.unwatch(command.subscriber)
            break
          case 'CountSubscribers':
            command.replyTo.tell(subscribers.size)
        }
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'Terminated') subscribers.delete(identityOf(signal.ref))
        return Behaviors.same
      },
    )
  })
