import { describe, expect, it } from 'vitest'
import { ActorSystem, Behaviors, TroupeError, defaultSettings, type Settings } from 'troupe'

const errorOf = (settings: object): unknown => {
  try {
    ActorSystem.create(Behaviors.empty, 'demo', { settings })
  } catch (error) {
    return error
  }
  return undefined
}

describe('the settings of a system', () => {
  const outOfRange: readonly (readonly [keyof Settings, readonly unknown[], string])[] = [
    ['throughput', [0, -1, 1.5, NaN, Infinity, '64'], 'a whole number from 1 up'],
    ['sliceMs', [0, -1, NaN, '1'], 'above 0'],
    ['wakeUpsPerTurn', [-1, 0.5, NaN], 'a whole number from 0 up'],
    ['mailboxHighWater', [0, 1.5], 'a whole number from 1 up'],
    ['deadLettersLogged', [-1, NaN], 'a whole number from 0 up'],
    ['deadLettersWindowMs', [0, NaN], 'above 0'],
    ['adaptersWarnedAt', [0, NaN], 'a whole number from 1 up'],
    ['interceptorDepth', [0, NaN], 'a whole number from 1 up'],
    ['terminateTimeoutMs', [0, NaN], 'above 0'],
    ['logLevel', ['loud', 3, null, 'toString'], 'one of debug, info, warn, error, off'],
    ['isolation', ['none', true, null], 'one of trust, freeze, clone'],
  ]

  it.each(outOfRange)('%s out of range is refused, saying what it is and what it must be', (name, values, expected) => {
    for (const value of values) {
      const error = errorOf({ [name]: value })
      expect(error).toBeInstanceOf(TroupeError)
      expect(error).toMatchObject({ _tag: 'IllegalArgument' })
      expect((error as TroupeError).message).toContain(`${name} is ${String(value)}, but must be`)
      expect((error as TroupeError).message).toContain(expected)
    }
  })

  it('that nobody knows are refused, with a list of those there are', () => {
    expect((errorOf({ troughput: 5 }) as TroupeError).message).toMatch(
      /The name of a setting is troughput, but must be one of throughput, sliceMs/,
    )
  })

  it('that are not given have their defaults, and so have those given as undefined', async () => {
    await using system = ActorSystem.create(Behaviors.empty, 'demo', {
      settings: { throughput: 5, sliceMs: undefined } as unknown as Partial<Settings>,
    })

    expect(system.settings).toEqual({ ...defaultSettings, throughput: 5 })
  })
})
