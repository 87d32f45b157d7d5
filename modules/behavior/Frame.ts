/**
 * The `supervise` nodes around a running behavior, as a list instead of a nest: a recursive definition cannot make it grow.
 */
import type { SupervisorStrategy } from '../model/index.js'
import { sameStrategy } from '../model/internal.js'
import type { FailureLog } from './decide.js'
import type { AnyBehavior, Layer } from './nodes.js'

/** One `supervise`. */
export interface Frame {
  readonly strategy: SupervisorStrategy
  readonly when: ((error: unknown) => boolean) | undefined
  /** What a restart by this frame starts. */
  readonly initial: AnyBehavior
  /** The interceptors outside of it, to be put around what a restart starts. */
  readonly layer: Layer | undefined
  /** What has failed under it so far. */
  log: FailureLog
}

/** Nothing was noted: no error equals it. */
const nothing = Symbol('nothing')

/** The frames of one actor. */
export class Frames {
  /** Outermost first. */
  readonly list: Frame[] = []
  /** How many of them came with the behavior that was spawned: they stay for the actor's life. */
  base = 0
  /** How many were ever pushed. */
  pushed = 0
  #thrown: unknown = nothing
  #thrownInside = Infinity

  /** Adds a frame inside of all others. It goes on with the log of the one whose place it takes, if their strategies are equal. */
  push(frame: Frame, predecessor: Frame | undefined): void {
    if (predecessor !== undefined && sameStrategy(predecessor.strategy, frame.strategy)) frame.log = predecessor.log
    this.list.push(frame)
    this.pushed++
  }

  /** Removes the frames that returned behaviors brought, down to `floor` at the lowest, and hands them over. */
  release(floor: number): readonly Frame[] {
    return this.list.splice(Math.max(this.base, floor))
  }

  /** Notes how many frames lie outside of the place that threw, once for each error: the innermost place is told first. */
  noteThrown(error: unknown, outside: number): void {
    if (this.#thrown === error) return
    this.#thrown = error
    this.#thrownInside = outside
  }

  /** How many frames lie outside of the place that threw this error: all of them, unless an interceptor noted less. */
  outsideOf(error: unknown): number {
    const outside = this.#thrown === error ? this.#thrownInside : Infinity
    this.#thrown = nothing
    return outside
  }
}
