/**
 * The steps of a restart: PreRestart, then what belonged to the old behavior goes, then perhaps a pause, then a new start.
 */
import { RingBuffer } from '../base/index.js'
import { isStopped, noteStarted, signalPreRestart, startFirst, wrapAll } from '../behavior/internal.js'
import type { FailureLog, Frame } from '../behavior/internal.js'
import type { BackoffStrategy, RestartStrategy } from '../model/index.js'
import { preRestart, right, type Either } from '../model/internal.js'
import type { Active, Actor, Extra, Restart } from './Actor.js'
import { Envelope, Notice } from './envelopes.js'
import { ASIDE, RESTARTING, STARTED, START_DEFERRED } from './flags.js'
import { loseMail } from './loseMail.js'
import { refOf } from './Ref.js'
import { stopChildren } from './stopChildren.js'
import { stopTimers } from './stopTimers.js'
import { unwatch } from './watching.js'

/** What an actor is between two behaviors: it handles nothing, and there is nothing to go on with. */
export const bare: Active = { _tag: 'Empty' }

/** Notes a restart by frame number `index`; `proceedRestart` carries it out. */
export const beginRestart = (
  actor: Actor,
  index: number,
  strategy: RestartStrategy | BackoffStrategy,
  log: FailureLog,
  pauseMs: number,
): void => {
  const extra = actor.need()
  const { stopChildren, stashCapacity } = strategy
  const restart: Restart = {
    frame: index,
    stopChildren,
    room: stashCapacity === undefined ? undefined : stashCapacity - messagesIn(extra.held),
    isTold: false,
    isCleared: false,
    pause: undefined,
  }
  frameAt(actor, index).log = log
  extra.restart = restart
  actor.flags |= RESTARTING
  stopTimers(actor)
  if (pauseMs > 0)
    restart.pause = actor.runtime.clock.setTimer(pauseMs, () => {
      restart.pause = undefined
      actor.wake()
    })
}

/** Takes the next step. False when there is none to take for now. */
export const proceedRestart = (actor: Actor): boolean => {
  const { extra } = actor
  const restart = extra?.restart
  // The flag is set and cleared together with the restart.
  if (extra === undefined || restart === undefined) return false
  if (!restart.isTold) {
    restart.isTold = true
    if ((actor.flags & STARTED) !== 0) {
      actor.runtime.probe?.beforeSignal?.(actor.ref, preRestart)
      signalPreRestart(actor.behavior as Active, restart.frame, actor)
    }
    return true
  }
  if (!restart.isCleared) clear(actor, extra, restart)
  else if (restart.stopChildren && actor.firstChild !== undefined && extra.stopNext !== undefined) stopChildren(actor)
  if (isWaiting(actor, restart)) return restart.room !== undefined && holdNext(actor, extra, restart, restart.room)
  startAgain(actor, extra, restart)
  return true
}

/** Whether children or the pause keep it from starting again. */
const isWaiting = (actor: Actor, restart: Restart): boolean =>
  restart.pause !== undefined || (restart.stopChildren && actor.firstChild !== undefined)

/** A stop came in between: nothing starts any more. */
export const endRestart = (actor: Actor): void => {
  actor.flags &= ~RESTARTING
  const restart = actor.extra?.restart
  if (actor.extra === undefined || restart === undefined) return
  actor.extra.restart = undefined
  if (restart.pause !== undefined) actor.runtime.clock.clearTimer(restart.pause)
}

/** Lets go of what belonged to the old behavior. */
const clear = (actor: Actor, extra: Extra, restart: Restart): void => {
  restart.isCleared = true
  actor.behavior = bare
  // PreRestart may have started some again.
  stopTimers(actor)
  for (const stash of [...(extra.stashes ?? [])]) if (stash.frames > restart.frame) stash.drop('restart')
  if (!restart.stopChildren) return
  // The new behavior shall not hear of children that it never had, nor of those whose end it has not heard of yet.
  for (const { ref } of [...(extra.watching?.values() ?? [])])
    if (refOf(ref).inbox.stopBy(actor.ref)) unwatch(actor, ref)
  stopChildren(actor)
}

/** Moves one message from the mailbox to those held back, as far as the strategy lets them wait. */
const holdNext = (actor: Actor, extra: Extra, restart: Restart, room: number): boolean => {
  const mail = actor.takeMail()
  if (mail === undefined) return false
  if (Envelope.isOne(mail) && mail.isStale) return true
  const isNotice = Notice.isOne(mail)
  if (room > 0 || isNotice) {
    if (!isNotice) restart.room = room - 1
    extra.held ??= new RingBuffer<unknown>(8)
    extra.held.push(mail)
    actor.flags |= ASIDE
  } else loseMail(actor, mail, 'Stash is full')
  return true
}

/** How many messages are held back already; notices take no room. */
const messagesIn = (held: RingBuffer<unknown> | undefined): number => {
  let count = 0
  for (let at = 0; held !== undefined && at < held.size; at++) if (!Notice.isOne(held.at(at))) count++
  return count
}

const startAgain = (actor: Actor, extra: Extra, restart: Restart): void => {
  const frames = actor.frames()
  const { initial, layer } = frameAt(actor, restart.frame)
  const isBase = restart.frame < frames.base || (actor.flags & STARTED) === 0
  endRestart(actor)
  frames.list.length = restart.frame + 1
  extra.adapters?.startAgain()
  extra.stopNext = undefined
  const started = wrapAll(startFirst(initial, actor, layer), layer)
  actor.runtime.probe?.beforeStarted?.(actor.ref)
  if (isBase) frames.base = frames.list.length
  noteStart(actor, started)
  actor.runtime.log('debug', actor.ref, 'It runs again.')
  actor.runtime.publish({ _tag: 'ActorRestarted', ref: actor.ref })
  actor.enter(started)
}

/** It has started well: tells who wants to know, and lets backoffs count from now. */
export const noteStart = (actor: Actor, started: Active): void => {
  const { extra, runtime } = actor
  for (const frame of extra?.frames?.list ?? []) {
    const { restarts, startedMs } = frame.log
    // Only what counts restarts has a use for the time; most starts are the first and need no look at the clock.
    if (restarts > 0 && startedMs === undefined) frame.log = noteStarted(frame.log, runtime.clock.now())
  }
  if ((actor.flags & STARTED) !== 0) return
  actor.flags |= STARTED
  if (runtime.hasAudience('ActorStarted')) runtime.publish({ _tag: 'ActorStarted', ref: actor.ref })
  // What has stopped by starting is told of when it has ended.
  if (extra !== undefined && (actor.flags & START_DEFERRED) === 0 && !isStopped(started))
    tellStart(extra, right(undefined))
}

/** Tells once how starting went. */
export const tellStart = (extra: Extra, result: Either<unknown, void>): void => {
  extra.startNotice?.(result)
  extra.startNotice = undefined
}

/** A frame that is known to be there: indices come from judge, and frames go away only with a restart. */
const frameAt = (actor: Actor, index: number): Frame => actor.frames().list[index] as Frame
