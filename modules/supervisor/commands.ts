/**
 * The protocol of a supervisor.
 */
import type { ActorRef, Behavior } from '../model/index.js'
import type { Either, Option } from '../model/internal.js'
import { startableOf, type ChildOptions, type ChildRestart, type ChildSpec, type Startable } from './ChildSpec.js'
import type { ChildNotFound, DeleteChildError, RestartChildError, StartChildError } from './failures.js'

/**
 * What a supervisor tells of a child.
 *
 * @category model
 * @since 0.1.0
 */
export interface ChildInfo {
  readonly id: string
  /** None unless it runs. */
  readonly ref: Option<ActorRef<never>>
  /**
   * 'starting' before its first start is over, 'restarting' when the supervisor is about to start it again, 'stopped' when somebody has to
   * ask for a start.
   */
  readonly state: 'starting' | 'running' | 'restarting' | 'stopped'
  readonly restart: ChildRestart
  readonly type: 'worker' | 'supervisor'
}

/**
 * How many children a supervisor has.
 *
 * @category model
 * @since 0.1.0
 */
export interface ChildCounts {
  /** All that it knows. */
  readonly specs: number
  /** Those that run. */
  readonly active: number
  readonly supervisors: number
  readonly workers: number
}

/**
 * A child to add to a running supervisor.
 *
 * @category model
 * @since 0.1.0
 */
export interface NewChild<in A> extends ChildOptions {
  /** Unique among the children; the name of the actor. */
  readonly id: string
  /** Called at each start. */
  readonly start: () => Behavior<A>
}

/**
 * What a supervisor handles. The functions of `Supervisor` make these.
 *
 * @category model
 * @since 0.1.0
 */
export type SupervisorCommand =
  | {
      readonly _tag: 'StartChild'
      /** @internal */
      readonly child: Startable
      readonly replyTo: ActorRef<Either<StartChildError, ActorRef<unknown>>>
    }
  | { readonly _tag: 'TerminateChild'; readonly id: string; readonly replyTo: ActorRef<Either<ChildNotFound, void>> }
  | {
      readonly _tag: 'RestartChild'
      readonly id: string
      readonly replyTo: ActorRef<Either<RestartChildError, ActorRef<never>>>
    }
  | { readonly _tag: 'DeleteChild'; readonly id: string; readonly replyTo: ActorRef<Either<DeleteChildError, void>> }
  | { readonly _tag: 'GetChildSpec'; readonly id: string; readonly replyTo: ActorRef<Either<ChildNotFound, ChildSpec>> }
  | { readonly _tag: 'WhichChildren'; readonly replyTo: ActorRef<readonly ChildInfo[]> }
  | { readonly _tag: 'CountChildren'; readonly replyTo: ActorRef<ChildCounts> }

/** Makes a command of what is known and of where to reply to: what `ask` wants. */
export type Request<R> = (replyTo: ActorRef<R>) => SupervisorCommand

export const startChild = <A>({
  id,
  start,
  ...options
}: NewChild<A>): Request<Either<StartChildError, ActorRef<A>>> => {
  const child = startableOf(id, start, options, `The child '${id}'`)
  // The child that is started handles what `start` makes handles.
  return (replyTo) => ({
    _tag: 'StartChild',
    child,
    replyTo: replyTo,
  })
}

export const terminateChild =
  (id: string): Request<Either<ChildNotFound, void>> =>
  (replyTo) => ({ _tag: 'TerminateChild', id, replyTo })

export const restartChild =
  (id: string): Request<Either<RestartChildError, ActorRef<never>>> =>
  (replyTo) => ({ _tag: 'RestartChild', id, replyTo })

export const deleteChild =
  (id: string): Request<Either<DeleteChildError, void>> =>
  (replyTo) => ({ _tag: 'DeleteChild', id, replyTo })

export const getChildSpec =
  (id: string): Request<Either<ChildNotFound, ChildSpec>> =>
  (replyTo) => ({ _tag: 'GetChildSpec', id, replyTo })

export const whichChildren: Request<readonly ChildInfo[]> = (replyTo) => ({ _tag: 'WhichChildren', replyTo })

export const countChildren: Request<ChildCounts> = (replyTo) => ({ _tag: 'CountChildren', replyTo })
