/** Coroutines and what they share keep their laws in whatever order actors run, and whatever crashes. */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type ActorRef } from 'troupe'
import { Event, Queue, Semaphore, type EventCommand, type QueueCommand, type SemaphoreCommand } from 'troupe/light'
import { Simulation } from 'troupe/testkit/fast-check'
import type { SimulatedWorld } from 'troupe/testkit'

const inTime = { timeoutMs: 10_000 }

/** Holds in every order of turns, and with crashes where they are let. */
const holds = (
  crashing: ((name: string) => boolean) | undefined,
  app: (world: SimulatedWorld) => void,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(
      Simulation.schedules(crashing === undefined ? { steps: 80 } : { steps: 80, faults: ['crash'] }),
      async (schedule) => {
        await Simulation.check(
          {
            schedule,
            openAsks: 'timeOut',
            ...(crashing === undefined ? {} : { faults: { only: (path) => crashing(path.name) } }),
          },
          app,
        )
      },
    ),
  )

describe('a selective receive', () => {
  it('gives what is wanted first, and each kind in the order sent by each sender', () =>
    holds(undefined, (world) => {
      const got: string[] = []
      const reader = world.spawn(
        Behaviors.coroutine<string>(function* (co) {
          for (let n = 0; n < 3; n++) got.push(yield* co.receive((text) => text.startsWith('a')))
          for (let n = 0; n < 3; n++) got.push(yield* co.receive())
          return Behaviors.stopped
        }),
      )
      for (const kind of ['a', 'b'])
        world.spawn(
          Behaviors.coroutine<never>(function* (co) {
            for (let n = 0; n < 3; n++) {
              reader.tell(kind + String(n))
              yield* co.sleep(0)
            }
            return Behaviors.stopped
          }),
        )
      world.finally(() => {
        expect(got).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2'])
      })
    }))

  it('loses nothing but the message that a crash takes, through restarts', () =>
    holds(
      (name) => name === 'reader',
      (world) => {
        const got: number[] = []
        let starts = 0
        const reader = world.spawn(
          pipe(
            Behaviors.coroutine<number>(function* (co) {
              starts++
              yield* co.receive((n) => n < 0)
              for (;;) got.push(yield* co.receive((n) => n >= 0))
            }),
            Behaviors.supervise(SupervisorStrategy.restart),
          ),
          'reader',
        )
        for (const n of [0, 1, 2]) reader.tell(n)
        // Four starts need one each, and the three crashes before the last of them may take one each.
        for (let n = 0; n < 7; n++) reader.tell(-1)
        for (const n of [3, 4, 5]) reader.tell(n)
        world.finally(() => {
          expect([...got].sort()).toEqual(got)
          // Each restart stands for one message lost; a start reads nothing before it has had its -1.
          if (starts <= 4) expect(got.length).toBeGreaterThanOrEqual(6 - (starts - 1))
        })
      },
    ))
})

describe('a queue', () => {
  it('gives each item to one taker, in the order put, and never holds more than it may', () =>
    holds(undefined, (world) => {
      const queue = world.spawn(Queue.behavior<string>(2))
      const taken: string[] = []
      const putter = (queue: ActorRef<QueueCommand<string>>, name: string) =>
        Behaviors.coroutine<never>(function* (co) {
          for (let n = 0; n < 3; n++) yield* co.ask(queue, Queue.put(name + String(n)), inTime)
          return Behaviors.stopped
        })
      const taker = (queue: ActorRef<QueueCommand<string>>) =>
        Behaviors.coroutine<never>(function* (co) {
          for (let n = 0; n < 3; n++) {
            const item = yield* co.ask(queue, Queue.take<string>, inTime)
            if (item._tag === 'Right') taken.push(item.right)
            const pending = yield* co.ask(queue, Queue.items<string>, inTime)
            if (pending._tag === 'Right') expect(pending.right.length).toBeLessThanOrEqual(2)
          }
          return Behaviors.stopped
        })
      world.spawn(putter(queue, 'a'))
      world.spawn(putter(queue, 'b'))
      world.spawn(taker(queue))
      world.spawn(taker(queue))
      world.finally(() => {
        expect([...taken].sort()).toEqual(['a0', 'a1', 'a2', 'b0', 'b1', 'b2'])
      })
    }))
})

describe('a semaphore', () => {
  it('never lets more in than it has permits, and has them all again at the end, whoever crashes', () =>
    holds(
      (name) => name.startsWith('worker'),
      (world) => {
        let inside = 0
        let most = 0
        const limit = world.spawn(Semaphore.behavior(2), 'limit')
        const worker = (limit: ActorRef<SemaphoreCommand>) =>
          Behaviors.coroutine<'go'>(function* (co) {
            yield* co.receive()
            const permit = yield* co.ask(limit, Semaphore.acquire(co.context.self), inTime)
            if (permit._tag === 'Left') return Behaviors.stopped
            inside++
            most = Math.max(most, inside)
            try {
              // What arrives in here may crash it.
              yield* co.receiveWithin(50)
            } finally {
              inside--
            }
            return Behaviors.stopped
          })
        const workers = [1, 2, 3, 4].map((n) => world.spawn(worker(limit), `worker${String(n)}`))
        for (const ref of workers) {
          ref.tell('go')
          ref.tell('go')
        }
        let free = -1
        world.spawn(
          Behaviors.coroutine<never>(function* (co) {
            yield* co.sleep(60_000)
            const available = yield* co.ask(limit, Semaphore.available, inTime)
            if (available._tag === 'Right') free = available.right
            return Behaviors.stopped
          }),
          'auditor',
        )
        world.finally(() => {
          expect([inside, free]).toEqual([0, 2])
          expect(most).toBeLessThanOrEqual(2)
        })
      },
    ))
})

describe('an event', () => {
  it('lets everybody go on, whoever comes first', () =>
    holds(undefined, (world) => {
      let gone = 0
      const event = world.spawn(Event.behavior())
      const runner = (event: ActorRef<EventCommand>) =>
        Behaviors.coroutine<never>(function* (co) {
          const started = yield* co.ask(event, Event.wait, inTime)
          if (started._tag === 'Right') gone++
          return Behaviors.stopped
        })
      for (let n = 0; n < 3; n++) world.spawn(runner(event))
      event.tell(Event.set)
      world.finally(() => {
        expect(gone).toBe(3)
      })
    }))
})
