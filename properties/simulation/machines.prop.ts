/**
 * State machines that crash between their events and go on, in the state of the moment or from the beginning.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it } from 'vitest'
import { Behaviors } from 'troupe'
import { Fsm, type TimerAction } from 'troupe/fsm'
import type { SimulatedWorld } from 'troupe/testkit'
import { expectSame, expectThat, inAnyOrder, restarting, resuming } from './support.js'

interface Gate {
  readonly shut: undefined
  readonly open: { readonly room: number; readonly sinceMs: number }
}
type GateEvent =
  { readonly _tag: 'Car'; readonly number: number } | { readonly _tag: 'Open'; readonly room: number } | Opened | Shut
interface Opened {
  readonly _tag: 'Opened'
}
interface Shut {
  readonly _tag: 'Shut'
}

const openMs = 50

/** What a gate has done. */
interface Log {
  readonly passed: number[]
  readonly told: string[]
  room: number
}

/** Lets cars through while it is open, as many as there is room for, and shuts by itself. */
const gate = (log: Log, world: SimulatedWorld) =>
  Fsm.define<Gate, GateEvent>({
    initial: Fsm.goto('shut', undefined),
    states: {
      shut: {
        onEnter: (data) => {
          log.told.push('shut')
          return data
        },
        on: {
          Car: 'postpone',
          Open: {
            to: ['open'],
            do: (_, { room }) => {
              log.room += room
              // What follows comes before whatever waits.
              return Fsm.goto('open', { room, sinceMs: 0 }, { events: [{ _tag: 'Opened' }] })
            },
          },
          Shut: { to: [], do: () => Fsm.keep(undefined) },
        },
      },
      open: {
        onEnter: ({ room }) => ({ room, sinceMs: world.now() }),
        timeout: {
          afterMs: openMs,
          to: ['shut'],
          do: ({ sinceMs }) => {
            const openForMs = world.now() - sinceMs
            // A throw would be one more crash.
            if (openForMs !== openMs) world.fail(new Error(`it was open for ${String(openForMs)} ms`))
            log.told.push('time is up')
            return Fsm.goto('shut', undefined)
          },
        },
        on: {
          Opened: {
            to: [],
            do: (data) => {
              log.told.push('opened')
              return Fsm.keep(data)
            },
          },
          Car: {
            to: ['shut'],
            do: ({ room, sinceMs }, { number }) => {
              log.passed.push(number)
              log.told.push('car')
              return room === 1 ? Fsm.goto('shut', undefined) : Fsm.keep({ room: room - 1, sinceMs })
            },
          },
          Open: {
            to: [],
            do: ({ room, sinceMs }, event) => {
              log.room += event.room
              return Fsm.keep({ room: room + event.room, sinceMs })
            },
          },
          Shut: { to: ['shut'], do: () => Fsm.goto('shut', undefined) },
        },
      },
    },
  })

const isCar = (event: unknown): boolean => (event as GateEvent)._tag === 'Car'

describe('a state machine that crashes', () => {
  it.each([
    ['resumed', resuming],
    ['restarted', restarting],
  ] as const)(
    'and is %s loses no postponed event but those that crash it, keeps their order, and its times',
    (_, way) =>
      inAnyOrder({ crash: 0.1 }, async (world, losses) => {
        const log: Log = { passed: [], told: [], room: 0 }
        const ref = world.spawn(pipe(Fsm.behavior(gate(log, world)), way), 'frail')
        let cars = 0
        for (let n = 0; n < 25; n++) {
          const dice = world.random.next()
          if (dice < 0.6) ref.tell({ _tag: 'Car', number: cars++ })
          else if (dice < 0.85) ref.tell({ _tag: 'Open', room: 1 + Math.floor(world.random.next() * 4) })
          else ref.tell({ _tag: 'Shut' })
          if (world.random.next() < 0.4) await world.sleep(Math.floor(world.random.next() * 40))
        }
        const left = (): number => cars - log.passed.length - losses.crashed.filter(isCar).length
        while (left() > 0 && world.now() < 50_000) {
          ref.tell({ _tag: 'Open', room: 3 })
          await world.sleep(20)
        }
        world.finally(() => {
          expectSame('cars that are left', left(), 0)
          expectSame(
            'passed, in order',
            log.passed,
            [...log.passed].sort((a, b) => a - b),
          )
          expectSame('none passed twice', new Set(log.passed).size, log.passed.length)
          expectThat(log.passed.length <= log.room, 'more have passed than there was room for')
          log.told.forEach((what, at) => {
            if (what === 'opened') expectSame('before it opened', log.told[at - 1], 'shut')
          })
        })
      }),
  )
})

interface Clock {
  readonly a: undefined
  readonly b: undefined
}
type ClockEvent =
  | { readonly _tag: 'Do'; readonly timers: readonly TimerAction<ClockEvent>[]; readonly follows: boolean }
  | { readonly _tag: 'Go'; readonly timers: readonly TimerAction<ClockEvent>[] }
  | { readonly _tag: 'Follow' }
  | { readonly _tag: 'Later' }
  | { readonly _tag: 'Rang'; readonly name: string; readonly ofEvent: boolean }

const stateMs = 70

