/** What threads of control use among themselves. */
import { right, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  ask,
  Behaviors,
  contramapRef,
  Supervisor,
  SupervisorStrategy,
  type ActorRef,
  type AskError,
  type Coroutine,
} from 'troupe'
import {
  AsyncResult,
  Event,
  Group,
  Pool,
  Queue,
  Semaphore,
  type PoolCommand,
  type SemaphoreCommand,
} from 'troupe/light'
import { ActorTestKit } from 'troupe/testkit'

let kit: ActorTestKit
let log: string[]

beforeEach(() => {
  kit = ActorTestKit.create()
  log = []
})
afterEach(() => kit.shutdown())

const inTime = { timeoutMs: 1_000 }
const say = (what: unknown): void => void log.push(typeof what === 'string' ? what : JSON.stringify(what))
const thread = (steps: (co: Coroutine<never>) => Generator<never, void, unknown>): ActorRef<never> =>
  kit.spawn(
    Behaviors.coroutine<never>(function* (co) {
      yield* steps(co)
      return Behaviors.stopped
    }),
  )

/** A coroutine that runs the steps and stops; the generators of the tests yield instructions. */
const run = (steps: (co: Coroutine<never>) => Generator<unknown, void, unknown>): ActorRef<never> => {
  const ref = thread(steps as never)
  kit.runUntilQuiet()
  return ref
}

describe('Event', () => {
  it('lets all who wait go on when it is set, and who comes later at once; cleared, they wait again', () => {
    const event = kit.spawn(Event.behavior())
    const waiting = (name: string) =>
      function* (co: Coroutine<never>) {
        const answer = yield* co.ask(event, Event.wait, inTime)
        say(`${name} ${answer._tag}`)
      }
    run(waiting('a'))
    run(waiting('b'))
    expect(log).toEqual([])

    event.tell(Event.set)
    kit.runUntilQuiet()
    run(waiting('c'))
    event.tell(Event.clear)
    run(waiting('d'))

    expect(log).toEqual(['a Right', 'b Right', 'c Right'])
    kit.clock.timePasses(1_000)
    expect(log.at(-1)).toBe('d Left')
  })

  it('can be asked from outside', async () => {
    const event = kit.spawn(Event.behavior())
    event.tell(Event.set)

    const answer: Promise<Either<AskError, boolean>> = pipe(event, ask(Event.isSet, inTime))()
    kit.runUntilQuiet()

    expect(await answer).toEqual(right(true))
  })
})

describe('AsyncResult', () => {
  it('gives all who ask the first result; a later one is unhandled', () => {
    const unhandled = kit.createUnhandledProbe()
    const result = kit.spawn(AsyncResult.behavior<string, number>())
    const get = function* (co: Coroutine<never>) {
      const got = yield* co.ask(result, AsyncResult.get<string, number>, inTime)
      if (got._tag === 'Right') say(got.right)
    }
    run(get)
    result.tell(AsyncResult.fail('no'))
    result.tell(AsyncResult.succeed(42))
    run(get)

    expect(log).toEqual(['{"_tag":"Left","left":"no"}', '{"_tag":"Left","left":"no"}'])
    expect(unhandled.receiveMessage().message).toEqual(AsyncResult.succeed(42))
  })
})

