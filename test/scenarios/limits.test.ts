/**
 * What a runtime must bear: failures without end, trees deeper than the stack, a hundred thousand stashed messages, a million idle
 * actors; and no memory that stays behind.
 */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pipe } from 'fp-ts/lib/function.js'
import {
  ActorSystem,
  Behaviors,
  SupervisorStrategy,
  ask,
  find,
  type ActorRef,
  type Behavior,
  type Logger,
} from 'troupe'
import { AsyncResult, Event, Pool, Queue, Semaphore } from 'troupe/light'
import { ActorTestKit } from 'troupe/testkit'
import { describe, expect, it } from 'vitest'

setFlagsFromString('--expose-gc')
// Exposed by the flag of the line above.
const collectGarbage = runInNewContext('gc') as () => void

/** Counts records and prints none. */
const countingLogger = (): Logger & { readonly count: () => number } => {
  let records = 0
  const log = (): void => {
    records++
  }
  return { log, count: () => records }
}

const silent: Logger = { log: () => undefined }

/** A chain of parents and children, each the only child of the one before; `onLast` runs in the last. */
const chain = (depth: number, onLast: () => void): Behavior<string> =>
  Behaviors.setup((context) => {
    if (depth > 1) context.spawn(chain(depth - 1, onLast), 'child')
    else onLast()
    return Behaviors.ignore
  })

/** What is left when collecting again frees nothing more: what one collection frees may hold what the next one can. */
const heapAfterGc = async (): Promise<number> => {
  let least = Infinity
  for (let idle = 0; idle < 3; idle++) {
    await new Promise((resolve) => setImmediate(resolve))
    collectGarbage()
    const { heapUsed } = process.memoryUsage()
    if (heapUsed < least) idle = 0
    least = Math.min(least, heapUsed)
  }
  return least
}

/** Runs the work in three rounds, after two that fill caches; the heap must not grow by more than 2 % from the first on. */
const expectNoLeak = async (work: () => Promise<void>): Promise<void> => {
  await work()
  await work()
  const heaps: number[] = []
  for (let round = 0; round < 3; round++) {
    await work()
    heaps.push(await heapAfterGc())
  }
  const [first = 0, ...later] = heaps
  for (const heap of later) expect(heap).toBeLessThan(first * 1.02)
}

const restartStorm = async (failures: number): Promise<number> => {
  const logger = countingLogger()
  const bomb = pipe(
    Behaviors.setup<number>((context) => {
      context.spawn(Behaviors.ignore)
      return Behaviors.receiveMessage((left) => {
        if (left === 0) return Behaviors.stopped
        context.self.tell(left - 1)
        throw new Error(`failure ${String(left)}`)
      })
    }),
    Behaviors.supervise(SupervisorStrategy.restart),
  )
  const system = ActorSystem.create(bomb, 'storm', { logger })
  system.tell(failures)
  await system.whenTerminated
  return logger.count()
}

const stopDeepTree = async (depth: number): Promise<void> => {
  let isBuilt = (): void => undefined
  const built = new Promise<void>((resolve) => (isBuilt = resolve))
  const system = ActorSystem.create(
    chain(depth, () => {
      isBuilt()
    }),
    'deep',
    { logger: silent },
  )
  await built
  await system.terminate({ timeoutMs: 60_000 })
}

const stashAndUnstash = async (messages: number): Promise<readonly number[]> => {
  const seen: number[] = []
  const reading: Behavior<number> = Behaviors.receiveMessage((n: number) => {
    seen.push(n)
    return seen.length === messages ? Behaviors.stopped : Behaviors.same
  })
  const stashing = Behaviors.withStash<number>(messages, (stash) =>
    Behaviors.receiveMessage((n) => {
      if (n < 0) return stash.unstashAll(reading)
      stash.stash(n)
      return Behaviors.same
    }),
  )
  const system = ActorSystem.create(stashing, 'stash', { logger: silent, settings: { mailboxHighWater: 1e9 } })
  for (let n = 0; n < messages; n++) system.tell(n)
  system.tell(-1)
  await system.whenTerminated
  return seen
}

const idleActors = async (count: number): Promise<void> => {
  const idle: Behavior<string> = Behaviors.receiveMessage(() => Behaviors.same)
  const parent = Behaviors.setup<string>((context) => {
    const refs: ActorRef<string>[] = []
    for (let i = 0; i < count; i++) refs.push(context.spawn(idle))
    return Behaviors.receiveMessage((message) => {
      for (const ref of refs) ref.tell(message)
      return Behaviors.same
    })
  })
  const system = ActorSystem.create(parent, 'idle', { logger: silent })
  system.tell('hello')
  await system.terminate({ timeoutMs: 60_000 })
}

describe('a tree that is wide', () => {
  it('can be printed and searched, however many children an actor has', () => {
    const kit = ActorTestKit.create()
    const children = 200_000
    kit.spawn(
      Behaviors.setup((context) => {
        for (let i = 1; i < children; i++) context.spawn(Behaviors.ignore)
        context.spawn(Behaviors.ignore, 'last')
        return Behaviors.ignore
      }),
      'wide',
    )
    kit.runUntilQuiet()

    expect(kit.system.printTree().split('\n').length).toBeGreaterThan(children)
    expect(
      find
        .byName('last')(kit.system)
        .map(({ path }) => path.toString()),
    ).toEqual([`${kit.system.path.toString()}/wide/last`])
  }, 60_000)
})

