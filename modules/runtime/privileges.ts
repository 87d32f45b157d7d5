/**
 * What only the rooms above may do: be told of a start, end an actor by force, spawn beside the user's tree.
 */
import { ignore } from '../behavior/internal.js'
import type { ActorContext, ActorRef, ActorSystem, Behavior, Props } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { right } from '../model/internal.js'
import type { Actor, StartNotice } from './Actor.js'
import { System } from './ActorSystem.js'
import { Cell } from './Cell.js'
import { childrenOf } from './Children.js'
import { Context } from './Context.js'
import { START_DEFERRED } from './flags.js'
import { refOf } from './Ref.js'
import type { Runtime } from './Runtime.js'
import { tellStart } from './restarting.js'
import { newId, requireFirst } from './spawning.js'

/**
 * Ends an actor at once: no PostStop, tasks aborted, children likewise. What waits goes to dead letters, watchers are told.
 *
 * @internal
 */
export const kill = (ref: ActorRef<never>): void => {
  const { inbox } = refOf(ref)
  if (inbox instanceof Cell) inbox.kill()
}

/**
 * Spawns a child and tells `notice`, once, how its start went: right with its first successful setup, left with the failure that
 * ended starting. A child that stops before it has failed counts as started.
 *
 * @internal
 */
export const spawnWithNotice = <A>(
  context: ActorContext<never>,
  behavior: Behavior<A>,
  name: string | undefined,
  props: Props<never> | undefined,
  notice: StartNotice,
): ActorRef<A> => contextOf(context).spawnWithNotice(behavior, name, props, notice)

/**
 * Lets an actor say itself when it has started: nobody is told before the answer is called, or the actor has ended. To be called in
 * its first setup.
 *
 * @internal
 */
export const deferStart = (context: ActorContext<never>): (() => void) => {
  const actor = contextOf(context).actorFor('deferStart')
  const extra = actor.need()
  actor.flags |= START_DEFERRED
  return () => {
    tellStart(extra, right(undefined))
  }
}

/**
 * Gives the order in which children stop to their parent: when they all have to, `stopNext` is called in its turn, and again
 * whenever one of them has ended. It asks for the next stops. A kill does not ask it, and a restart ends it.
 *
 * @internal
 */
export const stopChildrenBy = (context: ActorContext<never>, stopNext: () => void): void => {
  contextOf(context).actorFor('stopChildrenBy').need().stopNext = stopNext
}

/**
 * The time, the chance and the log of a system, for what measures, draws and reports outside of an actor.
 *
 * @internal
 */
export const portsOf = (system: ActorSystem<never>): Pick<Runtime, 'clock' | 'random' | 'log'> =>
  systemOf(system).runtime

/**
 * Puts something before the end of a system: whether it is told to terminate or its guardian has stopped, actors that are left stop when
 * the promise has resolved. It must not reject. There is one for each system.
 *
 * @internal
 */
export const beforeTermination = (system: ActorSystem<never>, farewell: () => Promise<void>): void => {
  systemOf(system).holdBack(farewell)
}

/**
 * Says that whoever has its turn looks at, or changes, what an extension keeps for all; see `sharedState` of Probe.
 *
 * @internal
 */
export const touchShared = (system: ActorSystem<never>): void => {
  systemOf(system).runtime.touchShared()
}

/**
 * Every actor of a system that has not ended, parents before their children, the oldest first.
 *
 * @internal
 */
export const livingActors = (system: ActorSystem<never>): readonly ActorRef<never>[] => {
  const { roots, runtime } = systemOf(system)
  runtime.touchShared()
  // It grows while it is walked: a tree may be deeper than the stack, and wider than a call may have arguments.
  const found: Actor[] = [...roots]
  for (const actor of found) for (const child of childrenOf(actor)) found.push(child)
  return found.map(({ ref }) => ref).filter((ref) => !ref.inbox.isTerminated)
}

/**
 * True when the actor has ended.
 *
 * @internal
 */
export const isTerminated = (ref: ActorRef<never>): boolean => refOf(ref).inbox.isTerminated

/**
 * What equal references have in common, and others have not: not even those of another system of the same name.
 *
 * @internal
 */
export const identityOf = (ref: ActorRef<never>): object => refOf(ref).identity

/**
 * Spawns below `/system`: such actors end after the guardian, and what comes when they are ending ends without starting. Without a name
 * one is picked.
 *
 * @internal
 */
export const spawnSystemActor = <A>(
  system: ActorSystem<never>,
  behavior: Behavior<A>,
  name: string | undefined,
): ActorRef<A> => spawnBelow(systemRootOf(systemOf(system)), behavior, name, undefined)

/**
 * Spawns a child of the guardian from outside of its turn, as tests do.
 *
 * @internal
 */
export const spawnBelowGuardian = <A>(
  system: ActorSystem<never>,
  behavior: Behavior<A>,
  name: string | undefined,
  props: Props<A> | undefined,
): ActorRef<A> => spawnBelow(systemOf(system).roots[0], behavior, name, props)

/**
 * Stops a child of the guardian, or one that was spawned below `/system`, from outside of their turn.
 *
 * @internal
 */
export const stopTopLevel = (system: ActorSystem<never>, ref: ActorRef<never>): void => {
  const { inbox } = refOf(ref)
  if (systemOf(system).roots.some((root) => inbox.stopBy(root.ref))) return
  throw new TroupeError(
    'IllegalArgument',
    `${ref.path.toString()} is not a child of the guardian of system '${system.name}': only its parent can stop it.`,
  )
}

const contextOf = (context: ActorContext<never>): Context => {
  if (context instanceof Context) return context
  throw new TroupeError('IllegalArgument', 'This is not a context of the runtime.')
}

const systemOf = (system: ActorSystem<never>): System => {
  if (system instanceof System) return system
  throw new TroupeError('IllegalArgument', 'This is not a system of the runtime.')
}

/** The root for extensions; made when the first of them asks. */
const systemRootOf = ({ roots, runtime }: System): Cell => {
  const known = roots[1]
  if (known !== undefined) return known
  const made = new Cell(runtime, undefined, { name: 'system', uid: runtime.nextUid() }, ignore, undefined)
  roots.push(made)
  made.launch()
  // In a system that has terminated there is nobody who would stop it.
  if (roots[0].isTerminated) made.requestStop()
  return made
}

const spawnBelow = <A>(
  root: Cell,
  behavior: Behavior<A>,
  name: string | undefined,
  props: Props<A> | undefined,
): ActorRef<A> =>
  // The child handles what its behavior handles, and its mailbox gets nothing else.
  root.spawnChild(requireFirst(behavior, root), newId(root, name), props as Props | undefined, undefined) as ActorRef<A>
