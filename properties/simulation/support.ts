/**
 * What the laws of the toolbox have in common: actors that may crash, and what was lost by it.
 */
import fc from 'fast-check'
import { Behaviors, SupervisorStrategy, type Behavior, type Probe } from 'troupe'
import { Simulation, type Faults, type SimulatedWorld } from 'troupe/testkit'

/** The actors that may crash have a name that begins so. */
const only: Faults['only'] = (path) => path.elements.some((name) => name.startsWith('frail'))

/** What one run has lost, message by message. */
export interface Losses {
  /** What crashed the handler that had it. */
  readonly crashed: readonly unknown[]
  readonly deadLetters: readonly unknown[]
  readonly dropped: readonly unknown[]
}

/** Tries a law in many orders of turns, with crashes of the frail. */
export const inAnyOrder = (
  faults: Faults,
  app: (world: SimulatedWorld, losses: Losses) => void | Promise<void>,
  see?: () => Probe,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.nat(), async (seed) => {
      const losses = { crashed: [] as unknown[], deadLetters: [] as unknown[], dropped: [] as unknown[] }
      const seeing = see?.()
      const probe: Probe = {
        enqueued: (ref, message) => seeing?.enqueued?.(ref, message),
        beforeHandle: (ref, message, trace) => seeing?.beforeHandle?.(ref, message, trace),
        settled: (ref, message, outcome) => seeing?.settled?.(ref, message, outcome),
        event: (event) => {
          if (event._tag === 'ActorFailed' && event.message !== undefined) losses.crashed.push(event.message)
          if (event._tag === 'DeadLetter') losses.deadLetters.push(event.message)
          if (event._tag === 'Dropped') losses.dropped.push(event.message)
        },
      }
      await Simulation.check(
        { seed, faults: { only, ...faults }, openAsks: 'timeOut', probe, maxMs: 100_000 },
        (world) => app(world, losses),
      )
    }),
  )

export const expectSame = (what: string, found: unknown, expected: unknown): void => {
  const [a, b] = [JSON.stringify(found), JSON.stringify(expected)]
  if (a !== b) throw new Error(`${what}: ${a}, not ${b}`)
}

export const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

export const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)
export const sorted = (list: readonly number[]): readonly number[] => [...list].sort((a, b) => a - b)
/** A strategy around a behavior. */
type Supervising = <A>(behavior: Behavior<A>) => Behavior<A>

export const restarting: Supervising = Behaviors.supervise(SupervisorStrategy.restart)
export const resuming: Supervising = Behaviors.supervise(SupervisorStrategy.resume)

export const collecting = <A>(into: A[]): Behavior<A> =>
  Behaviors.receiveMessageWithSame((message) => {
    into.push(message)
  })
