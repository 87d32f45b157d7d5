/**
 * The steps of a restart: PreRestart, then what belonged to the old behavior goes, then perhaps a pause, then a new start.
 */
import { RingBuffer } from '../base/index.js'
import { empty, noteStarted, signalPreRestart, startFirst, wrapAll } from '../behavior/internal.js'
import type { FailureLog, Frame } from '../behavior/internal.js'
import type { BackoffStrategy, RestartStrategy } from '../model/index.js'
import type { Active, Actor, Extra, Restart } from './Actor.js'
import { childrenOf } from './Children.js'
import { Envelope, TerminatedNotice } from './envelopes.js'
import { BARE, HELD, RESTARTING, STARTED } from './flags.js'
import { loseMail } from './loseMail.js'
import { stopTimers } from './stopTimers.js'
import { unwatch } from './watching.js'

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
    stashCapacity,
    isTold: false,
    isCleared: false,
    pause: undefined,
  }
  frameAt(extra, index).log = log
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
    if ((actor.flags & STARTED) !== 0) signalPreRestart(actor.behavior as Active, restart.frame, actor)
    return true
  }
  if (!restart.isCleared) clear(actor, extra, restart)
  if (isWaiting(actor, restart))
    return restart.stashCapacity !== undefined && holdNext(actor, extra, restart.stashCapacity)
  startAgain(actor, extra, restart)
  return true
}

/** Whether children or the pause keep it from starting again. */
export const isWaiting = (actor: Actor, restart: Restart): boolean =>
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
  // PreRestart may have started some again.
  stopTimers(actor)
  actor.behavior = empty
  actor.flags |= BARE
  for (const stash of [...(extra.stashes ?? [])]) if (stash.frames > restart.frame) stash.drop('restart')
  if (!restart.stopChildren) return
  for (const child of childrenOf(actor)) {
    // The new behavior shall not hear of children that it never had.
    unwatch(actor, child.ref)
    child.requestStop()
  }
}

/** Moves one message from the mailbox to those held back, as far as the strategy lets them wait. */
const holdNext = (actor: Actor, extra: Extra, capacity: number): boolean => {
  const mail = actor.takeMail()
  if (mail === undefined) return false
  if (mail instanceof Envelope && mail.isStale) return true
  const held = (extra.held ??= new RingBuffer<unknown>(8))
  if (held.size < capacity || mail instanceof TerminatedNotice) {
    held.push(mail)
    actor.flags |= HELD
  } else loseMail(actor, mail, 'Stash is full')
  return true
}

const startAgain = (actor: Actor, extra: Extra, restart: Restart): void => {
  const frame = frameAt(extra, restart.frame)
  const isBase = restart.frame < extra.baseFrames || (actor.flags & STARTED) === 0
  endRestart(actor)
  extra.frames.length = restart.frame + 1
  extra.keylessAdapters = 0
  const started = wrapAll(startFirst(frame.initial, actor, frame.layer), frame.layer)
  actor.flags &= ~BARE
  if (isBase) extra.baseFrames = extra.frames.length
  noteStart(actor)
  actor.runtime.log('debug', actor.ref, 'It runs again.')
  if (actor.runtime.hasAudience('ActorRestarted')) actor.runtime.publish({ _tag: 'ActorRestarted', ref: actor.ref })
  actor.enter(started)
}

/** It has started well: tells who wants to know, and lets backoffs count from now. */
export const noteStart = (actor: Actor): void => {
  const { extra, runtime } = actor
  if (extra !== undefined && extra.frames.length > 0) {
    const nowMs = runtime.clock.now()
    for (const frame of extra.frames) if (frame.log.startedMs === undefined) frame.log = noteStarted(frame.log, nowMs)
  }
  if ((actor.flags & STARTED) !== 0) return
  actor.flags |= STARTED
  if (runtime.hasAudience('ActorStarted')) runtime.publish({ _tag: 'ActorStarted', ref: actor.ref })
  const notice = extra?.startNotice
  if (extra === undefined || notice === undefined) return
  extra.startNotice = undefined
  notice({ _tag: 'Right', right: undefined })
}

/** A frame that is known to be there: indices come from judge, and frames go away only with a restart. */
const frameAt = (extra: Extra, index: number): Frame => extra.frames[index] as Frame
