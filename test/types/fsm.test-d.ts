/** Each state has data of its own, and each event the handler for it. */
import { expectTypeOf, test } from 'vitest'
import type { Behavior } from 'troupe'
import { Fsm } from 'troupe/fsm'

interface States {
  readonly idle: undefined
  readonly busy: { readonly job: string }
}
type Event = { readonly _tag: 'Start'; readonly job: string } | { readonly _tag: 'Stop' }

test('handlers get the data of their state and the event of their tag', () => {
  const machine = Fsm.define<States, Event>({
    initial: Fsm.goto('idle', undefined),
    states: {
      idle: {
        on: {
          Start: {
            to: ['busy'],
            do: (data, event) => {
              expectTypeOf(data).toEqualTypeOf<undefined>()
              expectTypeOf(event).toEqualTypeOf<{ readonly _tag: 'Start'; readonly job: string }>()
              return Fsm.goto('busy', { job: event.job })
            },
          },
        },
      },
      busy: {
        on: {
          Stop: {
            to: ['idle'],
            do: (data) => {
              expectTypeOf(data).toEqualTypeOf<{ readonly job: string }>()
              return Fsm.goto('idle', undefined)
            },
          },
        },
      },
    },
  })

  expectTypeOf(Fsm.behavior(machine)).toEqualTypeOf<Behavior<Event>>()
})

test('wrong states, data and events do not compile', () => {
  Fsm.define<States, Event>({
    // @ts-expect-error there is no such state
    initial: Fsm.goto('asleep', undefined),
    states: {
      idle: {
        on: {
          // @ts-expect-error the data of busy are missing
          Start: { to: ['busy'], do: () => Fsm.goto('busy', undefined) },
          // @ts-expect-error there is no such state
          Stop: { to: ['asleep'], do: () => Fsm.stop },
        },
      },
      busy: {
        on: {
          // @ts-expect-error there is no such event
          Pause: 'postpone',
        },
      },
    },
  })
})

test('timers bring events of the machine', () => {
  Fsm.define<States, Event>({
    initial: Fsm.goto('idle', undefined, { timers: [Fsm.startTimer('lazy', 1, { _tag: 'Start', job: 'tidy' })] }),
    states: {
      idle: {
        on: {
          Start: {
            to: ['busy'],
            do: (_, { job }) =>
              Fsm.goto('busy', { job }, { timers: [Fsm.eventTimeout(5, { _tag: 'Stop' }), Fsm.cancelTimer('lazy')] }),
          },
        },
      },
      busy: {
        on: {
          Stop: {
            to: ['idle'],
            // @ts-expect-error there is no such event
            do: () => Fsm.goto('idle', undefined, { timers: [Fsm.startTimer('lazy', 1, { _tag: 'Pause' })] }),
          },
          Start: {
            to: [],
            // @ts-expect-error the job is missing
            do: (data) => Fsm.keep(data, { timers: [Fsm.eventTimeout(1, { _tag: 'Start' })] }),
          },
        },
      },
    },
  })
})
