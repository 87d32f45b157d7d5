/**
 * The simulator with arbitraries of schedules.
 */
import type { Arbitrary } from 'fast-check'
import { Simulation as Plain, type Schedule } from '../index.js'
import { schedules, type SchedulesOptions } from './schedules.js'

/**
 * `Simulation` of `troupe/testkit`, with arbitraries of schedules for fast-check.
 *
 * A property that fails ends in the shortest schedule that still fails, order and faults shrunk together, and `Simulation.check` shows its
 * trace in the message.
 *
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { Behaviors } from 'troupe'
 * import { Simulation } from 'troupe/testkit/fast-check'
 *
 * await fc.assert(fc.asyncProperty(Simulation.schedules({ faults: ['crash'] }), async (schedule) => {
 *   await Simulation.check({ schedule }, (world) => {
 *     const heard: string[] = []
 *     const parrot = world.spawn(Behaviors.receiveMessageWithSame<string>((word) => { heard.push(word) }), 'parrot')
 *     for (const word of ['one', 'two']) parrot.tell(word)
 *     world.always(() => {
 *       if (heard[0] === 'two' && heard.length === 2) throw new Error('the second word came first')
 *     })
 *   })
 * }))
 * ```
 *
 * @see https://fast-check.dev/docs/advanced/race-conditions/
 * @category testing
 * @since 0.1.0
 */
export const Simulation: typeof Plain & {
  /**
   * Schedules for `fc.asyncProperty`.
   *
   * @throws TroupeError IllegalArgument for an option that is out of range
   */
  readonly schedules: (options?: SchedulesOptions) => Arbitrary<Schedule>
} = { ...Plain, schedules }
