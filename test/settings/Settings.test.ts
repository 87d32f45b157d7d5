import { ActorSystem, Behaviors, defaultSettings } from 'troupe'
import { SettingsFromEnvironment, SettingsFromJson, settingsReport } from 'troupe/settings'
import { describe, expect, it } from 'vitest'

const reportOf = (
  codec: typeof SettingsFromJson | typeof SettingsFromEnvironment,
  given: unknown,
): readonly string[] => {
  const decoded = codec.decode(given)
  return decoded._tag === 'Left' ? settingsReport(decoded.left) : []
}

describe('SettingsFromJson', () => {
  it('takes any part of the settings, and a system takes what it gives', async () => {
    const decoded = SettingsFromJson.decode({ throughput: 7, logLevel: 'off', isolation: 'clone' })

    expect(decoded).toEqual({ _tag: 'Right', right: { throughput: 7, logLevel: 'off', isolation: 'clone' } })
    if (decoded._tag === 'Left') return
    await using system = ActorSystem.create(Behaviors.empty, 'demo', { settings: decoded.right })
    expect(system.settings).toEqual({ ...defaultSettings, throughput: 7, logLevel: 'off', isolation: 'clone' })
  })

  it('takes the defaults whole', () => {
    expect(SettingsFromJson.decode(defaultSettings)._tag).toBe('Right')
    expect(SettingsFromJson.is(defaultSettings)).toBe(true)
  })

  it.each([
    [{ throughput: 0 }, 'throughput is 0, but must be a whole number from 1 up.'],
    [{ throughput: 1.5 }, 'throughput is 1.5, but must be a whole number from 1 up.'],
    [{ sliceMs: '4' }, 'sliceMs is "4", but must be a finite number of milliseconds above 0.'],
    [{ isolation: 'none' }, 'isolation is "none", but must be one of trust, freeze, clone.'],
    [[], 'The value is [], but must be an object of settings.'],
    [null, 'The value is null, but must be an object of settings.'],
  ])('refuses %j with a sentence', (given, sentence) => {
    expect(reportOf(SettingsFromJson, given)).toEqual([sentence])
  })

  it('refuses with a sentence what no JSON holds', () => {
    const circle: unknown[] = []
    circle.push(circle)
    const sentence = (what: string): string => `throughput is ${what}, but must be a whole number from 1 up.`

    for (const [value, what] of [
      [NaN, 'NaN'],
      [Infinity, 'Infinity'],
      [10n, '10'],
      [circle, 'object'],
    ] as const)
      expect(reportOf(SettingsFromJson, { throughput: value })).toEqual([sentence(what)])
    expect(reportOf(SettingsFromJson, circle)).toEqual(['The value is object, but must be an object of settings.'])
    expect(SettingsFromJson.is({ throughput: 10n })).toBe(false)
  })

  it('reports every fault, and names the settings when one is unknown', () => {
    const report = reportOf(SettingsFromJson, { throughput: -1, troughput: 3 })

    expect(report).toHaveLength(2)
    expect(report[1]).toMatch(/^There is no setting 'troughput'\. The settings are: throughput, sliceMs, /)
  })
})

describe('SettingsFromEnvironment', () => {
  it('reads variables by the name of the setting in capitals', () => {
    const environment = { PATH: '/bin', TROUPE_LOG_LEVEL: 'debug', TROUPE_TERMINATE_TIMEOUT_MS: '250' }

    expect(SettingsFromEnvironment.decode(environment)).toEqual({
      _tag: 'Right',
      right: { logLevel: 'debug', terminateTimeoutMs: 250 },
    })
  })

  it('gives back what it read', () => {
    const environment = { TROUPE_LOG_LEVEL: 'debug', TROUPE_SLICE_MS: '2.5' }
    const decoded = SettingsFromEnvironment.decode(environment)

    expect(decoded._tag === 'Right' && SettingsFromEnvironment.encode(decoded.right)).toEqual(environment)
  })

  it.each([
    [{ TROUPE_THROUGHPUT: 'many' }, 'TROUPE_THROUGHPUT is "many", but must be a whole number from 1 up.'],
    [{ TROUPE_SLICE_MS: '' }, 'TROUPE_SLICE_MS is "", but must be a finite number of milliseconds above 0.'],
  ])('refuses %j by the name of the variable', (given, sentence) => {
    expect(reportOf(SettingsFromEnvironment, given)).toEqual([sentence])
  })

  it('refuses a variable that names no setting', () => {
    expect(reportOf(SettingsFromEnvironment, { TROUPE_TROUGHPUT: '3' })[0]).toMatch(
      /^There is no setting 'TROUPE_TROUGHPUT'\. The settings are: TROUPE_THROUGHPUT, TROUPE_SLICE_MS, /,
    )
  })
})
