/**
 * What threads of control share, while those who use it crash.
 */
import { right, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it } from 'vitest'
import { Behaviors, type ActorRef, type Coroutine, type Probe, type Steps, type TaskRejected } from 'troupe'
import { AsyncResult, Event, Group, Pool, Queue, Semaphore, type PoolCommand } from 'troupe/light'
import type { SimulatedWorld } from 'troupe/testkit'
import { expectSame, expectThat, inAnyOrder, numbers, restarting, type Losses } from './support.js'

const inTime = { timeoutMs: 10_000 }
const faults = { crash: 0.15, delay: 0.1, delayMs: 30 }

/** A task of the laws, and what has become of it. */
interface Task {
  readonly number: number
  begun: number
  isOver: boolean
  isAborted: boolean
  answers: number
}

type Ask =
  { readonly _tag: 'Go' } | { readonly _tag: 'Answered'; readonly task: Task; readonly end: 'right' | 'wrong' | 'none' }

/** Asks for one task after the other, and crashes in between. */
const client = (world: SimulatedWorld, pool: ActorRef<PoolCommand>, tasks: Task[]) =>
  pipe(
    Behaviors.setup<Ask>((context) =>
      Behaviors.receiveMessageWithSame((message) => {
        if (message._tag === 'Answered') {
          if (message.end === 'right') message.task.answers++
          if (message.end === 'wrong') world.fail(new Error(`task ${String(message.task.number)} has another end`))
          return
        }
        const task: Task = { number: tasks.length, begun: 0, isOver: false, isAborted: false, answers: 0 }
        tasks.push(task)
        const run = Pool.run(async (signal) => {
          task.begun++
          signal.addEventListener('abort', () => {
            task.isAborted = true
          })
          await world.sleep(Math.floor(world.random.next() * 100))
          task.isOver = true
          if (task.number % 3 === 0) throw new Error('it has failed')
          return task.number
        })
        context.ask(
          pool,
          (replyTo: ActorRef<Either<TaskRejected, number>>) => run(replyTo),
          inTime,
          (result): Ask => ({
            _tag: 'Answered',
            task,
            end: result._tag === 'Left' ? 'none' : isEndOf(task, result.right) ? 'right' : 'wrong',
          }),
        )
      }),
    ),
    restarting,
  )

const isEndOf = ({ number }: Task, end: Either<TaskRejected, number>): boolean =>
  number % 3 === 0 ? end._tag === 'Left' : end._tag === 'Right' && end.right === number

const runs = ({ begun, isOver, isAborted }: Task): boolean => begun > 0 && !isOver && !isAborted

/** Four who ask a pool for tasks. */
const clients = (world: SimulatedWorld, pool: ActorRef<PoolCommand>, tasks: Task[]): void => {
  for (const n of numbers(4)) {
    const ref = world.spawn(client(world, pool, tasks), `frail-client-${String(n)}`)
    for (let i = 0; i < 3; i++) ref.tell({ _tag: 'Go' })
  }
}

const lostAnswers = ({ crashed }: Losses): number => crashed.filter((message) => (message as Ask)._tag !== 'Go').length

