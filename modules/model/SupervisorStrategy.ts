/**
 * What to do about a failure, as plain comparable data.
 */
import { numberFrom, orInfinity, requireThat, wholeFrom, type Rule } from './checks.js'
import { aLogLevel, type LogLevel } from './Logger.js'

/**
 * The failure ends the actor.
 *
 * @category model
 * @since 0.1.0
 */
export interface StopStrategy {
  readonly _tag: 'Stop'
  readonly logLevel: LogLevel
}

/**
 * The failing message is lost; the actor goes on with the state it had before.
 *
 * @category model
 * @since 0.1.0
 */
export interface ResumeStrategy {
  readonly _tag: 'Resume'
  readonly logLevel: LogLevel
}

/** What both ways of restarting share. */
interface Restarting {
  readonly logLevel: LogLevel
  /** Restarts allowed; Infinity for no limit. */
  readonly maxRestarts: number
  /** Whether children are stopped, and awaited, before the behavior starts again. */
  readonly stopChildren: boolean
  /** How many messages may wait through a restart; undefined: the mailbox alone decides. */
  readonly stashCapacity: number | undefined
  /** The level for failures beyond `criticalAfter` restarts. */
  readonly criticalLogLevel: LogLevel
  readonly criticalAfter: number
}

/**
 * The actor starts afresh at once, keeping its reference and its mailbox.
 *
 * @category model
 * @since 0.1.0
 */
export interface RestartStrategy extends Restarting {
  readonly _tag: 'Restart'
  /** The window in which `maxRestarts` are allowed, in milliseconds from the first failure in it. */
  readonly withinMs: number
}

/**
 * The actor starts afresh after a pause that doubles with each restart.
 *
 * @category model
 * @since 0.1.0
 */
export interface BackoffStrategy extends Restarting {
  readonly _tag: 'Backoff'
  readonly minMs: number
  readonly maxMs: number
  /** The pause is stretched at random by up to this factor: 0.2 means by up to a fifth. */
  readonly randomFactor: number
  /** After so many milliseconds without a failure the pause is the shortest again. */
  readonly resetAfterMs: number
}

/**
 * What to do about a failure.
 *
 * @category model
 * @since 0.1.0
 */
export type SupervisorStrategy = StopStrategy | ResumeStrategy | RestartStrategy | BackoffStrategy

const restarting = {
  logLevel: 'error',
  maxRestarts: Infinity,
  stopChildren: true,
  stashCapacity: undefined,
  criticalLogLevel: 'error',
  criticalAfter: Infinity,
} as const

/** A function that replaces fields of a strategy. */
const refine =
  <S extends SupervisorStrategy>(fields: Partial<S>) =>
  <T extends S>(strategy: T): T => ({ ...strategy, ...fields })

const whole = wholeFrom(0)
const atLeastOne = numberFrom(1)
/** A limit may also be none. */
const limit: Rule = { holds: orInfinity(whole).holds, expected: whole.expected }

/**
 * The pauses of `restartWithBackoff`.
 *
 * @category model
 * @since 0.1.0
 */
export interface BackoffOptions {
  /** The first pause in milliseconds, from 1. */
  readonly minMs: number
  /** The longest pause in milliseconds, before the random stretch. */
  readonly maxMs: number
  /** From 0 (none) to 1 (up to twice as long). It keeps restarted actors from coming back all at once. */
  readonly randomFactor: number
}

/**
 * The strategies and what refines them.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { SupervisorStrategy } from 'troupe'
 *
 * const threeADay = pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(3, 86_400_000))
 * const patient = pipe(
 *   SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 10_000, randomFactor: 0.2 }),
 *   SupervisorStrategy.withMaxRestarts(20),
 *   SupervisorStrategy.withLogLevel('warn'))
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/fault-tolerance.html
 * @category constructors
 * @since 0.1.0
 */
