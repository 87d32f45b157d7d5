/** What a simulation and a search refuse to begin with. */
import { describe, expect, it } from 'vitest'
import { Simulation, type Fault, type Pick, type SimulationOptions } from 'troupe/testkit'
import { Simulation as WithSchedules } from 'troupe/testkit/fast-check'

const idle = (): void => undefined

describe('options of Simulation.run', () => {
  const schedule = (picks: readonly Pick[], faults: readonly Fault[] = []): SimulationOptions => ({
    schedule: { seed: 0, picks, faults },
  })
  const refused: readonly (readonly [options: SimulationOptions, sentence: string])[] = [
    [{ faults: { crash: 2 } }, 'The rate of crash is 2, but must be a number from 0 to 1'],
    [{ faults: { delay: NaN } }, 'The rate of delay is NaN'],
    [{ faults: { delayMs: NaN } }, 'delayMs of faults is NaN, but must be a finite number of milliseconds from 0 up'],
    [{ faults: { delayMs: -1 } }, 'delayMs of faults is -1'],
    [{ maxSteps: NaN }, 'maxSteps of a simulation is NaN'],
    [{ stopAfter: NaN }, 'stopAfter of a simulation is NaN'],
    [{ maxMs: NaN }, 'maxMs of a simulation is NaN'],
    [{ history: -1 }, 'history of a simulation is -1, but must be a whole number from 1 up'],
    [schedule([{ step: 1, over: -1 }]), 'over of the pick at step 1 is -1, but must be a whole number from 0 up'],
    [schedule([{ step: 0, over: 1 }]), 'step of a pick is 0'],
    [schedule([], [{ step: NaN, kind: 'crash' }]), 'step of a fault is NaN'],
    [schedule([], [{ step: 3, kind: 'delay', delayMs: NaN }]), 'delayMs of the fault at step 3 is NaN'],
  ]

  it.each(refused)('are refused when they cannot be: %j', async (options, sentence) => {
    await expect(async () => Simulation.run(options, idle)).rejects.toThrow(sentence)
  })

  it('are refused when they name a fault that is not known', async () => {
    // @ts-expect-error the compiler refuses it, too
    const options = schedule([], [{ step: 3, kind: 'fire' }])

    await expect(async () => Simulation.run(options, idle)).rejects.toThrow('one of crash, crashInSetup')
  })
})

describe('world.sleep', () => {
  it('refuses a time that is none', async () => {
    const trace = await Simulation.run({}, (world) => world.sleep(NaN))

    expect([trace.outcome, String(trace.failure)]).toEqual([
      'failed',
      expect.stringContaining('ms of world.sleep is NaN, but must be a finite number of milliseconds from 0 up'),
    ])
  })
})

describe('Simulation.explore and shrink', () => {
  it.each([{ maxRuns: 0 }, { maxRuns: NaN }, { maxRuns: 1.5 }, { crashes: -1 }, { maxShrinkRuns: NaN }])(
    'refuse bounds that cannot be: %j',
    async (bounds) => {
      const [name, value] = Object.entries(bounds)[0] ?? []

      for (const orders of ['seeds', 'every'] as const)
        await expect(async () => Simulation.explore({ orders, ...bounds }, idle)).rejects.toThrow(
          `${String(name)} of an exploration is ${String(value)}, but must be a whole number`,
        )
    },
  )

  it('refuse a number of runs that is none', async () => {
    const trace = await Simulation.run({}, idle)

    await expect(async () => Simulation.shrink(trace, {}, idle, NaN)).rejects.toThrow(
      'maxRuns of Simulation.shrink is NaN, but must be a whole number from 0 up, or Infinity',
    )
  })
})

describe('Simulation.schedules', () => {
  it('refuses options that cannot be', () => {
    const words = [
      [{ steps: NaN }, 'steps of Simulation.schedules is NaN, but must be a whole number from 1 up'],
      [{ maxFaults: -1 }, 'maxFaults of Simulation.schedules is -1, but must be a whole number from 0 up'],
    ] as const

    for (const [options, sentence] of words) expect(() => WithSchedules.schedules(options)).toThrow(sentence)
  })
})
