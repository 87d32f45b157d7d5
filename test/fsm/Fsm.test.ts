import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy } from 'troupe'
import { Fsm, type Definition } from 'troupe/fsm'
import { BehaviorTestKit } from 'troupe/testkit'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)
afterEach(() => kit.shutdown())

/** A door with a code: three right buttons open it, time or a hand shuts it. */
interface Door {
  readonly locked: { readonly entered: string }
  readonly open: { readonly visitors: number }
}
type DoorEvent =
  | { readonly _tag: 'Button'; readonly digit: string }
  | { readonly _tag: 'Enter'; readonly who: string }
  | { readonly _tag: 'Shut' }
  | { readonly _tag: 'Break' }

const press = (digit: string): DoorEvent => ({ _tag: 'Button', digit })
const enter = (who: string): DoorEvent => ({ _tag: 'Enter', who })

const door = (code: string): Definition<Door, DoorEvent> =>
  Fsm.define<Door, DoorEvent>({
    initial: Fsm.goto('locked', { entered: '' }),
    states: {
      locked: {
        onEnter: (data) => {
          log.push('locked')
          return data
        },
        on: {
          Button: {
            to: ['open'],
            do: ({ entered }, { digit }) => {
              const now = (entered + digit).slice(-code.length)
              return now === code ? Fsm.goto('open', { visitors: 0 }) : Fsm.keep({ entered: now })
            },
          },
          Enter: 'postpone',
          Break: { to: ['[*]'], do: () => Fsm.stop },
        },
      },
      open: {
        onEnter: (data) => {
          log.push('open')
          return data
        },
        timeout: { afterMs: 10_000, to: ['locked'], do: () => Fsm.goto('locked', { entered: '' }) },
        on: {
          Enter: {
            to: [],
            do: ({ visitors }, { who }) => {
              log.push(`${who} is number ${String(visitors + 1)}`)
              return Fsm.keep({ visitors: visitors + 1 })
            },
          },
          Shut: { to: ['locked'], do: () => Fsm.goto('locked', { entered: '' }) },
        },
      },
    },
  })

describe('a state machine', () => {
  it('goes from state to state, each with data of its own, and is entered at the start and at each change', () => {
    const ref = kit.spawn(Fsm.behavior(door('12')))

    tellAll(ref, press('1'), press('2'), enter('Ann'), { _tag: 'Shut' })

    expect(log).toEqual(['locked', 'open', 'Ann is number 1', 'locked'])
  })

  it('tries what was postponed again after a change of state, in order, before newer events', () => {
    const ref = kit.spawn(Fsm.behavior(door('12')))

    tellAll(ref, enter('Ann'), press('1'), enter('Bob'), press('2'), enter('Cy'))

    expect(log).toEqual(['locked', 'open', 'Ann is number 1', 'Bob is number 2', 'Cy is number 3'])
  })

  it('leaves a state when its time is up, and not after it was left before', () => {
    const ref = kit.spawn(Fsm.behavior(door('1')))
    tellAll(ref, press('1'))
    kit.clock.timePasses(9_999)
    tellAll(ref, { _tag: 'Shut' }, press('1'))

    kit.clock.timePasses(9_999)
    expect(log).toEqual(['locked', 'open', 'locked', 'open'])

    kit.clock.timePasses(1)
    expect(log).toEqual(['locked', 'open', 'locked', 'open', 'locked'])
  })

  it('keeps the time of a state that is kept', () => {
    const ref = kit.spawn(Fsm.behavior(door('1')))
    tellAll(ref, press('1'))
    kit.clock.timePasses(9_000)
    tellAll(ref, enter('Ann'))

    kit.clock.timePasses(1_000)

    expect(log.at(-1)).toBe('locked')
  })

  it('leaves unhandled what a state does not name', () => {
    const unhandled = kit.createUnhandledProbe()
    const ref = kit.spawn(Fsm.behavior(door('1')))

    tellAll(ref, { _tag: 'Shut' })

    expect(unhandled.receiveMessage().message).toEqual({ _tag: 'Shut' })
  })

  it('stops, and leaves what was postponed as dead letters', () => {
    const letters = kit.createDeadLetterProbe()
    const ref = kit.spawn(Fsm.behavior(door('1')))

    tellAll(ref, enter('Ann'), { _tag: 'Break' })

    expect(letters.receiveMessage().message).toEqual(enter('Ann'))
  })

  it('starts where it is told to', () => {
    const ref = kit.spawn(Fsm.behavior(door('1'), Fsm.goto('open', { visitors: 5 })))

    tellAll(ref, enter('Ann'))

    expect(log).toEqual(['open', 'Ann is number 6'])
  })

  it('begins anew at a restart and goes on in its state after a resume', () => {
    const machine = Fsm.define<{ readonly a: number; readonly b: number }, { readonly _tag: 'Go' | 'Fail' | 'Say' }>({
      initial: Fsm.goto('a', 1),
      states: {
        a: {
          on: {
            Go: { to: ['b'], do: (n) => Fsm.goto('b', n + 1) },
            Say: { to: [], do: (n) => (log.push(`a${String(n)}`), Fsm.keep(n)) },
          },
        },
        b: {
          on: {
            Say: { to: [], do: (n) => (log.push(`b${String(n)}`), Fsm.keep(n)) },
            Fail: {
              to: [],
              do: () => {
                throw new Error('boom')
              },
            },
          },
        },
      },
    })
    for (const strategy of [SupervisorStrategy.resume, SupervisorStrategy.restart])
      tellAll(
        kit.spawn(pipe(Fsm.behavior(machine), Behaviors.supervise(strategy))),
        { _tag: 'Go' },
        { _tag: 'Fail' },
        { _tag: 'Say' },
      )

    expect(log).toEqual(['b2', 'a1'])
  })
})

