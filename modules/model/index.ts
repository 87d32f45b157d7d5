/**
 * Floor 1, the public door: the words in which everything else is said. Types first, and the little code that belongs to them.
 */
export { ActorPath } from './ActorPath.js'
export { tellTo, type ActorRef, type Handles } from './ActorRef.js'
export type {
  ActorSystem,
  Cancellable,
  EventStream,
  Extension,
  Extensions,
  Scheduler,
  TerminateOptions,
} from './ActorSystem.js'
export { StatusReply, type AskOptions, type Reply, type Sendable } from './ask.js'
export type {
  AbortableTask,
  ActorContext,
  AdapterOptions,
  Behavior,
  Interceptor,
  InterceptorTarget,
  ReceiveTimeoutOptions,
  Settled,
  StashBuffer,
  TimerScheduler,
  TranslatingInterceptor,
} from './Behavior.js'
export {
  TroupeError,
  isTroupeError,
  type AskError,
  type AskTargetTerminated,
  type AskTimeout,
  type ErrorMessage,
  type TaskRejected,
  type TroupeErrorTag,
} from './errors.js'
export type { ActorLog, LogLevel, Logger, LogRecord } from './Logger.js'
export type { Mailbox, MailboxEntry, MailboxFactory, MailboxRefusal, Props } from './Mailbox.js'
export type { Clock, Dispatcher, Outcome, Probe, Random, Runnable, RunningTask, TimerHandle } from './ports.js'
export { defaultSettings, type Isolation, type Settings } from './Settings.js'
export { isChildFailed } from './Signal.js'
export type { ChildFailed, MessageAdaptionFailure, PostStop, PreRestart, Signal, Terminated } from './Signal.js'
export {
  SupervisorStrategy,
  type BackoffOptions,
  type BackoffStrategy,
  type RestartStrategy,
  type ResumeStrategy,
  type StopStrategy,
} from './SupervisorStrategy.js'
export type {
  ActorFailed,
  ActorRestarted,
  ActorStarted,
  ActorStopped,
  DeadLetter,
  Dropped,
  FailureOutcome,
  MailboxHighWater,
  SystemEvent,
  UnhandledMessage,
} from './SystemEvent.js'