describe('Queue', () => {
  it('lets takers wait for items and putters for room, first come, first served', () => {
    const queue = kit.spawn(Queue.behavior<number>(2))
    run(function* (co) {
      for (let n = 1; n <= 4; n++) {
        yield* co.ask(queue, Queue.put(n), inTime)
        say(`put ${String(n)}`)
      }
    })
    expect(log).toEqual(['put 1', 'put 2'])

    run(function* (co) {
      for (let n = 1; n <= 5; n++) {
        const item = yield* co.ask(queue, Queue.take<number>, inTime)
        say(item._tag === 'Right' ? `took ${String(item.right)}` : 'nothing')
      }
    })
    expect(log).toEqual(['put 1', 'put 2', 'took 1', 'put 3', 'took 2', 'put 4', 'took 3', 'took 4'])

    kit.clock.timePasses(1_000)
    expect(log.at(-1)).toBe('nothing')
  })

  it('shows its pending items, and says whether there is room', () => {
    const queue = kit.spawn(Queue.behavior<string>(2))
    run(function* (co) {
      for (const item of ['a', 'b', 'c']) say(yield* co.ask(queue, Queue.offer(item), inTime))
      say(yield* co.ask(queue, Queue.items<string>, inTime))
    })

    expect(log.map((line) => (JSON.parse(line) as { right: unknown }).right)).toEqual([true, true, false, ['a', 'b']])
  })

  it('gives no item to a taker whose wait is over, and takes none from such a putter', () => {
    const queue = kit.spawn(Queue.behavior<number>(1))
    run(function* (co) {
      yield* co.timeout(10, co.ask(queue, Queue.take<number>, inTime))
      say('gone')
    })
    kit.clock.timePasses(10)
    run(function* (co) {
      yield* co.ask(queue, Queue.put(1), inTime)
      yield* co.timeout(10, co.ask(queue, Queue.put(2), inTime))
    })
    kit.clock.timePasses(10)
    run(function* (co) {
      for (let n = 0; n < 2; n++) {
        const item = yield* co.timeout(10, co.ask(queue, Queue.take<number>, inTime))
        say(item)
      }
    })
    kit.clock.timePasses(10)

    expect(log).toEqual(['gone', '{"_tag":"Some","value":{"_tag":"Right","right":1}}', '{"_tag":"None"}'])
  })

  it('has room for as many as come when its capacity is Infinity', () => {
    const queue = kit.spawn(Queue.behavior<number>(Infinity))
    const items = Array.from({ length: 10_000 }, (_, n) => n)
    const taken: number[] = []
    run(function* (co) {
      for (const item of items) yield* co.ask(queue, Queue.put(item), inTime)
      say('all put')
      for (const _ of items) {
        const item = yield* co.ask(queue, Queue.take<number>, inTime)
        if (item._tag === 'Right') taken.push(item.right)
      }
    })

    expect(log).toEqual(['all put'])
    expect(taken).toEqual(items)
  })

  it('refuses what cannot be sent at who would put it, and keeps its items', () => {
    const queue = kit.spawn(Queue.behavior<number>(2))
    // What is refused by the types, too.
    const nothing = null as unknown as number
    const sentence = (what: string): string =>
      `An item for a queue is ${what}, but must be a value that can be sent, neither null nor undefined; the none of an Option says that ` +
      `there is nothing.`

    expect(() => Queue.put(nothing)).toThrow(sentence('null'))
    expect(() => Queue.offer(undefined as unknown as number)).toThrow(sentence('undefined'))

    run(function* (co) {
      for (const item of [0, 1]) yield* co.ask(queue, Queue.put(item), inTime)
      try {
        yield* co.ask(queue, Queue.put(nothing), inTime)
      } catch (error) {
        say((error as Error).message)
      }
      say(yield* co.ask(queue, Queue.take<number>, inTime))
    })
    expect(log).toEqual([sentence('null'), JSON.stringify(right(0))])
  })

  it('is refused without room', () => {
    expect(() => Queue.behavior(0)).toThrow(
      'The capacity of a queue is 0, but must be a whole number from 1 up, or Infinity.',
    )
  })
})

