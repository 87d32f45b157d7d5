/**
 * A message adapter: a reference for another protocol that leads to an actor by way of a function.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { ActorPath as Path } from '../model/index.js'
import type { Actor } from './Actor.js'
import { Adapted } from './envelopes.js'
import type { Watcher } from './Inbox.js'
import { VirtualRef } from './VirtualRef.js'

export class Adapter extends VirtualRef {
  readonly #owner: Actor
  readonly #uid: number
  #adapt: (message: never) => unknown

  constructor(owner: Actor, adapt: (message: never) => unknown) {
    super(owner.runtime)
    this.#owner = owner
    this.#uid = owner.runtime.nextUid()
    this.#adapt = adapt
  }

  get path(): ActorPath {
    return new Path(`$${this.#uid.toString(36)}-adapter`, this.#uid, this.#owner.ref.path)
  }

  override get isTerminated(): boolean {
    return this.#owner.ref.inbox.isTerminated
  }

  /** Later messages, and those that wait already, pass through `adapt`. */
  replace(adapt: (message: never) => unknown): void {
    this.#adapt = adapt
  }

  /** What the function is when a message is opened. Only messages of its type can be told to this reference. */
  readonly #toMessage = (message: unknown): unknown => this.#adapt(message as never)

  protected receive(message: unknown): void {
    const { runtime, ref } = this.#owner
    const trace = runtime.enqueued(ref, message)
    if (this.isTerminated) runtime.deadLetter(this, message)
    else this.#owner.post(new Adapted(this.#toMessage, message, trace))
  }

  /** It ends with its owner, whom it watches as soon as anybody watches it. */
  override watchedBy(watcher: Watcher, as: ActorRef<never>): void {
    super.watchedBy(watcher, as)
    this.#owner.ref.inbox.watchedBy(this, this.#owner.ref)
  }
}
