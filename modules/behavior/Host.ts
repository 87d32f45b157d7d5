/**
 * What the interpreter needs of the actor it works for. The runtime's cell implements it, and so can a test kit without any
 * runtime.
 */
import type { ActorContext, StashBuffer, TimerScheduler } from '../model/index.js'
import type { Frame } from './Frame.js'
import type { Parked } from './nodes.js'

export interface Host {
  /** The context of the actor; made when it is first asked for. */
  context(): ActorContext<unknown>
  timers(): TimerScheduler<unknown>
  /** A new buffer, owned by the innermost supervise frame of the moment. */
  newStash(capacity: number): StashBuffer<unknown>
  /** The path of the actor, for sentences. */
  where(): string
  /** How many interceptors may lie around a behavior. */
  interceptorDepth(): number
  /** How many supervise frames there are. */
  frameCount(): number
  /** Adds a frame inside of all others. */
  pushFrame(frame: Frame): void
  /** Removes the frames that returned behaviors brought, down to `floor` at the lowest, and hands them over. */
  releaseFrames(floor: number): readonly Frame[]
  /** From now on `count` messages are read from the buffer before any other. */
  beginUnstash(buffer: StashBuffer<unknown>, count: number): void
  /** From now on user messages wait for the task of this node. */
  park(parked: Parked): void
  /** Notes how many frames lie outside the place that threw, once for each error. */
  thrownAt(error: unknown, frames: number): void
}
