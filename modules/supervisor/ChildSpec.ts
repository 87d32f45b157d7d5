/**
 * What a supervisor knows of a child before it runs.
 */
import { ActorPath, TroupeError, type Behavior, type Props } from '../model/index.js'
import { delay, oneOf, requireThat } from '../model/internal.js'
import { requireName } from '../runtime/internal.js'
import type { AutoShutdown } from './flags.js'

/**
 * When a child that has ended is started again: always, when it failed, or never.
 *
 * @category model
 * @since 0.1.0
 */
export type ChildRestart = 'permanent' | 'transient' | 'temporary'

/**
 * How long a child may take to stop before it is killed: milliseconds from 0, as long as it takes, or no time and no PostStop.
 *
 * @category model
 * @since 0.1.0
 */
export type ChildShutdown = number | 'infinity' | 'brutalKill'

/**
 * How a supervisor treats one child.
 *
 * @category model
 * @since 0.1.0
 */
export interface ChildOptions {
  /** Default: 'permanent'. */
  readonly restart?: ChildRestart
  /** Milliseconds that a stop may take, 'infinity' or 'brutalKill'. Default: 5,000, for a supervisor 'infinity'. */
  readonly shutdownMs?: ChildShutdown
  /** Whether its end counts for `autoShutdown`. Not for a permanent child, which never ends for good. Default: false. */
  readonly significant?: boolean
  /** What it is, for `countChildren`. Default: 'worker'. */
  readonly type?: 'worker' | 'supervisor'
  /** How the actor is run. Default: as any other. It is not checked that a mailbox in it is for messages of this child. */
  readonly props?: Props<never>
}

/**
 * The specification of a child, with all defaults filled in.
 *
 * @category model
 * @since 0.1.0
 */
export interface ChildSpec {
  readonly id: string
  readonly restart: ChildRestart
  readonly shutdownMs: ChildShutdown
  readonly significant: boolean
  readonly type: 'worker' | 'supervisor'
}

/** A specification with what it takes to start the child. A class, so that it may be sent where functions may not. */
export class Startable {
  readonly spec: ChildSpec
  readonly props: Props<never> | undefined
  /** Gets the current references of the siblings before it, by id; what they are typed as is checked where the tree is built. */
  readonly make: (siblings: never) => Behavior<never>

  constructor(spec: ChildSpec, props: Props<never> | undefined, make: Startable['make']) {
    this.spec = spec
    this.props = props
    this.make = make
  }
}

/** Fills in the defaults; throws for what cannot be. `where` begins the sentence of a refusal. */
export const startableOf = (
  id: string,
  make: (siblings: never) => Behavior<never>,
  options: ChildOptions,
  where: string,
): Startable => {
  requireName(id, { path: new ActorPath('supervisor', 0, undefined) })
  return new Startable(specOf(id, options, where), options.props, requireFunction(make, where))
}

/** The start of a child is a function, because each start needs a new behavior. */
export const requireFunction = <F>(make: F, where: string): F => {
  if (typeof make === 'function') return make
  throw new TroupeError(
    'IllegalArgument',
    `${where} has no function that makes its behavior. Write () => behavior: it is called again at each start.`,
  )
}

export const specOf = (id: string, options: ChildOptions, where: string): ChildSpec => {
  const type = options.type ?? 'worker'
  const restart = options.restart ?? 'permanent'
  const shutdownMs = options.shutdownMs ?? (type === 'supervisor' ? 'infinity' : 5_000)
  const significant = options.significant ?? false
  requireThat(`type of ${where}`, type, oneOf(['worker', 'supervisor']))
  requireThat(`restart of ${where}`, restart, oneOf(['permanent', 'transient', 'temporary']))
  requireThat(`shutdownMs of ${where}`, shutdownMs, shutdownRule)
  if (significant && restart === 'permanent')
    throw new TroupeError(
      'IllegalArgument',
      `${where} is significant and permanent, but a permanent child never ends for good. Make it transient or temporary.`,
    )
  return { id, restart, shutdownMs, significant, type }
}

/** Why this child cannot be with this flag; undefined when it can. */
export const clashWith = (autoShutdown: AutoShutdown, { significant }: ChildSpec, where: string): string | undefined =>
  significant && autoShutdown === 'never'
    ? `${where} is significant, but autoShutdown of the supervisor is never. Set autoShutdown to anySignificant or allSignificant.`
    : undefined

const shutdownRule = {
  holds: (value: unknown): boolean => value === 'infinity' || value === 'brutalKill' || delay.holds(value),
  expected: "a number of milliseconds from 0 up, 'infinity' or 'brutalKill'",
}
