/**
 * A message adapter: a reference for another protocol that leads to an actor by way of a function.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { ActorPath as Path } from '../model/index.js'
import { none } from '../model/internal.js'
import type { Actor } from './Actor.js'
import { Adapted } from './envelopes.js'
import type { Inbox, Mailroom, Watcher } from './Inbox.js'
import { Ref } from './Ref.js'
import { requireMessage } from './Tombstone.js'

export class Adapter extends Ref implements Inbox {
  readonly #owner: Actor
  readonly #uid: number
  #adapt: (message: never) => unknown
  #watchers: Map<Watcher, Watcher> | undefined = undefined

  constructor(owner: Actor, adapt: (message: never) => unknown) {
    super()
    this.#owner = owner
    this.#uid = owner.runtime.nextUid()
    this.#adapt = adapt
  }

  get path(): ActorPath {
    return new Path(`$${this.#uid.toString(36)}-adapter`, this.#uid, this.#owner.ref.path)
  }

  get inbox(): Inbox {
    return this
  }

  get identity(): object {
    return this
  }

  get mailroom(): Mailroom {
    return this.#owner.runtime
  }

  get isTerminated(): boolean {
    return this.#owner.ref.inbox.isTerminated
  }

  /** Later messages, and those that wait already, pass through `adapt`. */
  replace(adapt: (message: never) => unknown): void {
    this.#adapt = adapt
  }

  /** What the function is when a message is opened. Only messages of its type can be told to this reference. */
  readonly #toMessage = (message: unknown): unknown => this.#adapt(message as never)

  tell(message: unknown): void {
    requireMessage(message, this)
    const { runtime } = this.#owner
    const sent = runtime.isolate === undefined ? message : runtime.isolate(message)
    const trace = runtime.enqueued(this.#owner.ref, sent)
    if (this.isTerminated) runtime.deadLetter(this, sent)
    else this.#owner.post(new Adapted(this.#toMessage, sent, trace))
  }

  stopBy(): boolean {
    return false
  }

  watchedBy(watcher: Watcher, as: ActorRef<never>): void {
    // Not the watcher itself, who may watch the owner as well.
    const through: Watcher = {
      watchedTerminated: () => {
        watcher.watchedTerminated(as, none)
      },
    }
    this.#watchers ??= new Map()
    this.#watchers.set(watcher, through)
    this.#owner.ref.inbox.watchedBy(through, as)
  }

  unwatchedBy(watcher: Watcher): void {
    const through = this.#watchers?.get(watcher)
    if (through !== undefined) this.#owner.ref.inbox.unwatchedBy(through)
    this.#watchers?.delete(watcher)
  }
}
