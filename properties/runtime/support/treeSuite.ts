/**
 * The laws of a tree of actors, under simulation: one message a step, in any order, and the books are compared after each.
 */
import fc from 'fast-check'
import { Behaviors, type Probe } from 'troupe'
import { Simulation } from 'troupe/testkit/fast-check'
import type { Schedule, Trace } from 'troupe/testkit'
import { programs, type Act, type Command } from './programs.js'
import { suiteOf, type Suite } from './Suite.js'
import { World } from './World.js'

/** Longer than any pause of a restart in these programs. */
const restMs = 500

/** What comes from outside. It has no `acts`, by which the books know a letter. */
interface Errand {
  readonly to: number
  readonly todo: readonly Act[]
}

const play = (commands: readonly Command[], schedule: Schedule): Promise<Trace> => {
  let world: World | undefined
  const probe: Probe = {
    enqueued: (ref, message) => world?.probe.enqueued?.(ref, message),
    settled: (ref, message, outcome) => {
      world?.probe.settled?.(ref, message, outcome)
    },
    event: (event) => {
      world?.probe.event?.(event)
    },
  }
  return Simulation.run({ schedule, probe, maxSteps: 20_000 }, async (sim) => {
    const made = new World((behavior) => sim.spawn(behavior, 'root'))
    world = made
    const complain = (): void => {
      if (made.complaints.length > 0) throw new Error(made.complaints[0])
    }
    sim.always(() => {
      made.compareCounts()
      complain()
    })
    // An actor of its own, so that what comes from outside comes between any two steps.
    const driver = sim.spawn(
      Behaviors.receiveMessageWithSame<Errand>(({ to, todo }) => {
        made.tell(to, todo)
      }),
      'driver',
    )
    for (const command of commands)
      if (command._tag === 'TimePasses') await sim.sleep(command.ms)
      else if (command._tag === 'Tell') driver.tell({ to: command.to, todo: command.acts })

    await sim.sleep(restMs)
    checkAtRest(made)
    made.doom()
    void sim.system.terminate({ timeoutMs: 1_000_000 })
    // A turn may be delayed, even the last one.
    await sim.sleep(restMs)
    complain()
    if (made.waiting !== 0) throw new Error(`${String(made.waiting)} letters wait although all is over`)
    for (const { number, isAlive, isGone } of made.entries)
      if (isAlive || !isGone) throw new Error(`actor ${String(number)} outlives the system`)
  })
}

/** What holds when nothing more happens by itself. */
const checkAtRest = (world: World): void => {
  for (const entry of world.entries) {
    if (!world.isChangeable(entry) && (!entry.isAlive || entry.isGone || entry.starts !== 1))
      throw new Error(`actor ${String(entry.number)} has changed, and nobody had failed or been stopped`)
    if (!entry.isAlive) continue
    for (const target of entry.watching)
      if (target.isGone)
        throw new Error(`actor ${String(entry.number)} was never told of the end of actor ${String(target.number)}`)
  }
}

export const treeSuite: Suite = suiteOf(
  'a tree of actors',
  fc.tuple(
    programs.map(({ commands }) => commands),
    Simulation.schedules({ steps: 300, faults: ['delay'] }),
  ),
  ([commands, schedule]) => play(commands, schedule),
)
