/**
 * One message to one of many, or to all of them.
 */
import type { ActorContext, ActorRef } from '../model/index.js'

/** What one does to its messages, by a view or by isolation, is no business of the others: where it throws, that is logged. */
export const tellOne = <A>(context: ActorContext<never>, ref: ActorRef<A>, message: A): void => {
  try {
    ref.tell(message)
  } catch (error) {
    context.log.error(`${ref.toString()} could not be told what was for it.`, error)
  }
}

/** Tells all. */
export const tellEach = <A>(context: ActorContext<never>, refs: Iterable<ActorRef<A>>, message: A): void => {
  for (const ref of refs) tellOne(context, ref, message)
}
