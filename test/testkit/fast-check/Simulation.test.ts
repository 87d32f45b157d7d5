/** Schedules as arbitraries. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef, type Behavior } from 'troupe'
import type { Schedule, SimulatedApp } from 'troupe/testkit'
import { Simulation } from 'troupe/testkit/fast-check'

type TillCommand =
  { readonly _tag: 'Get'; readonly replyTo: ActorRef<number> } | { readonly _tag: 'Set'; readonly to: number }

const till = (sum: number): Behavior<TillCommand> =>
  Behaviors.receiveMessage((command) => {
    if (command._tag === 'Set') return till(command.to)
    command.replyTo.tell(sum)
    return Behaviors.same
  })

/** Adds one to the till, a while after another, so that only an unusual order loses one. */
const cashiers =
  (read: (sum: number) => void): SimulatedApp =>
  async (world) => {
    const shared = world.spawn(till(0), 'till')
    const cashier = Behaviors.setup<number | 'go'>((context) =>
      Behaviors.receiveMessage((message) => {
        if (message === 'go') shared.tell({ _tag: 'Get', replyTo: context.self })
        else shared.tell({ _tag: 'Set', to: message + 1 })
        return Behaviors.same
      }),
    )
    const next = (to: ActorRef<'go'>): ActorRef<number> =>
      world.spawn(
        Behaviors.receiveMessageWithSame<number>((left) => {
          if (left > 0) next(to).tell(left - 1)
          else to.tell('go')
        }),
      )
    world.spawn(cashier, 'first').tell('go')
    next(world.spawn(cashier, 'second')).tell(2)
    await world.quiet()
    shared.tell({ _tag: 'Get', replyTo: world.spawn(Behaviors.receiveMessageWithSame<number>(read), 'auditor') })
    await world.quiet()
  }

const law = (schedule: Schedule): Promise<void> =>
  Simulation.check({ schedule }, (world) =>
    cashiers((sum) => {
      if (sum !== 2) world.fail(new Error(`${String(sum)} in the till`))
    })(world),
  )

describe('Simulation.schedules', () => {
  it('finds an order that breaks a law, and shrinks it to the few decisions that it takes', async () => {
    const result = await fc.check(fc.asyncProperty(Simulation.schedules(), law), { seed: 1, numRuns: 1_000 })

    expect(result.failed).toBe(true)
    const schedule = result.counterexample?.[0]
    expect(schedule?.picks.length).toBeGreaterThan(0)
    expect(schedule?.picks.length).toBeLessThan(8)
    expect(schedule?.faults).toEqual([])
    expect(String(result.errorInstance)).toMatch(/1 in the till[^]*second tells till[^]*sequenceDiagram/)
  })

  it('gives the same counterexample again from the seed and the path that fast-check prints', async () => {
    const property = fc.asyncProperty(Simulation.schedules(), law)
    const first = await fc.check(property, { seed: 2, numRuns: 1_000 })

    const again = await fc.check(property, {
      seed: first.seed,
      path: first.counterexamplePath ?? '',
      endOnFailure: true,
    })

    expect(again.counterexample).toEqual(first.counterexample)
  })

  it('shrinks order and faults together', async () => {
    const property = fc.asyncProperty(Simulation.schedules({ faults: ['crash', 'delay'] }), async (schedule) => {
      await Simulation.check({ schedule }, (world) => {
        let handled = 0
        const actor = Behaviors.receiveMessageWithSame<string>(() => {
          handled++
        })
        for (const name of ['ann', 'ben']) world.spawn(actor, name).tell('word')
        world.finally(() => {
          if (handled !== 2) throw new Error('one was not handled')
        })
      })
    })

    const { counterexample } = await fc.check(property, { seed: 3, numRuns: 1_000 })

    expect(counterexample?.[0]).toMatchObject({ picks: [], faults: [{ kind: 'crash' }] })
  })

  it('shows a schedule as what can be run again', () => {
    const [schedule] = fc.sample(Simulation.schedules({ steps: 3, faults: ['crash'] }), { seed: 4, numRuns: 1 })

    expect(fc.stringify(schedule)).toMatch(/^\{[^]*seed: \d+[^]*picks: \[[^]*faults: \[/)
  })

  it('never has more steps and faults than it is told, and only those kinds', () => {
    fc.assert(
      fc.property(Simulation.schedules({ steps: 20, faults: ['delay'], maxFaults: 2 }), ({ picks, faults }) => {
        expect([...picks, ...faults].every(({ step }) => step >= 1 && step <= 20)).toBe(true)
        expect(faults.length).toBeLessThanOrEqual(2)
        expect(faults.every(({ kind }) => kind === 'delay')).toBe(true)
      }),
    )
  })
})
