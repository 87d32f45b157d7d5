/**
 * What a failure leads to. It only decides and notes: the steps that call behavior code again run in turns of their own, under the
 * one catch of the cell.
 */
import { judge, levelOf, stretch, unpark, type Verdict } from '../behavior/internal.js'
import type { BackoffStrategy, FailureOutcome, RestartStrategy } from '../model/index.js'
import { describeError, some } from '../model/internal.js'
import type { Active, Actor } from './Actor.js'
import { RESTARTING, STARTED, STOPPING } from './flags.js'
import { offerAgain } from './postponing.js'
import { bare, beginRestart } from './restarting.js'
import { beginStop } from './stopping.js'
import { endUnstash } from './unstashing.js'
import { endWait } from './waiting.js'

/** Behavior code has thrown while `message` was being handled; undefined when it was no message. */
export const failed = (actor: Actor, error: unknown, message: unknown): void => {
  const { runtime, ref, flags } = actor
  if (message !== undefined) runtime.settle(ref, message, 'handled')
  if ((flags & (STOPPING | RESTARTING)) === 0) decideAbout(actor, error, message)
  else {
    // What was noted of this error shall not be taken for the next one.
    actor.extra?.frames?.outsideOf(error)
    const what = (flags & STOPPING) === 0 ? 'in PreRestart' : 'while stopping'
    runtime.log('error', ref, `It failed ${what} and goes on with it.`, error)
  }
}

const decideAbout = (actor: Actor, error: unknown, message: unknown): void => {
  const isFirstStart = (actor.flags & STARTED) === 0
  const frames = actor.frames()
  const verdict = judge(frames.list, frames.outsideOf(error), error, actor.runtime.clock.now(), isFirstStart)
  endUnstash(actor)
  endWait(actor)
  offerAgain(actor)
  carryOut(actor, verdict, error, message)
}

const carryOut = (actor: Actor, verdict: Verdict, error: unknown, message: unknown): void => {
  switch (verdict.decision._tag) {
    case 'Stop':
      stop(actor, verdict, error, message)
      return
    case 'Resume':
      resume(actor, verdict, error, message)
      return
    case 'Restart': {
      const { delayMs, log } = verdict.decision
      // Only a frame with one of these strategies decides to restart.
      const frame = verdict.frame as number
      const strategy = verdict.strategy as RestartStrategy | BackoffStrategy
      const pauseMs = delayMs === 0 ? 0 : stretch(delayMs, strategy, actor.runtime.random.next())
      const when = pauseMs === 0 ? '' : ` in ${pauseMs.toFixed(0)} ms`
      const text = `It failed and restarts${when} (restart ${String(log.restarts)}).`
      report(actor, verdict, pauseMs === 0 ? 'restarted' : 'backoff', text, error, message)
      beginRestart(actor, frame, strategy, log, pauseMs)
    }
  }
}

const resume = (actor: Actor, verdict: Verdict, error: unknown, message: unknown): void => {
  // It has started, so what it holds is active.
  const resumed = actor.behavior === bare ? undefined : unpark(actor.behavior as Active, actor)
  if (resumed === undefined) {
    // A start that failed, or that returned an awaiting behavior, has left nothing to go on with.
    stop(actor, verdict, error, message)
    return
  }
  actor.behavior = resumed
  report(actor, verdict, 'resumed', 'It failed and goes on with the state from before.', error, message)
}

const stop = (actor: Actor, verdict: Verdict, error: unknown, message: unknown): void => {
  report(actor, verdict, 'stopped', `It failed and stops${whyStop(verdict)}.`, error, message)
  actor.need().cause = some(error)
  beginStop(actor, undefined)
}

/** Why a strategy that could do otherwise stops the actor. */
const whyStop = ({ strategy, restarts }: Verdict): string => {
  if (strategy === undefined || strategy._tag === 'Stop') return ''
  const isSpent = strategy._tag !== 'Resume' && restarts >= strategy.maxRestarts
  return isSpent
    ? ` after ${String(restarts)} restarts, its limit`
    : ': a start that fails is not retried without a limit or a pause'
}

/** One record and one event for each failure. */
const report = (
  actor: Actor,
  verdict: Verdict,
  outcome: FailureOutcome,
  text: string,
  cause: unknown,
  message: unknown,
): void => {
  const { runtime, ref } = actor
  const { restarts, strategy } = verdict
  const level = strategy === undefined ? 'error' : levelOf(strategy, restarts)
  runtime.log(level, ref, `${text} ${describeError(cause)}`, cause, { restarts })
  runtime.publish({ _tag: 'ActorFailed', ref, cause, message, outcome, restarts })
}
