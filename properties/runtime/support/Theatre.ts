/**
 * A world with a clock and a dispatcher of its own: turns of up to four messages, picked by chance, one command after the other.
 */
import { ActorSystem } from 'troupe'
import { ManualClock } from 'troupe/testkit'
import { seededRandom } from '../../../modules/base/index.js'
import { PickingDispatcher } from './PickingDispatcher.js'
import type { Command } from './programs.js'
import { World, type Letter } from './World.js'

/** More than any of these programs can bring about. */
const mostTurns = 20_000

export class Theatre {
  readonly world: World
  readonly #clock = ManualClock.create()
  readonly #dispatcher: PickingDispatcher
  #system: ActorSystem<Letter> | undefined = undefined

  constructor(schedule: number) {
    this.#dispatcher = new PickingDispatcher(seededRandom(schedule))
    this.world = new World(
      (behavior, probe) =>
        (this.#system = ActorSystem.create(behavior, 'world', {
          clock: this.#clock,
          dispatcher: this.#dispatcher,
          random: { next: () => 0 },
          logger: { log: () => undefined },
          probe,
        })),
    )
  }

  run(commands: readonly Command[]): void {
    for (const command of commands) {
      this.#do(command)
      this.world.compareCounts()
    }
  }

  /** Lets everything happen that happens without another message from outside. */
  settle(): void {
    for (let pause = 0; pause < 30; pause++) {
      if (this.#dispatcher.run(mostTurns)) this.world.complain('the tree never becomes quiet')
      this.#clock.timePasses(10)
    }
    this.#dispatcher.run(mostTurns)
    this.world.compareCounts()
  }

  /** Stops the whole tree. */
  shutdown(): void {
    this.world.doom()
    void this.#system?.terminate({ timeoutMs: 1_000_000 })
    this.settle()
  }

  #do(command: Command): void {
    switch (command._tag) {
      case 'Tell':
        this.world.tell(command.to, command.acts)
        break
      case 'Turns':
        this.#dispatcher.run(command.count)
        break
      case 'TimePasses':
        this.#clock.timePasses(command.ms)
    }
  }
}
