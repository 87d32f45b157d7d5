/**
 * What follows from an event.
 */
import type { Goto, Keep } from './Definition.js'

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
export const goto = <const N extends string, D, E = never>(
  name: N,
  data: D,
  options?: { readonly events?: readonly E[] },
): Goto<N, D, E> => ({ _tag: 'Goto', name, data, events: options?.events ?? [] })

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
export const keep = <D, E = never>(data: D, options?: { readonly events?: readonly E[] }): Keep<D, E> => ({
  _tag: 'Keep',
  data,
  isRepeated: false,
  events: options?.events ?? [],
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
export const repeat = <D, E = never>(data: D, options?: { readonly events?: readonly E[] }): Keep<D, E> => ({
  _tag: 'Keep',
  data,
  isRepeated: true,
  events: options?.events ?? [],
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
