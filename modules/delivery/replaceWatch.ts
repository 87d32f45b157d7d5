/**
 * One of its kind is watched at a time.
 */
import type { ActorContext, ActorRef } from '../model/index.js'

/** Watches `now`, and no longer who was there before. */
export const replaceWatch = (
  context: ActorContext<never>,
  before: ActorRef<never> | undefined,
  now: ActorRef<never>,
): void => {
  if (before?.equals(now) === false) context.unwatch(before)
  context.watch(now)
}
