/**
 * What the interpreter needs of the actor it works for. The runtime's cell implements it, and so can a test kit without any
 * runtime.
 */
import type { ActorPath, StashBuffer, TimerScheduler } from '../model/index.js'
import type { Frames } from './Frame.js'
import type { Active, AnyBehavior, Await } from './nodes.js'
import type { InnerContext } from './InnerContext.js'
import type { Scope } from './Own.js'

export interface Host extends Scope {
  readonly path: ActorPath
  /** What it does; before its first start, what it is to start with. */
  readonly behavior: Active | AnyBehavior
  /** The context of the actor; made when it is first asked for. */
  context(): InnerContext
  /** How many interceptors may lie around a behavior. */
  readonly interceptorDepth: number
  /** The supervise frames; made when they are first asked for. */
  frames(): Frames
  timers(): TimerScheduler<unknown>
  /** A new buffer, owned by the innermost supervise frame of the moment. */
  newStash(capacity: number): StashBuffer<unknown>
  /** From now on `count` messages are read from the buffer before any other. */
  beginUnstash(buffer: StashBuffer<unknown>, count: number): void
  /** What was postponed is read again, before any other mail. */
  offerAgain(): void
  /** Begins a wait. From now on user messages wait, too, unless it handles them. */
  park(wait: Await): void
}
