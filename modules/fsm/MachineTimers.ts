/**
 * The times of one running machine: that of its state, that without an event, and those with names.
 */
import type { ActorRef, TimerScheduler } from '../model/index.js'
import { delay, period, requireThat } from '../model/internal.js'
import type { FsmEvent, TimerAction } from './Definition.js'

/** The time of a state is up. */
export class TimeIsUp implements FsmEvent {
  readonly _tag = 'TimeIsUp'
}

const fromNow = { ...delay, expected: 'a number of milliseconds from 0 up, or Infinity for none' }
const later = { ...period, expected: 'a number of milliseconds above 0, or Infinity for none' }

/** Keys that no name equals. */
const ofState = { key: 'state' }
const ofEvent = { key: 'event' }

export class MachineTimers {
  readonly #timers: TimerScheduler<FsmEvent>
  readonly #self: ActorRef<never>
  #waitsForEvent = false
  /** What the state of the moment has armed. */
  #ofState: TimeIsUp | undefined = undefined

  constructor(timers: TimerScheduler<FsmEvent>, self: ActorRef<never>) {
    this.#timers = timers
    this.#self = self
  }

  /** An event has come, whatever will become of it. */
  eventCame(): void {
    if (!this.#waitsForEvent) return
    this.#waitsForEvent = false
    this.#timers.cancel(ofEvent)
  }

  stateLeft(): void {
    this.#timers.cancel(ofState)
    this.#ofState = undefined
  }

  /** False for the time of a state that has been left, or was given another time: it was postponed until then. */
  isOfState(event: TimeIsUp): boolean {
    return event === this.#ofState
  }

  /** Begins the time of a state. */
  stateEntered(name: string, afterMs: number): void {
    const timeIsUp = new TimeIsUp()
    this.#start(ofState, timeIsUp, afterMs, `the timeout of state '${name}'`, later)
    this.#ofState = timeIsUp
  }

  /** Sees to an action of a step, which `where` names. */
  carryOut(action: TimerAction<FsmEvent>, state: string, where: string): void {
    switch (action._tag) {
      case 'StartTimer': {
        const what = `the time of timer '${action.name}' that ${where} starts`
        this.#start(action.name, action.event, action.afterMs, what, fromNow)
        return
      }
      case 'CancelTimer':
        this.#timers.cancel(action.name)
        return
      case 'EventTimeout':
        this.#start(ofEvent, action.event, action.afterMs, `the event timeout that ${where} starts`, fromNow)
        this.#waitsForEvent = action.afterMs !== Infinity
        return
      case 'StateTimeout':
        this.stateEntered(state, action.afterMs)
    }
  }

  #start(key: unknown, event: FsmEvent, afterMs: number, what: string, rule: typeof fromNow): void {
    if (afterMs !== Infinity) requireThat(what, afterMs, rule, this.#self)
    this.#timers.cancel(key)
    if (afterMs === Infinity) return
    this.#timers.startSingleTimer(key, event, afterMs)
  }
}
