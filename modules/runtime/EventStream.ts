/**
 * Events to whoever subscribed to their tag.
 */
import type { ActorRef, EventStream } from '../model/index.js'
import { requireThat, type Rule } from '../model/internal.js'
import { type Ref, refOf } from './Ref.js'
import type { Watch } from './WatchList.js'

const aTag: Rule = { holds: (value) => typeof value === 'string', expected: 'a text' }

/** A subscriber of one tag; it is forgotten when it stops. */
class Subscription implements Watch {
  readonly ref: Ref
  readonly watcher: undefined = undefined
  readonly watchedTerminated: () => void
  previous: Watch | undefined = undefined
  next: Watch | undefined = undefined

  constructor(ref: Ref, end: () => void) {
    this.ref = ref
    this.watchedTerminated = end
  }
}

/** Hears that subscriptions are about to change. */
export interface SharedState {
  touchShared(): void
}

/** The system that has the stream. */
export interface EventStreamHost extends SharedState {
  /** Hears why a subscriber could not be told of an event. */
  refused(subscriber: Ref, tag: string, error: unknown): void
}

export class TaggedEventStream implements EventStream {
  /** By tag, then by identity, so that equal references are one subscriber. */
  readonly #subscriptions = new Map<string, Map<object, Subscription>>()
  readonly #host: EventStreamHost

  constructor(host: EventStreamHost) {
    this.#host = host
  }

  subscribe(subscriber: ActorRef<never>, tag: string): void {
    const ref = refOf(subscriber)
    const { identity, inbox } = ref
    requireThat('The tag that is subscribed to', tag, aTag, ref)
    // Enough for publishers too: whoever changes what another looks at is the one that has to be known of.
    this.#host.touchShared()
    const ofTag = this.#subscriptions.get(tag) ?? new Map<object, Subscription>()
    if (ofTag.has(identity)) return
    const subscription = new Subscription(ref, () => {
      this.#remove(tag, identity)
    })
    this.#subscriptions.set(tag, ofTag.set(identity, subscription))
    inbox.addWatch(subscription)
  }

  unsubscribe(subscriber: ActorRef<never>): void {
    const { identity, inbox } = refOf(subscriber)
    this.#host.touchShared()
    for (const tag of this.#subscriptions.keys()) {
      const subscription = this.#remove(tag, identity)
      if (subscription !== undefined) inbox.removeWatch(subscription)
    }
  }

  publish(event: { readonly _tag: string }): void {
    const ofTag = this.#subscriptions.get(event._tag)
    if (ofTag === undefined) return
    // One that is about to end may be told of its own end.
    for (const { ref } of [...ofTag.values()]) if (!ref.inbox.isTerminated) this.#tell(ref, event)
  }

  /** What a subscriber does to its events, by a view or by isolation, is no business of those whom they tell of. */
  #tell(ref: Ref, event: { readonly _tag: string }): void {
    try {
      ref.tell(event)
    } catch (error) {
      this.#host.refused(ref, event._tag, error)
    }
  }

  /** Whether publishing an event of this tag would reach anyone. */
  hasSubscribers(tag: string): boolean {
    return this.#subscriptions.size > 0 && this.#subscriptions.has(tag)
  }

  #remove(tag: string, identity: object): Subscription | undefined {
    const ofTag = this.#subscriptions.get(tag)
    const subscription = ofTag?.get(identity)
    ofTag?.delete(identity)
    if (ofTag?.size === 0) this.#subscriptions.delete(tag)
    return subscription
  }
}
