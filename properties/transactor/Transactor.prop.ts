/** The transfer race: whoever runs when, and whatever a participant loses, money is neither made nor lost. */
import fc from 'fast-check'
import { left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef } from 'troupe'
import { Transactor, type ParticipantCommand } from 'troupe/transactor'
import { Simulation } from 'troupe/testkit/fast-check'

type Account = ActorRef<ParticipantCommand<number>>

const transfer = (from: Account, to: Account, cents: number) =>
  Transactor.run([
    Transactor.update(from, (balance) => (balance < cents ? left('not enough') : right(balance - cents))),
    Transactor.update(to, (balance) => right(balance + cents)),
  ])

describe('the transfer race', () => {
  it('keeps the sum of both accounts, each of them from 0 up, and tells everybody what came of it', async () => {
    await fc.assert(
      fc.asyncProperty(Simulation.schedules({ steps: 120, faults: ['crash'] }), async (schedule) => {
        const isAccount = (name: string): boolean => name === 'ann' || name === 'bob'
        await Simulation.check(
          { schedule, openAsks: 'timeOut', faults: { only: ({ name }) => isAccount(name) } },
          (world) => {
            const transactor = world.spawn(Transactor.behavior({ timeoutMs: 100 }), 'transactor')
            const ann = world.spawn(Transactor.participant({ initial: 100 }), 'ann')
            const bob = world.spawn(Transactor.participant({ initial: 100 }), 'bob')
            const results: string[] = []
            const net: number[] = []
            for (const [from, to, sign] of [
              [ann, bob, 1],
              [bob, ann, -1],
              [ann, bob, 1],
            ] as const)
              world.spawn(
                Behaviors.coroutine<never>(function* (co) {
                  const done = yield* co.ask(transactor, transfer(from, to, 70), { timeoutMs: 100_000 })
                  if (done._tag === 'Left') return Behaviors.stopped
                  results.push(done.right._tag)
                  if (done.right._tag === 'Right') net.push(70 * sign)
                  return Behaviors.stopped
                }),
              )
            const balances: number[] = []
            world.spawn(
              Behaviors.coroutine<never>(function* (co) {
                // Long after the last attempt; a reader tries again, for its question may be the one that is lost.
                yield* co.sleep(90_000)
                for (const account of [ann, bob])
                  for (;;) {
                    const balance = yield* co.ask(account, Transactor.read<number>, { timeoutMs: 1_000 })
                    if (balance._tag === 'Left') continue
                    balances.push(balance.right)
                    break
                  }
                return Behaviors.stopped
              }),
            )
            world.finally(() => {
              expect(results).toHaveLength(3)
              const moved = net.reduce((sum, cents) => sum + cents, 0)
              expect(balances).toEqual([100 - moved, 100 + moved])
              expect(Math.min(...balances)).toBeGreaterThanOrEqual(0)
            })
          },
        )
      }),
    )
  })
})
