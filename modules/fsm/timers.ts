/**
 * Times beside that of a state, after gen_statem: each brings an event of the machine.
 */
import type { TimerAction } from './Definition.js'

/**
 * Starts the timer of this name: after `afterMs` the machine is told `event`, in whatever state it is then. A timer of the same name is
 * replaced. It goes on through changes of state; `Fsm.cancelTimer` ends it, and so does a restart.
 *
 * @remarks
 * `afterMs` is a number of milliseconds from 0 up; 0 comes after what waits already, and Infinity cancels the timer.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Fsm } from 'troupe/fsm'
 *
 * type Order = { open: undefined; paid: undefined }
 * type OrderEvent = { readonly _tag: 'Pay' } | { readonly _tag: 'Remind' }
 *
 * const remind = Fsm.startTimer('reminder', 50, { _tag: 'Remind' })
 * const order = Fsm.define<Order, OrderEvent>({
 *   initial: Fsm.goto('open', undefined, { timers: [remind] }),
 *   states: {
 *     open: {
 *       on: {
 *         Remind: { to: [], do: () => Fsm.keep(undefined, { timers: [remind] }) },
 *         Pay: { to: ['paid'], do: () => Fsm.goto('paid', undefined, { timers: [Fsm.cancelTimer('reminder')] }) },
 *       },
 *     },
 *     paid: { on: {} },
 *   },
 * })
 * await using system = ActorSystem.create(Fsm.behavior(order), 'demo')
 * system.tell({ _tag: 'Pay' })
 * ```
 *
 * @see https://www.erlang.org/doc/system/statem.html#generic-time-outs
 * @category constructors
 * @since 0.1.0
 */
export const startTimer = <const E>(
  name: string,
  afterMs: number,
  event: E,
): Extract<TimerAction<E>, { readonly _tag: 'StartTimer' }> => ({ _tag: 'StartTimer', name, afterMs, event })

/**
 * Ends the timer of this name; nothing happens when there is none. An event that it has brought already stays.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const paid = Fsm.goto('paid', undefined, { timers: [Fsm.cancelTimer('reminder')] })
 * ```
 *
 * @see https://www.erlang.org/doc/system/statem.html#generic-time-outs
 * @category constructors
 * @since 0.1.0
 */
export const cancelTimer = (name: string): Extract<TimerAction<never>, { readonly _tag: 'CancelTimer' }> => ({
  _tag: 'CancelTimer',
  name,
})

/**
 * Tells the machine `event` when no other event has come for `afterMs`. Any event ends it, handled or not: also one that follows from
 * another, one that was postponed and is tried again, and that of another timer. There is one at a time.
 *
 * @remarks
 * `afterMs` is a number of milliseconds from 0 up: 0 comes when nothing waits. Infinity starts none.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const digit = (entered: string) =>
 *   Fsm.keep({ entered }, { timers: [Fsm.eventTimeout(5_000, { _tag: 'Forget' })] })
 * ```
 *
 * @see https://www.erlang.org/doc/system/statem.html#event-time-outs
 * @category constructors
 * @since 0.1.0
 */
export const eventTimeout = <const E>(
  afterMs: number,
  event: E,
): Extract<TimerAction<E>, { readonly _tag: 'EventTimeout' }> => ({ _tag: 'EventTimeout', afterMs, event })

/**
 * Gives the state another time from now on, instead of that with which it was entered. The state must have a `timeout`.
 *
 * @remarks
 * `afterMs` is a number of milliseconds above 0; with Infinity the state is not left by time.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * const heldOpen = Fsm.keep({ visitors: 1 }, { timers: [Fsm.stateTimeout(30_000)] })
 * ```
 *
 * @see https://www.erlang.org/doc/system/statem.html#state-time-outs
 * @category constructors
 * @since 0.1.0
 */
export const stateTimeout = (afterMs: number): Extract<TimerAction<never>, { readonly _tag: 'StateTimeout' }> => ({
  _tag: 'StateTimeout',
  afterMs,
})
