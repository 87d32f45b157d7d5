/**
 * Finds the supervisor that decides about a failure: the innermost whose refinement holds.
 */
import type { SupervisorStrategy } from '../model/index.js'
import { decide, decideFirstStart, type Decision } from './decide.js'
import type { Frame } from './Frame.js'

export interface Verdict {
  readonly decision: Decision
  /** The number of the deciding frame, outermost 0; undefined when none matched, which means stop. */
  readonly frame: number | undefined
  /** The strategy of that frame. */
  readonly strategy: SupervisorStrategy | undefined
  /** Restarts that it has decided, this one included. */
  readonly restarts: number
}

/** What a failure inside of the outermost `count` frames leads to. */
export const judge = (
  frames: readonly Frame[],
  count: number,
  error: unknown,
  nowMs: number,
  isFirstStart: boolean,
): Verdict => {
  let index = Math.min(count, frames.length) - 1
  let frame = frames[index]
  while (frame !== undefined && !matches(frame, error)) frame = frames[--index]
  if (frame === undefined) return { decision: { _tag: 'Stop' }, frame: undefined, strategy: undefined, restarts: 0 }
  const { strategy, log } = frame
  const decision = (isFirstStart ? decideFirstStart : decide)(strategy, log, nowMs)
  return { decision, frame: index, strategy, restarts: (decision._tag === 'Restart' ? decision.log : log).restarts }
}

const matches = (frame: Frame, error: unknown): boolean => {
  if (frame.when === undefined) return true
  try {
    return frame.when(error)
  } catch {
    // A refinement that throws has not said yes; the failure it was asked about is the one to report.
    return false
  }
}
