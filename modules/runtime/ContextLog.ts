/**
 * The log of one actor.
 */
import type { ActorLog, LogLevel } from '../model/index.js'
import type { Actor } from './Actor.js'

type Fields = Readonly<Record<string, unknown>>

export class ContextLog implements ActorLog {
  readonly #actor: Actor

  constructor(actor: Actor) {
    this.#actor = actor
  }

  debug(message: string, fields?: Fields): void {
    this.#write('debug', message, undefined, fields)
  }

  info(message: string, fields?: Fields): void {
    this.#write('info', message, undefined, fields)
  }

  warn(message: string, fields?: Fields): void {
    this.#write('warn', message, undefined, fields)
  }

  error(message: string, cause?: unknown, fields?: Fields): void {
    this.#write('error', message, cause, fields)
  }

  #write(level: LogLevel, message: string, cause: unknown, fields: Fields | undefined): void {
    this.#actor.runtime.log(level, this.#actor.ref, message, cause, fields)
  }
}
