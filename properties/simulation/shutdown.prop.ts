/**
 * The shutdown of a system in which tasks take as long as they like, and some fail.
 */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { Behaviors } from 'troupe'
import { CoordinatedShutdown, type DefaultPhase } from 'troupe/patterns'
import { Simulation } from 'troupe/testkit'
import { isTerminated } from '../../modules/runtime/internal.js'

const phases: readonly DefaultPhase[] = ['serviceUnbind', 'serviceRequestsDone', 'serviceStop']

const tasks = fc.array(fc.record({ phase: fc.nat(2), takesMs: fc.nat(12_000), fails: fc.boolean() }), { maxLength: 8 })

describe('a shutdown', () => {
  it('begins no phase before the one before it is over or out of time, stops actors last, and keeps its deadline', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(), tasks, fc.integer({ min: 1, max: 20_000 }), async (seed, plan, deadlineMs) => {
        await Simulation.check({ seed, faults: { delay: 0.1, delayMs: 30 } }, async (world) => {
          const shutdown = CoordinatedShutdown.get(world.system)
          const actor = world.spawn(Behaviors.ignore, 'actor')
          const begun: { readonly phase: number; readonly atMs: number }[] = []
          let over = 0
          shutdown.setDeadline(deadlineMs)
          for (const { phase, takesMs, fails } of plan)
            shutdown.addTask(phases[phase] ?? 'serviceStop', 'task', async () => {
              begun.push({ phase, atMs: world.now() })
              if (isTerminated(actor)) throw new Error('the actors are gone')
              await world.sleep(takesMs)
              over++
              if (fails) throw new Error('it fails')
            })

          await shutdown.run('test')

          // Actors stop in turns of their own, which may be late.
          if (world.now() > deadlineMs + 5_000) world.fail(new Error(`it took ${String(world.now())} ms`))
          const endOf = (phase: number): number =>
            phase < 0
              ? 0
              : endOf(phase - 1) +
                Math.min(5_000, Math.max(0, ...plan.filter((task) => task.phase === phase).map((task) => task.takesMs)))
          for (const { phase, atMs } of begun)
            if (atMs !== endOf(phase - 1)) world.fail(new Error(`phase ${String(phase)} began at ${String(atMs)} ms`))
          if (endOf(2) < deadlineMs && begun.length !== plan.length) world.fail(new Error('a task was left out'))
          if (over > begun.length) world.fail(new Error('a task ran twice'))
        })
      }),
    )
  })
})
