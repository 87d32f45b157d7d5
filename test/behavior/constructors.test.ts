/**
 * What the constructors of behaviors refuse, where the mistake is made and not where the actor runs.
 */
import { describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, TroupeError } from 'troupe'

// Callers without types can give anything.
const { setup, withTimers, withStash, awaiting } = Behaviors as unknown as Readonly<
  Record<string, (...given: readonly unknown[]) => unknown>
>

describe('what is no function', () => {
  const next = (): unknown => Behaviors.same

  it.each<readonly [string, () => unknown]>([
    ['What Behaviors.setup calls is undefined', () => setup?.()],
    ['What Behaviors.withTimers calls is {}', () => withTimers?.({})],
    ['What Behaviors.withStash calls is undefined', () => withStash?.(10)],
    ['The task of Behaviors.awaiting is {}', () => awaiting?.(Promise.resolve(1), next)],
    ['What Behaviors.awaiting goes on with is undefined', () => awaiting?.(() => Promise.resolve(1))],
  ])('%s', (sentence, make) => {
    expect(make).toThrow(TroupeError)
    expect(make).toThrow(`${sentence}, but must be a function.`)
  })
})

describe('supervise', () => {
  it.each<readonly [string, unknown]>([
    ['undefined', undefined],
    ['null', null],
    ['a strategy that was not called', SupervisorStrategy.restartWithBackoff],
    ['an object', { _tag: 'Retry' }],
  ])('refuses %s', (_, strategy) => {
    expect(() => Behaviors.supervise(strategy as never)).toThrow(
      /^The strategy of Behaviors.supervise is [^]*, but must be a strategy that SupervisorStrategy makes; functions of it have to be called\.$/,
    )
  })
})

describe('logMessages', () => {
  it.each(['warning', 'off'])('refuses the level %s', (level) => {
    expect(() => Behaviors.logMessages({ level } as never)(Behaviors.empty)).toThrow(
      `level of Behaviors.logMessages is ${level}, but must be one of debug, info, warn, error.`,
    )
  })
})
