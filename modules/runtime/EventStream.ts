/**
 * Events to whoever subscribed to their tag.
 */
import type { ActorRef, EventStream } from '../model/index.js'
import { type Ref, refOf } from './Ref.js'

export class TaggedEventStream implements EventStream {
  /** By tag, then by identity, so that equal references are one subscriber. */
  readonly #subscribers = new Map<string, Map<object, Ref>>()

  subscribe(subscriber: ActorRef<never>, tag: string): void {
    const ref = refOf(subscriber)
    const ofTag = this.#subscribers.get(tag)
    if (ofTag === undefined) this.#subscribers.set(tag, new Map([[ref.identity, ref]]))
    else ofTag.set(ref.identity, ref)
  }

  unsubscribe(subscriber: ActorRef<never>): void {
    const { identity } = refOf(subscriber)
    for (const tag of this.#subscribers.keys()) this.#remove(tag, identity)
  }

  publish(event: { readonly _tag: string }): void {
    const ofTag = this.#subscribers.get(event._tag)
    if (ofTag === undefined) return
    for (const [identity, ref] of [...ofTag]) {
      if (ref.inbox.isTerminated) this.#remove(event._tag, identity)
      else ref.tell(event)
    }
  }

  /** Whether publishing an event of this tag would reach anyone. */
  hasSubscribers(tag: string): boolean {
    return this.#subscribers.size > 0 && this.#subscribers.has(tag)
  }

  #remove(tag: string, identity: object): void {
    const ofTag = this.#subscribers.get(tag)
    ofTag?.delete(identity)
    if (ofTag?.size === 0) this.#subscribers.delete(tag)
  }
}
