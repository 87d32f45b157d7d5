import { describe, expect, it } from 'vitest'
import { Behaviors } from 'troupe'
import { ActorTestKit, ManualClock } from 'troupe/testkit'

describe('ManualClock', () => {
  it('fires timers in the order of their due times, then in the order in which they were armed (virtual time)', () => {
    const clock = ManualClock.create()
    const fired: string[] = []
    clock.setTimer(20, () => fired.push('b'))
    clock.setTimer(10, () => fired.push('a'))
    clock.setTimer(20, () => fired.push('c'))

    clock.timePasses(19)
    expect(fired).toEqual(['a'])

    clock.timePasses(1)
    expect(fired).toEqual(['a', 'b', 'c'])
  })

  it('shows the due time to a timer that fires, and fires those that it arms in the same stretch (virtual time)', () => {
    const clock = ManualClock.create(1_000)
    const seen: number[] = []
    const again = (): void => {
      seen.push(clock.now())
      clock.setTimer(10, again)
    }
    clock.setTimer(10, again)

    clock.timePasses(35)

    expect(seen).toEqual([1_010, 1_020, 1_030])
    expect(clock.now()).toBe(1_035)
  })

  it('does not fire what was cancelled, even by a timer of the same time (virtual time)', () => {
    const clock = ManualClock.create()
    const fired: string[] = []
    clock.setTimer(10, () => {
      clock.clearTimer(second)
    })
    const second = clock.setTimer(10, () => fired.push('second'))

    clock.timePasses(10)

    expect(fired).toEqual([])
  })

  it('refuses to run backwards', () => {
    expect(() => {
      ManualClock.create().timePasses(-1)
    }).toThrow('-1 ms cannot pass; give a number of milliseconds from 0 up.')
  })

  it('lets actors run between timers, so that what a tick starts counts from that tick (virtual time)', () => {
    const kit = ActorTestKit.create()
    const seen: number[] = []
    kit.spawn(
      Behaviors.withTimers<string>((timers) => {
        timers.startSingleTimer('tick', 'tick', 10)
        return Behaviors.receiveMessage(() => {
          seen.push(kit.clock.now())
          timers.startSingleTimer('tick', 'tick', 10)
          return Behaviors.same
        })
      }),
    )

    kit.clock.timePasses(35)

    expect(seen).toEqual([10, 20, 30])
  })

  it('expects no message of any of the probes for a while (virtual time)', () => {
    const kit = ActorTestKit.create()
    const probe = kit.createProbe<string>()
    kit.system.scheduler.scheduleOnce(50, () => {
      probe.ref.tell('late')
    })

    kit.clock.expectNoMessageFor(49, probe)

    expect(() => {
      kit.clock.expectNoMessageFor(1, probe)
    }).toThrow("expected no message, but got\n  'late'")
  })
})
