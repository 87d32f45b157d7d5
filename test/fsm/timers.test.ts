/** Times beside that of a state, as gen_statem has them. */
import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, TroupeError, type ActorRef } from 'troupe'
import { Fsm, type Next, type TimerAction } from 'troupe/fsm'
import { kit, log, newScene } from '../scene.js'

interface States {
  readonly a: undefined
  readonly b: undefined
}
type Event =
  /** Takes a step as it says. */
  | { readonly _tag: 'Do'; readonly timers: readonly TimerAction<Event>[]; readonly events?: readonly Event[] }
  | { readonly _tag: 'Go'; readonly timers?: readonly TimerAction<Event>[]; readonly events?: readonly Event[] }
  | { readonly _tag: 'Rang'; readonly what: string }
  /** Handled in b, and kept for it in a. */
  | { readonly _tag: 'Later'; readonly what: string }
  | { readonly _tag: 'Crash' }
  | { readonly _tag: 'Unknown' }

let now: number

beforeEach(() => {
  newScene()
  now = 0
})
afterEach(() => kit.shutdown())

const rang = (what: string): Event => ({ _tag: 'Rang', what })
const later = (what: string): Event => ({ _tag: 'Later', what })
const note = (what: string): void => void log.push(`${what} at ${String(now)}`)

/** Two states that do as they are told, a with a time of 100 ms. */
const machine = (timers: readonly TimerAction<Event>[] = []) => {
  const common = {
    Do: {
      to: [],
      do: (_: undefined, { timers, events = [] }: Extract<Event, { readonly _tag: 'Do' }>) =>
        Fsm.keep(undefined, { timers, events }),
    },
    Rang: {
      to: [],
      do: (_: undefined, { what }: { readonly what: string }) => {
        note(what)
        return Fsm.keep(undefined)
      },
    },
    Crash: {
      to: [],
      do: (): Next<States, Event> => {
        throw new Error('crash')
      },
    },
  }
  return Fsm.define<States, Event>({
    initial: Fsm.goto('a', undefined, { timers }),
    states: {
      a: {
        timeout: {
          afterMs: 100,
          to: ['b'],
          do: () => {
            note('a is over')
            return Fsm.goto('b', undefined)
          },
        },
        on: {
          ...common,
          Later: 'postpone',
          Go: {
            to: ['b'],
            do: (_, { timers = [], events = [] }) => Fsm.goto('b', undefined, { timers, events }),
          },
        },
      },
      b: {
        on: {
          ...common,
          Later: common.Rang,
          Go: {
            to: ['a'],
            do: (_, { timers = [], events = [] }) => Fsm.goto('a', undefined, { timers, events }),
          },
        },
      },
    },
  })
}

const spawn = (timers?: readonly TimerAction<Event>[]): ActorRef<Event> => kit.spawn(Fsm.behavior(machine(timers)), 'm')

const told = (ref: ActorRef<Event>, ...events: readonly Event[]): void => {
  for (const event of events) ref.tell(event)
  kit.runUntilQuiet()
}
const does = (...timers: readonly TimerAction<Event>[]): Event => ({ _tag: 'Do', timers })

/** Time passes a millisecond at a time, so that the log knows when. */
const passes = (ms: number): void => {
  for (let n = 0; n < ms; n++) {
    now++
    kit.clock.timePasses(1)
  }
}

