/**
 * A state machine as a picture.
 */
import type { Definition, FsmEvent } from './Definition.js'
import { statesOf, targetsOf } from './define.js'

/**
 * Prints a definition as a Mermaid state diagram.
 *
 * @example
 * ```ts
 * import { Fsm } from 'troupe/fsm'
 *
 * type Lamp = { off: undefined; on: undefined }
 * type LampEvent = { readonly _tag: 'Press' }
 *
 * const lamp = Fsm.define<Lamp, LampEvent>({
 *   initial: Fsm.goto('off', undefined),
 *   states: {
 *     off: { on: { Press: { to: ['on'], do: () => Fsm.goto('on', undefined) } } },
 *     on: { on: { Press: { to: ['off'], do: () => Fsm.goto('off', undefined) } } },
 *   },
 * })
 * console.log(Fsm.toMermaid(lamp))
 * // stateDiagram-v2
 * //   [*] --> off
 * //   off --> on : Press
 * //   on --> off : Press
 * ```
 *
 * @see https://mermaid.js.org/syntax/stateDiagram.html
 * @category combinators
 * @since 0.1.0
 */
export const toMermaid = <S, E extends FsmEvent>(definition: Definition<S, E>): string => {
  const states = statesOf(definition)
  const names = [...states.keys()]
  const id = (name: string): string =>
    name === '[*]' || /^\w+$/.test(name) ? name : `state${String(names.indexOf(name) + 1)}`
  const aliases = names.filter((name) => id(name) !== name).map((name) => `state "${name}" as ${id(name)}`)
  const arrows = names.flatMap((name) => [
    ...targetsOf(states, name).flatMap(([event, targets]) => {
      const label = event === 'timeout' ? describeTimeout(states.get(name)?.timeout?.afterMs) : event
      return targets.map((target) => `${id(name)} --> ${id(target)} : ${label}`)
    }),
    ...Object.entries(states.get(name)?.on ?? {})
      .filter(([, transition]) => transition === 'postpone')
      .map(([event]) => `note right of ${id(name)} : postpones ${event}`),
  ])
  return [
    'stateDiagram-v2',
    ...[...aliases, `[*] --> ${id(String(definition.initial.name))}`, ...arrows].map((line) => `  ${line}`),
  ].join('\n')
}

const describeTimeout = (afterMs: unknown): string =>
  typeof afterMs === 'number' ? `after ${String(afterMs)} ms` : 'after a while'
