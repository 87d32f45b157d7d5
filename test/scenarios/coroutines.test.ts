/** Many light threads: what they take, and that they wake in order. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef } from 'troupe'
import { ActorTestKit, Simulation } from 'troupe/testkit'

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc') as () => void

/** Bytes in use when nothing more can be collected. */
const bytesInUse = (): number => {
  collectGarbage()
  collectGarbage()
  return process.memoryUsage().heapUsed
}

describe('100,000 coroutines', () => {
  it('sleep 10 virtual seconds, wake in order, and take at most 1.2 kB each', async () => {
    await using kit = ActorTestKit.create()
    const count = 100_000
    const refs = new Array<ActorRef<string> | undefined>(count).fill(undefined)
    let started = 0
    let woken = 0
    let outOfOrder = 0
    const sleeper = Behaviors.coroutine<string>(function* (co) {
      const number = started++
      yield* co.sleep(10_000)
      if (number !== woken++) outOfOrder++
      return Behaviors.stopped
    })
    const before = bytesInUse()

    for (let index = 0; index < count; index++) refs[index] = kit.spawn(sleeper)
    kit.runUntilQuiet()

    expect((bytesInUse() - before) / count).toBeLessThan(1_200)
    kit.clock.timePasses(9_999)
    expect([started, woken]).toEqual([count, 0])
    kit.clock.timePasses(1)
    expect([woken, outOfOrder]).toEqual([count, 0])
  }, 60_000)
})

describe('100,000 coroutines in one simulation run', () => {
  it('sleep 10 virtual seconds and wake in order', async () => {
    const count = 100_000
    const started: number[] = []
    const woken: number[] = []
    let wokenAtMs = 0
    await Simulation.check({ maxSteps: 10 * count, history: 1 }, (world) => {
      const sleeper = Behaviors.coroutine<never>(function* (co) {
        const number = started.length
        started.push(number)
        // Who runs when is up to the seed; the later it goes to sleep, the later it is to wake.
        yield* co.sleep(10_000 + number / count)
        woken.push(number)
        wokenAtMs = world.now()
        return Behaviors.stopped
      })
      world.spawn(
        Behaviors.coroutine<never>(function* (co) {
          for (let index = 0; index < count; index++) {
            yield* co.spawn(sleeper)
            // A hundred at a time: the simulator looks at all who could run before each step.
            if (index % 100 === 0) yield* co.sleep(0)
          }
          for (;;) yield* co.receive()
        }),
      )
    })

    expect(woken).toEqual(started)
    expect(Math.floor(wokenAtMs)).toBe(10_000)
  }, 60_000)
})
