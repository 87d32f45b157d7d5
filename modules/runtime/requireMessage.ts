/**
 * What cannot be a message.
 */
import type { ActorPath } from '../model/index.js'
import { TroupeError } from '../model/index.js'

/** Refuses null and undefined, at the sender. */
export const requireMessage = (message: unknown, to: { readonly path: ActorPath }): void => {
  if (message === undefined || message === null)
    throw new TroupeError(
      'IllegalArgument',
      `${String(message)} was sent to ${to.path.toString()}. A message must be a value: send an object with a _tag, or a string.`,
    )
}
