/**
 * A stash buffer.
 */
import { RingBuffer } from '../base/index.js'
import type { ActorPath, Behavior, StashBuffer } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { behaviorOf, nodeOf, unhandled } from '../behavior/internal.js'
import { requireMessage } from './Tombstone.js'

/** What a buffer needs of its actor. */
export interface StashOwner {
  readonly path: ActorPath
  requireTurn(operation: string): void
  /** The buffer has something to lose from now on. */
  holdStash(stash: Stash): void
  /** The buffer is empty again. */
  releaseStash(stash: Stash): void
  /** A message was put aside: a send to self. */
  noteStashed(message: unknown): void
  /** A message was let go. */
  dropStashed(message: unknown, reason: string): void
}

export class Stash implements StashBuffer<unknown> {
  readonly capacity: number
  /** How many supervise frames lay around the place that made it; a restart inside of it leaves it alone. */
  readonly frames: number
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
    return this.#messages.size === 0
  }

  get isFull(): boolean {
    return this.#messages.size >= this.capacity
  }

  get head(): unknown {
    if (this.isEmpty)
      throw new TroupeError(
        'IllegalState',
        `${this.#owner.path.toString()}: the stash is empty and has no head. Ask isEmpty first.`,
      )
    return this.#messages.at(0)
  }

  stash(message: unknown): void {
    this.#owner.requireTurn('stash')
    requireMessage(message, this.#owner)
    if (this.isFull)
      throw new TroupeError(
        'StashOverflow',
        `${this.#owner.path.toString()}: the stash is full with ${String(this.capacity)} messages. Ask isFull first, ` +
          `give withStash a larger capacity, or refuse the message.`,
      )
    if (this.isEmpty) this.#owner.holdStash(this)
    this.#messages.push(message)
    this.#owner.noteStashed(message)
  }

  forEach(visit: (message: unknown) => void): void {
    this.#owner.requireTurn('forEach')
    for (let i = 0; i < this.#messages.size; i++) visit(this.#messages.at(i))
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
    if (nodeOf(next) === unhandled)
      throw new TroupeError(
        'IllegalArgument',
        `${this.#owner.path.toString()}: there is no 'unhandled' to become by unstash. Give the behavior that is to handle the ` +
          `messages, or Behaviors.same.`,
      )
    if (!(Number.isInteger(count) && count >= 0))
      throw new TroupeError(
        'IllegalArgument',
        `${this.#owner.path.toString()}: cannot unstash ${String(count)} messages; give a whole number from 0 up.`,
      )
    return behaviorOf({ _tag: 'Unstash', buffer: this, count: Math.min(count, this.size), next: nodeOf(next) })
  }

  /** Takes the oldest message out, undefined when there is none. */
  take(): unknown {
    const message = this.#messages.shift()
    if (message !== undefined && this.isEmpty) this.#owner.releaseStash(this)
    return message
  }

  /** Lets everything go with a reason. */
  drop(reason: string): void {
    for (let message = this.take(); message !== undefined; message = this.take())
      this.#owner.dropStashed(message, reason)
  }
}
