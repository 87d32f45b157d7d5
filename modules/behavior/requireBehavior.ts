/**
 * Refuses what is no behavior, with a sentence that says what to return instead.
 */
import { TroupeError } from '../model/index.js'
import type { Host } from './Host.js'
import type { AnyBehavior, Description, Intercepted, Alternatives, Parked } from './nodes.js'

type Node = Description | Intercepted | Alternatives | Parked

const tags: Readonly<Record<Node['_tag'], true>> = {
  Same: true,
  Unhandled: true,
  Stopped: true,
  Empty: true,
  Ignore: true,
  Receive: true,
  Setup: true,
  WithTimers: true,
  WithStash: true,
  Supervise: true,
  Intercept: true,
  OrElse: true,
  Unstash: true,
  Await: true,
  Intercepted: true,
  Alternatives: true,
  Parked: true,
}

const hasTag = (value: object): boolean =>
  '_tag' in value && typeof value._tag === 'string' && Object.hasOwn(tags, value._tag)

/** True when the value can be a behavior. */
export const isBehavior = (value: unknown): value is AnyBehavior =>
  typeof value === 'function' || (typeof value === 'object' && value !== null && hasTag(value))

/** Passes a behavior object on; throws IllegalState for undefined, promises and anything else. */
export const requireBehavior = (value: unknown, host: Host): Node => {
  if (typeof value === 'object' && value !== null && hasTag(value)) return value as Node
  throw new TroupeError('IllegalState', `${host.where()}: ${complaint(value)}`)
}

/** What is wrong with a value that stands where a behavior should. */
const complaint = (value: unknown): string => {
  if (value === undefined)
    return 'a handler returned undefined instead of a behavior. Return Behaviors.same to stay as it is, or the next behavior.'
  if (typeof value === 'object' && value !== null && 'then' in value)
    return (
      'a handler returned a promise instead of a behavior. To let other messages go on meanwhile, use ' +
      'context.pipeToSelf(task, toMessage) and return Behaviors.same; to let them wait, return Behaviors.awaiting(task, next).'
    )
  return `a handler returned ${JSON.stringify(value) ?? typeof value} instead of a behavior. Return one that Behaviors.* made.`
}
