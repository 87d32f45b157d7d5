/**
 * What can go wrong with a supervisor: values that answer its administration, and the one error that it ends with.
 */
import type { ActorRef } from '../model/index.js'
import { describeError } from '../model/internal.js'

/**
 * The supervisor has no child of this id, or with this reference.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ChildNotFound {
  readonly _tag: 'ChildNotFound'
  readonly message: string
  readonly id: string
}

/**
 * A child of this id runs already.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ChildAlreadyStarted {
  readonly _tag: 'ChildAlreadyStarted'
  readonly message: string
  readonly id: string
  readonly ref: ActorRef<never>
}

/**
 * A child of this id is known and does not run.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ChildAlreadyPresent {
  readonly _tag: 'ChildAlreadyPresent'
  readonly message: string
  readonly id: string
}

/**
 * The child runs, so it can be neither deleted nor restarted.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ChildRunning {
  readonly _tag: 'ChildRunning'
  readonly message: string
  readonly id: string
  readonly ref: ActorRef<never>
}

/**
 * The supervisor is about to start the child again by itself.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ChildRestarting {
  readonly _tag: 'ChildRestarting'
  readonly message: string
  readonly id: string
}

/**
 * The child failed before it had started.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ChildStartFailed {
  readonly _tag: 'ChildStartFailed'
  readonly message: string
  readonly id: string
  readonly cause: unknown
}

/**
 * The specification does not go with the flags of the supervisor.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ChildSpecRefused {
  readonly _tag: 'ChildSpecRefused'
  readonly message: string
  readonly id: string
}

/**
 * Why a child was not started.
 *
 * @category errors
 * @since 0.1.0
 */
export type StartChildError = ChildAlreadyStarted | ChildAlreadyPresent | ChildStartFailed | ChildSpecRefused

/**
 * Why a child was not started again.
 *
 * @category errors
 * @since 0.1.0
 */
export type RestartChildError = ChildNotFound | ChildRunning | ChildRestarting | ChildStartFailed

/**
 * Why a child was not deleted.
 *
 * @category errors
 * @since 0.1.0
 */
export type DeleteChildError = ChildNotFound | ChildRunning | ChildRestarting

export const notFound = (id: string): ChildNotFound => ({
  _tag: 'ChildNotFound',
  message: `The supervisor has no child '${id}'. A temporary child is forgotten when it ends; whichChildren shows who is there.`,
  id,
})

export const alreadyStarted = (id: string, ref: ActorRef<never>): ChildAlreadyStarted => ({
  _tag: 'ChildAlreadyStarted',
  message: `The child '${id}' runs already, as ${ref.path.toString()}. Use it, or take another id.`,
  id,
  ref,
})

export const alreadyPresent = (id: string): ChildAlreadyPresent => ({
  _tag: 'ChildAlreadyPresent',
  message: `The child '${id}' is known and does not run. Start it by restartChild, or forget it by deleteChild.`,
  id,
})

export const running = (id: string, ref: ActorRef<never>): ChildRunning => ({
  _tag: 'ChildRunning',
  message: `The child '${id}' runs. Stop it by terminateChild first.`,
  id,
  ref,
})

export const restarting = (id: string): ChildRestarting => ({
  _tag: 'ChildRestarting',
  message: `The child '${id}' is about to be started again. Call that off by terminateChild first.`,
  id,
})

export const startFailed = (id: string, cause: unknown): ChildStartFailed => ({
  _tag: 'ChildStartFailed',
  message: `The child '${id}' failed before it had started: ${describeError(cause)}`,
  id,
  cause,
})

export const specRefused = (id: string, message: string): ChildSpecRefused => ({
  _tag: 'ChildSpecRefused',
  message,
  id,
})

/**
 * What a supervisor fails with when it gives up: too many restarts, or a child that could not be started with it.
 *
 * @remarks
 * A supervisor above takes it for a shutdown, as OTP does: a permanent child is restarted by it, a transient one is not.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, Supervisor, SupervisorFailure } from 'troupe'
 *
 * const broken = Behaviors.setup<string>(() => {
 *   throw new Error('no disk')
 * })
 * const tree = pipe(Supervisor.of(), Supervisor.child('broken', () => broken), Supervisor.behavior)
 * const system = ActorSystem.create(tree, 'demo', { settings: { logLevel: 'off' } })
 * const cause = await system.whenTerminated
 * if (cause._tag === 'Some' && cause.value instanceof SupervisorFailure) console.log(cause.value._tag) // ChildStartFailed
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class SupervisorFailure extends Error {
  readonly _tag: 'RestartIntensityReached' | 'ChildStartFailed'
  /** The child whose end was one too many. */
  readonly childId: string

  constructor(tag: SupervisorFailure['_tag'], childId: string, message: string, cause: unknown) {
    super(message, { cause })
    this._tag = tag
    this.childId = childId
    this.name = `SupervisorFailure(${tag})`
  }
}
