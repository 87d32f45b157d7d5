/**
 * Events to whoever subscribed to their tag.
 */
import type { ActorRef, EventStream } from '../model/index.js'
import type { Watcher } from './Inbox.js'
import { type Ref, refOf } from './Ref.js'

export class TaggedEventStream implements EventStream, Watcher {
  /** By tag, then by identity, so that equal references are one subscriber. */
  readonly #subscribers = new Map<string, Map<object, Ref>>()

  subscribe(subscriber: ActorRef<never>, tag: string): void {
    const ref = refOf(subscriber)
    const ofTag = this.#subscribers.get(tag)
    if (ofTag === undefined) this.#subscribers.set(tag, new Map([[ref.identity, ref]]))
    else ofTag.set(ref.identity, ref)
    ref.inbox.watchedBy(this, ref)
  }

  unsubscribe(subscriber: ActorRef<never>): void {
    const { identity, inbox } = refOf(subscriber)
    inbox.unwatchedBy(this)
    for (const [tag, ofTag] of this.#subscribers)
      if (ofTag.delete(identity) && ofTag.size === 0) this.#subscribers.delete(tag)
  }

  watchedTerminated(subscriber: ActorRef<never>): void {
    this.unsubscribe(subscriber)
  }

  publish(event: { readonly _tag: string }): void {
    const ofTag = this.#subscribers.get(event._tag)
    if (ofTag === undefined) return
    // One that is about to end may be told of its own end.
    for (const ref of [...ofTag.values()]) if (!ref.inbox.isTerminated) ref.tell(event)
  }

  /** Whether publishing an event of this tag would reach anyone. */
  hasSubscribers(tag: string): boolean {
    return this.#subscribers.size > 0 && this.#subscribers.has(tag)
  }
}
