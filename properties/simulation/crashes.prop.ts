/**
 * Patterns whose own actors crash, or those behind them.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it } from 'vitest'
import { Behaviors, ask, type ActorRef, type AskError, type Behavior } from 'troupe'
import {
  CircuitBreaker,
  SpawnProtocol,
  batch,
  passivateAfter,
  perKey,
  retry,
  throttle,
  type CallTimeout,
  type CircuitOpen,
} from 'troupe/patterns'
import type { Faults } from 'troupe/testkit'
import { isTerminated } from '../../modules/runtime/internal.js'
import { collecting, expectSame, expectThat, inAnyOrder, numbers, restarting, sorted, type Losses } from './support.js'

const faults = { crash: 0.15, delay: 0.1, delayMs: 30 }

const numbersIn = (list: readonly unknown[]): readonly number[] => list.filter((each) => typeof each === 'number')

/** Whatever was told is handled, has crashed somebody, or is a dead letter; each once. */
const expectNothingVanished = (got: readonly number[], { crashed, deadLetters }: Losses, count: number): void => {
  expectSame('all, once', sorted([...got, ...numbersIn(crashed), ...numbersIn(deadLetters)]), numbers(count))
}

const isChildOfKeys: Faults['only'] = ({ elements }) => elements.at(-2) === 'keys'

/** Answers with a number of its own each time, and counts how often it was asked. */
const server = (asked: { count: number }): Behavior<ActorRef<number>> =>
  restarting(
    Behaviors.receiveMessageWithSame<ActorRef<number>>((replyTo) => {
      asked.count++
      replyTo.tell(asked.count)
    }),
  )

const asking = (ref: ActorRef<ActorRef<number>>): (() => Promise<Either<AskError, number>>) =>
  pipe(
    ref,
    ask((replyTo: ActorRef<number>) => replyTo, { timeoutMs: 50 }),
  )

