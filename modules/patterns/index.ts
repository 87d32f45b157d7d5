/**
 * Floor 4: ways in which actors work together, ready to use.
 *
 * @packageDocumentation
 */
export { Agent, type AgentCommand } from './Agent.js'
export {
  aggregate,
  scatterGather,
  tailChop,
  type AggregateOptions,
  type FirstReplyOptions,
  type ScatterGatherOptions,
  type TailChopOptions,
} from './aggregate.js'
export {
  CircuitBreaker,
  type CallTimeout,
  type CircuitBreakerOptions,
  type CircuitOpen,
  type CircuitState,
} from './CircuitBreaker.js'
export {
  CoordinatedShutdown,
  type DefaultPhase,
  type PhaseOptions,
  type ShutdownTask,
  type SignalSource,
} from './CoordinatedShutdown.js'
export { gracefulStop, type GracefulStopOptions, type StopTimeout } from './gracefulStop.js'
export { passivateAfter, perKey, type PerKeyOptions } from './passivate.js'
export { retry, type RetryOptions } from './retry.js'
export { SpawnProtocol, type SpawnCommand } from './SpawnProtocol.js'
export { batch, throttle, type BatchOptions, type ThrottleOptions } from './throttle.js'
export type { AnyTask } from './within.js'