describe('the runtime (real)', () => {
  it('bears a hundred thousand restarts in a row, each with a child, and logs each once', async () => {
    expect(await restartStorm(100_000)).toBe(100_000)
  }, 60_000)

  it('bears a restart whose setup fails ten thousand times', async () => {
    const logger = countingLogger()
    let starts = 0
    const flaky = pipe(
      Behaviors.setup<string>((context) => {
        if (++starts > 1 && starts < 10_000) throw new Error('not yet')
        if (starts === 1) context.self.tell('fail')
        return Behaviors.receiveMessage(() => {
          if (starts === 1) throw new Error('now')
          return Behaviors.stopped
        })
      }),
      Behaviors.supervise(SupervisorStrategy.restart),
    )
    const system = ActorSystem.create(flaky, 'flaky', { logger })
    system.tell('ping')
    system.tell('ping')

    expect(await system.whenTerminated).toEqual({ _tag: 'None' })
    expect(starts).toBe(10_000)
    expect(logger.count()).toBeGreaterThanOrEqual(9_999)
  }, 60_000)

  it('builds and stops a tree a hundred thousand deep without overflowing the stack', async () => {
    await expect(stopDeepTree(100_000)).resolves.toBeUndefined()
  }, 60_000)

  it('hands a hundred thousand stashed messages back in order', async () => {
    const seen = await stashAndUnstash(100_000)

    expect(seen).toHaveLength(100_000)
    expect(seen.every((n, index) => n === index)).toBe(true)
  }, 60_000)

  it('keeps a million idle actors, reaches each of them and stops them all', async () => {
    await expect(idleActors(1_000_000)).resolves.toBeUndefined()
  }, 60_000)

  it('leaves no memory behind: three rounds end within 2 % of the first', async () => {
    await expectNoLeak(async () => {
      await restartStorm(2_000)
      await stopDeepTree(5_000)
      await stashAndUnstash(5_000)
      await idleActors(20_000)
    })
  }, 60_000)

  it('forgets subscribers of the event stream that have stopped, also of events that never come', async () => {
    const kit = ActorTestKit.create({ logger: silent })
    const subscriber = Behaviors.receiveMessage<{ readonly _tag: 'Stop' }>(() => Behaviors.stopped)
    await expectNoLeak(() => {
      for (let i = 0; i < 20_000; i++) {
        const ref = kit.spawn(subscriber)
        kit.system.eventStream.subscribe(ref, 'Stop')
        ref.tell({ _tag: 'Stop' })
      }
      kit.runUntilQuiet()
      return Promise.resolve()
    })
  }, 60_000)

  it('keeps nothing of asks that were answered, and of watches that were ended', async () => {
    const kit = ActorTestKit.create({ logger: silent })
    const echo = kit.spawn(
      Behaviors.receiveMessageWithSame<ActorRef<true>>((replyTo) => {
        replyTo.tell(true)
      }),
    )
    const watcher = kit.spawn(
      Behaviors.receive<'watch'>((context) => {
        context.watch(echo)
        context.unwatch(echo)
        return Behaviors.same
      }),
    )
    const question = ask((replyTo: ActorRef<true>) => replyTo, { timeoutMs: 1_000 })(echo)
    await expectNoLeak(async () => {
      const answers = Array.from({ length: 20_000 }, () => question())
      for (let i = 0; i < 20_000; i++) watcher.tell('watch')
      kit.runUntilQuiet()
      await Promise.all(answers)
      // The clock of the kit lets go of a cancelled timer at its time.
      kit.clock.timePasses(1_000)
    })
  }, 60_000)

  it('keeps nothing of those who have ceased to wait for what threads share', async () => {
    const kit = ActorTestKit.create({ logger: silent })
    const soon = { timeoutMs: 10 }
    const full = kit.spawn(Queue.behavior<string>(1))
    const taken = kit.spawn(Semaphore.behavior(1))
    const busy = kit.spawn(Pool.behavior(1))
    full.tell(Queue.put('first')(kit.system.ignoreRef))
    taken.tell(Semaphore.acquire(busy)(kit.system.ignoreRef))
    busy.tell(Pool.run(() => new Promise(() => undefined))(kit.system.ignoreRef))
    const questions = [
      ask(Event.wait, soon)(kit.spawn(Event.behavior())),
      ask(AsyncResult.get<string, string>, soon)(kit.spawn(AsyncResult.behavior<string, string>())),
      ask(Queue.take<string>, soon)(kit.spawn(Queue.behavior<string>(1))),
      ask(Queue.put('next'), soon)(full),
      ask(Semaphore.acquire(full), soon)(taken),
      ask(
        Pool.run(() => Promise.resolve()),
        soon,
      )(busy),
      ask(Pool.join, soon)(busy),
    ]

    await expectNoLeak(async () => {
      for (let i = 0; i < 2_000; i++) {
        const answers = questions.map((question) => question())
        kit.runUntilQuiet()
        kit.clock.timePasses(10)
        await Promise.all(answers)
      }
    })
  }, 60_000)

  it('lets go of what actors held that have stopped, though their references are held', async () => {
    const kit = ActorTestKit.create({ logger: silent })
    const counting = Behaviors.setup<'count' | 'stop'>(() => {
      // Some eight thousand bytes.
      const counts = Array<number>(1_000).fill(0)
      return Behaviors.receiveMessage((message) => {
        counts[0] = (counts[0] ?? 0) + 1
        return message === 'stop' ? Behaviors.stopped : Behaviors.same
      })
    })
    const refs = Array.from({ length: 1_000 }, () => kit.spawn(counting))
    kit.runUntilQuiet()
    const living = await heapAfterGc()

    for (const ref of refs) ref.tell('stop')
    kit.runUntilQuiet()

    expect(living - (await heapAfterGc())).toBeGreaterThan(7_000_000)
    expect(refs.length).toBe(1_000)
  }, 60_000)
})
