/**
 * What the runtime tells a behavior about life and death, beside its messages.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { ActorRef } from './ActorRef.js'
import { none } from './data.js'

/**
 * The current behavior is about to be replaced by a restart: release what it holds.
 *
 * @category model
 * @since 0.1.0
 */
export interface PreRestart {
  readonly _tag: 'PreRestart'
}

/**
 * The actor has stopped; its children are gone already. The last thing that a behavior sees.
 *
 * @category model
 * @since 0.1.0
 */
export interface PostStop {
  readonly _tag: 'PostStop'
}

/**
 * A watched actor has terminated. The cause is there only when it was a child of the watcher and failed.
 *
 * @category model
 * @since 0.1.0
 */
export interface Terminated {
  readonly _tag: 'Terminated'
  readonly ref: ActorRef<never>
  readonly cause: Option<unknown>
}

/**
 * A watched child has failed: a `Terminated` whose cause is known.
 *
 * @category model
 * @since 0.1.0
 */
export interface ChildFailed extends Terminated {
  readonly cause: { readonly _tag: 'Some'; readonly value: unknown }
}

/**
 * The function of a message adapter threw. Left unhandled, it fails the actor with `cause`.
 *
 * @category model
 * @since 0.1.0
 */
export interface MessageAdaptionFailure {
  readonly _tag: 'MessageAdaptionFailure'
  readonly cause: unknown
  /** The message as it was sent to the adapter. */
  readonly message: unknown
}

/**
 * Everything a signal handler may be given.
 *
 * @category model
 * @since 0.1.0
 */
export type Signal = PreRestart | PostStop | Terminated | MessageAdaptionFailure

/** @internal */
export const preRestart: PreRestart = { _tag: 'PreRestart' }

/** @internal */
export const postStop: PostStop = { _tag: 'PostStop' }

/** @internal */
export const terminated = (ref: ActorRef<never>, cause: Option<unknown> = none): Terminated => ({
  _tag: 'Terminated',
  ref,
  cause,
})

/** @internal */
export const messageAdaptionFailure = (cause: unknown, message: unknown): MessageAdaptionFailure => ({
  _tag: 'MessageAdaptionFailure',
  cause,
  message,
})

/**
 * Tells a failed child from one that merely stopped.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, isChildFailed } from 'troupe'
 *
 * const parent = Behaviors.setup<string>((context) => {
 *   context.watch(context.spawn(Behaviors.setup<string>(() => { throw new Error('no disk') }), 'child'))
 *   return Behaviors.receive<string>(
 *     () => Behaviors.same,
 *     (_, signal) => {
 *       if (isChildFailed(signal)) console.log('child failed:', signal.cause.value)
 *       return Behaviors.same
 *     })
 * })
 * await using system = ActorSystem.create(parent, 'demo')
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const isChildFailed = (signal: Signal): signal is ChildFailed =>
  signal._tag === 'Terminated' && signal.cause._tag === 'Some'
