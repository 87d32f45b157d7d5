/**
 * What is checked before a child is made or stopped.
 */
import { nodeOf, isBehavior, isUnhandled, same } from '../behavior/internal.js'
import type { AnyBehavior } from '../behavior/internal.js'
import type { ActorPath, ActorRef, Behavior } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { textOf } from '../model/internal.js'
import type { Actor } from './Actor.js'
import { requireName, type ActorId } from './ActorId.js'
import { refOf } from './Ref.js'

/** Looks inside a behavior to start with; throws IllegalArgument for what cannot be one. */
export const requireFirst = (behavior: Behavior<never>, by: { readonly path: ActorPath }): AnyBehavior => {
  const node = nodeOf(behavior)
  if (!isBehavior(node))
    throw new TroupeError(
      'IllegalArgument',
      `${by.path.toString()} cannot spawn ${textOf(node)}, which is no behavior. Give one that Behaviors.* made.`,
    )
  if (node === same || isUnhandled(node))
    throw new TroupeError(
      'IllegalArgument',
      `${by.path.toString()} cannot spawn '${node === same ? 'same' : 'unhandled'}' as a first behavior: there is none before it to ` +
        `keep. Give one that handles messages, such as Behaviors.receiveMessage(…), or Behaviors.empty.`,
    )
  return node
}

/** The id of a new child; throws InvalidActorName for a name that is malformed or taken. */
export const newId = (parent: Actor, name: string | undefined): ActorId => {
  const uid = parent.runtime.nextUid()
  if (name === undefined) return uid
  requireName(name, parent)
  if (parent.extra?.names?.has(name) === true)
    throw new TroupeError(
      'InvalidActorName',
      `The name '${name}' is not unique among the children of ${parent.path.toString()}. Choose another one; the name of an actor ` +
        `that is being stopped is free when it has terminated, which watch tells.`,
    )
  return { name, uid }
}

/** Asks a child to stop; throws IllegalArgument for what is no child. */
export const stopChild = (parent: Actor, ref: ActorRef<never>): void => {
  const { inbox, identity } = refOf(ref)
  if (identity === parent.ref)
    throw new TroupeError(
      'IllegalArgument',
      `${parent.path.toString()} cannot stop itself by context.stop. Return Behaviors.stopped instead.`,
    )
  if (!inbox.stopBy(parent.ref))
    throw new TroupeError(
      'IllegalArgument',
      `${parent.path.toString()} cannot stop ${ref.path.toString()}, which is not a child of it. Only a parent stops an actor; ` +
        `send it a message that makes it return Behaviors.stopped.`,
    )
}