export const SupervisorStrategy: {
  /** The failure ends the actor. It is what happens without any supervision, too. */
  readonly stop: StopStrategy
  /** Drop the failing message and go on with the state from before it. */
  readonly resume: ResumeStrategy
  /** Start afresh at once, without a limit. A behavior that fails in its very first start is not retried. */
  readonly restart: RestartStrategy
  /** Start afresh after a pause that doubles each time: `minMs`, twice that, … up to `maxMs`. */
  readonly restartWithBackoff: (options: BackoffOptions) => BackoffStrategy
  /** At most `maxRestarts` within `withinMs` of the first; a failure beyond that stops the actor. */
  readonly withLimit: (maxRestarts: number, withinMs: number) => (strategy: RestartStrategy) => RestartStrategy
  /** At most so many restarts in a row, without a reset between. Default: no limit. */
  readonly withMaxRestarts: (maxRestarts: number) => (strategy: BackoffStrategy) => BackoffStrategy
  /** The time without failure that resets the pause. Default: the mean of `minMs` and `maxMs`. */
  readonly withResetBackoffAfter: (resetAfterMs: number) => (strategy: BackoffStrategy) => BackoffStrategy
  /** Whether a restart stops the children. Default: true. */
  readonly withStopChildren: (stopChildren: boolean) => <S extends RestartStrategy | BackoffStrategy>(strategy: S) => S
  /** How many messages may wait through a restart; those beyond are published as Dropped. Default: the mailbox decides. */
  readonly withStashCapacity: (capacity: number) => <S extends RestartStrategy | BackoffStrategy>(strategy: S) => S
  /** The level at which failures are logged. Default: 'error'. */
  readonly withLogLevel: (logLevel: LogLevel) => <S extends SupervisorStrategy>(strategy: S) => S
  /** Another level for failures that come after so many restarts. Default: none. */
  readonly withCriticalLogLevel: (
    logLevel: LogLevel,
    afterRestarts: number,
  ) => <S extends RestartStrategy | BackoffStrategy>(strategy: S) => S
} = {
  stop: { _tag: 'Stop', logLevel: 'error' },
  resume: { _tag: 'Resume', logLevel: 'error' },
  restart: { _tag: 'Restart', withinMs: Infinity, ...restarting },
  restartWithBackoff: ({ minMs, maxMs, randomFactor }) => {
    requireThat('minMs', minMs, atLeastOne)
    requireThat('maxMs', maxMs, numberFrom(minMs))
    requireThat('randomFactor', randomFactor, numberFrom(0, 1))
    return { _tag: 'Backoff', minMs, maxMs, randomFactor, resetAfterMs: (minMs + maxMs) / 2, ...restarting }
  },
  withLimit: (maxRestarts, withinMs) => {
    requireThat('maxRestarts', maxRestarts, limit)
    if (withinMs !== Infinity) requireThat('withinMs', withinMs, atLeastOne)
    return refine<RestartStrategy>({ maxRestarts, withinMs })
  },
  withMaxRestarts: (maxRestarts) => {
    requireThat('maxRestarts', maxRestarts, limit)
    return refine<BackoffStrategy>({ maxRestarts })
  },
  withResetBackoffAfter: (resetAfterMs) => {
    requireThat('resetAfterMs', resetAfterMs, atLeastOne)
    return refine<BackoffStrategy>({ resetAfterMs })
  },
  withStopChildren: (stopChildren) => refine<RestartStrategy | BackoffStrategy>({ stopChildren }),
  withStashCapacity: (stashCapacity) => {
    requireThat('stashCapacity', stashCapacity, limit)
    return refine<RestartStrategy | BackoffStrategy>({ stashCapacity })
  },
  withLogLevel: (logLevel) => {
    requireThat('logLevel', logLevel, aLogLevel)
    return refine<SupervisorStrategy>({ logLevel })
  },
  withCriticalLogLevel: (criticalLogLevel, criticalAfter) => {
    requireThat('logLevel', criticalLogLevel, aLogLevel)
    requireThat('afterRestarts', criticalAfter, limit)
    return refine<RestartStrategy | BackoffStrategy>({ criticalLogLevel, criticalAfter })
  },
}

/** True when both are the same strategy, field by field. @internal */
export const sameStrategy = (a: SupervisorStrategy, b: SupervisorStrategy): boolean =>
  a === b || JSON.stringify(a) === JSON.stringify(b)
