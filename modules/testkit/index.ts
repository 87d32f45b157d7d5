/**
 * Floor 4: tools for tests of actors. No test needs to sleep.
 *
 * @packageDocumentation
 */
export { ActorTestKit, type ActorTestKitOptions, type LogFilter, type SettleOptions } from './ActorTestKit.js'
export { ManualClock } from './ManualClock.js'
export type { ExpectNoMessageOptions, FishingOutcome, TestProbe } from './TestProbe.js'
