/**
 * Definitions, checked once.
 */
import { TroupeError } from '../model/index.js'
import { period, requireThat } from '../model/internal.js'
import type { Definition, FsmEvent, State } from './Definition.js'

/** A state whose name is not known to the compiler. */
export type AnyState = State<Record<string, unknown>, FsmEvent, string>

/**
 * Makes a definition and checks it: the initial state and every state that is gone to must be there.
 *
 * @throws TroupeError IllegalArgument for a state that is not there, and for a timeout that is not above 0
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * type Lamp = { off: undefined; on: { readonly watts: number } }
 * type LampEvent = { readonly _tag: 'Press' }
 *
 * const lamp = Fsm.define<Lamp, LampEvent>({
 *   initial: Fsm.goto('off', undefined),
 *   states: {
 *     off: { on: { Press: { to: ['on'], do: () => Fsm.goto('on', { watts: 7 }) } } },
 *     on: { on: { Press: { to: ['off'], do: () => Fsm.goto('off', undefined) } } },
 *   },
 * })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const define = <S, E extends FsmEvent>(definition: Definition<S, E>): Definition<S, E> => {
  const states = statesOf(definition)
  requireState(String(definition.initial.name), 'The initial state', states)
  for (const [name, { timeout }] of states) {
    if (typeof timeout?.afterMs === 'number') requireThat(`The timeout of state '${name}'`, timeout.afterMs, period)
    for (const [event, targets] of targetsOf(states, name))
      for (const target of targets) requireState(target, `The state after '${event}' in state '${name}'`, states)
  }
  return definition
}

/** The states by their names. */
export const statesOf = <S, E extends FsmEvent>(definition: Definition<S, E>): ReadonlyMap<string, AnyState> =>
  // Each state is given its own data and events only; the machine sees to that.
  new Map(Object.entries(definition.states as unknown as Record<string, AnyState>))

/** Where each event of a state may lead to, the timeout last; what is postponed leads nowhere. */
const targetsOf = (
  states: ReadonlyMap<string, AnyState>,
  name: string,
): readonly (readonly [string, readonly string[]])[] => {
  const state = states.get(name)
  const targets = Object.entries(state?.on ?? {}).map(
    ([event, transition]) =>
      [event, transition === undefined || transition === 'postpone' ? [] : transition.to] as const,
  )
  return state?.timeout === undefined ? targets : [...targets, ['timeout', state.timeout.to]]
}

const requireState = (name: string, what: string, states: ReadonlyMap<string, unknown>): void => {
  if (name === '[*]' || states.has(name)) return
  throw new TroupeError(
    'IllegalArgument',
    `${what} is '${name}', which the machine does not have. Its states are ${[...states.keys()].join(', ')}: go to one of these, or add it.`,
  )
}
