/**
 * A reference without an actor of its own: what is told to it is dealt with at once, at the sender.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { none } from '../model/internal.js'
import type { Inbox, Mailroom, Watcher } from './Inbox.js'
import { Ref } from './Ref.js'
import { requireMessage } from './Tombstone.js'

export abstract class VirtualRef extends Ref implements Inbox, Watcher {
  readonly mailroom: Mailroom
  #hasEnded = false
  #watchers: Map<Watcher, ActorRef<never>> | undefined = undefined

  constructor(mailroom: Mailroom) {
    super()
    this.mailroom = mailroom
  }

  abstract override get path(): ActorPath

  get inbox(): Inbox {
    return this
  }

  get isTerminated(): boolean {
    return this.#hasEnded
  }

  tell(message: unknown): void {
    requireMessage(message, this)
    const { isolate } = this.mailroom
    this.receive(isolate === undefined ? message : isolate(message))
  }

  /** Deals with a message that was told. */
  protected abstract receive(message: unknown): void

  /** It is the child of nobody. */
  stopBy(): boolean {
    return false
  }

  watchedBy(watcher: Watcher, as: ActorRef<never>): void {
    if (this.isTerminated) watcher.watchedTerminated(as, none)
    else (this.#watchers ??= new Map()).set(watcher, as)
  }

  unwatchedBy(watcher: Watcher): void {
    this.#watchers?.delete(watcher)
  }

  /** It ends with what it watches. */
  watchedTerminated(): void {
    this.end()
  }

  /** From now on it has terminated, and those who watched it are told. */
  protected end(): void {
    this.#hasEnded = true
    const watchers = this.#watchers
    this.#watchers = undefined
    if (watchers !== undefined) for (const [watcher, as] of watchers) watcher.watchedTerminated(as, none)
  }
}
