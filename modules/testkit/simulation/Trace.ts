/**
 * What happened in a simulation, as data, and for reading.
 */
import type { FailureOutcome, Signal } from '../../model/index.js'
import type { FaultKind, Schedule } from './Schedule.js'

/**
 * How a simulation ended.
 *
 * | outcome     | meaning                                                                                                |
 * | ----------- | ------------------------------------------------------------------------------------------------------ |
 * | `done`      | nobody has anything left to do, or the time was up                                                     |
 * | `deadlock`  | nobody can run, and somebody has asked and has no answer                                               |
 * | `livelock`  | the bound of steps is reached and there is more to do, or time passes that often without one           |
 * | `realWorld` | nobody can run but for a task that neither virtual time nor promises bring to an end                   |
 * | `failed`    | the application or one of its checks threw                                                             |
 * | `stopped`   | as many steps were taken as were asked for                                                             |
 * | `cut`       | the search gave this run up: it would have been one that was seen already, in another order of telling |
 *
 * @category testing
 * @since 0.1.0
 */
export type SimulationOutcome = 'done' | 'deadlock' | 'livelock' | 'realWorld' | 'failed' | 'stopped' | 'cut'

/**
 * Somebody who did not come to an end.
 *
 * @category testing
 * @since 0.1.0
 */
export interface WaitingActor {
  readonly actor: string
  /** What for, in words. */
  readonly waitsFor: string
}

/**
 * One thing that happened. Actors are called by their path below `/user`; `outside` is the application itself, `clock` a timer of
 * the system, and `task of …` what an actor has started.
 *
 * @category testing
 * @since 0.1.0
 */
export type TraceEvent =
  | {
      readonly _tag: 'Told'
      readonly step: number
      /** Counts what was told, from 1. */
      readonly number: number
      readonly from: string
      readonly to: string
      readonly message: unknown
    }
  | {
      readonly _tag: 'Handled'
      readonly step: number
      readonly actor: string
      readonly message: unknown
      /** The number under which it was told; undefined when it was told before, as what was stashed, or by a timer of its own. */
      readonly number: number | undefined
      readonly from: string
    }
  | {
      /** A behavior saw a signal, whether or not it has a handler for it. */
      readonly _tag: 'Signalled'
      readonly step: number
      readonly actor: string
      readonly signal: Signal
      /** What it is called: the tag of the signal, or `ChildFailed` for a `Terminated` with a cause. */
      readonly name: Signal['_tag'] | 'ChildFailed'
      /** Who has terminated; undefined for other signals. */
      readonly of: string | undefined
    }
  | {
      /** A turn for a stop or a continuation: neither a message nor a signal was handled. */
      readonly _tag: 'Turn'
      readonly step: number
      readonly actor: string
    }
  | { readonly _tag: 'Started' | 'Restarted' | 'Stopped'; readonly step: number; readonly actor: string }
  | {
      readonly _tag: 'Failed'
      readonly step: number
      readonly actor: string
      readonly cause: unknown
      readonly outcome: FailureOutcome
    }
  | { readonly _tag: 'Injected'; readonly step: number; readonly actor: string; readonly fault: FaultKind }
  | {
      readonly _tag: 'Lost'
      readonly step: number
      readonly actor: string
      readonly message: unknown
      readonly how: 'unhandled' | 'dropped' | 'dead letter'
    }
  | { readonly _tag: 'TimePassed'; readonly step: number; readonly nowMs: number }
  | { readonly _tag: 'TaskStarted' | 'TaskSettled' | 'AskTimedOut'; readonly step: number; readonly actor: string }
  | { readonly _tag: 'Carried'; readonly step: number; readonly link: string }

/**
 * What happened in a simulation.
 *
 * @category testing
 * @since 0.1.0
 */
export interface Trace {
  readonly outcome: SimulationOutcome
  /** What was thrown, when the outcome is `failed`. */
  readonly failure: unknown
  /** Who did not come to an end; empty when the outcome is `done`. */
  readonly waiting: readonly WaitingActor[]
  /** How many steps were taken: a step is one message, start, signal, or end of a task. */
  readonly steps: number
  /** How far virtual time went, in milliseconds. */
  readonly elapsedMs: number
  /** The seed that it ran with. */
  readonly seed: number
  /** Every decision that was made: given to another run it brings about the same trace. */
  readonly schedule: Schedule
  /** What happened, the oldest first; of very long runs only the end. */
  readonly events: readonly TraceEvent[]
  /** How many events are missing at the beginning of `events`. */
  readonly omitted: number
  /** The SHA-256 of everything that happened, events that are omitted and contents of messages included. */
  readonly sha256: string
  /** For reading: who told whom what, who crashed, and how it ended. */
  toString(): string
  /** The same as a sequence diagram for Mermaid. */
  toMermaid(): string
}
