/**
 * A state machine as a behavior.
 *
 * An event is handled together with the events that follow from it, in one turn. Postponed events stay in the mailbox, in their
 * place, and those that had followed from others with them; a change of state offers them all again.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors } from '../behavior/index.js'
import { behaviorOf, postponed, type InnerContext } from '../behavior/internal.js'
import type { Behavior, TimerScheduler } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { textOf } from '../model/internal.js'
import type { Definition, FsmEvent, Next, Step, TimerAction } from './Definition.js'
import { statesOf, type AnyState } from './define.js'
import { MachineTimers, TimeIsUp } from './MachineTimers.js'

type AnyNext = Next<Record<string, unknown>, FsmEvent>
/** What handlers answer in spite of the types; undefined for one. */
type NoNext = { readonly _tag?: undefined } | undefined
type AnyStep = Step<Record<string, unknown>, FsmEvent>

/** What became of one event. */
type Outcome = 'handled' | 'unhandled' | 'postponed' | 'stopped'

/** One running machine. */
class Machine {
  readonly #states: ReadonlyMap<string, AnyState>
  readonly #context: InnerContext
  readonly #timers: MachineTimers
  #name: string
  #data: unknown
  /** Events that follow from those before, the next one last. */
  #following: FsmEvent[] = []

  constructor(
    states: ReadonlyMap<string, AnyState>,
    context: InnerContext,
    timers: TimerScheduler<FsmEvent>,
    start: AnyStep,
  ) {
    this.#states = states
    this.#context = context
    this.#timers = new MachineTimers(timers, context.self)
    this.#name = start.name
    this.#data = start.data
    if (!states.has(start.name)) throw this.#error(`it is to start in '${start.name}', ${this.#hasNot()}`)
    this.#enter(start.name, start.data)
    this.#seeTo(start.timers, 'the start', start.name)
  }

  /** Handles an event and what follows from it. */
  handle(event: FsmEvent): Behavior<unknown> {
    this.#following = []
    const outcome = this.#step(event)
    if (outcome === 'postponed') return behaviorOf(postponed)
    if (outcome === 'unhandled') return Behaviors.unhandled
    return outcome === 'handled' && this.#followUp() ? Behaviors.same : Behaviors.stopped
  }

  /** Handles events that follow from the start, and what follows from them. False when they led to the end. */
  follow(events: readonly FsmEvent[]): boolean {
    this.#toFollow(events)
    return this.#followUp()
  }