/** The timers as they should be: when each is due, and of which event. */
class Timers {
  readonly #due = new Map<string, number>()
  readonly #world: SimulatedWorld

  constructor(world: SimulatedWorld) {
    this.#world = world
  }

  get waiting(): readonly string[] {
    return [...this.#due.keys()]
  }

  clear(): void {
    this.#due.clear()
  }

  /** Any event but what a timer has brought ends the wait for one. */
  eventCame(): void {
    this.#due.delete('(event)')
  }

  set(name: string, afterMs: number): void {
    if (afterMs === Infinity) this.#due.delete(name)
    else this.#due.set(name, this.#world.now() + afterMs)
  }

  rang(name: string): void {
    const due = this.#due.get(name)
    this.#due.delete(name)
    if (due !== this.#world.now()) this.#world.fail(new Error(`${name} rang, and was due at ${String(due)}`))
  }

  see(timers: readonly TimerAction<ClockEvent>[]): void {
    for (const timer of timers)
      if (timer._tag === 'CancelTimer') this.set(timer.name, Infinity)
      else if (timer._tag === 'StartTimer') this.set(timer.name, timer.afterMs)
      else if (timer._tag === 'EventTimeout') this.set('(event)', timer.afterMs)
      else this.set('(state)', timer.afterMs)
  }
}

/** Two states, of which the first has a time; the model is told of whatever is handled. */
const clock = (model: Timers) => {
  const Do = {
    to: [],
    do: (_: undefined, { timers, follows }: Extract<ClockEvent, { readonly _tag: 'Do' }>) => {
      model.eventCame()
      model.see(timers)
      return Fsm.keep(undefined, { timers, events: follows ? [{ _tag: 'Follow' }] : [] })
    },
  }
  const came = {
    to: [],
    do: () => {
      model.eventCame()
      return Fsm.keep(undefined)
    },
  }
  const Rang = {
    to: [],
    do: (_: undefined, { name, ofEvent }: Extract<ClockEvent, { readonly _tag: 'Rang' }>) => {
      if (!ofEvent) model.eventCame()
      model.rang(name)
      return Fsm.keep(undefined)
    },
  }
  const Later = {
    to: [],
    do: () => {
      model.eventCame()
      return Fsm.postpone
    },
  }
  return Fsm.define<Clock, ClockEvent>({
    initial: Fsm.goto('a', undefined),
    states: {
      a: {
        onEnter: () => {
          model.set('(state)', stateMs)
          return undefined
        },
        timeout: {
          afterMs: stateMs,
          to: ['b'],
          do: () => {
            model.eventCame()
            model.rang('(state)')
            return Fsm.goto('b', undefined)
          },
        },
        on: {
          Do,
          Rang,
          Later,
          Follow: came,
          Go: {
            to: ['b'],
            do: (_, { timers }) => {
              model.eventCame()
              model.set('(state)', Infinity)
              model.see(timers)
              return Fsm.goto('b', undefined, { timers })
            },
          },
        },
      },
      b: {
        on: {
          Do,
          Rang,
          Later: came,
          Follow: came,
          Go: {
            to: ['a'],
            do: () => {
              model.eventCame()
              return Fsm.goto('a', undefined)
            },
          },
        },
      },
    },
  })
}

/** What a step may do to timers, by chance; 1 ms may be over before the next event, 40 ms hardly. */
const someTimers = (random: () => number): readonly TimerAction<ClockEvent>[] => {
  const name = random() < 0.5 ? 'x' : 'y'
  const afterMs = random() < 0.1 ? Infinity : 1 + Math.floor(random() * 40)
  const dice = random()
  if (dice < 0.4) return [Fsm.startTimer(name, afterMs, { _tag: 'Rang', name, ofEvent: false })]
  if (dice < 0.5) return [Fsm.cancelTimer(name)]
  return [Fsm.eventTimeout(afterMs, { _tag: 'Rang', name: '(event)', ofEvent: true })]
}

describe('the timers of a state machine that crashes', () => {
  it.each([
    ['resumed', resuming],
    ['restarted', restarting],
  ] as const)('and is %s ring when they are due, once, and not when they were ended', (_, way) =>
    inAnyOrder({ crash: 0.1 }, async (world, losses) => {
      const model = new Timers(world)
      const random = (): number => world.random.next()
      const behavior = Behaviors.setup<ClockEvent>(() => {
        model.clear()
        return Fsm.behavior(clock(model))
      })
      const ref = world.spawn(way(behavior), 'frail')
      for (let n = 0; n < 25; n++) {
        const dice = random()
        if (dice < 0.6) ref.tell({ _tag: 'Do', timers: someTimers(random), follows: random() < 0.2 })
        else if (dice < 0.8) ref.tell({ _tag: 'Go', timers: someTimers(random) })
        else ref.tell({ _tag: 'Later' })
        if (random() < 0.7) await world.sleep(Math.floor(random() * 30))
      }
      world.finally(() => {
        // A ring that crashes the machine is lost, as any event is; nothing rings after that.
        const lost = new Set(
          losses.crashed.map((event) =>
            'name' in (event as ClockEvent) ? (event as { name: string }).name : '(state)',
          ),
        )
        expectSame(
          'never rang',
          model.waiting.filter((name) => !lost.has(name)),
          [],
        )
      })
    }),
  )
})
