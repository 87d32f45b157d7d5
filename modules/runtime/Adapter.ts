/**
 * A message adapter: a reference for another protocol that leads to an actor by way of a function.
 */
import type { ActorPath } from '../model/index.js'
import { ActorPath as Path } from '../model/index.js'
import { Adapted, type Envelope } from './envelopes.js'
import type { Ref } from './Ref.js'
import type { Runtime } from './Runtime.js'
import { VirtualRef } from './VirtualRef.js'
import type { Watch } from './WatchList.js'

/** What an adapter needs of its actor. */
export interface AdapterOwner {
  readonly ref: Ref
  readonly runtime: Runtime
  /** Puts an envelope into the mailbox. */
  post(envelope: Envelope): void
}

export class Adapter extends VirtualRef {
  readonly #owner: AdapterOwner
  readonly #uid: number
  #adapt: (message: never) => unknown
  #watchesOwner = false

  constructor(owner: AdapterOwner, adapt: (message: never) => unknown) {
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
  override addWatch(watch: Watch): void {
    super.addWatch(watch)
    if (this.#watchesOwner) return
    this.#watchesOwner = true
    this.#owner.ref.inbox.addWatch(this)
  }
}
