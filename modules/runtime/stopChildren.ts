/**
 * How the children of an actor are asked to stop: all at once, or in an order of the actor's own.
 */
import type { Actor } from './Actor.js'
import { childrenOf } from './Children.js'
import { KILLED } from './flags.js'

/** Asks children to stop; those of a killed actor are killed. To be called again whenever one of them has ended meanwhile. */
export const stopChildren = (actor: Actor): void => {
  const isKilled = (actor.flags & KILLED) !== 0
  const stopNext = actor.extra?.stopNext
  if (stopNext !== undefined && !isKilled) stopNext()
  // Most actors have no children, and need no list of them.
  else if (actor.firstChild !== undefined)
    for (const child of childrenOf(actor)) {
      if (isKilled) child.kill()
      else child.requestStop()
    }
}
