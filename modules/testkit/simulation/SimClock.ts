/**
 * Virtual time: it stands still while anybody can run, and then jumps to the next timer.
 */
import { Heap } from '../../base/index.js'
import type { ActorRef, Clock, TimerHandle } from '../../model/index.js'

interface SimTimer {
  readonly dueMs: number
  readonly sequence: number
  readonly fire: () => void
  /** The ask that it ends; undefined for other timers. */
  readonly replyTo: ActorRef<never> | undefined
  /** True when it may be a promise that waits for it. */
  readonly mayWakePromise: boolean
  isLive: boolean
}

/** Told of timers, whose order is that in which they were armed, and of asks: when one begins, and when it has an answer or has run out of time. */
export interface TimerListener {
  /** Whether it may be a promise that waits for this timer. */
  armed(): boolean
  asked(replyTo: ActorRef<never>): void
  askEnded(replyTo: ActorRef<never>, hasTimedOut: boolean): void
}

export class SimClock implements Clock {
  readonly #timers = new Heap<SimTimer>(isBefore)
  readonly #listener: TimerListener
  #nowMs = 0
  #sequence = 0
  /** Live timers that end no ask. */
  #plain = 0
  /** Those of them that a promise may wait for. */
  #waking = 0

  constructor(listener: TimerListener) {
    this.#listener = listener
  }

  /** When the next timer is due; undefined when none is armed. */
  get nextDueMs(): number | undefined {
    while (this.#timers.first?.isLive === false) this.#timers.pop()
    return this.#timers.first?.dueMs
  }

  /** True when nothing but the end of an ask is armed. */
  get hasOnlyAsks(): boolean {
    return this.#plain === 0
  }

  /** True when a promise may wait for virtual time. */
  get mayWakePromises(): boolean {
    return this.#waking > 0
  }

  now(): number {
    return this.#nowMs
  }

  setTimer(delayMs: number, fire: () => void, replyTo?: ActorRef<never>): TimerHandle {
    const timer: SimTimer = {
      dueMs: this.#nowMs + Math.max(0, delayMs),
      sequence: ++this.#sequence,
      fire,
      replyTo,
      mayWakePromise: this.#listener.armed() && replyTo === undefined,
      isLive: true,
    }
    this.#timers.push(timer)
    if (timer.mayWakePromise) this.#waking++
    if (replyTo === undefined) this.#plain++
    else this.#listener.asked(replyTo)
    return timer
  }

  clearTimer(handle: TimerHandle): void {
    // Handles come from setTimer above; one may be undefined before a timer is armed.
    const timer = handle as SimTimer | undefined
    if (timer?.isLive === true) this.#end(timer, false)
  }

  /** Jumps to the next timer and fires all that are due then, in the order in which they were armed. */
  jump(): void {
    const due = this.nextDueMs
    if (due === undefined) return
    this.#nowMs = due
    const last = this.#sequence
    // What they arm for the same moment waits until actors have run.
    for (let next = this.#timers.first; next?.dueMs === due && next.sequence <= last; next = this.#timers.first) {
      this.#timers.pop()
      if (!next.isLive) continue
      this.#end(next, true)
      next.fire()
    }
  }

  #end(timer: SimTimer, hasTimedOut: boolean): void {
    timer.isLive = false
    if (timer.mayWakePromise) this.#waking--
    if (timer.replyTo === undefined) this.#plain--
    else this.#listener.askEnded(timer.replyTo, hasTimedOut)
  }
}

const isBefore = (a: SimTimer, b: SimTimer): boolean =>
  a.dueMs < b.dueMs || (a.dueMs === b.dueMs && a.sequence < b.sequence)