describe('a timer with a name', () => {
  it('brings its event when its time is up, in whatever state the machine is then', () => {
    const ref = spawn()

    told(ref, does(Fsm.startTimer('x', 20, rang('x'))), { _tag: 'Go' })
    passes(50)

    expect(log).toEqual(['x at 20'])
  })

  it('is replaced by one of the same name, and by no other', () => {
    const ref = spawn()

    told(ref, does(Fsm.startTimer('x', 20, rang('old')), Fsm.startTimer('y', 20, rang('y'))))
    passes(10)
    told(ref, does(Fsm.startTimer('x', 20, rang('new'))))
    passes(50)

    expect(log).toEqual(['y at 20', 'new at 30'])
  })

  it('is ended by cancelTimer, and by a time of Infinity; there need be none', () => {
    const ref = spawn()

    told(ref, does(Fsm.cancelTimer('none'), Fsm.startTimer('x', 20, rang('x')), Fsm.startTimer('y', 20, rang('y'))))
    told(ref, does(Fsm.cancelTimer('x'), Fsm.startTimer('y', Infinity, rang('y'))))
    passes(50)

    expect(log).toEqual([])
  })

  it('does not end because events come', () => {
    const ref = spawn()

    told(ref, does(Fsm.startTimer('x', 20, rang('x'))))
    passes(10)
    told(ref, does())
    passes(10)

    expect(log).toEqual(['x at 20'])
  })

  it('of 0 ms comes after what waits already', () => {
    const ref = spawn()

    told(ref, does(Fsm.startTimer('x', 0, rang('x'))), rang('waiting'))
    passes(1)

    expect(log.map((line) => line.split(' ')[0])).toEqual(['waiting', 'x'])
  })

  it('may be started with the machine, and its event may be postponed', () => {
    const ref = spawn([Fsm.startTimer('x', 20, later('x'))])

    passes(40)
    expect(log).toEqual([])
    told(ref, does(Fsm.cancelTimer('x')), { _tag: 'Go' })

    // An event that was postponed is no timer any more.
    expect(log).toEqual(['x at 40'])
  })

  it('goes on when the machine is resumed, and ends when it is restarted', () => {
    const [resumed, restarted] = [SupervisorStrategy.resume, SupervisorStrategy.restart].map((strategy) =>
      kit.spawn(pipe(Fsm.behavior(machine()), Behaviors.supervise(strategy))),
    )
    for (const [ref, what] of [
      [resumed, 'resumed'],
      [restarted, 'restarted'],
    ] as const)
      told(ref!, does(Fsm.startTimer('x', 20, rang(what))), { _tag: 'Crash' })
    passes(50)

    expect(log).toEqual(['resumed at 20'])
  })
})

describe('an event timeout', () => {
  const quiet = (ms: number): TimerAction<Event> => Fsm.eventTimeout(ms, rang('quiet'))

  it('comes when no event has come for so long, once', () => {
    const ref = spawn()

    told(ref, does(quiet(20)))
    passes(60)

    expect(log).toEqual(['quiet at 20'])
  })

  it.each<readonly [string, Event]>([
    ['that is handled', rang('other')],
    ['that is unhandled', { _tag: 'Unknown' }],
    ['that is postponed', later('other')],
    ['that leads to another state', { _tag: 'Go' }],
  ])('is ended by an event %s', (_, event) => {
    const ref = spawn()

    told(ref, does(quiet(20)))
    passes(19)
    told(ref, event)
    passes(60)

    expect(log.filter((line) => line.startsWith('quiet'))).toEqual([])
  })

  it('is ended by another timer, and by the time of its state', () => {
    const ref = spawn()

    told(ref, does(Fsm.startTimer('x', 10, rang('x')), quiet(20)))
    passes(50)
    told(ref, does(quiet(60)))
    passes(100)

    expect(log).toEqual(['x at 10', 'a is over at 100'])
  })

  it('is ended by an event that follows from the same step, and by one that was postponed', () => {
    const following = spawn()
    told(following, { _tag: 'Do', timers: [quiet(20)], events: [rang('following')] })
    const postponing = kit.spawn(Fsm.behavior(machine()))
    told(postponing, later('postponed'), { _tag: 'Go', timers: [quiet(20)] })
    passes(50)

    expect(log).toEqual(['following at 0', 'postponed at 0'])
  })

  it('of 0 ms comes when nothing waits, and not at all when something does', () => {
    const ref = spawn()

    told(ref, does(quiet(0)), rang('waiting'))
    passes(1)
    told(ref, does(quiet(0)))
    passes(1)

    expect(log).toEqual(['waiting at 0', 'quiet at 2'])
  })

  it('is replaced by another, and by none when that has the time Infinity', () => {
    const ref = spawn()

    told(ref, does(quiet(10), quiet(20)))
    passes(30)
    told(ref, does(quiet(10), quiet(Infinity)))
    passes(30)

    expect(log).toEqual(['quiet at 20'])
  })
})

