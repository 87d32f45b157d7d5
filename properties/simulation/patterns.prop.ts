/**
 * Routers, discovery and patterns in any order of turns, with crashes and delays.
 */
import { left, right, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it } from 'vitest'
import { Behaviors, Receptionist, Routers, ServiceKey, Topic, find, type ActorRef, type Listing } from 'troupe'
import { Agent, aggregate, batch, perKey, retry, throttle } from 'troupe/patterns'
import type { SimulatedWorld } from 'troupe/testkit'
import { isTerminated } from '../../modules/runtime/internal.js'
import { collecting, expectSame, inAnyOrder as inOrders, numbers, restarting, sorted } from './support.js'

/** What failed is counted: a message that crashes its handler is lost. */
const inAnyOrder = (app: (world: SimulatedWorld, lost: () => number) => void | Promise<void>): Promise<void> =>
  inOrders({ crash: 0.1, delay: 0.1, delayMs: 30 }, (world, { crashed }) => app(world, () => crashed.length))

describe('under crashes and delays', () => {
  it('a pool of supervised routees handles every message once, but for those that crash', async () => {
    await inAnyOrder((world, lost) => {
      const got: number[] = []
      const pool = world.spawn(
        Behaviors.setup<number>((context) => {
          const inner = context.spawn(pipe(collecting(got), restarting, Routers.pool<number>({ size: 3 })), 'frail')
          return Behaviors.receiveMessageWithSame((n) => {
            inner.tell(n)
          })
        }),
        'pool',
      )
      for (const n of numbers(20)) pool.tell(n)
      world.finally(() => {
        expectSame('each once', new Set(got).size, got.length)
        // The pool itself may crash as well: then the rest are dead letters.
        if (world.system.printTree().includes('frail')) expectSame('handled and lost', got.length + lost(), 20)
      })
    })
  })

  it('the receptionist lists in the end exactly those who live, and every subscriber knows', async () => {
    const key = ServiceKey.of<number>('services')
    await inAnyOrder((world) => {
      const receptionist = Receptionist.get(world.system)
      let known: readonly ActorRef<never>[] = []
      const subscriber = world.spawn(
        Behaviors.receiveMessageWithSame<Listing<number>>(({ refs }) => {
          known = refs
        }),
        'subscriber',
      )
      receptionist.tell(Receptionist.subscribe(key, subscriber))
      const refs = numbers(5).map((i) => world.spawn(collecting<number>([]), `frail-${String(i)}`))
      for (const ref of refs) {
        receptionist.tell(Receptionist.register(key, ref))
        for (const n of numbers(3)) ref.tell(n)
      }
      world.finally(() => {
        const names = (list: readonly ActorRef<never>[]): readonly string[] => list.map(({ path }) => path.name).sort()
        const living = names(refs.filter((ref) => !isTerminated(ref)))
        expectSame('listed', names(find.byKey(key)(world.system)), living)
        expectSame('known', names(known), living)
      })
    })
  })

  it('a topic reaches every subscriber that lives through it, in order, whoever else crashes', async () => {
    await inAnyOrder(async (world) => {
      const topic = world.spawn(Topic.of<number>(), 'topic')
      const got: number[][] = numbers(4).map(() => [])
      got.forEach((mine, i) => {
        topic.tell(Topic.subscribe(world.spawn(collecting(mine), `${i < 2 ? 'frail' : 'firm'}-${String(i)}`)))
      })
      for (const n of numbers(10)) {
        topic.tell(Topic.publish(n))
        // Some of them come when another subscriber has gone.
        if (world.random.next() < 0.3) await world.sleep(40)
      }
      world.finally(() => {
        for (const mine of got.slice(2)) expectSame('all of it', mine, numbers(10))
        for (const mine of got.slice(0, 2)) expectSame('the beginning of it', mine, numbers(mine.length))
      })
    })
  })

  it('an aggregate gives one result for each question, with the replies of those who live', async () => {
    await inAnyOrder((world) => {
      const results: (readonly number[])[] = []
      const target = world.spawn(
        Behaviors.receiveMessageWithSame<readonly number[]>((result) => {
          results.push(result)
        }),
        'target',
      )
      const servers = numbers(3).map((i) =>
        world.spawn(
          Behaviors.receiveMessageWithSame<ActorRef<number>>((replyTo) => {
            replyTo.tell(i)
          }),
          `frail-${String(i)}`,
        ),
      )
      for (let question = 0; question < 4; question++)
        world.spawn(
          aggregate<number, readonly number[]>({
            ask: (replyTo) => {
              for (const server of servers) server.tell(replyTo)
            },
            replies: 3,
            timeoutMs: 1_000,
            combine: (all) => all,
            replyTo: target,
          }),
        )
      world.finally(() => {
        expectSame('one each', results.length, 4)
        for (const result of results) expectSame('no reply twice', new Set(result).size, result.length)
        // With nobody dead, nobody is missing.
        if (servers.every((server) => !isTerminated(server)))
          for (const result of results) expectSame('all replies', sorted(result), numbers(3))
      })
    })
  })

  it('an agent is what the updates add up to that did not crash it', async () => {
    await inAnyOrder((world, lost) => {
      const agent = world.spawn(Agent.of(0), 'frail')
      for (let i = 0; i < 20; i++) agent.tell(Agent.update((n: number) => n + 1))
      let value: number | undefined
      const reader = world.spawn(
        Behaviors.receiveMessageWithSame<number>((n) => {
          value = n
        }),
        'reader',
      )
      world.spawn(
        Behaviors.setup<never>((context) => {
          context.scheduleOnce(10_000, agent, Agent.get(reader))
          return Behaviors.ignore
        }),
        'later',
      )
      world.finally(() => {
        // The question itself may have been lost.
        if (value !== undefined) expectSame('the sum', value, 20 - lost())
      })
    })
  })

  it('children by key that come and go lose nothing but what crashes them', async () => {
    await inAnyOrder(async (world) => {
      const got: number[] = []
      let spilled = 0
      const dead = world.spawn(
        Behaviors.receiveMessageWithSame<{ readonly _tag: 'DeadLetter' }>(() => {
          spilled++
        }),
        'dead',
      )
      world.system.eventStream.subscribe(dead, 'DeadLetter')
      const ref = world.spawn(
        perKey<number>({ keyOf: (n) => String(n % 2), idleMs: 20, make: () => collecting(got) }),
        'keys',
      )
      for (const n of numbers(20)) {
        ref.tell(n)
        await world.sleep(Math.floor(world.random.next() * 40))
      }
      world.finally(() => {
        expectSame('dead letters', spilled, 0)
        for (const key of [0, 1])
          expectSame(
            'in order',
            got.filter((n) => n % 2 === key),
            numbers(20).filter((n) => n % 2 === key),
          )
      })
    })
  })

  it('a throttle and a batch behind it keep everything and its order', async () => {
    await inAnyOrder((world) => {
      const got: number[] = []
      const target = world.spawn(
        Behaviors.receiveMessageWithSame<readonly number[]>((all) => {
          got.push(...all)
        }),
        'target',
      )
      const packer = world.spawn(batch({ target, size: 3, withinMs: 50 }), 'packer')
      const gate = world.spawn(throttle({ target: packer, messages: 1, perMs: 20 }), 'gate')
      for (const n of numbers(20)) gate.tell(n)
      world.finally(() => {
        expectSame('all of it', got, numbers(20))
      })
    })
  })

  it('a retry asks no more often than it may, and has the first success', async () => {
    await inAnyOrder((world) => {
      let calls = 0
      let result: unknown
      const works = Array.from({ length: 4 }, () => world.random.next() < 0.4)
      world.spawn(
        Behaviors.setup<{ readonly result: unknown }>((context) => {
          const call = (): Promise<Either<string, number>> =>
            Promise.resolve(works[calls++] === true ? right(calls) : left('no'))
          context.pipeToSelf(retry(context.system, call, { attempts: 4, minMs: 10 }), (settled) => ({
            result: settled._tag === 'Right' ? settled.right : 'none',
          }))
          return Behaviors.receiveMessageWithSame((message) => {
            result = message.result
          })
        }),
        'caller',
      )
      world.finally(() => {
        const first = works.indexOf(true)
        expectSame('calls', calls, first < 0 ? 4 : first + 1)
        expectSame('result', result, first < 0 ? 'none' : first + 1)
      })
    })
  })
})
