/**
 * What a behavior does beside becoming another one, as data.
 */
import type { AbortableTask, ActorRef, AskError, Behavior, Props } from '../../model/index.js'

/** What follows when an effect comes to its end; each of these can be called once. */
interface Completes {
  /** True when it was completed. */
  readonly isCompleted: boolean
}

/**
 * A child was spawned. Its behavior does not run: `kit.childKit(ref)` runs it.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Spawned {
  readonly _tag: 'Spawned'
  readonly ref: ActorRef<never>
  /** The name that was given; undefined when none was. */
  readonly name: string | undefined
  readonly behavior: Behavior<never>
  readonly props: Props<never> | undefined
}

/**
 * A timer was started.
 *
 * @category testing
 * @since 0.1.0
 */
export interface TimerStarted {
  readonly _tag: 'TimerStarted'
  readonly key: unknown
  readonly message: unknown
  readonly mode: 'single' | 'fixedDelay' | 'fixedRate'
  readonly delayMs: number
  readonly initialDelayMs: number
  /** True when it took the place of another one. */
  readonly isReplacing: boolean
  /** Lets it fire: the behavior handles its message, unless the timer has fired once for all, was cancelled or replaced. */
  readonly send: () => void
}

/**
 * Something was asked.
 *
 * @category testing
 * @since 0.1.0
 */
export interface AskInitiated extends Completes {
  readonly _tag: 'AskInitiated'
  readonly target: ActorRef<never>
  readonly request: unknown
  readonly timeoutMs: number
  /** Lets the reply come. @throws TroupeError IllegalState when the ask is completed already */
  readonly respond: (reply: unknown) => void
  /** Lets the time run out, or the target die. @throws TroupeError IllegalState when the ask is completed already */
  readonly timeout: (error?: AskError) => void
}

/**
 * A task was piped to self. It is not started: the test says how it ends.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Piped extends Completes {
  readonly _tag: 'Piped'
  readonly task: AbortableTask<unknown>
  /** Lets it end well. @throws TroupeError IllegalState when it has ended already */
  readonly succeed: (value: unknown) => void
  /** Lets it be rejected. @throws TroupeError IllegalState when it has ended already */
  readonly fail: (cause: unknown) => void
}

/**
 * The behavior waits for a task. It is not started: the test says how it ends, and until then messages wait.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Awaited extends Completes {
  readonly _tag: 'Awaited'
  readonly task: AbortableTask<unknown>
  /** Lets it end well. @throws TroupeError IllegalState when it has ended already */
  readonly succeed: (value: unknown) => void
  /** Lets it be rejected, which is a failure of the actor. @throws TroupeError IllegalState when it has ended already */
  readonly fail: (cause: unknown) => void
}

/**
 * Everything that a behavior can do beside becoming another one.
 *
 * @category testing
 * @since 0.1.0
 */
export type Effect =
  | Spawned
  | { readonly _tag: 'Stopped'; readonly ref: ActorRef<never> }
  | { readonly _tag: 'Watched'; readonly ref: ActorRef<never> }
  | { readonly _tag: 'WatchedWith'; readonly ref: ActorRef<never>; readonly message: unknown }
  | { readonly _tag: 'Unwatched'; readonly ref: ActorRef<never> }
  | { readonly _tag: 'ReceiveTimeoutSet'; readonly timeoutMs: number; readonly message: unknown }
  | { readonly _tag: 'ReceiveTimeoutCancelled' }
  | {
      readonly _tag: 'Scheduled'
      readonly delayMs: number
      readonly target: ActorRef<never>
      readonly message: unknown
      /** Lets it be told, unless it was cancelled or has been. */
      readonly send: () => void
    }
  | TimerStarted
  | { readonly _tag: 'TimerCancelled'; readonly key: unknown }
  | AskInitiated
  | { readonly _tag: 'AdapterMade'; readonly ref: ActorRef<never>; readonly key: string | undefined }
  | Piped
  | Awaited
