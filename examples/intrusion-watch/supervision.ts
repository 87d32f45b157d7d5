/**
 * What happens to an actor that crashes.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type Behavior } from 'troupe'
import { isInjectedCrash } from './chaos.js'

/** Crashes on purpose are counted and not logged: there may be a million of them. */
const always = pipe(SupervisorStrategy.restart, SupervisorStrategy.withLogLevel('debug'))

/** A defect may strike again with each retry; then it has to come to an end. */
const aFewTimes = pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(3, 10_000))

/** Restarts an actor for as long as that makes sense. */
export const restarting = <A>(behavior: Behavior<A>): Behavior<A> =>
  pipe(behavior, Behaviors.supervise(always, { when: isInjectedCrash }), Behaviors.supervise(aFewTimes))
