import { describe, expect, it } from 'vitest'
import { SupervisorStrategy, type LogLevel } from 'troupe'

describe('a level of failures', () => {
  const { withLogLevel, withCriticalLogLevel } = SupervisorStrategy
  const words = ['debug', 'info', 'warn', 'error', 'off'] as const

  it.each(words)('may be %s', (level) => {
    expect(withLogLevel(level)(SupervisorStrategy.stop).logLevel).toBe(level)
    expect(withCriticalLogLevel(level, 1)(SupervisorStrategy.restart).criticalLogLevel).toBe(level)
  })

  it.each(['warning', '', undefined])('is no other word: %s', (word) => {
    const sentence = `logLevel is ${String(word)}, but must be one of debug, info, warn, error, off.`

    expect(() => withLogLevel(word as LogLevel)).toThrow(sentence)
    expect(() => withCriticalLogLevel(word as LogLevel, 1)).toThrow(sentence)
  })
})
