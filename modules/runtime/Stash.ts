/**
 * A stash buffer.
 */
import { RingBuffer } from '../base/index.js'
import { behaviorOf, isUnhandled, markOwn, nodeOf, unmarked, type Scope } from '../behavior/internal.js'
import type { ActorPath, Behavior, StashBuffer } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { requireThat, wholeFrom } from '../model/internal.js'
import type { Ref } from './Ref.js'
import type { Runtime } from './Runtime.js'
import { requireMessage } from './requireMessage.js'

/** What a buffer needs of its actor. */
export interface StashOwner extends Scope {
  readonly path: ActorPath
  readonly ref: Ref
  readonly runtime: Runtime
  requireTurn(operation: string): void
  /** The buffers with something in them, in the order in which they came to it. */
  stashes(): Set<Stash>
}

export class Stash implements StashBuffer<unknown> {
  readonly capacity: number
  /** How many supervise frames lay around the place that made it; a restart inside of it leaves it alone. */
  readonly frames: number
  /** Grows when everything is let go: what is being read is over then. */
  epoch = 0
  readonly #owner: StashOwner
  readonly #messages = new RingBuffer<unknown>(8)

  constructor(owner: StashOwner, capacity: number, frames: number) {
    this.#owner = owner
    this.capacity = capacity
    this.frames = frames
  }

  get size(): number {
    return this.#messages.size
  }

  get isEmpty(): boolean {
    return this.size === 0
  }

  get isFull(): boolean {
    return this.size >= this.capacity
  }

  get head(): unknown {
    if (this.isEmpty) throw this.#error('IllegalState', 'the stash is empty and has no head. Ask isEmpty first.')
    return unmarked(this.#messages.at(0))
  }

  stash(message: unknown): void {
    const owner = this.#owner
    owner.requireTurn('stash')
    requireMessage(message, owner)
    if (this.isFull)
      throw this.#error(
        'StashOverflow',
        `the stash is full with ${String(this.capacity)} messages. Ask isFull first, or give withStash a larger capacity.`,
      )
    if (this.isEmpty) owner.stashes().add(this)
    this.#messages.push(markOwn(message, owner))
    owner.runtime.enqueued(owner.ref, message)
  }

  forEach(visit: (message: unknown) => void): void {
    this.#owner.requireTurn('forEach')
    for (let i = 0; i < this.size; i++) visit(unmarked(this.#messages.at(i)))
  }

  clear(): void {
    this.#owner.requireTurn('clear')
    this.drop('stash cleared')
  }

  unstashAll(next: Behavior<unknown>): Behavior<unknown> {
    return this.unstash(this.size, next)
  }

  unstash(count: number, next: Behavior<unknown>): Behavior<unknown> {
    this.#owner.requireTurn('unstash')
    requireThat('the number of messages to unstash', count, wholeFrom(0), this.#owner)
    const node = nodeOf(next)
    if (isUnhandled(node))
      throw this.#error('IllegalArgument', `'unhandled' cannot be unstashed to. Give a behavior, or Behaviors.same.`)
    return behaviorOf({ _tag: 'Unstash', buffer: this, count: Math.min(count, this.size), next: node })
  }

  /** Takes the oldest message out, undefined when there is none. */
  take(): unknown {
    const message = this.#messages.shift()
    if (message !== undefined && this.isEmpty) this.#owner.stashes().delete(this)
    return message
  }

  /** Lets everything go: dropped for a reason. */
  drop(reason: string): void {
    const { runtime, ref } = this.#owner
    this.epoch++
    for (let message = this.take(); message !== undefined; message = this.take())
      runtime.drop(ref, unmarked(message), reason)
  }

  #error(tag: 'IllegalArgument' | 'IllegalState' | 'StashOverflow', text: string): TroupeError {
    return new TroupeError(tag, `${this.#owner.path.toString()}: ${text}`)
  }
}
