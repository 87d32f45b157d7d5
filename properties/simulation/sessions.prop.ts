/**
 * Sessions, breakers, groups and shutdown in any order of turns, with crashes and delays.
 */
import { left, right, type Either } from 'fp-ts/lib/Either.js'
import { describe, it } from 'vitest'
import { Behaviors, Receptionist, Routers, ServiceKey, type ActorRef } from 'troupe'
import {
  CircuitBreaker,
  SpawnProtocol,
  gracefulStop,
  passivateAfter,
  scatterGather,
  tailChop,
  type CircuitOpen,
} from 'troupe/patterns'
import type { SimulatedWorld } from 'troupe/testkit'
import { isTerminated } from '../../modules/runtime/internal.js'
import { collecting, expectSame, inAnyOrder as inOrders } from './support.js'

const inAnyOrder = (app: (world: SimulatedWorld) => void | Promise<void>): Promise<void> =>
  inOrders({ crash: 0.15, delay: 0.1, delayMs: 30 }, app)

/** Servers that reply after a while, some of them not at all. */
const servers = (world: SimulatedWorld): readonly ActorRef<ActorRef<string>>[] =>
  ['a', 'b', 'c'].map((name) => {
    const afterMs = world.random.next() < 0.3 ? undefined : Math.floor(world.random.next() * 200)
    return world.spawn(
      Behaviors.receive<ActorRef<string>>((context, replyTo) => {
        if (afterMs !== undefined) context.scheduleOnce(afterMs, replyTo, name)
        return Behaviors.same
      }),
      `frail-${name}`,
    )
  })

describe('under crashes and delays', () => {
  it('scatter-gather and tail chopping give exactly one answer to each question', async () => {
    await inAnyOrder((world) => {
      const answers: string[] = []
      const replyTo = world.spawn(collecting(answers), 'asker')
      const targets = servers(world)
      const common = { timeoutMs: 100, onTimeout: () => 'nobody', replyTo }
      world.spawn(
        scatterGather<string>({
          ...common,
          ask: (session) => {
            for (const target of targets) target.tell(session)
          },
        }),
      )
      world.spawn(
        tailChop<string>({
          ...common,
          nextAfterMs: 20,
          ask: (attempt, session) => {
            targets[attempt]?.tell(session)
            return attempt < targets.length
          },
        }),
      )
      world.finally(() => {
        expectSame('one each', answers.length, 2)
      })
    })
  })

  it('a graceful stop is not right before the actor has stopped, and does not give up before its time', async () => {
    await inAnyOrder(async (world) => {
      const [stops, takesMs] = [world.random.next() < 0.7, Math.floor(world.random.next() * 200)]
      const target = world.spawn(
        Behaviors.receive<'stop' | 'end'>((context, message) => {
          if (message === 'end') return Behaviors.stopped
          if (stops) context.scheduleOnce(takesMs, context.self, 'end')
          return Behaviors.same
        }),
        'frail',
      )

      const result = await gracefulStop(world.system, target, { message: 'stop', timeoutMs: 100 })()

      if (result._tag === 'Right') expectSame('it has stopped', isTerminated(target), true)
      else if (world.now() < 100) throw new Error('it has given up too early')
    })
  })

  it('the spawn protocol answers each request that does not crash it with an actor of its own', async () => {
    await inAnyOrder((world) => {
      const refs: ActorRef<string>[] = []
      const asker = world.spawn(collecting(refs), 'asker')
      const got: string[] = []
      const guardian = world.spawn(SpawnProtocol.behavior, 'spawner')
      for (let i = 0; i < 5; i++) guardian.tell(SpawnProtocol.spawn(collecting(got), 'same')(asker))
      world.finally(() => {
        expectSame(
          'names',
          refs.map(({ path }) => path.name),
          ['same', 'same-1', 'same-2', 'same-3', 'same-4'],
        )
      })
    })
  })

  it('a group reaches somebody with every message, or says that nobody was there', async () => {
    const key = ServiceKey.of<number>('workers')
    await inAnyOrder((world) => {
      const got: number[] = []
      const ends: { readonly _tag: 'DeadLetter' | 'ActorFailed'; readonly message?: unknown }[] = []
      for (const tag of ['DeadLetter', 'ActorFailed'] as const) {
        const listener = world.spawn(
          collecting<{ readonly _tag: 'DeadLetter' | 'ActorFailed'; readonly message?: unknown }>(ends),
          `on-${tag}`,
        )
        world.system.eventStream.subscribe(listener, tag)
      }
      for (const name of ['frail-a', 'frail-b']) {
        const ref = world.spawn(collecting(got), name)
        Receptionist.get(world.system).tell(Receptionist.register(key, ref))
      }
      const group = world.spawn(Routers.group(key), 'group')
      for (let n = 0; n < 20; n++) group.tell(n)
      world.finally(() => {
        const ofNumbers = ends.filter(({ message }) => typeof message === 'number').length
        expectSame('every message', got.length + ofNumbers, 20)
      })
    })
  })

  it('an idle actor goes, and one that is busy stays', async () => {
    await inAnyOrder(async (world) => {
      const busy = world.spawn(passivateAfter(200)(collecting<number>([])), 'busy')
      const idle = world.spawn(passivateAfter(200)(collecting<number>([])), 'idle')
      for (let n = 0; n < 10; n++) {
        busy.tell(n)
        await world.sleep(100)
      }
      expectSame('idle and busy', [isTerminated(idle), isTerminated(busy)], [true, false])
      world.finally(() => {
        expectSame('in the end', isTerminated(busy), true)
      })
    })
  })

  it('a breaker makes no call while it is open, and lets calls through again', async () => {
    await inAnyOrder(async (world) => {
      const breaker = CircuitBreaker.create<string>(world.system, {
        name: 'the bank',
        maxFailures: 2,
        resetTimeoutMs: 100,
      })
      let [calls, inARow, openedMs] = [0, 0, -Infinity]
      const call = (): Promise<Either<string, number>> => {
        calls++
        if (inARow >= 2 && world.now() < openedMs + 100) throw new Error('it was called while it was open')
        return Promise.resolve(world.random.next() < 0.5 ? left('down') : right(calls))
      }
      for (let i = 0; i < 8; i++) {
        const result: Either<unknown, number> = await breaker.protect(call)()
        if (result._tag === 'Right') inARow = 0
        else if ((result.left as Partial<CircuitOpen>)._tag !== 'CircuitOpen') {
          inARow++
          if (inARow >= 2) openedMs = world.now()
        } else expectSame('it was open', inARow >= 2, true)
        await world.sleep(Math.floor(world.random.next() * 60))
      }
      if (calls === 0) throw new Error('nothing was ever let through')
    })
  })
})
