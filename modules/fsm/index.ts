/**
 * Floor 4, the public door: finite state machines.
 *
 * @packageDocumentation
 */

/**
 * State machines, after OTP's gen_statem: states with data of their own, entered and left, with timeouts, events that are postponed
 * and events that follow from others.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Fsm } from 'troupe/fsm'
 *
 * type Door = { shut: undefined; open: { readonly since: number } }
 * type DoorEvent = { readonly _tag: 'Open'; readonly at: number } | { readonly _tag: 'Shut' }
 *
 * const door = Fsm.define<Door, DoorEvent>({
 *   initial: Fsm.goto('shut', undefined),
 *   states: {
 *     shut: { on: { Open: { to: ['open'], do: (_, { at }) => Fsm.goto('open', { since: at }) }, Shut: 'postpone' } },
 *     open: { on: { Shut: { to: ['shut'], do: () => Fsm.goto('shut', undefined) } } },
 *   },
 * })
 * await using system = ActorSystem.create(Fsm.behavior(door), 'demo')
 * system.tell({ _tag: 'Open', at: 0 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Fsm from './fsm.js'
export type {
  Definition,
  FsmEvent,
  Goto,
  Keep,
  Next,
  State,
  StateTimeout,
  Step,
  TimerAction,
  Transition,
} from './Definition.js'
export type { StepOptions } from './next.js'
