/**
 * One message to many.
 */
import type { ActorContext, ActorRef } from '../model/index.js'

/** Tells all. What one does to its messages, by a view or by isolation, is no business of the others: where it throws, that is logged. */
export const tellEach = <A>(context: ActorContext<never>, refs: Iterable<ActorRef<A>>, message: A): void => {
  for (const ref of refs)
    try {
      ref.tell(message)
    } catch (error) {
      context.log.error(`${ref.toString()} could not be told what all are told.`, error)
    }
}
