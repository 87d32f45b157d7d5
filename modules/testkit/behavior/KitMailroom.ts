/**
 * What references need when there is no system.
 */
import { ActorPath, type ActorSystem as System, type Clock } from '../../model/index.js'
import { Behaviors } from '../../behavior/index.js'
import { ActorSystem } from '../../runtime/index.js'
import type { Mailroom } from '../../runtime/internal.js'
import { VirtualClock } from '../ManualClock.js'
import { ManualDispatcher } from '../ManualDispatcher.js'

export class KitMailroom implements Mailroom {
  readonly clock: Clock = new VirtualClock(0)
  readonly root: ActorPath = new ActorPath('kit', 0, undefined)
  readonly isolate: undefined = undefined
  #uid = 0
  #system: System<never> | undefined = undefined

  /** For behaviors that ask their context for the system: it is there, and nothing in it ever runs. */
  get system(): System<never> {
    return (this.#system ??= ActorSystem.create(Behaviors.ignore, 'kit', {
      clock: this.clock,
      dispatcher: new ManualDispatcher(1),
      random: { next: () => 0 },
      logger: { log: () => undefined },
    }))
  }

  nextUid(): number {
    return ++this.#uid
  }

  enqueued(): undefined {
    return undefined
  }

  settle(): void {
    // Nobody counts.
  }

  deadLetter(): void {
    // Nobody is dead here.
  }
}
