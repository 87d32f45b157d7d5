/**
 * Every number that can be tuned, with its default and unit.
 */
import { oneOf, period, requireThat, wholeFrom, type Rule } from './checks.js'
import { aLogLevel, type LogLevel } from './Logger.js'

/**
 * How messages are kept apart from the state of their sender.
 *
 * `trust` sends them as they are. `freeze` deep-freezes plain objects, arrays, Maps and Sets, and `clone` copies them: for
 * development, and at borders.
 *
 * @category model
 * @since 0.1.0
 */
export type Isolation = 'trust' | 'freeze' | 'clone'

/**
 * The settings of a system. `ActorSystem.create` takes any part of them and checks it.
 *
 * @category model
 * @since 0.1.0
 */
export interface Settings {
  /** Messages that one actor may handle before the next one runs. From 1; default 64. */
  readonly throughput: number
  /** Milliseconds of work before timers and sockets get a turn of the event loop. Above 0; default 1. */
  readonly sliceMs: number
  /** Wake-ups from idle by microtask before one goes through the event loop. From 0; default 200. */
  readonly wakeUpsPerTurn: number
  /**
   * Messages in an unbounded mailbox past which a warning is logged each time its room has to double: at the next power of two, and one more.
   * From 1; default 65,536.
   */
  readonly mailboxHighWater: number
  /**
   * Dead letters that are logged one by one within `deadLettersWindowMs`; the rest are counted, which is told with the next loss after the
   * window, or when the system ends. From 0; default 10.
   */
  readonly deadLettersLogged: number
  /** Milliseconds; above 0; default 10,000. */
  readonly deadLettersWindowMs: number
  /** Message adapters without a key that one actor may make before it is warned. From 1; default 1,000. */
  readonly adaptersWarnedAt: number
  /** Interceptors that may lie around one behavior. From 1; default 100. */
  readonly interceptorDepth: number
  /** Milliseconds that `terminate` waits for actors to stop before it ends them by force. Above 0; default 10,000. */
  readonly terminateTimeoutMs: number
  /** Records below this level are not made. Default 'info'. */
  readonly logLevel: LogLevel
  /** Default 'trust'. */
  readonly isolation: Isolation
}

/**
 * The settings of a system that was given none.
 *
 * @example
 * ```ts
 * import { defaultSettings } from 'troupe'
 *
 * console.log(defaultSettings.throughput) // 64
 * ```
 *
 * @category model
 * @since 0.1.0
 */
export const defaultSettings: Settings = {
  throughput: 64,
  sliceMs: 1,
  wakeUpsPerTurn: 200,
  mailboxHighWater: 65_536,
  deadLettersLogged: 10,
  deadLettersWindowMs: 10_000,
  adaptersWarnedAt: 1_000,
  interceptorDepth: 100,
  terminateTimeoutMs: 10_000,
  logLevel: 'info',
  isolation: 'trust',
}

/** What each setting must be; the codecs of the settings room use the same table. @internal */
export const settingRules: Readonly<Record<keyof Settings, Rule>> = {
  throughput: wholeFrom(1),
  sliceMs: period,
  wakeUpsPerTurn: wholeFrom(0),
  mailboxHighWater: wholeFrom(1),
  deadLettersLogged: wholeFrom(0),
  deadLettersWindowMs: period,
  adaptersWarnedAt: wholeFrom(1),
  interceptorDepth: wholeFrom(1),
  terminateTimeoutMs: period,
  logLevel: aLogLevel,
  isolation: oneOf(['trust', 'freeze', 'clone'] satisfies Isolation[]),
}

/** Completes settings by the defaults; throws IllegalArgument that names the first one out of range. @internal */
export const checkSettings = (given: Partial<Settings>): Settings => {
  const settings: Record<string, unknown> = { ...defaultSettings }
  for (const [name, value] of Object.entries(given)) {
    requireThat('The name of a setting', name, oneOf(Object.keys(settingRules)))
    if (value === undefined) continue
    // The name was just found in the table.
    requireThat(`The setting ${name}`, value, settingRules[name as keyof Settings])
    settings[name] = value
  }
  // Complete by the defaults, and each value is what its rule asks for.
  return settings as unknown as Settings
}
