/**
 * Codecs of the settings, made from the same table of rules that `ActorSystem.create` checks by.
 */
import * as t from 'io-ts'
import type { Settings } from '../model/index.js'
import { quoted, settingRules } from '../model/internal.js'

/**
 * Some of the settings, by name.
 *
 * @category model
 * @since 0.1.0
 */
export type PartialSettings = { readonly [K in keyof Settings]?: Settings[K] }

const names = Object.keys(settingRules) as readonly (keyof Settings)[]

const isName = (name: string): name is keyof Settings => Object.hasOwn(settingRules, name)

/** The message of a refusal: where, what it is, what it must be. */
const refusal = (at: string, value: unknown, expected: string): string =>
  `${at} is ${quoted(value)}, but must be ${expected}.`

const fail = (value: unknown, context: t.Context, message: string): t.ValidationError => ({ value, context, message })

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is wrong with an object of settings; nothing when it is well. */
const faultsOf = (
  given: Readonly<Record<string, unknown>>,
  context: t.Context,
  nameOf: (name: string) => string,
): readonly t.ValidationError[] =>
  Object.entries(given).flatMap(([name, value]) => {
    if (!isName(name))
      return [
        fail(
          value,
          context,
          `There is no setting '${nameOf(name)}'. The settings are: ${names.map(nameOf).join(', ')}.`,
        ),
      ]
    const rule = settingRules[name]
    return rule.holds(value) ? [] : [fail(value, context, refusal(nameOf(name), value, rule.expected))]
  })

const isSettings = (value: unknown): value is PartialSettings =>
  isRecord(value) && faultsOf(value, [], (name) => name).length === 0

/**
 * Settings in JSON: an object with any of them. Every fault is reported, each with a sentence.
 *
 * @example
 * ```ts
 * import { isRight } from 'fp-ts/lib/Either.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { SettingsFromJson } from 'troupe/settings'
 *
 * const decoded = SettingsFromJson.decode(JSON.parse('{ "throughput": 128, "logLevel": "warn" }'))
 * if (isRight(decoded)) ActorSystem.create(Behaviors.empty, 'demo', { settings: decoded.right })
 * ```
 *
 * @category codecs
 * @since 0.1.0
 */
export const SettingsFromJson: t.Type<PartialSettings, PartialSettings> = new t.Type(
  'SettingsFromJson',
  isSettings,
  (given, context) => {
    if (!isRecord(given))
      return t.failures([fail(given, context, refusal('The value', given, 'an object of settings'))])
    const faults = faultsOf(given, context, (name) => name)
    // No fault: every name is known and every value is what its rule asks for.
    return faults.length > 0 ? t.failures([...faults]) : t.success(given)
  },
  t.identity,
)

/** `deadLettersLogged` as `TROUPE_DEAD_LETTERS_LOGGED`. */
const variableOf = (name: string): string => `TROUPE_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`

const nameOfVariable = new Map(names.map((name) => [variableOf(name), name]))

/** The text of a variable as a number where it is one. */
const valueOf = (text: unknown): unknown =>
  typeof text === 'string' && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text

/**
 * Settings in environment variables: `TROUPE_` and the name of the setting in capitals, such as `TROUPE_LOG_LEVEL` or
 * `TROUPE_SLICE_MS`. Other variables are left alone, but one that begins with `TROUPE_` and names no setting is refused.
 *
 * @example
 * ```ts
 * import { SettingsFromEnvironment } from 'troupe/settings'
 *
 * SettingsFromEnvironment.decode({ HOME: '/root', TROUPE_LOG_LEVEL: 'debug' }) // right({ logLevel: 'debug' })
 * ```
 *
 * @category codecs
 * @since 0.1.0
 */
export const SettingsFromEnvironment: t.Type<PartialSettings, Readonly<Record<string, string>>> = new t.Type(
  'SettingsFromEnvironment',
  isSettings,
  (given, context) => {
    if (!isRecord(given))
      return t.failures([fail(given, context, refusal('The value', given, 'an object of variables'))])
    const ours = Object.entries(given).filter(([name, value]) => name.startsWith('TROUPE_') && value !== undefined)
    const settings = Object.fromEntries(ours.map(([name, value]) => [nameOfVariable.get(name) ?? name, valueOf(value)]))
    const faults = faultsOf(settings, context, (name) => (isName(name) ? variableOf(name) : name))
    // As above.
    return faults.length > 0 ? t.failures([...faults]) : t.success(settings)
  },
  (settings) =>
    Object.fromEntries(
      Object.entries<unknown>(settings).flatMap(([name, value]) =>
        value === undefined ? [] : [[variableOf(name), JSON.stringify(value).replaceAll('"', '')]],
      ),
    ),
)

/**
 * The sentences of a refusal, one for each fault.
 *
 * @example
 * ```ts
 * import { isLeft } from 'fp-ts/lib/Either.js'
 * import { SettingsFromJson, settingsReport } from 'troupe/settings'
 *
 * const decoded = SettingsFromJson.decode({ throughput: 0 })
 * if (isLeft(decoded)) console.log(settingsReport(decoded.left)) // ['throughput is 0, but must be a whole number from 1 up.']
 * ```
 *
 * @category codecs
 * @since 0.1.0
 */
export const settingsReport = (errors: t.Errors): readonly string[] =>
  errors.map((error) => error.message ?? refusal('The value', error.value, 'settings'))
