/** Postponed events lose neither their order nor their number, whatever the states do. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Fsm } from 'troupe/fsm'
import { ActorTestKit } from 'troupe/testkit'

interface Gate {
  readonly shut: undefined
  readonly open: number
}
type GateEvent =
  | { readonly _tag: 'Car'; readonly number: number }
  | { readonly _tag: 'Open'; readonly room: number }
  | { readonly _tag: 'Shut' }

/** Lets cars through while it is open, as many as there is room for. */
const gate = (passed: number[]) =>
  Fsm.define<Gate, GateEvent>({
    initial: Fsm.goto('shut', undefined),
    states: {
      shut: {
        on: {
          Car: 'postpone',
          Open: { to: ['open'], do: (_, { room }) => Fsm.goto('open', room) },
          Shut: { to: [], do: () => Fsm.keep(undefined) },
        },
      },
      open: {
        on: {
          Car: {
            to: ['shut'],
            do: (room, { number }) => {
              passed.push(number)
              return room === 1 ? Fsm.goto('shut', undefined) : Fsm.keep(room - 1)
            },
          },
          Open: { to: [], do: (room, event) => Fsm.keep(room + event.room) },
          Shut: { to: ['shut'], do: () => Fsm.goto('shut', undefined) },
        },
      },
    },
  })

const events = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<'Car'>('Car') },
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 4 }) },
    fc.constant<'Shut'>('Shut'),
  ),
  { maxLength: 60 },
)

/** The same gate as a queue of cars and a number. */
const expected = (kinds: readonly ('Car' | 'Shut' | number)[]): readonly number[] => {
  const passed: number[] = []
  const waiting: number[] = []
  let room = 0
  for (const [index, kind] of kinds.entries()) {
    if (kind === 'Car') waiting.push(index)
    else if (kind === 'Shut') room = 0
    else room += kind
    while (room > 0 && waiting.length > 0) {
      passed.push(waiting.shift()!)
      room--
    }
  }
  return passed
}

describe('a gate as a state machine', () => {
  it('lets the same cars through in the same order as a queue and a number', () => {
    fc.assert(
      fc.property(events, fc.array(fc.nat({ max: 5 }), { minLength: 1, maxLength: 10 }), (kinds, pauses) => {
        const kit = ActorTestKit.create()
        const passed: number[] = []
        const ref = kit.spawn(Fsm.behavior(gate(passed)))
        for (const [number, kind] of kinds.entries()) {
          if (kind === 'Car') ref.tell({ _tag: 'Car', number })
          else ref.tell(kind === 'Shut' ? { _tag: 'Shut' } : { _tag: 'Open', room: kind })
          // Some come while others wait, some alone.
          if (pauses[number % pauses.length] === 0) kit.runUntilQuiet()
        }
        kit.runUntilQuiet()

        expect(passed).toEqual(expected(kinds))
      }),
    )
  })
})
