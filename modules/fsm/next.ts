/**
 * What follows from an event.
 */
import type { Goto, Keep, TimerAction } from './Definition.js'

/**
 * What a step does beside leading to its state.
 *
 * @category model
 * @since 0.1.0
 */
export interface StepOptions<out E, out T = E> {
  /** Handled before anything else, in their order. Default: none. */
  readonly events?: readonly E[]
  /** What becomes of timers, seen to in their order. Default: they stay as they are. */
  readonly timers?: readonly TimerAction<T>[]
}

const eventsOf = <E>(options: StepOptions<E, unknown> | undefined): readonly E[] => options?.events ?? []
const timersOf = <T>(options: StepOptions<unknown, T> | undefined): readonly TimerAction<T>[] => options?.timers ?? []

/**
 * Goes to a state. When it is another one, it is entered, its timeout begins, and what was postponed is tried again. `events` come
 * first, in their order.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const open = Fsm.goto('open', { visitors: 0 })
 * ```
 *
 * @see https://www.erlang.org/doc/system/statem.html
 * @category constructors
 * @since 0.1.0
 */
export const goto = <const N extends string, D, const E = never, const T = never>(
  name: N,
  data: D,
  options?: StepOptions<E, T>,
): Goto<N, D, E | T> => ({ _tag: 'Goto', name, data, events: eventsOf(options), timers: timersOf(options) })

/**
 * Stays, with these data. The timeout of the state goes on.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const counted = Fsm.keep({ visitors: 1 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const keep = <D, const E = never, const T = never>(data: D, options?: StepOptions<E, T>): Keep<D, E | T> => ({
  _tag: 'Keep',
  data,
  isRepeated: false,
  events: eventsOf(options),
  timers: timersOf(options),
})

/**
 * Enters the state once more, with these data: `onEnter` runs and the timeout begins again. What was postponed stays so.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const again = Fsm.repeat({ visitors: 1 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const repeat = <D, const E = never, const T = never>(data: D, options?: StepOptions<E, T>): Keep<D, E | T> => ({
  _tag: 'Keep',
  data,
  isRepeated: true,
  events: eventsOf(options),
  timers: timersOf(options),
})

/**
 * Keeps the event for later: it is tried again, in its place, when the machine has gone to another state.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const later = Fsm.postpone
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const postpone: { readonly _tag: 'Postpone' } = { _tag: 'Postpone' }

/**
 * Stops the actor.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const end = Fsm.stop
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const stop: { readonly _tag: 'Stop' } = { _tag: 'Stop' }
