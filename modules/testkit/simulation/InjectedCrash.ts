/**
 * The failure that a simulation brings about.
 */

/**
 * What a simulation throws where it lets a handler or a start fail. Supervision treats it as any other failure.
 *
 * @example
 * ```ts
 * import { Behaviors } from 'troupe'
 * import { InjectedCrash, Simulation } from 'troupe/testkit'
 *
 * const trace = await Simulation.run({ faults: { crash: 1 } }, (world) => {
 *   world.spawn(Behaviors.receiveMessageWithSame<string>(() => undefined), 'fragile').tell('word')
 * })
 * console.log(trace.events.some((event) => event._tag === 'Failed' && event.cause instanceof InjectedCrash)) // true
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export class InjectedCrash extends Error {
  readonly kind: 'crash' | 'crashInSetup'

  constructor(kind: 'crash' | 'crashInSetup') {
    super(`The simulation lets ${kind === 'crash' ? 'the handling of this message' : 'this start'} fail.`)
    this.name = 'InjectedCrash'
    this.kind = kind
  }
}
