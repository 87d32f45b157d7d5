/**
 * The decision of a supervisor: a strategy and what has failed so far in, what to do out. It knows no actor and no clock.
 */
import type { LogLevel, SupervisorStrategy } from '../model/index.js'

/** What has failed so far under one supervise. */
export interface FailureLog {
  /** Restarts that count against the limit. */
  readonly restarts: number
  /** When the first of them was decided, milliseconds. */
  readonly windowStartMs: number
  /** When the behavior last started well; undefined while it has not since the last decision. */
  readonly startedMs: number | undefined
}

/** What to do about a failure. */
export type Decision =
  | { readonly _tag: 'Stop' }
  | { readonly _tag: 'Resume' }
  | { readonly _tag: 'Restart'; readonly delayMs: number; readonly log: FailureLog }

export const emptyLog: FailureLog = { restarts: 0, windowStartMs: 0, startedMs: undefined }

const stop: Decision = { _tag: 'Stop' }
const resume: Decision = { _tag: 'Resume' }

/** Decides what `strategy` makes of a failure at `nowMs`. The pause of a backoff comes without its random stretch. */
export const decide = (strategy: SupervisorStrategy, log: FailureLog, nowMs: number): Decision => {
  switch (strategy._tag) {
    case 'Stop':
      return stop
    case 'Resume':
      return resume
    case 'Restart': {
      const isFresh = nowMs - log.windowStartMs >= strategy.withinMs
      return restartUnlessSpent(strategy.maxRestarts, isFresh ? emptyLog : log, nowMs, 0)
    }
    case 'Backoff': {
      const isFresh = log.startedMs !== undefined && nowMs - log.startedMs >= strategy.resetAfterMs
      const restarts = isFresh ? 0 : log.restarts
      const delayMs = Math.min(strategy.maxMs, strategy.minMs * 2 ** restarts)
      return restartUnlessSpent(strategy.maxRestarts, isFresh ? emptyLog : log, nowMs, delayMs)
    }
  }
}

const restartUnlessSpent = (maxRestarts: number, log: FailureLog, nowMs: number, delayMs: number): Decision => {
  if (log.restarts >= maxRestarts) return stop
  const windowStartMs = log.restarts === 0 ? nowMs : log.windowStartMs
  return { _tag: 'Restart', delayMs, log: { restarts: log.restarts + 1, windowStartMs, startedMs: undefined } }
}

/**
 * Decides about a failure of the very first start. A start that failed once is likely to fail again, so only strategies with a
 * limit or a pause retry it.
 */
export const decideFirstStart = (strategy: SupervisorStrategy, log: FailureLog, nowMs: number): Decision => {
  const isEndless = strategy._tag === 'Restart' && strategy.maxRestarts === Infinity
  return strategy._tag === 'Resume' || isEndless ? stop : decide(strategy, log, nowMs)
}

/** The log after the behavior has started well. */
export const noteStarted = (log: FailureLog, nowMs: number): FailureLog => ({ ...log, startedMs: nowMs })

/** The pause with its random stretch; `random` lies between 0 and 1. */
export const stretch = (delayMs: number, strategy: SupervisorStrategy, random: number): number =>
  strategy._tag === 'Backoff' ? delayMs * (1 + random * strategy.randomFactor) : delayMs

/** The level at which the failure that leads to restart number `restarts` is logged. */
export const levelOf = (strategy: SupervisorStrategy, restarts: number): LogLevel =>
  'criticalAfter' in strategy && restarts > strategy.criticalAfter ? strategy.criticalLogLevel : strategy.logLevel
