/**
 * The steps of a stop: children first, then PostStop, then the last act; then what waits goes to dead letters, and parent and
 * watchers are told.
 */
import { interpretLast, isStopped, startFirst } from '../behavior/internal.js'
import { left, none, postStop, right } from '../model/internal.js'
import type { Active, Actor, Extra } from './Actor.js'
import { DEAD, KILLED, POST_STOP_TOLD, STARTED, STARTING, STOP, STOPPING } from './flags.js'
import { loseMail } from './loseMail.js'
import { offerAgain } from './postponing.js'
import { endRestart, tellStart } from './restarting.js'
import { stopChildren } from './stopChildren.js'
import { stopTimers } from './stopTimers.js'
import { endUnstash } from './unstashing.js'
import { abortTasks } from './waiting.js'
import { endWatches } from './watching.js'

/** From now on the actor handles nothing more. `onStopped` is its last act. */
export const beginStop = (actor: Actor, onStopped: (() => void) | undefined): void => {
  if ((actor.flags & STARTING) !== 0) skipStart(actor)
  actor.flags = (actor.flags | STOPPING) & ~(STOP | STARTING)
  endRestart(actor)
  endUnstash(actor)
  offerAgain(actor)
  if (onStopped !== undefined) actor.need().onStopped = onStopped
  abortTasks(actor)
  // Who hears of the abort may have started some.
  stopTimers(actor)
  stopChildren(actor)
}

/**
 * It is stopped before its first turn. What has to be made first is not made any more; what needs no making is what it has been
 * since it was spawned, and ends as such.
 */
const skipStart = (actor: Actor): void => {
  const given = actor.behavior
  let inner = given
  while (typeof inner === 'object' && (inner._tag === 'Supervise' || inner._tag === 'Signalled')) inner = inner.behavior
  if (typeof inner === 'function' || inner._tag === 'Receive' || inner._tag === 'Empty' || inner._tag === 'Ignore') {
    actor.behavior = startFirst(given, actor, undefined)
    actor.flags |= STARTED
  } else if (isStopped(inner) && inner.onStopped !== undefined) actor.need().onStopped = inner.onStopped
}

/** Takes the next step; the last one leaves nothing to do. False when children keep it from going on. */
export const proceedStop = (actor: Actor): boolean => {
  if (actor.firstChild !== undefined) {
    // A kill that came during a stop has to reach the children still, and who stops them one by one goes on with the next.
    if ((actor.flags & KILLED) !== 0 || actor.extra?.stopNext !== undefined) stopChildren(actor)
    return false
  }
  if ((actor.flags & POST_STOP_TOLD) === 0) {
    actor.flags |= POST_STOP_TOLD
    // Started and not stopped yet: it holds an active behavior.
    if ((actor.flags & (STARTED | KILLED)) === STARTED) {
      actor.runtime.probe?.beforeSignal?.(actor.ref, postStop)
      interpretLast(actor.behavior as Active, postStop, actor)
    }
  }
  const onStopped = actor.extra?.onStopped
  if (actor.extra !== undefined && onStopped !== undefined) {
    actor.extra.onStopped = undefined
    if ((actor.flags & KILLED) === 0) onStopped()
  }
  end(actor)
  return false
}

/** The actor is gone. No behavior code runs in here. */
const end = (actor: Actor): void => {
  const { ref, runtime, parent, extra } = actor
  actor.flags |= DEAD
  // PostStop may have started some of both.
  abortTasks(actor)
  stopTimers(actor)
  loseAll(actor)
  const cause = extra?.cause ?? none
  runtime.log('debug', ref, 'It has stopped.')
  if (runtime.hasAudience('ActorStopped')) runtime.publish({ _tag: 'ActorStopped', ref })
  if (extra !== undefined) tellStart(extra, cause._tag === 'Some' ? left(cause.value) : right(undefined))
  if (parent === undefined) runtime.rootStopped(ref, cause)
  else parent.childGone(actor)
  endWatches(actor, cause)
  actor.bury()
}

/** What waits goes to dead letters: stashes first, then what a restart held, then the mailbox, each in order. */
const loseAll = (actor: Actor): void => {
  if (actor.extra !== undefined) loseAside(actor, actor.extra)
  for (let mail = actor.takeMail(); mail !== undefined; mail = actor.takeMail()) loseMail(actor, mail, undefined)
}

const loseAside = (actor: Actor, { stashes, held }: Extra): void => {
  for (const stash of stashes ?? []) loseEach(actor, () => stash.take())
  if (held !== undefined) loseEach(actor, () => held.shift())
}

const loseEach = (actor: Actor, take: () => unknown): void => {
  for (let mail = take(); mail !== undefined; mail = take()) loseMail(actor, mail, undefined)
}
