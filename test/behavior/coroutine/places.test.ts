/** What a coroutine does not want: it keeps its place, is counted, and comes when it is wanted. */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type Outcome, type Probe } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

/** Counts sends and how they end. */
const bookkeeping = (): { readonly probe: Probe; readonly booked: Record<Outcome | 'sent', number> } => {
  const booked = { sent: 0, handled: 0, unhandled: 0, dropped: 0, deadLetter: 0 }
  return {
    booked,
    probe: {
      enqueued: () => booked.sent++,
      settled: (_, __, outcome) => {
        booked[outcome]++
      },
    },
  }
}

describe('what a coroutine leaves in its place', () => {
  it('counts as sent once and as waiting, until it is handled or the actor stops', async () => {
    const { probe, booked } = bookkeeping()
    await using kit = ActorTestKit.create({ probe })
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        for (const wanted of ['x', 'y', 'x']) yield* co.receive((text) => text === wanted)
        return Behaviors.stopped
      }),
    )

    for (const text of ['a', 'x', 'x', 'b']) ref.tell(text)
    kit.runUntilQuiet()
    expect(booked).toEqual({ sent: 4, handled: 1, unhandled: 0, dropped: 0, deadLetter: 0 })

    ref.tell('y')
    kit.runUntilQuiet()
    expect(booked).toEqual({ sent: 5, handled: 3, unhandled: 0, dropped: 0, deadLetter: 2 })
  })

  it('stays through a restart, in order, before what came later', async () => {
    await using kit = ActorTestKit.create()
    const seen: string[] = []
    const ref = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          const first = yield* co.receive((text) => text.startsWith('!'))
          if (first === '!fail') throw new Error('failed')
          for (;;) seen.push(yield* co.receive())
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )

    for (const text of ['a', 'b', '!fail', 'c', '!go', 'd']) ref.tell(text)
    kit.runUntilQuiet()

    expect(seen).toEqual(['a', 'b', 'c', 'd'])
  })

  it('is warned of when it grows', async () => {
    await using kit = ActorTestKit.create({ settings: { mailboxHighWater: 100 } })
    const warnings = kit.createLogProbe({ level: 'warn' })
    const ref = kit.spawn(
      Behaviors.coroutine<number>(function* (co) {
        yield* co.receive((n) => n < 0)
        return Behaviors.stopped
      }),
    )

    for (let n = 0; n < 200; n++) {
      ref.tell(n)
      kit.runUntilQuiet()
    }

    expect(warnings.receiveMessage().message).toContain('Its mailbox has grown to 129 messages')
  })

  it('may be a hundred thousand messages, which are read in one go afterwards', async () => {
    await using kit = ActorTestKit.create({ settings: { mailboxHighWater: 1_000_000 } })
    let sum = 0
    const count = 100_000
    const ref = kit.spawn(
      Behaviors.coroutine<number>(function* (co) {
        yield* co.receive((message) => message < 0)
        for (let n = 0; n < count; n++) {
          const message = yield* co.receive()
          if (message === n) sum += message
        }
        return Behaviors.stopped
      }),
    )

    for (let n = 0; n < count; n++) ref.tell(n)
    ref.tell(-1)
    kit.runUntilQuiet()

    expect(sum).toBe((count * (count - 1)) / 2)
  })
})