describe('a state whose onEnter throws', () => {
  const machine = Fsm.define<{ readonly a: string; readonly b: string }, { readonly _tag: 'Go' | 'Say' }>({
    initial: Fsm.goto('a', 'begun'),
    states: {
      a: {
        timeout: { afterMs: 100, to: ['a'], do: (data) => (log.push('time is up'), Fsm.keep(data)) },
        on: {
          Go: { to: ['b'], do: () => Fsm.goto('b', 'gone') },
          Say: { to: [], do: (data) => (log.push(data), Fsm.keep(data)) },
        },
      },
      b: {
        onEnter: () => {
          throw new Error('boom')
        },
        on: { Say: 'postpone' },
      },
    },
  })

  it('is not entered: after a resume the state before goes on, and so does its time', () => {
    const ref = kit.spawn(pipe(Fsm.behavior(machine), Behaviors.supervise(SupervisorStrategy.resume)))

    tellAll(ref, { _tag: 'Go' }, { _tag: 'Say' })
    kit.clock.timePasses(100)

    expect(log).toEqual(['begun', 'time is up'])
  })
})

describe('events that follow from others', () => {
  type Event = { readonly _tag: 'Start' } | { readonly _tag: 'Part'; readonly n: number } | { readonly _tag: 'Flush' }
  const part = (n: number): Event => ({ _tag: 'Part', n })
  const noted = {
    to: [],
    do: (_: undefined, { n }: { readonly n: number }) => {
      log.push(`part ${String(n)}`)
      return Fsm.keep(undefined)
    },
  }

  it('come before all others, in their order, and what they lead to comes first again', () => {
    const machine = Fsm.define<{ readonly only: undefined }, Event>({
      initial: Fsm.goto('only', undefined),
      states: {
        only: {
          on: {
            Start: { to: [], do: () => Fsm.keep(undefined, { events: [part(2), part(1)] }) },
            Part: {
              to: [],
              do: (_, { n }) => {
                log.push(`part ${String(n)}`)
                return Fsm.keep(undefined, { events: n === 2 ? [part(20)] : [] })
              },
            },
          },
        },
      },
    })
    const ref = kit.spawn(Fsm.behavior(machine))

    tellAll(ref, { _tag: 'Start' }, part(9))

    expect(log).toEqual(['part 2', 'part 20', 'part 1', 'part 9'])
  })

  it('may be a hundred thousand', () => {
    const machine = Fsm.define<{ readonly a: number }, { readonly _tag: 'Go' | 'Add' | 'Say' }>({
      initial: Fsm.goto('a', 0),
      states: {
        a: {
          on: {
            Go: {
              to: [],
              do: (n) => Fsm.keep(n, { events: Array.from({ length: 100_000 }, () => ({ _tag: 'Add' as const })) }),
            },
            Add: { to: [], do: (n) => Fsm.keep(n + 1) },
            Say: { to: [], do: (n) => (log.push(String(n)), Fsm.keep(n)) },
          },
        },
      },
    })

    tellAll(kit.spawn(Fsm.behavior(machine)), { _tag: 'Go' }, { _tag: 'Say' })

    expect(log).toEqual(['100000'])
  })

  it('may be postponed, too, and may come with the start', () => {
    const machine = Fsm.define<{ readonly early: undefined; readonly late: undefined }, Event>({
      initial: Fsm.goto('early', undefined, { events: [part(1)] }),
      states: {
        early: { on: { Part: 'postpone', Flush: { to: ['late'], do: () => Fsm.goto('late', undefined) } } },
        late: { on: { Part: noted } },
      },
    })
    const ref = kit.spawn(Fsm.behavior(machine))

    tellAll(ref, part(2), { _tag: 'Flush' })

    expect(log).toEqual(['part 1', 'part 2'])
  })

  /** Postpones parts until it is flushed; a start is followed by part 2. */
  const postponing = (): Definition<{ readonly early: undefined; readonly late: undefined }, Event> =>
    Fsm.define<{ readonly early: undefined; readonly late: undefined }, Event>({
      initial: Fsm.goto('early', undefined),
      states: {
        early: {
          on: {
            Start: { to: [], do: () => Fsm.keep(undefined, { events: [part(2)] }) },
            Part: 'postpone',
            Flush: { to: ['late'], do: () => Fsm.goto('late', undefined, { events: [part(0)] }) },
          },
        },
        late: { on: { Part: noted } },
      },
    })

  it('are tried again in the order in which they and those that were sent were postponed', () => {
    const ref = kit.spawn(Fsm.behavior(postponing()))

    tellAll(ref, part(1), { _tag: 'Start' }, part(3), { _tag: 'Flush' }, part(4))

    expect(log).toEqual(['part 0', 'part 1', 'part 2', 'part 3', 'part 4'])
  })

  it('are kept by a test kit, too', () => {
    const bench = BehaviorTestKit.create(Fsm.behavior(postponing()))

    for (const event of [part(1), { _tag: 'Start' }, part(3), { _tag: 'Flush' }] as const) bench.run(event)

    expect(log).toEqual(['part 0', 'part 1', 'part 2', 'part 3'])
  })

  it('survive a restart and are dead letters at a stop when they were postponed', () => {
    const dead = kit.createDeadLetterProbe()
    const machine = Fsm.define<{ readonly early: undefined; readonly late: undefined }, Event>({
      initial: Fsm.goto('early', undefined),
      states: {
        early: {
          on: {
            Start: { to: [], do: () => Fsm.keep(undefined, { events: [part(2)] }) },
            Part: 'postpone',
            Flush: {
              to: [],
              do: () => {
                throw new Error('crash')
              },
            },
          },
        },
        late: { on: {} },
      },
    })
    const ref = kit.spawn(pipe(Fsm.behavior(machine), Behaviors.supervise(SupervisorStrategy.restart)))

    tellAll(ref, part(1), { _tag: 'Start' }, { _tag: 'Flush' })
    dead.expectNoMessage()
    kit.stop(ref)

    expect(dead.receiveMessages(2).map(({ message }) => message)).toEqual([part(1), part(2)])
  })

  it('enter a state once more with repeat, which begins its time anew', () => {
    const machine = Fsm.define<{ readonly only: number; readonly over: number }, { readonly _tag: 'Again' }>({
      initial: Fsm.goto('only', 0),
      states: {
        only: {
          onEnter: (n) => {
            log.push(`entered ${String(n)}`)
            return n + 1
          },
          timeout: { afterMs: (n) => n * 100, to: ['over'], do: (n) => Fsm.goto('over', n) },
          on: { Again: { to: [], do: (n) => Fsm.repeat(n) } },
        },
        over: {
          onEnter: (n) => {
            log.push('over')
            return n
          },
          on: {},
        },
      },
    })
    const ref = kit.spawn(Fsm.behavior(machine))
    kit.runUntilQuiet()
    kit.clock.timePasses(99)
    tellAll(ref, { _tag: 'Again' })

    kit.clock.timePasses(199)
    expect(log).toEqual(['entered 0', 'entered 1'])
    kit.clock.timePasses(1)
    expect(log).toEqual(['entered 0', 'entered 1', 'over'])
  })
})

