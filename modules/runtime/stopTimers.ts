/**
 * Ends everything that an actor has armed for itself.
 */
import type { Actor } from './Actor.js'
import { TIMEOUT } from './flags.js'

/** Stops all timers and the receive timeout; ticks that wait already are stale from now on. */
export const stopTimers = (actor: Actor): void => {
  const { extra } = actor
  if (extra === undefined) return
  extra.timers?.stopAll()
  extra.timeout?.stop()
  extra.timeout = undefined
  actor.flags &= ~TIMEOUT
}
