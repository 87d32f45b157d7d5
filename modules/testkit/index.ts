/**
 * Floor 4: tools for tests of actors. No test needs to sleep.
 *
 * @packageDocumentation
 */
export { ActorTestKit, type ActorTestKitOptions, type LogFilter, type SettleOptions } from './ActorTestKit.js'
export { ManualClock } from './ManualClock.js'
export type { ExpectNoMessageOptions, FishingOutcome, TestProbe } from './TestProbe.js'
export type { Exploration, ExploreOptions } from './simulation/explore.js'
export { InjectedCrash } from './simulation/InjectedCrash.js'
export type { SimulatedLink } from './simulation/Link.js'
export type { Fault, FaultKind, Pick, Schedule } from './simulation/Schedule.js'
export type { Faults, SimulatedApp, SimulatedWorld, SimulationOptions } from './simulation/SimulatedWorld.js'
export { Simulation, type SimulationFailed } from './simulation/Simulation.js'
export type { SimulationOutcome, Trace, TraceEvent, WaitingActor } from './simulation/Trace.js'
export { BehaviorTestKit } from './behavior/BehaviorTestKit.js'
export type { AskInitiated, Awaited, Effect, Piped, Spawned, TimerStarted } from './behavior/Effect.js'
export type { TestInbox } from './behavior/TestInbox.js'
export { behaviorLaws } from './laws/behaviorLaws.js'
export { contravariantLaws, type ContravariantUnderTest } from './laws/contravariantLaws.js'
export { dispatcherLaws, type DispatcherUnderTest } from './laws/dispatcherLaws.js'
export type { CheckOptions, Law } from './laws/Law.js'
export { mailboxLaws, type MailboxLawsOptions } from './laws/mailboxLaws.js'
export { supervisionLaws, type Supervising } from './laws/supervisionLaws.js'
