/**
 * A reference without an actor of its own: what is told to it is dealt with at once, at the sender. As with any reference, what it is made
 * of is private: it lies in messages, which others may freeze or compare.
 */
import type { ActorPath } from '../model/index.js'
import { none } from '../model/internal.js'
import type { Inbox, Mailroom } from './Inbox.js'
import { Ref } from './Ref.js'
import { requireMessage } from './requireMessage.js'
import { WatchList, type Watch } from './WatchList.js'

export abstract class VirtualRef extends Ref implements Inbox, Watch {
  readonly #mailroom: Mailroom
  #hasEnded = false
  #watches: WatchList | undefined = undefined
  #previous: Watch | undefined = undefined
  #next: Watch | undefined = undefined

  constructor(mailroom: Mailroom) {
    super()
    this.#mailroom = mailroom
  }

  get mailroom(): Mailroom {
    return this.#mailroom
  }

  /** No actor watches through it. */
  get watcher(): object | undefined {
    return undefined
  }

  get previous(): Watch | undefined {
    return this.#previous
  }

  set previous(watch: Watch | undefined) {
    this.#previous = watch
  }

  get next(): Watch | undefined {
    return this.#next
  }

  set next(watch: Watch | undefined) {
    this.#next = watch
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

  addWatch(watch: Watch): void {
    if (this.isTerminated) watch.watchedTerminated(none)
    else (this.#watches ??= new WatchList()).add(watch)
  }

  removeWatch(watch: Watch): void {
    this.#watches?.remove(watch)
  }

  /** It ends with what it watches. */
  watchedTerminated(): void {
    this.end()
  }

  /** From now on it has terminated, and those who watch it are told. */
  protected end(): void {
    this.#hasEnded = true
    const watches = this.#watches
    this.#watches = undefined
    watches?.tellAll(undefined, none)
  }
}
