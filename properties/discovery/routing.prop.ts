/**
 * Laws of routers and topics, whatever is sent and whoever comes and goes.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Behaviors, Routers, Routing, Topic, type ActorRef, type Behavior } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

/** Writes down what it gets, in a list of its own. */
const recorders = (): { readonly behavior: Behavior<number>; readonly got: number[][] } => {
  const got: number[][] = []
  return {
    got,
    behavior: Behaviors.setup<number>(() => {
      const mine: number[] = []
      got.push(mine)
      return Behaviors.receiveMessageWithSame((n) => {
        mine.push(n)
      })
    }),
  }
}

const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_, i) => i)

describe('a pool', () => {
  it('with round robin is fair within one, keeps the order at each routee, and loses nothing', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.nat(60), (size, count) => {
        const kit = ActorTestKit.create()
        const { behavior, got } = recorders()
        const pool = kit.spawn(Routers.pool<number>({ size })(behavior))
        for (const n of numbers(count)) pool.tell(n)
        kit.runUntilQuiet()

        const counts = got.map((mine) => mine.length)
        expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1)
        for (const mine of got) expect(mine).toEqual([...mine].sort((a, b) => a - b))
        expect(got.flat().sort((a, b) => a - b)).toEqual(numbers(count))
      }),
    )
  })

  it('with a consistent hash gives all messages of a key to one routee', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 8 }), fc.array(fc.nat(20), { maxLength: 60 }), (size, sent) => {
        const kit = ActorTestKit.create()
        const { behavior, got } = recorders()
        const pool = kit.spawn(Routers.pool<number>({ size, routing: Routing.consistentHash(String) })(behavior))
        for (const n of sent) pool.tell(n)
        kit.runUntilQuiet()

        for (const n of new Set(sent)) expect(got.filter((mine) => mine.includes(n))).toHaveLength(1)
        expect(got.flat()).toHaveLength(sent.length)
      }),
    )
  })

  it('that is resized while it works loses nothing and handles nothing twice', () => {
    const steps = fc.array(fc.oneof(fc.constant('send' as const), fc.integer({ min: 1, max: 6 })), { maxLength: 60 })
    fc.assert(
      fc.property(steps, (plan) => {
        const kit = ActorTestKit.create()
        const { behavior, got } = recorders()
        const pool = kit.spawn(Routers.pool<number>({ size: 3, bounds: { min: 1, max: 6 } })(behavior))
        let sent = 0
        for (const step of plan) pool.tell(step === 'send' ? sent++ : Routers.resizePool(step))
        kit.runUntilQuiet()

        expect(got.flat().sort((a, b) => a - b)).toEqual(numbers(sent))
      }),
    )
  })
})

describe('a topic', () => {
  type Step = { readonly _tag: 'join' | 'leave'; readonly who: number } | { readonly _tag: 'publish' }
  const steps: fc.Arbitrary<readonly Step[]> = fc.array(
    fc.oneof(
      fc.record({ _tag: fc.constantFrom('join' as const, 'leave' as const), who: fc.nat(4) }),
      fc.constant({ _tag: 'publish' as const }),
    ),
    { maxLength: 60 },
  )

  it('reaches every subscriber that was there before and after, in order, and nobody else', () => {
    fc.assert(
      fc.property(steps, (plan) => {
        const kit = ActorTestKit.create()
        const topic = kit.spawn(Topic.of<number>())
        const got: number[][] = [[], [], [], [], []]
        const refs: readonly ActorRef<number>[] = got.map((mine) =>
          kit.spawn(Behaviors.receiveMessageWithSame<number>((n) => void mine.push(n))),
        )
        const expected: number[][] = got.map(() => [])
        const there = new Set<number>()
        plan.forEach((step, n) => {
          if (step._tag === 'publish') {
            topic.tell(Topic.publish(n))
            for (const who of there) expected[who]?.push(n)
            return
          }
          // There are five of them.
          const ref = refs[step.who] as ActorRef<number>
          topic.tell(step._tag === 'join' ? Topic.subscribe(ref) : Topic.unsubscribe(ref))
          if (step._tag === 'join') there.add(step.who)
          else there.delete(step.who)
        })
        kit.runUntilQuiet()

        expect(got).toEqual(expected)
      }),
    )
  })
})
