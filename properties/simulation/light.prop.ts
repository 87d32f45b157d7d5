/**
 * What threads of control share, while those who use it crash.
 */
import { right, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it } from 'vitest'
import { Behaviors, type ActorRef, type TaskRejected } from 'troupe'
import { AsyncResult, Event, Group, Pool, Queue, type PoolCommand } from 'troupe/light'
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
      let runningAtJoin = -1
      world.spawn(
        Behaviors.coroutine<never>(function* (co) {
          const joined = yield* co.ask(pool, Pool.join, inTime)
          if (joined._tag === 'Right') runningAtJoin = tasks.filter(runs).length
          return Behaviors.stopped
        }),
      )
      await world.sleep(20_000)
      world.finally(() => {
        expectSame('running when joined', runningAtJoin, 0)
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
