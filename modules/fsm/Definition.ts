/**
 * What a state machine is: states with data of their own, what each does with which event, and where that leads.
 */
import type { ActorContext } from '../model/index.js'

/**
 * What is told to a machine: a union of messages with a `_tag`.
 *
 * @category model
 * @since 0.1.0
 */
export interface FsmEvent {
  readonly _tag: string
}

/**
 * What follows from an event, as `Fsm.goto`, `Fsm.keep`, `Fsm.repeat`, `Fsm.postpone` and `Fsm.stop` make it. `S` gives the data of
 * each state, `N` is the state of the moment.
 *
 * @category model
 * @since 0.1.0
 */
export type Next<S, E, N extends keyof S = keyof S> =
  Step<S, E> | Keep<S[N], E> | { readonly _tag: 'Postpone' } | { readonly _tag: 'Stop' }

/**
 * A step to any of the states, with its data.
 *
 * @category model
 * @since 0.1.0
 */
export type Step<S, E> = { readonly [M in keyof S]: Goto<M, S[M], E> }[keyof S]

/**
 * What becomes of a timer by a step, as `Fsm.startTimer`, `Fsm.cancelTimer`, `Fsm.eventTimeout` and `Fsm.stateTimeout` make it.
 *
 * @category model
 * @since 0.1.0
 */
export type TimerAction<E> =
  | { readonly _tag: 'StartTimer'; readonly name: string; readonly afterMs: number; readonly event: E }
  | { readonly _tag: 'CancelTimer'; readonly name: string }
  | { readonly _tag: 'EventTimeout'; readonly afterMs: number; readonly event: E }
  | { readonly _tag: 'StateTimeout'; readonly afterMs: number }

/**
 * To another state, with its data. `events` are handled before anything else, in their order. `timers` are seen to when the state has
 * been entered, before the events.
 *
 * @category model
 * @since 0.1.0
 */
export interface Goto<out N, out D, out E> {
  readonly _tag: 'Goto'
  readonly name: N
  readonly data: D
  readonly events: readonly E[]
  readonly timers: readonly TimerAction<E>[]
}

/**
 * The same state with other data; with `isRepeated` it is entered once more.
 *
 * @category model
 * @since 0.1.0
 */
export interface Keep<out D, out E> {
  readonly _tag: 'Keep'
  readonly data: D
  readonly isRepeated: boolean
  readonly events: readonly E[]
  readonly timers: readonly TimerAction<E>[]
}

/**
 * What a state does with an event, and which states that may lead to: `'[*]'` is the end. Every state that `do` answers must be
 * listed.
 *
 * @category model
 * @since 0.1.0
 */
export interface Transition<S, E, N extends keyof S, T> {
  readonly to: readonly (keyof S | '[*]')[]
  readonly do: (data: S[N], event: T, context: ActorContext<E>) => Next<S, E, N>
}

/**
 * A time after which a state that has not been left does something.
 *
 * @category model
 * @since 0.1.0
 */
export interface StateTimeout<S, E, N extends keyof S> {
  /** Milliseconds, above 0; counted from when the state is entered. A function may answer Infinity: then it has no time this once. */
  readonly afterMs: number | ((data: S[N]) => number)
  readonly to: readonly (keyof S | '[*]')[]
  readonly do: (data: S[N], context: ActorContext<E>) => Next<S, E, N>
}

/**
 * One state.
 *
 * @category model
 * @since 0.1.0
 */
export interface State<S, E extends FsmEvent, N extends keyof S> {
  /** Runs when the state is entered, at the start and from another state. The answer is its data from now on. */
  readonly onEnter?: (data: S[N], context: ActorContext<E>) => S[N]
  readonly timeout?: StateTimeout<S, E, N>
  /** By the tag of the event. What is not named here is unhandled; `'postpone'` keeps an event for the next state. */
  readonly on: {
    readonly [T in E['_tag']]?: Transition<S, E, N, Extract<E, { readonly _tag: T }>> | 'postpone'
  }
}

/**
 * A state machine.
 *
 * @category model
 * @since 0.1.0
 */
export interface Definition<S, E extends FsmEvent> {
  /** Where it begins, as `Fsm.goto` makes it. */
  readonly initial: Step<S, E>
  readonly states: { readonly [N in keyof S]: State<S, E, N> }
}