  /** They come before those that follow already. */
  #toFollow(events: readonly FsmEvent[]): void {
    for (let i = events.length - 1; i >= 0; i--) this.#following.push(events[i] as FsmEvent)
  }

  #followUp(): boolean {
    for (let next = this.#following.pop(); next !== undefined; next = this.#following.pop()) {
      const outcome = this.#step(next)
      if (outcome === 'stopped') return false
      if (outcome === 'postponed') this.#context.postpone(next)
      if (outcome === 'unhandled')
        throw this.#error(
          `'${next._tag}' follows from another event, and state '${this.#name}' does not handle it. Name it in its 'on'.`,
        )
    }
    return true
  }

  #step(event: FsmEvent): Outcome {
    const state = this.#state()
    if (event instanceof TimeIsUp && !this.#timers.isOfState(event)) return 'handled'
    this.#timers.eventCame()
    if (event instanceof TimeIsUp) {
      const { timeout } = state
      // Only a state with a timeout starts the timer.
      if (timeout === undefined) return 'handled'
      return this.#take(timeout.do(this.#data, this.#context), 'timeout', timeout.to)
    }
    const transition = Object.hasOwn(state.on, event._tag) ? state.on[event._tag] : undefined
    if (transition === undefined) return 'unhandled'
    if (transition === 'postpone') return 'postponed'
    return this.#take(transition.do(this.#data, event, this.#context), event._tag, transition.to)
  }

  #take(next: AnyNext | NoNext, event: string, to: readonly string[]): Outcome {
    switch (next?._tag) {
      case 'Postpone':
        return 'postponed'
      case 'Stop':
        this.#requireListed('[*]', event, to)
        return 'stopped'
      case 'Keep':
        if (next.isRepeated) this.#enter(this.#name, next.data)
        else this.#data = next.data
        this.#seeTo(next.timers, `'${event}'`, this.#name)
        this.#toFollow(next.events)
        return 'handled'
      case 'Goto': {
        this.#requireListed(next.name, event, to)
        const before = this.#name
        if (next.name === before) this.#data = next.data
        else {
          this.#enter(next.name, next.data)
          this.#context.offerAgain()
        }
        this.#toFollow(next.events)
        this.#seeTo(next.timers, `'${event}'`, before)
        return 'handled'
      }
      default:
        throw this.#error(
          `'${event}' in state '${this.#name}' led to ${textOf(next)}, which is not a next step. Answer Fsm.goto, Fsm.keep, ` +
            `Fsm.repeat, Fsm.postpone or Fsm.stop.`,
        )
    }
  }

  /** What may throw comes first: a state whose way in has failed is not entered, and the one before goes on, its time too. */
  #enter(name: string, data: unknown): void {
    const { onEnter, timeout } = this.#state(name)
    const entered = onEnter === undefined ? data : onEnter(data, this.#context)
    if (timeout === undefined) this.#timers.stateLeft()
    else {
      const { afterMs } = timeout
      this.#timers.stateEntered(name, typeof afterMs === 'number' ? afterMs : afterMs(entered))
    }
    this.#name = name
    this.#data = entered
  }

  #seeTo(actions: readonly TimerAction<FsmEvent>[], event: string, state: string): void {
    for (const action of actions) {
      const where = `${event} in state '${state}'`
      if (action._tag === 'StateTimeout' && this.#state().timeout === undefined)
        throw this.#error(
          `${where} gives state '${this.#name}' another time, but it has none. Give the state a timeout, which says what happens then.`,
        )
      this.#timers.carryOut(action, this.#name, where)
    }
  }

  #state(name = this.#name): AnyState {
    // Every name was looked up before it became the state.
    return this.#states.get(name) as AnyState
  }

  #requireListed(name: string, event: string, to: readonly string[]): void {
    if (!this.#states.has(name) && name !== '[*]')
      throw this.#error(`'${event}' in state '${this.#name}' leads to '${name}', ${this.#hasNot()}`)
    if (to.includes(name) || name === this.#name) return
    throw this.#error(
      `'${event}' in state '${this.#name}' leads to '${name}', which its 'to' does not list. Add it there, so that the diagram ` +
        `shows it.`,
    )
  }

  #hasNot(): string {
    return `which the machine does not have. Its states are ${[...this.#states.keys()].join(', ')}: go to one of these, or add it.`
  }

  #error(text: string): TroupeError {
    return new TroupeError('IllegalArgument', `${this.#context.self.path.toString()}: ${text}`)
  }
}

/**
 * Runs a state machine as an actor. It begins in the initial state, or at `start`, and again so at each restart.
 *
 * @remarks
 * A state that goes to itself is not entered again and keeps its timeout; `Fsm.repeat` enters it again.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Fsm } from 'troupe/fsm'
 *
 * type Lamp = { off: undefined; on: { readonly watts: number } }
 * type LampEvent = { readonly _tag: 'Press' }
 *
 * const lamp = Fsm.define<Lamp, LampEvent>({
 *   initial: Fsm.goto('off', undefined),
 *   states: {
 *     off: { on: { Press: { to: ['on'], do: () => Fsm.goto('on', { watts: 7 }) } } },
 *     on: {
 *       timeout: { afterMs: 60_000, to: ['off'], do: () => Fsm.goto('off', undefined) },
 *       on: { Press: { to: ['off'], do: () => Fsm.goto('off', undefined) } },
 *     },
 *   },
 * })
 * await using system = ActorSystem.create(Fsm.behavior(lamp), 'demo')
 * system.tell({ _tag: 'Press' })
 * ```
 *
 * @see https://www.erlang.org/doc/system/statem.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = <S, E extends FsmEvent>(
  definition: Definition<S, E>,
  start: Step<S, E> = definition.initial,
): Behavior<E> =>
  pipe(
    Behaviors.setup<FsmEvent>((context) =>
      Behaviors.withTimers<FsmEvent>((timers) => {
        // The machine hands each state its own data and events only. A context that runs behaviors can do what those of the library need.
        const machine = new Machine(statesOf(definition), context as InnerContext, timers, start as unknown as AnyStep)
        const running = Behaviors.receiveMessage<FsmEvent>((event) => machine.handle(event))
        return machine.follow(start.events) ? running : Behaviors.stopped
      }),
    ),
    // Events of other protocols are refused by the types outside.
    Behaviors.narrow<E>(),
  )
