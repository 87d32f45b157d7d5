/**
 * What repeats, on a clock that is late as chance has it: a fixed rate catches up, a fixed delay counts from the last time.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ActorSystem, Behaviors, type Clock, type Dispatcher, type Runnable } from 'troupe'

/** A timer that was set. */
interface Timer {
  readonly dueMs: number
  readonly fire: () => void
}

/** Calls each timer so much later than it is due as the list says, one after another. */
class LateClock implements Clock {
  readonly #timers = new Set<Timer>()
  #nowMs = 0

  now(): number {
    return this.#nowMs
  }

  setTimer(delayMs: number, fire: () => void): Timer {
    const timer = { dueMs: this.#nowMs + delayMs, fire }
    this.#timers.add(timer)
    return timer
  }

  clearTimer(timer: Timer): void {
    this.#timers.delete(timer)
  }

  /** Calls the only timer there is. */
  fireLate(byMs: number): void {
    const [timer] = this.#timers
    if (timer === undefined || this.#timers.size > 1) throw new Error(`${String(this.#timers.size)} timers are set`)
    this.#timers.delete(timer)
    this.#nowMs = timer.dueMs + byMs
    timer.fire()
  }
}

const drawn = fc.record({
  initialMs: fc.nat({ max: 5 }),
  periodMs: fc.integer({ min: 1, max: 10 }),
  lateMs: fc.array(fc.nat({ max: 25 }), { maxLength: 20 }),
})

/** When what was scheduled ran, and when it was to run. */
const run = (
  isRate: boolean,
  isActor: boolean,
  { initialMs, periodMs, lateMs }: { initialMs: number; periodMs: number; lateMs: readonly number[] },
): { readonly ran: readonly number[]; readonly expected: readonly number[] } => {
  const clock = new LateClock()
  const queue: Runnable[] = []
  const dispatcher: Dispatcher = {
    schedule: (runnable) => void queue.push(runnable),
    taskStarted: () => ({ settled: () => undefined }),
  }
  const ran: number[] = []
  const note = (): void => {
    ran.push(clock.now())
  }
  const timing = Behaviors.withTimers<'tick'>((timers) => {
    if (isRate) timers.startTimerAtFixedRate('timer', 'tick', periodMs, initialMs)
    else timers.startTimerWithFixedDelay('timer', 'tick', periodMs, initialMs)
    return Behaviors.receiveMessageWithSame(note)
  })
  const system = ActorSystem.create(isActor ? timing : Behaviors.ignore, 'late', { clock, dispatcher })
  const runAll = (): void => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) next.run(100)
  }
  runAll()
  if (!isActor) {
    if (isRate) system.scheduler.scheduleAtFixedRate(initialMs, periodMs, note)
    else system.scheduler.scheduleWithFixedDelay(initialMs, periodMs, note)
  }
  const expected: number[] = []
  lateMs.forEach((late, count) => {
    clock.fireLate(late)
    runAll()
    const last = expected.at(-1)
    const dueMs = isRate || last === undefined ? initialMs + count * periodMs : last + periodMs
    expected.push(Math.max(last ?? 0, dueMs) + late)
  })
  return { ran, expected }
}

it.each([
  ['fixed rate', true, false],
  ['fixed delay', false, false],
  ['fixed rate by a timer of an actor', true, true],
  ['fixed delay by a timer of an actor', false, true],
] as const)('at a %s', (_, isRate, isActor) => {
  fc.assert(
    fc.property(drawn, (plan) => {
      const { ran, expected } = run(isRate, isActor, plan)
      expect(ran).toEqual(expected)
    }),
  )
})
