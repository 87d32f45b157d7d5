/**
 * What a simulated application gets to work with.
 */
import type {
  ActorPath,
  ActorRef,
  ActorSystem,
  Behavior,
  Logger,
  Probe,
  Props,
  Random,
  Settings,
} from '../../model/index.js'
import type { SimulatedLink } from './Link.js'
import type { Schedule } from './Schedule.js'

/**
 * The surroundings of a simulated application: a real system whose clock, randomness and order of turns belong to the simulation.
 *
 * @category testing
 * @since 0.1.0
 */
export interface SimulatedWorld {
  /** The system. Its guardian handles nothing. */
  readonly system: ActorSystem<never>
  /** Randomness that is the same for the same seed. */
  readonly random: Random
  /** Spawns an actor below the guardian. */
  spawn<A>(behavior: Behavior<A>, name?: string, props?: Props<A>): ActorRef<A>
  /** Virtual time now, in milliseconds from the beginning. */
  now(): number
  /** Waits until so much virtual time has passed. */
  sleep(ms: number): Promise<void>
  /** Waits until no actor can run before time passes. */
  quiet(): Promise<void>
  /** Checks after every step; what it throws ends the simulation as failed. */
  always(check: () => void): void
  /** Checks once at the end of a run that is done; what it throws makes it failed. */
  finally(check: () => void): void
  /** Ends the simulation as failed, from wherever it is called. */
  fail(error: unknown): void
  /** A line that loses, doubles and reorders as faults have it. */
  link(name: string): SimulatedLink
}

/**
 * What a simulation runs: spawns actors, tells them something, and may wait for answers.
 *
 * @category testing
 * @since 0.1.0
 */
export type SimulatedApp = (world: SimulatedWorld) => void | Promise<void>

/**
 * How likely a fault is at each occasion, from 0 to 1. Default: 0 each.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Faults {
  /** A handler throws before it begins. */
  readonly crash?: number
  /** A start throws at its end. */
  readonly crashInSetup?: number
  /** Somebody gets its turn later: after `delayMs` of virtual time. */
  readonly delay?: number
  /** How long a delay is, in milliseconds. Default: 100. */
  readonly delayMs?: number
  /** A link loses what it carries. */
  readonly drop?: number
  /** A link delivers twice. */
  readonly duplicate?: number
  /** A link lets the second overtake the first. */
  readonly reorder?: number
  /** Which actors may crash and be late. Default: all below the guardian. */
  readonly only?: (path: ActorPath) => boolean
}

/**
 * Options of a simulation.
 *
 * @category testing
 * @since 0.1.0
 */
export interface SimulationOptions {
  /** Decides who runs when and what goes wrong. Default: 0. */
  readonly seed?: number
  /** Decides instead of a seed. Faults then happen where it says, and nowhere else. */
  readonly schedule?: Schedule
  /** What may go wrong, and how likely it is. Default: nothing. */
  readonly faults?: Faults
  /** Steps, or passings of time without a step, after which a run is taken for a livelock. Default: 100,000. */
  readonly maxSteps?: number
  /** Ends the run, as `stopped`, after so many steps. Default: never. */
  readonly stopAfter?: number
  /** Ends the run, as `done`, when virtual time would pass this many milliseconds: for programs with timers that never end. Default: never. */
  readonly maxMs?: number
  /**
   * What to make of it when nobody can run and only asks are open: report a deadlock, or let them run out of time as they would. Default:
   * 'deadlock'.
   */
  readonly openAsks?: 'deadlock' | 'timeOut'
  /** At least so many of the last events are kept in the trace. Default: 100,000. */
  readonly history?: number
  /** The name of the system. Default: 'simulation'. */
  readonly name?: string
  /** Any part of the settings of the system. Default: nothing is logged, unless there is a logger. */
  readonly settings?: Partial<Settings>
  /** Gets the log. Default: none. */
  readonly logger?: Logger
  /** Sees everything that happens in the system. Default: none. */
  readonly probe?: Probe
}
