/**
 * References that take one message.
 */
import type { ActorRef } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { contramapRef } from '../runtime/index.js'

/** What tells whether the one message was told; several references may share it. */
export interface Turn {
  /** Throws IllegalState, with this sentence, from the second time on. */
  readonly take: () => void
}

export const turn = (complaint: string): Turn => {
  let isTaken = false
  return {
    take: () => {
      if (isTaken) throw new TroupeError('IllegalState', complaint)
      isTaken = true
    },
  }
}

/** What is told to it is told to `target` as `wrap` has it. A mistake is thrown at whoever makes it, and fails nobody else. */
export const once = <A, B>(target: ActorRef<B>, { take }: Turn, wrap: (message: A) => B): ActorRef<A> =>
  contramapRef((message: A): B => {
    // What cannot be a message has not been told.
    const wrapped = wrap(message)
    take()
    return wrapped
  })(target)
