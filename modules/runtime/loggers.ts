/**
 * Loggers: the console by default, and an adapter for loggers of pino's shape.
 */
import type { Logger, LogRecord } from '../model/index.js'
import { describeError, textOf } from '../model/internal.js'
import { isoTime, writeError } from './platform.js'

/** One line: time, level, path, message, facts; the stack of the cause below it. */
const lineOf = (record: LogRecord): string => {
  const time = isoTime(record.timeMs)
  const at = record.path?.toString() ?? `troupe://${record.system}`
  const facts = Object.entries(record.fields ?? {}).map(([key, value]) => ` ${key}=${textOf(value)}`)
  return `${time} ${record.level.toUpperCase().padEnd(5)} ${at} ${record.message}${facts.join('')}${stackOf(record.cause)}`
}

const stackOf = (cause: unknown): string => {
  if (cause === undefined) return ''
  try {
    if (cause instanceof Error) return `\n${cause.stack ?? String(cause)}`
  } catch {
    // A stack is made when it is first read, by whatever the program has hooked in there, and that may fail: the record shall not.
  }
  return `\n${describeError(cause)}`
}

/**
 * Writes records to standard error, a line each; the stack of a cause follows.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, consoleLogger } from 'troupe'
 *
 * await using system = ActorSystem.create(Behaviors.empty, 'demo', { logger: consoleLogger })
 * ```
 *
 * @category logging
 * @since 0.1.0
 */
export const consoleLogger: Logger = {
  log: (record) => {
    writeError(lineOf(record))
  },
}

/**
 * A logger of pino's shape: a method for each level that takes facts and a text.
 *
 * @category logging
 * @since 0.1.0
 */
export interface PinoLike {
  debug(facts: object, message: string): void
  info(facts: object, message: string): void
  warn(facts: object, message: string): void
  error(facts: object, message: string): void
}

/**
 * Passes records to pino, or to anything of its shape: the path as `actor`, the cause as `err`.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, pinoLogger, type PinoLike } from 'troupe'
 *
 * const write = (facts: object, message: string): void => console.log(message, facts)
 * const pino: PinoLike = { debug: write, info: write, warn: write, error: write }
 * await using system = ActorSystem.create(Behaviors.empty, 'demo', { logger: pinoLogger(pino) })
 * ```
 *
 * @category logging
 * @since 0.1.0
 */
export const pinoLogger = (pino: PinoLike): Logger => ({
  log: ({ level, system, path, message, cause, fields }) => {
    const facts = { system, actor: path?.toString(), ...fields, ...(cause === undefined ? {} : { err: cause }) }
    pino[level](facts, message)
  },
})