describe('a definition', () => {
  it('is printed as a Mermaid state diagram', () => {
    expect(Fsm.toMermaid(door('12'))).toBe(
      [
        'stateDiagram-v2',
        '  [*] --> locked',
        '  locked --> open : Button',
        '  locked --> [*] : Break',
        '  note right of locked : postpones Enter',
        '  open --> locked : Shut',
        '  open --> locked : after 10000 ms',
      ].join('\n'),
    )
  })

  it('gets names for states that Mermaid could not read', () => {
    const machine = Fsm.define<{ readonly 'not yet': undefined; readonly done: undefined }, { readonly _tag: 'Go' }>({
      initial: Fsm.goto('not yet', undefined),
      states: { 'not yet': { on: { Go: { to: ['done'], do: () => Fsm.goto('done', undefined) } } }, done: { on: {} } },
    })

    expect(Fsm.toMermaid(machine)).toBe(
      ['stateDiagram-v2', '  state "not yet" as state1', '  [*] --> state1', '  state1 --> done : Go'].join('\n'),
    )
  })

  it('is printed so that no name is taken for another, for a word of Mermaid or for its end', () => {
    type Names = Readonly<Record<'a b' | 'state1' | 'Note' | 'say "x"; #1: go', undefined>>
    const machine = Fsm.define<Names, { readonly _tag: 'timeout' | 'x:y' | 'a;b' }>({
      initial: Fsm.goto('a b', undefined),
      states: {
        'a b': {
          timeout: { afterMs: (): number => 5, to: ['[*]'], do: () => Fsm.stop },
          on: {
            timeout: { to: ['state1'], do: () => Fsm.goto('state1', undefined) },
            'x:y': { to: ['Note'], do: () => Fsm.goto('Note', undefined) },
            'a;b': 'postpone',
          },
        },
        state1: { on: {} },
        Note: { on: {} },
        'say "x"; #1: go': { on: {} },
      },
    })

    expect(Fsm.toMermaid(machine).split('\n')).toEqual([
      'stateDiagram-v2',
      '  state "a b" as state1_',
      '  state "Note" as state3',
      '  state "say #34;x#34;#59; #35;1#58; go" as state4',
      '  [*] --> state1_',
      '  state1_ --> state1 : timeout',
      '  state1_ --> state3 : x#58;y',
      '  state1_ --> [*] : after a while',
      '  note right of state1_ : postpones a#59;b',
    ])
  })

  it.each<[string, unknown, string]>([
    [
      'an initial state that is not there',
      { initial: Fsm.goto('c', 0), states: { a: { on: {} } } },
      `The initial state is 'c', which the machine does not have. Its states are a: go to one of these, or add it.`,
    ],
    [
      'a target that is not there',
      { initial: Fsm.goto('a', 0), states: { a: { on: { Go: { to: ['b'], do: () => Fsm.stop } } } } },
      `The state after 'Go' in state 'a' is 'b', which the machine does not have.`,
    ],
    [
      'a timeout that leads to a state that is not there',
      { initial: Fsm.goto('a', 0), states: { a: { timeout: { afterMs: 5, to: ['b'], do: () => Fsm.stop }, on: {} } } },
      `The state after 'timeout' in state 'a' is 'b'`,
    ],
    [
      'a timeout of 0',
      { initial: Fsm.goto('a', 0), states: { a: { timeout: { afterMs: 0, to: [], do: () => Fsm.stop }, on: {} } } },
      `The timeout of state 'a' is 0, but must be a finite number of milliseconds above 0`,
    ],
  ])('is refused with %s', (_, definition, sentence) => {
    expect(() => Fsm.define(definition as never)).toThrow(sentence)
  })

  it.each<[string, unknown, string]>([
    [
      'a state that is not there',
      Fsm.goto('b', 0),
      `wrong: 'Go' in state 'a' leads to 'b', which the machine does not have. Its states are a, c: go to one of these, or add it.`,
    ],
    [
      'a state that is not listed',
      Fsm.goto('c', 0),
      `wrong: 'Go' in state 'a' leads to 'c', which its 'to' does not list.`,
    ],
    ['the end that is not listed', Fsm.stop, `wrong: 'Go' in state 'a' leads to '[*]', which its 'to' does not list.`],
    ['nothing', undefined, `wrong: 'Go' in state 'a' led to undefined, which is not a next step.`],
    ['something else', { _tag: 'Jump' }, `wrong: 'Go' in state 'a' led to {"_tag":"Jump"}, which is not a next step.`],
    [
      'an event that it cannot handle',
      Fsm.keep(0, { events: [{ _tag: 'What' }] }),
      `wrong: 'What' follows from another event, and state 'a' does not handle it. Name it in its 'on'.`,
    ],
  ])('fails the actor when an event leads to %s', (_, next, sentence) => {
    const errors = kit.createLogProbe({ level: 'error' })
    const machine = Fsm.define<{ readonly a: number; readonly c: number }, { readonly _tag: 'Go' }>({
      initial: Fsm.goto('a', 0),
      states: { a: { on: { Go: { to: [], do: () => next as never } } }, c: { on: {} } },
    })

    tellAll(kit.spawn(Fsm.behavior(machine), 'wrong'), { _tag: 'Go' })

    expect(errors.receiveMessage().message).toContain(sentence)
  })

  it('fails the actor that is to start in a state that is not there', () => {
    const errors = kit.createLogProbe({ level: 'error' })

    kit.spawn(Fsm.behavior(door('1'), Fsm.goto('ajar', 0) as never), 'wrong')
    kit.runUntilQuiet()

    expect(errors.receiveMessage().message).toContain(
      `wrong: it is to start in 'ajar', which the machine does not have.`,
    )
  })
})