describe('Semaphore', () => {
  const holding = (semaphore: ActorRef<SemaphoreCommand>, name: string, ms: number) =>
    function* (co: Coroutine<never>) {
      const { self } = co.context
      yield* co.ask(semaphore, Semaphore.acquire(self), inTime)
      say(`${name} in`)
      try {
        yield* co.sleep(ms)
      } finally {
        say(`${name} out`)
        semaphore.tell(Semaphore.release(self))
      }
    }

  it('lets so many in at a time, in order', () => {
    const semaphore = kit.spawn(Semaphore.behavior(2))
    for (const name of ['a', 'b', 'c']) run(holding(semaphore, name, 10))

    kit.clock.timePasses(20)

    expect(log).toEqual(['a in', 'b in', 'a out', 'c in', 'b out', 'c out'])
  })

  it('tells holders of equal path in two systems apart', () => {
    const [a, b] = [kit.spawn(Behaviors.ignore), ActorTestKit.create().spawn(Behaviors.ignore)]
    expect(String(b)).toBe(String(a))
    const semaphore = kit.spawn(Semaphore.behavior(2))
    const [acquired, free] = [kit.createProbe<'acquired'>(), kit.createProbe<number>()]
    for (const holder of [a, b]) semaphore.tell(Semaphore.acquire(holder)(acquired.ref))
    kit.runUntilQuiet()

    kit.stop(a)
    semaphore.tell(Semaphore.available(free.ref))

    free.expectMessage(1)
  })

  it('gets the permits of a holder back when that stops without a word', () => {
    const semaphore = kit.spawn(Semaphore.behavior(2))
    const holder = run(function* (co) {
      for (let n = 0; n < 2; n++) yield* co.ask(semaphore, Semaphore.acquire(co.context.self), inTime)
      yield* co.sleep(10_000)
    })
    run(holding(semaphore, 'next', 5))
    expect(log).toEqual([])

    kit.stop(holder)
    kit.clock.timePasses(5)

    expect(log).toEqual(['next in', 'next out'])
    const probe = kit.createProbe<number>()
    semaphore.tell(Semaphore.available(probe.ref))
    expect(probe.receiveMessage()).toBe(2)
  })

  it('refuses no permits', () => {
    expect(() => Semaphore.behavior(0)).toThrow('The permits of a semaphore is 0')
  })

  it('warns of a release of what is not held, and goes on with the permits as they were', () => {
    const warnings = kit.createLogProbe({ level: 'warn' })
    const semaphore = kit.spawn(Semaphore.behavior(1), 'limit')
    run(holding(semaphore, 'a', 10))

    const probe = kit.createProbe<number>('slip')
    semaphore.tell(Semaphore.release(probe.ref))
    semaphore.tell(Semaphore.available(probe.ref))

    const { level, path, message } = warnings.receiveMessage()
    expect([level, path?.name, message]).toEqual([
      'warn',
      'limit',
      `${probe.ref.path.toString()} released a permit that it does not hold, so nothing has changed. Release once for each acquire that ` +
        `was granted, and not for one that was left without a reply.`,
    ])
    expect(probe.receiveMessage()).toBe(0)
    run(holding(semaphore, 'b', 10))
    kit.clock.timePasses(10)
    expect(log).toEqual(['a in', 'a out', 'b in'])
  })
})

