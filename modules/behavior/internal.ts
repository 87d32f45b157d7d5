/**
 * Floor 2, the inner door: how behaviors are interpreted, for the runtime and for synchronous test kits.
 *
 * @internal
 */
export { decide, levelOf, noteStarted, stretch } from './decide.js'
export type { Decision, FailureLog } from './decide.js'
export type { Frame } from './Frame.js'
export type { Host } from './Host.js'
export { interpretMessage, interpretSignal, signalPreRestart, unpark, unparkWith } from './interpret.js'
export { behaviorOf, empty, ignore, isUnhandled, nodeOf, same, stoppedValue, unhandled, Receive } from './nodes.js'
export type { Active, AnyBehavior, Layer, Parked, Stopped } from './nodes.js'
export { judge, type Verdict } from './judge.js'
export { isBehavior } from './requireBehavior.js'
export { isStopped, startFirst, startNext, wrapAll } from './start.js'
