/**
 * Floor 4: OTP's supervisors.
 *
 * @packageDocumentation
 */
export type { ChildOptions, ChildRestart, ChildShutdown, ChildSpec } from './ChildSpec.js'
export type { ChildCounts, ChildInfo, NewChild, SupervisorCommand } from './commands.js'
export { DynamicSupervisor, type DynamicSupervisorCommand, type DynamicSupervisorOptions } from './DynamicSupervisor.js'
export {
  SupervisorFailure,
  type ChildAlreadyPresent,
  type ChildAlreadyStarted,
  type ChildNotFound,
  type ChildRestarting,
  type ChildRunning,
  type ChildSpecRefused,
  type ChildStartFailed,
  type DeleteChildError,
  type RestartChildError,
  type StartChildError,
} from './failures.js'
export type { AutoShutdown, RestartLimits, RestartScope, SupervisorFlags } from './flags.js'
export { Supervisor } from './Supervisor.js'
export type { SupervisorTree } from './tree.js'