describe('while those who use it crash', () => {
  it.each([
    ['a pool runs at most so many tasks at a time', Pool.behavior(2), 2],
    ['a group runs all its tasks', Group.behavior(), Infinity],
  ] as const)('%s, each once, and answers each; who joins waits for the last', (_, behavior, size) =>
    inAnyOrder(faults, async (world, losses) => {
      const tasks: Task[] = []
      const pool = world.spawn(behavior, 'pool')
      world.always(() => {
        const running = tasks.filter(runs).length
        expectThat(running <= size, `${String(running)} run`)
      })
      clients(world, pool, tasks)
      await world.sleep(50)
      // Others may begin between the answer and the turn of the one who joined.
      let left: number | undefined
      world.spawn(
        Behaviors.coroutine<never>(function* (co) {
          const running = tasks.filter(runs)
          const joined = yield* co.ask(pool, Pool.join, inTime)
          if (joined._tag === 'Right') left = running.filter(runs).length
          return Behaviors.stopped
        }),
      )
      await world.sleep(20_000)
      world.finally(() => {
        expectSame('left of those that ran, when joined', left, 0)
        for (const task of tasks) expectSame(`task ${String(task.number)} begun`, task.begun, 1)
        const answers = tasks.reduce((sum, task) => sum + task.answers, 0)
        expectSame('answered', answers + lostAnswers(losses), tasks.length)
      })
    }),
  )

  it('a pool that crashes itself and is restarted aborts what runs, and never runs more than it may', () =>
    inAnyOrder(faults, async (world) => {
      const tasks: Task[] = []
      const pool = world.spawn(pipe(Pool.behavior(2), restarting), 'frail-pool')
      world.always(() => {
        const running = tasks.filter(runs).length
        expectThat(running <= 2, `${String(running)} run`)
      })
      clients(world, pool, tasks)
      await world.sleep(20_000)
      world.finally(() => {
        for (const { number, begun, answers } of tasks)
          expectThat(begun <= 1 && answers <= 1, `task ${String(number)} began or ended twice`)
      })
    }))

  it('a result is the first that was brought, for all who ask and live, whenever they ask', () =>
    inAnyOrder(faults, (world, losses) => {
      const answer = world.spawn(AsyncResult.behavior<string, number>(), 'answer')
      const got: unknown[] = []
      for (const n of numbers(4)) {
        const asker = world.spawn(
          pipe(
            Behaviors.setup<'go' | Either<unknown, Either<string, number>>>((context) =>
              Behaviors.receiveMessageWithSame((message) => {
                if (message !== 'go') got.push(message)
                else context.ask(answer, AsyncResult.get<string, number>, inTime, (result) => result)
              }),
            ),
            restarting,
          ),
          `frail-asker-${String(n)}`,
        )
        asker.tell('go')
        asker.tell('go')
      }
      let brought: number | undefined
      for (const n of numbers(3))
        world.spawn(
          Behaviors.setup<'bring'>((context) => {
            context.scheduleOnce(Math.floor(world.random.next() * 50), context.self, 'bring')
            return Behaviors.receiveMessage(() => {
              brought ??= n
              answer.tell(AsyncResult.succeed(n))
              return Behaviors.stopped
            })
          }),
          `bringer-${String(n)}`,
        )
      world.finally(() => {
        for (const each of got) expectSame('the result', each, right(right(brought)))
        expectSame('answers', got.length + losses.crashed.length, 8)
      })
    }))

  it('an event lets all who live go on once it is set, and nobody before', () =>
    inAnyOrder(faults, (world, losses) => {
      const event = world.spawn(Event.behavior(), 'event')
      let isSet = false
      let gone = 0
      for (const n of numbers(4)) {
        const runner = world.spawn(
          pipe(
            Behaviors.setup<'wait' | Either<unknown, true>>((context) =>
              Behaviors.receiveMessageWithSame((message) => {
                if (message === 'wait') context.ask(event, Event.wait, inTime, (result) => result)
                else if (message._tag === 'Right' && isSet) gone++
                else world.fail(new Error('it went on before the event was set'))
              }),
            ),
            restarting,
          ),
          `frail-runner-${String(n)}`,
        )
        runner.tell('wait')
        runner.tell('wait')
      }
      world.spawn(
        Behaviors.setup<'set'>((context) => {
          context.scheduleOnce(Math.floor(world.random.next() * 50), context.self, 'set')
          return Behaviors.receiveMessage(() => {
            isSet = true
            event.tell(Event.set)
            return Behaviors.stopped
          })
        }),
      )
      world.finally(() => {
        expectSame('gone on', gone + losses.crashed.length, 8)
      })
    }))

  it('a queue gives each item to one taker, keeps the order of each putter, and holds no more than it may', () =>
    inAnyOrder(faults, (world, losses) => {
      const queue = world.spawn(Queue.behavior<string>(2), 'queue')
      const put: string[] = []
      const taken: string[][] = [[], []]
      for (const name of ['a', 'b'])
        world.spawn(
          Behaviors.coroutine<never>(function* (co) {
            for (const n of numbers(4)) {
              const done = yield* co.ask(queue, Queue.put(name + String(n)), { timeoutMs: 100_000 })
              if (done._tag === 'Right') put.push(name + String(n))
              const waiting = yield* co.ask(queue, Queue.items<string>, inTime)
              if (waiting._tag === 'Right' && waiting.right.length > 2) world.fail(new Error('it holds too many'))
            }
            return Behaviors.stopped
          }),
          `putter-${name}`,
        )
      type Take = 'go' | Either<unknown, string>
      taken.forEach((mine, n) => {
        const taker = Behaviors.setup<Take>((context) => {
          context.self.tell('go')
          return Behaviors.receiveMessage((message) => {
            if (message !== 'go' && message._tag === 'Left') return Behaviors.stopped
            if (message !== 'go') mine.push(message.right)
            context.ask(queue, Queue.take<string>, { timeoutMs: 500 }, (result): Take => result)
            return Behaviors.same
          })
        })
        world.spawn(restarting(taker), `frail-taker-${String(n)}`)
      })
      world.finally(() => {
        const items = losses.crashed.flatMap((message) =>
          message !== 'go' && (message as Either<unknown, string>)._tag === 'Right'
            ? [(message as { readonly right: string }).right]
            : [],
        )
        const all = numbers(4).flatMap((n) => ['a', 'b'].map((name) => name + String(n)))
        expectSame('taken once', [...taken.flat(), ...items].sort(), all.sort())
        for (const mine of taken)
          for (const name of ['a', 'b']) {
            const ofOne = mine.filter((item) => item.startsWith(name))
            expectSame('in order', ofOne, [...ofOne].sort())
          }
        expectSame('put', [...put].sort(), all)
      })
    }))
})

