/**
 * Everything that can go wrong, as data. What is expected is a value (`AskError`, `TaskRejected`); what is a mistake of the
 * programmer throws a `TroupeError` at once, with the way out in its sentence. `docs/errors.md` has a paragraph for each tag.
 */
import type { ActorRef } from './ActorRef.js'

/**
 * The kinds of mistakes.
 *
 * @category errors
 * @since 0.1.0
 */
export type TroupeErrorTag =
  'IllegalArgument' | 'IllegalState' | 'UnsupportedOperation' | 'InvalidActorName' | 'StashOverflow' | 'DeathPact'

/**
 * A mistake in the program. The message says what happened, where, and what to do instead.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, TroupeError } from 'troupe'
 *
 * try {
 *   ActorSystem.create(Behaviors.same, 'demo')
 * } catch (error) {
 *   if (error instanceof TroupeError) console.log(error._tag) // IllegalArgument
 * }
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export class TroupeError extends Error {
  readonly _tag: TroupeErrorTag

  constructor(tag: TroupeErrorTag, message: string) {
    super(message)
    this._tag = tag
    this.name = `TroupeError(${tag})`
  }
}

/**
 * Picks one kind of mistake, for instance for `supervise(…, { when: isTroupeError('DeathPact') })`.
 *
 * @example
 * ```ts
 * import { Behaviors, SupervisorStrategy, isTroupeError } from 'troupe'
 *
 * const survivor = Behaviors.supervise(SupervisorStrategy.restart, { when: isTroupeError('DeathPact') })(Behaviors.empty)
 * ```
 *
 * @category errors
 * @since 0.1.0
 */
export const isTroupeError =
  (tag: TroupeErrorTag) =>
  (error: unknown): error is TroupeError =>
    error instanceof TroupeError && error._tag === tag

/**
 * No reply came in time.
 *
 * @category errors
 * @since 0.1.0
 */
export interface AskTimeout {
  readonly _tag: 'AskTimeout'
  readonly message: string
  readonly target: ActorRef<never>
  readonly timeoutMs: number
}

/**
 * The asked actor was dead, or died before it replied.
 *
 * @category errors
 * @since 0.1.0
 */
export interface AskTargetTerminated {
  readonly _tag: 'AskTargetTerminated'
  readonly message: string
  readonly target: ActorRef<never>
}

/**
 * Why an ask has no answer.
 *
 * @category errors
 * @since 0.1.0
 */
export type AskError = AskTimeout | AskTargetTerminated

/**
 * A piped task was rejected: it threw where it should have returned an error.
 *
 * @category errors
 * @since 0.1.0
 */
export interface TaskRejected {
  readonly _tag: 'TaskRejected'
  readonly message: string
  readonly cause: unknown
}

/**
 * The asked actor answered with `StatusReply.error(text)`.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ErrorMessage {
  readonly _tag: 'ErrorMessage'
  readonly message: string
}

/** @internal */
export const taskRejected = (cause: unknown): TaskRejected => ({
  _tag: 'TaskRejected',
  message: `A piped task was rejected: ${describeError(cause)}`,
  cause,
})

/** Whatever was thrown, in words: anything can be, also an error that throws when it is looked at. @internal */
export const describeError = (cause: unknown): string => {
  try {
    return cause instanceof Error ? textOf(cause.message) : textOf(cause)
  } catch {
    return textOf(cause)
  }
}

/** The tag of any value; undefined when it has none, or throws when it is looked at. @internal */
export const tagOf = (value: unknown): unknown => {
  try {
    return typeof value === 'object' && value !== null && '_tag' in value ? value._tag : undefined
  } catch {
    // What cannot be read has no tag for anybody.
    return undefined
  }
}

/** Any value as a text, for sentences and records. @internal */
export const textOf = (value: unknown): string => {
  try {
    return (typeof value === 'object' ? JSON.stringify(value) : undefined) ?? String(value)
  } catch {
    // Cycles, and objects without a text of their own: a poor text is better than another error.
    return typeof value
  }
}

/** As `textOf`, a text between quotes. @internal */
export const quoted = (value: unknown): string => (typeof value === 'string' ? JSON.stringify(value) : textOf(value))