describe('the time of a state', () => {
  it('may be changed while the state lasts, and be none', () => {
    const ref = spawn()

    passes(90)
    told(ref, does(Fsm.stateTimeout(50)))
    passes(49)
    expect(log).toEqual([])
    passes(1)
    told(ref, { _tag: 'Go' }, does(Fsm.stateTimeout(Infinity)))
    passes(500)

    expect(log).toEqual(['a is over at 140'])
  })

  it('is over when it was postponed until the state was left: it is no time of the next, and no event', () => {
    const ref = kit.spawn(
      Fsm.behavior(
        Fsm.define<States, Event>({
          initial: Fsm.goto('a', undefined),
          states: {
            a: {
              timeout: { afterMs: 20, to: [], do: () => Fsm.postpone },
              on: {
                Go: {
                  to: ['b'],
                  do: () => Fsm.goto('b', undefined, { timers: [Fsm.eventTimeout(10, rang('quiet'))] }),
                },
              },
            },
            b: {
              timeout: {
                afterMs: 1_000,
                to: ['a'],
                do: () => {
                  note('b is over')
                  return Fsm.goto('a', undefined)
                },
              },
              on: {
                Rang: {
                  to: [],
                  do: (_, { what }) => {
                    note(what)
                    return Fsm.keep(undefined)
                  },
                },
              },
            },
          },
        }),
      ),
    )

    passes(50)
    told(ref, { _tag: 'Go' })
    passes(1_000)

    expect(log).toEqual(['quiet at 60', 'b is over at 1050'])
  })

  it('may be none when it is entered, where a function says so', () => {
    let timeMs = Infinity
    const ref = kit.spawn(
      Fsm.behavior(
        Fsm.define<{ readonly a: undefined }, Event>({
          initial: Fsm.goto('a', undefined),
          states: {
            a: {
              timeout: { afterMs: () => timeMs, to: ['[*]'], do: () => Fsm.stop },
              on: { Go: { to: [], do: () => Fsm.repeat(undefined) } },
            },
          },
        }),
      ),
    )
    const probe = kit.createProbe()

    passes(1_000)
    timeMs = 10
    told(ref, { _tag: 'Go' })
    passes(10)

    probe.expectTerminated(ref)
  })
})

describe('a wrong time', () => {
  it.each<readonly [TimerAction<Event>, string]>([
    [
      Fsm.startTimer('x', -1, rang('x')),
      "troupe://test/user/m: the time of timer 'x' that 'Do' in state 'a' starts is -1, but must be a number of milliseconds from 0 up, or Infinity for none.",
    ],
    [
      Fsm.startTimer('x', NaN, rang('x')),
      "troupe://test/user/m: the time of timer 'x' that 'Do' in state 'a' starts is NaN, but must be a number of milliseconds from 0 up, or Infinity for none.",
    ],
    [
      Fsm.eventTimeout(NaN, rang('x')),
      "troupe://test/user/m: the event timeout that 'Do' in state 'a' starts is NaN, but must be a number of milliseconds from 0 up, or Infinity for none.",
    ],
    [
      Fsm.stateTimeout(0),
      "troupe://test/user/m: the timeout of state 'a' is 0, but must be a number of milliseconds above 0, or Infinity for none.",
    ],
  ])('fails the machine with a sentence that says where: %s', (action, sentence) => {
    const [failed] = failuresOf(() => told(spawn(), does(action)))

    expect(failed).toBeInstanceOf(TroupeError)
    expect((failed as TroupeError).message).toBe(sentence)
  })

  it('fails the machine when its state has no timeout to change', () => {
    const [failed] = failuresOf(() => told(spawn(), { _tag: 'Go' }, does(Fsm.stateTimeout(10))))

    expect((failed as TroupeError).message).toBe(
      "troupe://test/user/m: 'Do' in state 'b' gives state 'b' another time, but it has none. Give the state a timeout, which says what happens then.",
    )
  })

  const failuresOf = (run: () => void): readonly unknown[] => {
    const causes: unknown[] = []
    const listener = kit.spawn(
      Behaviors.receiveMessageWithSame<{ readonly cause: unknown }>(({ cause }) => {
        causes.push(cause)
      }),
    )
    kit.system.eventStream.subscribe(listener, 'ActorFailed')
    run()
    return causes
  }
})