describe('Pool and Group', () => {
  /** Tasks whose ends are in the hand of the test. */
  const tasks = () => {
    const ends = new Map<string, () => void>()
    const task = (name: string) => (signal: AbortSignal) =>
      new Promise<string>((resolve) => {
        say(`${name} begins`)
        signal.addEventListener('abort', () => {
          say(`${name} aborted`)
        })
        ends.set(name, () => {
          resolve(`${name} value`)
        })
      })
    return { task, end: (name: string) => ends.get(name)?.() }
  }

  it('a pool that goes on when one cannot be told of its end runs the next', async () => {
    const pool = kit.spawn(pipe(Pool.behavior(1), Behaviors.supervise(SupervisorStrategy.resume)))
    const probe = kit.createProbe<unknown>()
    const broken = contramapRef((): string => {
      throw new Error('no view')
    })(kit.spawn(Behaviors.ignore))
    for (const ref of [broken, probe.ref]) pool.tell(Pool.run(() => Promise.resolve('value'))(ref))
    await kit.settle()

    probe.expectMessage(right('value'))
  })

  it('a pool runs so many at a time and answers each with its end; join waits for all', async () => {
    const { task, end } = tasks()
    const pool = kit.spawn(Pool.behavior(2))
    for (const name of ['a', 'b', 'c'])
      run(function* (co) {
        const ended = yield* co.ask(pool, Pool.run(task(name)), inTime)
        say(ended)
      })
    run(function* (co) {
      yield* co.ask(pool, Pool.join, inTime)
      say('joined')
    })
    expect(log).toEqual(['a begins', 'b begins'])
    const probe = kit.createProbe<unknown>()
    pool.tell(Pool.status(probe.ref))
    expect(probe.receiveMessage()).toEqual({ running: 2, waiting: 1 })

    end('b')
    // A promise settles by steps of its own.
    while (!log.includes('c begins')) {
      await Promise.resolve()
      kit.runUntilQuiet()
    }
    end('a')
    end('c')
    await kit.settle()

    expect(log.slice(2)).toEqual([
      'c begins',
      JSON.stringify(right(right('b value'))),
      JSON.stringify(right(right('a value'))),
      JSON.stringify(right(right('c value'))),
      'joined',
    ])
  })

  it('a rejection is told, and a task whose asker is gone is not begun', async () => {
    const { task, end } = tasks()
    const pool = kit.spawn(Pool.behavior(1))
    run(function* (co) {
      say(yield* co.ask(pool, Pool.run(task('a')), inTime))
    })
    run(function* (co) {
      yield* co.timeout(10, co.ask(pool, Pool.run(task('late')), inTime))
    })
    run(function* (co) {
      const ended = yield* co.ask(
        pool,
        Pool.run(() => Promise.reject(new Error('no'))),
        inTime,
      )
      if (ended._tag === 'Right' && ended.right._tag === 'Left') say(ended.right.left._tag)
    })
    kit.clock.timePasses(10)

    end('a')
    await kit.settle()

    expect(log).toEqual(['a begins', JSON.stringify(right(right('a value'))), 'TaskRejected'])
  })

  it('a pool counts no task whose asker is gone among those that wait', () => {
    const { task } = tasks()
    const pool = kit.spawn(Pool.behavior(1))
    for (const name of ['a', 'late'])
      run(function* (co) {
        yield* co.timeout(name === 'a' ? 100 : 10, co.ask(pool, Pool.run(task(name)), inTime))
      })
    kit.clock.timePasses(10)
    const probe = kit.createProbe<unknown>()
    pool.tell(Pool.status(probe.ref))

    expect(probe.receiveMessage()).toEqual({ running: 1, waiting: 0 })
  })

  it('a stop fires the signals of the tasks that run', () => {
    const { task } = tasks()
    const group = kit.spawn(Group.behavior())
    for (const name of ['a', 'b', 'c'])
      run(function* (co) {
        yield* co.ask(group, Group.run(task(name)), inTime)
      })
    expect(log).toEqual(['a begins', 'b begins', 'c begins'])

    kit.stop(group)

    expect(log.slice(3)).toEqual(['a aborted', 'b aborted', 'c aborted'])
  })

  it('a kill does so too', () => {
    const { task } = tasks()
    const tree = pipe(
      Supervisor.of(),
      Supervisor.child('pool', () => Pool.behavior(1), { shutdownMs: 'brutalKill' }),
      Supervisor.child('crawler', ({ pool }) =>
        Behaviors.coroutine<never>(function* (co) {
          yield* co.ask(pool, Pool.run(task('a')), inTime)
          return Behaviors.ignore
        }),
      ),
      Supervisor.behavior,
    )
    const supervisor = kit.spawn(tree)
    kit.runUntilQuiet()
    supervisor.tell(Supervisor.terminateChild('pool')(kit.system.ignoreRef))
    kit.runUntilQuiet()

    expect(log).toEqual(['a begins', 'a aborted'])
  })

  it('a pool that is restarted ends the tasks of its life before, and runs no more than it may after it', async () => {
    const { task, end } = tasks()
    const pool = kit.spawn(pipe(Pool.behavior(1), Behaviors.supervise(SupervisorStrategy.restart)))
    const runs = (name: string): void => {
      run(function* (co) {
        say(yield* co.ask(pool, Pool.run(task(name)), inTime))
      })
    }
    runs('a')
    // It says that it is a question and has no address for the answer.
    pool.tell({ _tag: 'Status' } as unknown as PoolCommand)
    runs('b')
    runs('c')
    end('a')
    // A promise settles by steps of its own.
    while (log.length < 4) {
      await Promise.resolve()
      kit.runUntilQuiet()
    }
    const probe = kit.createProbe<unknown>()
    pool.tell(Pool.status(probe.ref))

    expect(log).toEqual(['a begins', 'a aborted', 'b begins', JSON.stringify(right(right('a value')))])
    expect(probe.receiveMessage()).toEqual({ running: 1, waiting: 1 })
  })

  it('a pool of nothing is refused', () => {
    expect(() => Pool.behavior(0)).toThrow('The size of a pool is 0, but must be a whole number from 1 up.')
  })
})
