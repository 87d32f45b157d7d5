/**
 * A state machine as a picture.
 */
import type { Definition, FsmEvent } from './Definition.js'
import { statesOf } from './define.js'

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
  const ids = idsOf([...states.keys()])
  const id = (name: string): string => ids.get(name) ?? name
  const aliases = [...states.keys()]
    .filter((name) => id(name) !== name)
    .map((name) => `state "${textIn(name)}" as ${id(name)}`)
  const arrows = [...states].flatMap(([name, { on, timeout }]) => {
    const lines = (label: string, to: readonly string[]): readonly string[] =>
      to.map((target) => `${id(name)} --> ${id(target)} : ${label}`)
    const events = Object.entries(on)
    return [
      ...events.flatMap(([event, what]) => (typeof what === 'object' ? lines(textIn(event), what.to) : [])),
      ...(timeout === undefined ? [] : lines(describeTimeout(timeout.afterMs), timeout.to)),
      ...events
        .filter(([, what]) => what === 'postpone')
        .map(([event]) => `note right of ${id(name)} : postpones ${textIn(event)}`),
    ]
  })
  return [
    'stateDiagram-v2',
    ...[...aliases, `[*] --> ${id(String(definition.initial.name))}`, ...arrows].map((line) => `  ${line}`),
  ].join('\n')
}

/** Words that Mermaid takes for its own, in whatever case. */
const keywords = /^(state|note|class|classdef|style|scale|direction|hide|click|default|end)$/i

/** What stands for each state: its name where Mermaid can read that, else a name that no state has. */
const idsOf = (names: readonly string[]): ReadonlyMap<string, string> =>
  new Map(
    names.map((name, index) => {
      if (/^\w+$/.test(name) && !keywords.test(name)) return [name, name]
      let id = `state${String(index + 1)}`
      while (names.includes(id)) id += '_'
      return [name, id]
    }),
  )

/** Text in which nothing ends the text: Mermaid has codes for the signs that would. */
const textIn = (text: string): string =>
  text.replace(/["#:;]/g, (sign) => `#${String(sign.charCodeAt(0))};`).replace(/\s+/g, ' ')

const describeTimeout = (afterMs: unknown): string =>
  typeof afterMs === 'number' ? `after ${String(afterMs)} ms` : 'after a while'
