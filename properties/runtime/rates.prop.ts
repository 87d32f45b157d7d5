/**
 * What repeats, on a clock that is late as chance has it: a fixed rate catches up, a fixed delay counts from the last time.
 */
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { ActorSystem, Behaviors, type Clock } from 'troupe'

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
  { initialMs, periodMs, lateMs }: { initialMs: number; periodMs: number; lateMs: readonly number[] },
): { readonly ran: readonly number[]; readonly expected: readonly number[] } => {
  const clock = new LateClock()
  const system = ActorSystem.create(Behaviors.ignore, 'late', { clock: clock })
  const ran: number[] = []
  const note = (): void => {
    ran.push(clock.now())
  }
  if (isRate) system.scheduler.scheduleAtFixedRate(initialMs, periodMs, note)
  else system.scheduler.scheduleWithFixedDelay(initialMs, periodMs, note)
  const expected: number[] = []
  lateMs.forEach((late, count) => {
    clock.fireLate(late)
    const last = expected.at(-1)
    const dueMs = isRate || last === undefined ? initialMs + count * periodMs : last + periodMs
    expected.push(Math.max(last ?? 0, dueMs) + late)
  })
  return { ran, expected }
}

it.each([
  ['fixed rate', true],
  ['fixed delay', false],
] as const)('at a %s', (_, isRate) => {
  fc.assert(
    fc.property(drawn, (plan) => {
      const { ran, expected } = run(isRate, plan)
      expect(ran).toEqual(expected)
    }),
  )
})
