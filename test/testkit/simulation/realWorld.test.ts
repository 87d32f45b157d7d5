/** Who waits for the machine, when a run ends for another reason. */
import { describe, expect, it } from 'vitest'
import { Behaviors } from 'troupe'
import { gracefulStop } from 'troupe/patterns'
import { Simulation, type SimulatedWorld, type Trace } from 'troupe/testkit'

describe('a simulation with a heartbeat', () => {
  const heartbeat = Behaviors.withTimers<string>((timers) => {
    timers.startTimerAtFixedRate('beat', 'beat', 10)
    return Behaviors.receiveMessageWithSame<string>(() => undefined)
  })
  const machine = (): Promise<never> => new Promise(() => undefined)
  const waitsForTheMachine = Behaviors.receive<string>((context, word) => {
    if (word === 'go') context.pipeToSelf(machine, () => 'done')
    return Behaviors.same
  })
  const named = ({ outcome, waiting }: Trace): readonly string[] => [outcome, ...waiting.map(({ actor }) => actor)]

  it('does not hide a task that waits for the real world', async () => {
    const app = (world: SimulatedWorld): void => {
      world.spawn(waitsForTheMachine, 'worker').tell('go')
      world.spawn(heartbeat, 'heart')
    }

    expect(named(await Simulation.run({ maxMs: 100 }, app))).toEqual(['realWorld', 'worker'])
    expect(named(await Simulation.run({ maxSteps: 50 }, app))).toEqual(['livelock', 'heart', 'worker'])
  })

  it('does not hide that the application waits for the real world', async () => {
    const trace = await Simulation.run({ maxMs: 100 }, async (world) => {
      world.spawn(heartbeat, 'heart')
      await machine()
    })

    expect(named(trace)).toEqual(['realWorld', 'outside'])
  })

  it('is done when time is up, though somebody waits for virtual time or an answer beyond it', async () => {
    const sleeps = await Simulation.run({ maxMs: 100 }, async (world) => {
      world.spawn(heartbeat, 'heart')
      await world.sleep(1_000)
    })
    const waits = await Simulation.run({ maxMs: 100 }, (world) => {
      const silent = world.spawn<string>(Behaviors.ignore, 'silent')
      const stopper = Behaviors.receive<string>((context, word) => {
        if (word === 'go')
          context.pipeToSelf(gracefulStop(context.system, silent, { message: 'stop', timeoutMs: 500 }), () => 'done')
        return Behaviors.same
      })
      world.spawn(stopper, 'stopper').tell('go')
    })

    expect([named(sleeps), named(waits)]).toEqual([['done'], ['done']])
  })
})
