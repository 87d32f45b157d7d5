/**
 * Floor 2, the inner door: how behaviors are interpreted, for the runtime and for synchronous test kits.
 *
 * @internal
 */
export { levelOf, noteStarted, stretch, type FailureLog } from './decide.js'
export { Frames, type Frame } from './Frame.js'
export type { Host } from './Host.js'
export {
  interpretDelegate,
  interpretLast,
  interpretMessage,
  interpretSignal,
  signalPreRestart,
  unpark,
  unparkWith,
} from './interpret.js'
export { judge, type Verdict } from './judge.js'
export { behaviorOf, ignore, isBehavior, isStopped, isUnhandled, nodeOf } from './nodes.js'
export {
  postponed,
  Receive,
  same,
  stoppedValue,
  type Active,
  type AnyBehavior,
  type AnyInterceptor,
  type Await,
} from './nodes.js'
export { arriving, markOwn, Own, toOwn, unmarked, type Scope } from './Own.js'
export { startFirst, startNext, wrapAll } from './start.js'
export type { Abortable, InnerContext, OpenWait, Waiting } from './InnerContext.js'
