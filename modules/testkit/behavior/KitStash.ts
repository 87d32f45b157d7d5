/**
 * A stash buffer without a runtime.
 */
import { behaviorOf, isUnhandled, nodeOf } from '../../behavior/internal.js'
import type { Behavior, StashBuffer } from '../../model/index.js'
import { TroupeError } from '../../model/index.js'

export class KitStash implements StashBuffer<unknown> {
  readonly capacity: number
  readonly #messages: unknown[] = []

  constructor(capacity: number) {
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
    return this.#messages[0]
  }

  stash(message: unknown): void {
    if (this.isFull)
      throw new TroupeError(
        'StashOverflow',
        `The stash is full with ${String(this.capacity)} messages. Ask isFull first, or give withStash a larger capacity.`,
      )
    this.#messages.push(message)
  }

  forEach(visit: (message: unknown) => void): void {
    this.#messages.forEach(visit)
  }

  clear(): void {
    this.#messages.length = 0
  }

  unstashAll(next: Behavior<unknown>): Behavior<unknown> {
    return this.unstash(this.size, next)
  }

  unstash(count: number, next: Behavior<unknown>): Behavior<unknown> {
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
