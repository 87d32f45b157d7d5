/**
 * Laws of the actors that hold messages back for a while: nothing is lost, nothing comes twice, the order stays.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef } from 'troupe'
import { Agent, aggregate, batch, perKey, throttle } from 'troupe/patterns'
import { ActorTestKit } from 'troupe/testkit'

/** Pauses in milliseconds between messages that are numbered as they are sent. */
const pauses = fc.array(fc.nat(120), { maxLength: 40 })

/** Sends a number after each pause, then waits. */
const send = (kit: ActorTestKit, waits: readonly number[], ref: ActorRef<number>): readonly number[] => {
  waits.forEach((ms, n) => {
    kit.clock.timePasses(ms)
    ref.tell(n)
  })
  kit.clock.timePasses(100_000)
  return waits.map((_, n) => n)
}

describe('a throttle', () => {
  it('keeps the order, loses nothing, and never lets more pass than it may in any time', () => {
    const rates = fc.record({
      messages: fc.integer({ min: 1, max: 5 }),
      perMs: fc.integer({ min: 10, max: 300 }),
      burst: fc.integer({ min: 1, max: 5 }),
    })
    fc.assert(
      fc.property(pauses, rates, (waits, rate) => {
        const kit = ActorTestKit.create()
        const passed: { readonly n: number; readonly atMs: number }[] = []
        const target = kit.spawn(
          Behaviors.receiveMessageWithSame<number>((n) => void passed.push({ n, atMs: kit.clock.now() })),
        )
        const sent = send(kit, waits, kit.spawn(throttle({ target, ...rate })))

        expect(passed.map(({ n }) => n)).toEqual(sent)
        const everyMs = rate.perMs / rate.messages
        passed.forEach(({ atMs }, from) => {
          passed.slice(from).forEach((last, more) => {
            expect(more + 1).toBeLessThanOrEqual(rate.burst + Math.floor((last.atMs - atMs) / everyMs + 1e-6) + 1e-9)
          })
        })
      }),
    )
  })
})

describe('a batch', () => {
  it('holds at most so many, in order, none for longer than it may', () => {
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 6 }), fc.integer({ min: 1, max: 200 }), (waits, size, withinMs) => {
        const kit = ActorTestKit.create()
        const sentAt: number[] = []
        const batches: (readonly number[])[] = []
        const target = kit.spawn(
          Behaviors.receiveMessageWithSame<readonly number[]>((numbers) => {
            batches.push(numbers)
            for (const n of numbers) expect(kit.clock.now() - (sentAt[n] ?? 0)).toBeLessThanOrEqual(withinMs)
          }),
        )
        const ref = kit.spawn(batch({ target, size, withinMs }))
        waits.forEach((ms, n) => {
          kit.clock.timePasses(ms)
          sentAt[n] = kit.clock.now()
          ref.tell(n)
        })
        kit.clock.timePasses(withinMs)

        expect(batches.flat()).toEqual(waits.map((_, n) => n))
        expect(batches.every((each) => each.length <= size)).toBe(true)
      }),
    )
  })
})

describe('children by key that come and go', () => {
  it('lose nothing and keep the order of each key', () => {
    fc.assert(
      fc.property(pauses, fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 100 }), (waits, keys, idleMs) => {
        const kit = ActorTestKit.create()
        const got = new Map<number, number[]>()
        const keyOf = (n: number): string => String(n % keys)
        const ref = kit.spawn(
          perKey<number>({
            keyOf,
            idleMs,
            make: (key) =>
              Behaviors.receiveMessageWithSame((n) => {
                got.set(Number(key), [...(got.get(Number(key)) ?? []), n])
              }),
          }),
        )
        const sent = send(kit, waits, ref)

        for (let key = 0; key < keys; key++)
          expect(got.get(key) ?? []).toEqual(sent.filter((n) => keyOf(n) === String(key)))
        expect(kit.system.printTree().match(/\$/g) ?? []).toHaveLength(1)
      }),
    )
  })
})

describe('an agent', () => {
  it('is what its updates add up to, one after the other', () => {
    const steps = fc.array(fc.oneof(fc.integer(), fc.constant('throw' as const)))
    fc.assert(
      fc.property(steps, (updates) => {
        const kit = ActorTestKit.create({ settings: { logLevel: 'off' } })
        const agent = kit.spawn(Agent.of<readonly number[]>([]))
        const probe = kit.createProbe<readonly number[]>()
        for (const update of updates)
          agent.tell(
            Agent.update<readonly number[]>((all) => {
              if (update === 'throw') throw new Error('no')
              return [...all, update]
            }),
          )
        agent.tell(Agent.get(probe.ref))

        probe.expectMessage(updates.filter((update) => update !== 'throw'))
      }),
    )
  })
})

describe('an aggregate', () => {
  it('has the replies that came in time, at most as many as it wants, in the order in which they came', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(200), { maxLength: 10 }), fc.integer({ min: 1, max: 10 }), (delays, replies) => {
        const kit = ActorTestKit.create()
        const probe = kit.createProbe<readonly number[]>()
        kit.spawn(
          aggregate<number, readonly number[]>({
            ask: (replyTo) => {
              for (const ms of delays) kit.system.scheduler.scheduleOnce(ms, () => replyTo.tell(ms))
            },
            replies,
            timeoutMs: 100.5,
            combine: (all) => all,
            replyTo: probe.ref,
          }),
        )
        kit.clock.timePasses(300)

        probe.expectMessage(
          [...delays]
            .sort((a, b) => a - b)
            .filter((ms) => ms <= 100)
            .slice(0, replies),
        )
        probe.expectNoMessage()
      }),
    )
  })
})
