/**
 * The port through which everything is logged.
 */
import type { ActorPath } from './ActorPath.js'
import { oneOf, type Rule } from './checks.js'

/**
 * How grave a record is; `off` is for thresholds and for strategies that shall not log.
 *
 * @category model
 * @since 0.1.0
 */
export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'off'

/**
 * One thing worth telling: what happened, where, and why.
 *
 * @category model
 * @since 0.1.0
 */
export interface LogRecord {
  readonly level: Exclude<LogLevel, 'off'>
  /** Milliseconds since the epoch, by the clock of the system. */
  readonly timeMs: number
  /** The name of the actor system. */
  readonly system: string
  /** Where it happened; undefined when it concerns the system as a whole. */
  readonly path: ActorPath | undefined
  readonly message: string
  /** What was thrown, when something was. */
  readonly cause: unknown
  /** Further facts, such as `restarts`. */
  readonly fields: Readonly<Record<string, unknown>> | undefined
}

/**
 * Where log records go. An implementation that throws is reported once and never harms an actor.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Logger, type LogRecord } from 'troupe'
 *
 * const records: LogRecord[] = []
 * const logger: Logger = { log: (record) => void records.push(record) }
 * await using system = ActorSystem.create(Behaviors.empty, 'demo', { logger })
 * ```
 *
 * @category model
 * @since 0.1.0
 */
export interface Logger {
  log(record: LogRecord): void
}

/**
 * The log of one actor, `context.log`: records carry its path, and those below the system's level are not made at all.
 *
 * @category model
 * @since 0.1.0
 */
export interface ActorLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void
  info(message: string, fields?: Readonly<Record<string, unknown>>): void
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void
  error(message: string, cause?: unknown, fields?: Readonly<Record<string, unknown>>): void
}

/** Grows with gravity, so that a threshold is a comparison. @internal */
export const rankOf: Readonly<Record<LogLevel, number>> = { debug: 0, info: 1, warn: 2, error: 3, off: 4 }

/** @internal */
export const aLogLevel: Rule = oneOf(Object.keys(rankOf))
