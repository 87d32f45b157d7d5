/**
 * Floor 4: settings from JSON and from environment variables, by io-ts, outside of the core.
 *
 * @packageDocumentation
 */
export { SettingsFromEnvironment, SettingsFromJson, settingsReport, type PartialSettings } from './Settings.js'
