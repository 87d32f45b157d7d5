/**
 * Finds the supervisor that decides about a failure: the innermost whose refinement holds and whose restarts are not spent.
 */
import type { SupervisorStrategy } from '../model/index.js'
import { decide, decideFirstStart, type Decision } from './decide.js'
import type { Frame } from './Frame.js'

export interface Verdict {
  /** The number of the deciding frame, outermost 0; undefined when no frame decided, which means stop. */
  readonly frame: number | undefined
  readonly decision: Exclude<Decision, { readonly _tag: 'Escalate' }>
  /** The strategy that decided, or the last that had spent its restarts; undefined when none matched. */
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
  let spent: Frame | undefined
  for (let index = Math.min(count, frames.length) - 1; index >= 0; index--) {
    // Within the bounds of the array.
    const frame = frames[index] as Frame
    if (!matches(frame, error)) continue
    const decision = (isFirstStart ? decideFirstStart : decide)(frame.strategy, frame.log, nowMs)
    if (decision._tag === 'Escalate') {
      spent = frame
      continue
    }
    const restarts = decision._tag === 'Restart' ? decision.log.restarts : frame.log.restarts
    return { frame: index, decision, strategy: frame.strategy, restarts }
  }
  return {
    frame: undefined,
    decision: { _tag: 'Stop' },
    strategy: spent?.strategy,
    restarts: spent?.log.restarts ?? 0,
  }
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
