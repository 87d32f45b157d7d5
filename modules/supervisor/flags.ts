/**
 * How a supervisor as a whole behaves.
 */
import { oneOf, period, requireThat, wholeFrom } from '../model/internal.js'

/**
 * Who is restarted with a child that ended: itself, all children, or those that were started after it.
 *
 * @category model
 * @since 0.1.0
 */
export type RestartScope = 'oneForOne' | 'oneForAll' | 'restForOne'

/**
 * When a supervisor stops because significant children ended by themselves: never, with the first of them, or with the last.
 *
 * @category model
 * @since 0.1.0
 */
export type AutoShutdown = 'never' | 'anySignificant' | 'allSignificant'

/**
 * How many restarts a supervisor puts up with, and what ends it.
 *
 * @category model
 * @since 0.1.0
 */
export interface RestartLimits {
  /** Restarts within `periodMs` that are still accepted; one more ends the supervisor. A whole number from 0. Default: 1. */
  readonly intensity?: number
  /** Milliseconds, above 0. Default: 5,000. */
  readonly periodMs?: number
  /** Default: 'never'; then no child may be significant. */
  readonly autoShutdown?: AutoShutdown
}

/**
 * The flags of a supervisor.
 *
 * @category model
 * @since 0.1.0
 */
export interface SupervisorFlags extends RestartLimits {
  /** Default: 'oneForOne'. */
  readonly strategy?: RestartScope
}

/** All flags, each with a value. */
export type Flags = Required<SupervisorFlags>

const defaultFlags: Flags = { strategy: 'oneForOne', intensity: 1, periodMs: 5_000, autoShutdown: 'never' }

/** Fills in the defaults; throws IllegalArgument for a flag that is out of range. Unknown ones are ignored. */
export const flagsOf = (given: SupervisorFlags, where: string): Flags => {
  const flags: Flags = {
    strategy: given.strategy ?? defaultFlags.strategy,
    intensity: given.intensity ?? defaultFlags.intensity,
    periodMs: given.periodMs ?? defaultFlags.periodMs,
    autoShutdown: given.autoShutdown ?? defaultFlags.autoShutdown,
  }
  requireThat(`strategy of ${where}`, flags.strategy, oneOf(['oneForOne', 'oneForAll', 'restForOne']))
  requireThat(`intensity of ${where}`, flags.intensity, wholeFrom(0))
  requireThat(`periodMs of ${where}`, flags.periodMs, period)
  requireThat(`autoShutdown of ${where}`, flags.autoShutdown, oneOf(['never', 'anySignificant', 'allSignificant']))
  return flags
}
