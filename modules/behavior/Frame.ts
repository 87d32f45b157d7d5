/**
 * One `supervise` around a running behavior.
 */
import { sameStrategy } from '../model/internal.js'
import type { SupervisorStrategy } from '../model/index.js'
import { emptyLog, type FailureLog } from './decide.js'
import type { AnyBehavior, Layer, Supervise } from './nodes.js'

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

/** A frame for a supervise node; it goes on with the log of the frame whose place it takes, if their strategies are equal. */
export const frameOf = (node: Supervise, layer: Layer | undefined, predecessor: Frame | undefined): Frame => ({
  strategy: node.strategy,
  when: node.when,
  initial: node.behavior,
  layer,
  log: predecessor !== undefined && sameStrategy(predecessor.strategy, node.strategy) ? predecessor.log : emptyLog,
})