describe('whoever crashes', () => {
  it('children by key are one at a time for each key, and nothing vanishes between them', () =>
    inAnyOrder({ ...faults, only: isChildOfKeys }, async (world, losses) => {
      const got: number[] = []
      const living = new Map<string, ActorRef<never>>()
      const child = (key: string): Behavior<number> =>
        Behaviors.setup((context) => {
          const before = living.get(key)
          if (before !== undefined && !isTerminated(before)) world.fail(new Error(`there are two of ${key}`))
          living.set(key, context.self)
          return collecting(got)
        })
      const ref = world.spawn(perKey<number>({ keyOf: (n) => String(n % 2), idleMs: 20, make: child }), 'keys')
      for (const n of numbers(12)) {
        ref.tell(n)
        await world.sleep(Math.floor(world.random.next() * 40))
      }
      world.finally(() => {
        expectNothingVanished(got, losses, 12)
        for (const key of [0, 1]) {
          const ofKey = got.filter((n) => n % 2 === key)
          expectSame('in order', ofKey, sorted(ofKey))
        }
      })
    }))

  it('a throttle that is restarted says what it had not passed on, and keeps the order of the rest', () =>
    inAnyOrder(faults, async (world, losses) => {
      const got: number[] = []
      const target = world.spawn(collecting(got), 'target')
      const gate = world.spawn(restarting(throttle({ target, messages: 1, perMs: 20 })), 'frail-gate')
      for (const n of numbers(12)) {
        gate.tell(n)
        await world.sleep(Math.floor(world.random.next() * 20))
      }
      world.finally(() => {
        expectNothingVanished(got, losses, 12)
        expectSame('in order', got, sorted(got))
      })
    }))

  it('a batch that is restarted sends what it has gathered', () =>
    inAnyOrder(faults, async (world, losses) => {
      const got: (readonly number[])[] = []
      const target = world.spawn(collecting(got), 'target')
      const packer = world.spawn(restarting(batch({ target, size: 3, withinMs: 50 })), 'frail-packer')
      for (const n of numbers(12)) {
        packer.tell(n)
        await world.sleep(Math.floor(world.random.next() * 40))
      }
      world.finally(() => {
        expectThat(
          got.every(({ length }) => length <= 3),
          'a batch is too large',
        )
        expectSame('in order', got.flat(), sorted(got.flat()))
        expectSame('dead letters', losses.deadLetters.length, 0)
        expectNothingVanished(got.flat(), losses, 12)
      })
    }))

  it('the spawn protocol goes on: each request that it handles is answered with an actor that lives', () =>
    inAnyOrder(faults, (world, losses) => {
      const refs: ActorRef<number>[] = []
      const asker = world.spawn(collecting(refs), 'asker')
      const spawner = world.spawn(SpawnProtocol.behavior, 'frail-spawner')
      for (let i = 0; i < 8; i++) spawner.tell(SpawnProtocol.spawn(collecting<number>([]), 'same')(asker))
      world.finally(() => {
        expectSame('answered', refs.length + losses.crashed.length, 8)
        expectSame('names', new Set(refs.map(({ path }) => path.name)).size, refs.length)
        expectThat(!refs.some(isTerminated), 'one is gone')
      })
    }))

  it('an actor that is restarted goes all the same when it is idle, and not before', () =>
    inAnyOrder({ crash: 0.15 }, async (world, losses) => {
      const got: number[] = []
      const guest = world.spawn(restarting(passivateAfter(200)(collecting(got))), 'frail')
      for (const n of numbers(10)) {
        guest.tell(n)
        await world.sleep(100)
      }
      expectSame('while it was busy', isTerminated(guest), false)
      expectSame('handled', got.length + losses.crashed.length, 10)
      world.finally(() => {
        // What the idle actor tells itself may crash it as well; then it is idle again.
        expectSame('in the end', isTerminated(guest), true)
      })
    }))

  it('a breaker in front of an actor asks it nothing while it is open', () =>
    inAnyOrder(faults, async (world) => {
      const asked = { count: 0 }
      const ref = world.spawn(server(asked), 'frail-server')
      const breaker = CircuitBreaker.create<AskError>(world.system, {
        name: 'the server',
        maxFailures: 2,
        resetTimeoutMs: 100,
      })
      let [calls, inARow, openedMs] = [0, 0, -Infinity]
      const call = breaker.protect(() => {
        calls++
        expectThat(inARow < 2 || world.now() >= openedMs + 100, 'it was called while it was open')
        return asking(ref)()
      })
      for (let i = 0; i < 12; i++) {
        const result: Either<AskError | CircuitOpen | CallTimeout, number> = await call()
        if (result._tag === 'Right') inARow = 0
        else if (result.left._tag === 'CircuitOpen') expectSame('it was open', inARow >= 2, true)
        else if (++inARow >= 2) openedMs = world.now()
        await world.sleep(Math.floor(world.random.next() * 60))
      }
      expectThat(calls >= asked.count, 'it was asked by somebody else')
    }))

  it('a retry has the first answer that comes, and asks no more after it', () =>
    inAnyOrder({ ...faults, crash: 0.5 }, async (world) => {
      const asked = { count: 0 }
      const ref = world.spawn(server(asked), 'frail-server')
      const times: number[] = []
      const call = (): Promise<Either<AskError, number>> => {
        times.push(world.now())
        return asking(ref)()
      }
      const result = await retry(world.system, call, { attempts: 4, minMs: 10 })()
      const isRight = result._tag === 'Right'
      expectThat(times.length <= 4 && (isRight || times.length === 4), 'too often, or too seldom')
      // A failed attempt took all of its time, and a pause that was no shorter than the one before.
      times.slice(1).forEach((at, i) => {
        expectThat(at - (times[i] ?? 0) >= 50 + 10 * 2 ** i, `attempt ${String(i + 1)} came too early`)
      })
    }))

  it('a session that crashes takes nothing with it but the answer to its own question', () =>
    inAnyOrder(faults, (world, losses) => {
      interface Order {
        readonly number: number
        readonly replyTo: ActorRef<readonly [number, number]>
      }
      const replies: (readonly [number, number])[] = []
      const asker = world.spawn(collecting(replies), 'asker')
      const shop = world.spawn(
        Behaviors.receive<Order>((context, { number, replyTo }) => {
          context
            .spawn(
              Behaviors.receiveMessage<number>((price) => {
                replyTo.tell([number, price])
                return Behaviors.stopped
              }),
              `frail-session-${String(number)}`,
            )
            .tell(number * 10)
          return Behaviors.same
        }),
        'shop',
      )
      for (const number of numbers(6)) shop.tell({ number, replyTo: asker })
      world.finally(() => {
        expectSame('answered', replies.length + losses.crashed.length, 6)
        for (const [number, price] of replies) expectSame('its own', price, number * 10)
      })
    }))
})
