/**
 * Every number that can be tuned, with its default and unit.
 */
import { TroupeError } from './errors.js'
import { rankOf, type LogLevel } from './Logger.js'

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
  /** Messages in an unbounded mailbox at which a warning is logged, and again at each doubling. From 1; default 65,536. */
  readonly mailboxHighWater: number
  /** Dead letters that are logged one by one within `deadLettersWindowMs`; the rest are counted. From 0; default 10. */
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

const isolations: readonly unknown[] = ['trust', 'freeze', 'clone'] satisfies Isolation[]

const fromUp = (least: number) => ({
  holds: (value: unknown) => Number.isSafeInteger(value) && (value as number) >= least,
  expected: `a whole number from ${String(least)} up`,
})

const duration = { holds: (value: unknown) => typeof value === 'number' && value > 0, expected: 'milliseconds above 0' }

/** What each setting must be; the codecs of the settings room use the same table. @internal */
export const settingRules: {
  readonly [K in keyof Settings]: { readonly holds: (value: unknown) => boolean; readonly expected: string }
} = {
  throughput: fromUp(1),
  sliceMs: duration,
  wakeUpsPerTurn: fromUp(0),
  mailboxHighWater: fromUp(1),
  deadLettersLogged: fromUp(0),
  deadLettersWindowMs: duration,
  adaptersWarnedAt: fromUp(1),
  interceptorDepth: fromUp(1),
  terminateTimeoutMs: duration,
  logLevel: {
    holds: (value) => typeof value === 'string' && Object.hasOwn(rankOf, value),
    expected: `one of ${Object.keys(rankOf).join(', ')}`,
  },
  isolation: { holds: (value) => isolations.includes(value), expected: `one of ${isolations.join(', ')}` },
}

/** Completes settings by the defaults; throws IllegalArgument that names the first one out of range. @internal */
export const checkSettings = (given: Partial<Settings>): Settings => {
  for (const [name, value] of Object.entries(given)) {
    if (!Object.hasOwn(settingRules, name))
      throw new TroupeError(
        'IllegalArgument',
        `There is no setting '${name}'. The settings are: ${Object.keys(settingRules).join(', ')}.`,
      )
    // The key was just found in the table.
    const rule = settingRules[name as keyof Settings]
    if (value !== undefined && !rule.holds(value))
      throw new TroupeError('IllegalArgument', `The setting ${name} is ${String(value)}, but must be ${rule.expected}.`)
  }
  const known = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined))
  return { ...defaultSettings, ...known }
}
