/**
 * A stash buffer without a runtime.
 */
import { behaviorOf, isUnhandled, markOwn, nodeOf, unmarked, type Scope } from '../../behavior/internal.js'
import type { ActorPath, Behavior, StashBuffer } from '../../model/index.js'
import { TroupeError } from '../../model/index.js'
import { requireThat, wholeFrom } from '../../model/internal.js'
import { requireMessage } from '../../runtime/internal.js'

/** What a buffer needs of its kit. */
interface StashOwner extends Scope {
  readonly path: ActorPath
}

export class KitStash implements StashBuffer<unknown> {
  readonly capacity: number
  /** Grows when everything is let go: what is being read is over then. */
  epoch = 0
  readonly #owner: StashOwner
  readonly #messages: unknown[] = []

  constructor(owner: StashOwner, capacity: number) {
    this.#owner = owner
    this.capacity = capacity
  }

  get size(): number {
    return this.#messages.length
  }

  get isEmpty(): boolean {
    return this.size === 0
  }

  get isFull(): boolean {
    return this.size >= this.capacity
  }

  get head(): unknown {
    if (this.isEmpty) throw new TroupeError('IllegalState', 'The stash is empty and has no head. Ask isEmpty first.')
    return unmarked(this.#messages[0])
  }

  stash(message: unknown): void {
    requireMessage(message, this.#owner)
    if (this.isFull)
      throw new TroupeError(
        'StashOverflow',
        `The stash is full with ${String(this.capacity)} messages. Ask isFull first, or give withStash a larger capacity.`,
      )
    this.#messages.push(markOwn(message, this.#owner))
  }

  forEach(visit: (message: unknown) => void): void {
    for (const message of this.#messages) visit(unmarked(message))
  }

  clear(): void {
    this.epoch++
    this.#messages.length = 0
  }

  unstashAll(next: Behavior<unknown>): Behavior<unknown> {
    return this.unstash(this.size, next)
  }

  unstash(count: number, next: Behavior<unknown>): Behavior<unknown> {
    requireThat('the number of messages to unstash', count, wholeFrom(0), this.#owner)
    const node = nodeOf(next)
    if (isUnhandled(node))
      throw new TroupeError(
        'IllegalArgument',
        `'unhandled' cannot be unstashed to. Give a behavior, or Behaviors.same.`,
      )
    return behaviorOf({ _tag: 'Unstash', buffer: this, count: Math.min(count, this.size), next: node })
  }

  /** The oldest message, taken out; undefined when there is none. */
  take(): unknown {
    return this.#messages.shift()
  }
}
