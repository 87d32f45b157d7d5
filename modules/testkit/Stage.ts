/**
 * Where a test runs its actors: lets them run until they are quiet, and, inside `within`, lets virtual time pass meanwhile.
 */
import type { ActorRef, Clock } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { delay, requireThat, type Rule } from '../model/internal.js'
import { startTimeout, stopTimeout } from '../runtime/internal.js'
import { ExpectationFailed } from './ExpectationFailed.js'
import { VirtualClock } from './ManualClock.js'
import type { ManualDispatcher } from './ManualDispatcher.js'
import { turnOfTheLoop } from './turnOfTheLoop.js'

export class Stage {
  readonly clock: Clock
  readonly #dispatcher: ManualDispatcher
  /** Until when expectations may let time pass; undefined outside of `within`. */
  #deadlineMs: number | undefined = undefined
  #isClosed = false

  constructor(clock: Clock, dispatcher: ManualDispatcher) {
    this.clock = clock
    this.#dispatcher = dispatcher
    if (clock instanceof VirtualClock)
      clock.drivenBy(() => {
        if (!dispatcher.isRunning) dispatcher.runUntilQuiet()
      })
  }

  get pendingTasks(): readonly ActorRef<never>[] {
    return this.#dispatcher.pendingTasks
  }

  /** The system has ended: what is told to its probes comes nowhere. */
  close(): void {
    this.#isClosed = true
  }

  /** Throws when the system has ended: then nothing that is expected of it means anything. */
  requireOpen(what: string): void {
    if (!this.#isClosed) return
    throw new TroupeError(
      'IllegalState',
      `'${what}' was called after the kit was shut down, when nothing arrives at its probes. Expect it before shutdown().`,
    )
  }

  runUntilQuiet(): void {
    this.#dispatcher.runUntilQuiet()
  }

  /** Runs until `isThere` holds or nothing more can happen; inside `within` that includes timers up to the deadline. */
  waitFor(isThere: () => boolean): boolean {
    do this.runUntilQuiet()
    while (!isThere() && this.#nextTimer())
    return isThere()
  }

  /** Lets virtual time pass. */
  letPass(ms: number): void {
    const { clock } = this
    if (!(clock instanceof VirtualClock))
      throw new TroupeError(
        'IllegalState',
        `Only on a manual clock can time pass. Make the kit with { clock: 'manual' }.`,
      )
    clock.timePasses(ms)
  }

  /** Whether what `body` does, and the expectations in it wait for, takes at most so long. */
  within<T>(maxMs: number, body: () => T): T {
    requireThat('maxMs', maxMs, virtualTime)
    const outer = this.#deadlineMs
    const startMs = this.clock.now()
    this.#deadlineMs = Math.min(outer ?? Infinity, startMs + maxMs)
    try {
      const result = body()
      const tookMs = this.clock.now() - startMs
      if (tookMs > maxMs)
        throw new ExpectationFailed(`Expected to be done within ${String(maxMs)} ms, but it took ${String(tookMs)} ms.`)
      return result
    } finally {
      this.#deadlineMs = outer
    }
  }

  /** Tries again after each timer, for up to so long. */
  awaitAssert<T>(assertion: () => T, maxMs: number): T {
    return this.within(maxMs, () => {
      for (;;) {
        this.runUntilQuiet()
        try {
          return assertion()
        } catch (error) {
          // It may hold later; when nothing more can happen, this is the failure to report.
          if (!this.#nextTimer()) throw error
        }
      }
    })
  }

  /** Waits until every task has settled and everything that follows from it has been done; no longer than so many milliseconds in all. */
  async settle(timeoutMs: number): Promise<void> {
    let isLate = false
    let onLate: () => void = () => undefined
    const timeout = startTimeout(() => {
      isLate = true
      onLate()
    }, timeoutMs)
    try {
      this.runUntilQuiet()
      for (let rounds = 1; this.pendingTasks.length > 0; rounds++) {
        // Tasks that are done at once would keep the event loop, and with it the timeout, from its turn.
        if (rounds % roundsPerTurn === 0) await turnOfTheLoop()
        else
          await new Promise<void>((resolve) => {
            const forget = this.#dispatcher.onceSettled(resolve)
            onLate = () => {
              forget()
              resolve()
            }
          })
        this.runUntilQuiet()
        if (isLate && this.pendingTasks.length > 0) throw this.#unsettled(timeoutMs, rounds)
      }
    } finally {
      stopTimeout(timeout)
    }
  }

  /** Which tasks are pending, as a sentence; empty when none is. */
  describePending(): string {
    const { pendingTasks } = this
    if (pendingTasks.length === 0) return ''
    const owners = [...new Set(pendingTasks.map((ref) => ref.path.toString()))].join(', ')
    return `${pendingTasks.length === 1 ? 'A task is' : `${String(pendingTasks.length)} tasks are`} pending, started by ${owners}`
  }

  /** Lets time pass to the next timer before the deadline. */
  #nextTimer(): boolean {
    const { clock } = this
    if (this.#deadlineMs === undefined || !(clock instanceof VirtualClock)) return false
    const due = clock.nextDueMs
    if (due === undefined || due > this.#deadlineMs) return false
    clock.timePasses(Math.max(0, due - clock.now()))
    return true
  }

  #unsettled(timeoutMs: number, rounds: number): ExpectationFailed {
    const soFar = rounds > 1 ? ` after ${String(rounds)} rounds of tasks` : ''
    return new ExpectationFailed(
      `The system has not settled within ${String(timeoutMs)} ms of real time${soFar}. ${this.describePending()}. ` +
        `One that waits for the clock of the kit needs clock.timePasses; one that never ends, or begins anew each time, cannot be waited for.`,
    )
  }
}

/** It passes on the stack of the test, which nothing could interrupt. */
const virtualTime: Rule = {
  holds: delay.holds,
  expected: `${delay.expected}: without a limit, a timer that comes again and again would let virtual time pass for ever`,
}

/** After so many rounds of tasks the event loop gets a turn. */
const roundsPerTurn = 1_000