/** Late turns make a time and what it is for come to an end at once. */
const late = { delay: 0.5, delayMs: 5 }

describe('where times race with replies', () => {
  const put = numbers(6).map((n) => `item ${String(n)}`)

  it('what was put into a queue is taken, or left, or a dead letter; each reply ends once', () => {
    const open = new Map<string, number>()
    const count = (ref: ActorRef<never>, change: number): void => {
      const key = ref.path.toStringWithUid()
      open.set(key, (open.get(key) ?? 0) + change)
    }
    const counting = (): Probe => {
      open.clear()
      return {
        enqueued: (ref) => {
          count(ref, 1)
        },
        settled: (ref) => {
          count(ref, -1)
        },
      }
    }
    return inAnyOrder(
      late,
      (world, losses) => {
        const queue = world.spawn(Queue.behavior<string>(10), 'queue')
        const other = world.spawn(Queue.behavior<string>(10), 'other')
        const taken: unknown[] = []
        const left: unknown[] = []
        const take = (co: Coroutine<never>, from = queue, timeoutMs = 1_000) =>
          co.ask(from, Queue.take<string>, { timeoutMs })
        const ways: readonly ((co: Coroutine<never>) => Steps<unknown>)[] = [
          (co) => co.timeout(5, take(co)),
          (co) => co.race([co.sleep(5), take(co)]),
          (co) => co.race([take(co, other), take(co)]),
          (co) => co.race([take(co, other, 5), co.timeout(5, take(co))]),
        ]
        ways.forEach((way, n) =>
          world.spawn(
            Behaviors.coroutine<never>(function* (co) {
              for (let turn = 0; turn < 3; turn++) {
                const text = JSON.stringify([yield* way(co)])
                taken.push(...put.filter((item) => text.includes(`"${item}"`)))
              }
              return Behaviors.stopped
            }),
            `frail-taker-${String(n)}`,
          ),
        )
        put.forEach((item, n) =>
          world.spawn(
            Behaviors.coroutine<never>(function* (co) {
              yield* co.sleep(Math.floor(world.random.next() * 20))
              yield* co.ask(n % 3 === 0 ? other : queue, Queue.put(item), inTime)
              return Behaviors.stopped
            }),
            `frail-putter-${String(n)}`,
          ),
        )
        world.spawn(
          Behaviors.coroutine<never>(function* (co) {
            yield* co.sleep(20_000)
            for (const each of [queue, other]) {
              const items = yield* co.ask(each, Queue.items<string>, inTime)
              if (items._tag === 'Right') left.push(...items.right)
            }
            return Behaviors.stopped
          }),
          'reader',
        )
        world.finally(() => {
          const lost = losses.deadLetters.filter((message) => put.includes(message as string))
          expectSame('items', [...taken, ...left, ...lost].sort(), put)
          for (const [ref, sends] of open) expectSame(`sends to ${ref} that have no end`, sends, 0)
        })
      },
      counting,
    )
  })

  it('a permit is held by who knows that it has it, and free again at the end', () =>
    inAnyOrder(late, (world, losses) => {
      const limit = world.spawn(Semaphore.behavior(2), 'limit')
      let held = 0
      let free: unknown
      for (const n of numbers(4))
        world.spawn(
          Behaviors.coroutine<never>(function* (co) {
            const { self } = co.context
            for (let turn = 0; turn < 3; turn++) {
              const permit = yield* co.timeout(5, co.ask(limit, Semaphore.acquire(self), inTime))
              if (permit._tag === 'None' || permit.value._tag === 'Left') continue
              expectThat(++held <= 2, `${String(held)} hold it`)
              yield* co.sleep(Math.floor(world.random.next() * 10))
              held--
              limit.tell(Semaphore.release(self))
            }
            yield* co.sleep(90_000)
            return Behaviors.stopped
          }),
          `frail-holder-${String(n)}`,
        )
      world.spawn(
        Behaviors.coroutine<never>(function* (co) {
          yield* co.sleep(20_000)
          const answer = yield* co.ask(limit, Semaphore.available, inTime)
          if (answer._tag === 'Right') free = answer.right
          return Behaviors.stopped
        }),
        'reader',
      )
      world.finally(() => {
        expectSame('free', free, 2)
        expectSame('lost', losses.deadLetters.length, 0)
      })
    }))
})
