/** The laws find what breaks them. That ours keep them is a property: properties/testkit/laws.prop.ts. */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import {
  Behaviors,
  boundedMailbox,
  type Behavior,
  type Dispatcher,
  type Mailbox,
  type MailboxEntry,
  type MailboxFactory,
  type Runnable,
} from 'troupe'
import {
  behaviorLaws,
  contravariantLaws,
  dispatcherLaws,
  mailboxLaws,
  supervisionLaws,
  type Law,
  type Supervising,
} from 'troupe/testkit'

/** The names of the laws that do not hold. */
const broken = async (laws: readonly Law[]): Promise<readonly string[]> => {
  const names: string[] = []
  for (const { name, check } of laws) {
    try {
      await check({ runs: 200 })
    } catch {
      names.push(name)
    }
  }
  return names
}

const queue =
  (change: (entries: MailboxEntry<unknown>[]) => Partial<Mailbox<unknown>>): MailboxFactory =>
  () => {
    const entries: MailboxEntry<unknown>[] = []
    const mailbox: Mailbox<unknown> = {
      enqueue: (entry) => {
        entries.push(entry)
        return undefined
      },
      dequeue: () => entries.shift(),
      get size() {
        return entries.length
      },
    }
    return Object.defineProperties(mailbox, Object.getOwnPropertyDescriptors(change(entries)))
  }

describe('mailboxLaws', () => {
  const shared: MailboxEntry<unknown>[] = []

  it.each([
    ['nothing wrong', queue(() => ({})), 0],
    ['one that swaps', queue((entries) => ({ dequeue: () => entries.pop() })), 1],
    ['one that forgets', queue(() => ({ enqueue: () => undefined })), 2],
    [
      'one that drops in silence',
      queue((entries) => ({ enqueue: (entry) => (entries.length < 2 && entries.push(entry), undefined) })),
      2,
    ],
    ['one that gives twice', queue((entries) => ({ dequeue: () => entries[0] })), 3],
    ['one that gives no reason', queue(() => ({ enqueue: (entry) => ({ entry, reason: '' }) })), 2],
    ['one that counts wrong', queue(() => ({ size: 7 })), 2],
    [
      'one that is shared',
      queue(() => ({
        enqueue: (entry) => {
          shared.push(entry)
          return undefined
        },
        dequeue: () => shared.shift(),
        get size() {
          return shared.length
        },
      })),
      3,
    ],
  ])('finds in %s what is broken', async (_, make, count) => {
    expect(await broken(mailboxLaws(make))).toHaveLength(count)
  })

  it('says what is wrong with the shortest case', () => {
    const [law] = mailboxLaws(queue(() => ({ enqueue: () => undefined })))

    expect(() => law?.check()).toThrow(
      "every message comes out once, or is let go once with a reason: its size is 0 with 1 messages in it. Seen after ['enqueue'].",
    )
  })

  it('lets a mailbox with priorities overtake', async () => {
    const lifo = queue((entries) => ({ dequeue: () => entries.pop() }))

    expect(await broken(mailboxLaws(lifo, { isOrdered: false }))).toEqual([])
    expect(await broken(mailboxLaws(boundedMailbox(2)))).toEqual([])
  })
})

describe('dispatcherLaws', () => {
  const made = (schedule: (runnable: Runnable) => void, taskStarted?: Dispatcher['taskStarted']): readonly Law[] =>
    dispatcherLaws(() => ({
      dispatcher: {
        schedule,
        taskStarted:
          taskStarted ??
          (() => ({
            settled: (deliver) => {
              deliver()
            },
          })),
      },
      drive: () => Promise.resolve(),
    }))
  const later = (runnable: Runnable, budget = 1): void => {
    queueMicrotask(() => {
      runnable.run(budget)
    })
  }

  it('finds nothing wrong with microtasks', async () => {
    expect(
      await broken(
        made((runnable) => {
          later(runnable)
        }),
      ),
    ).toEqual([])
  })

  it('finds what runs at once, twice, never, without a budget', async () => {
    const atOnce = made((runnable) => {
      if (runnable.ref.path.uid % 2 === 0) later(runnable)
      else runnable.run(1)
    })
    const twice = made((runnable) => {
      later(runnable)
      later(runnable)
    })
    const never = made(() => undefined)
    const broke = made((runnable) => {
      later(runnable, 0)
    })

    expect((await broken(atOnce)).length).toBeGreaterThan(0)
    expect(await broken(twice)).toContain('whoever is scheduled gets one turn for it')
    expect(await broken(never)).toHaveLength(4)
    expect(await broken(broke)).toEqual(['a turn has room for at least one message'])
  })

  it('finds a task whose end is delivered never or twice', async () => {
    const schedule = (runnable: Runnable): void => {
      later(runnable)
    }
    const law = 'the end of a task is delivered once'

    expect(await broken(made(schedule, () => ({ settled: () => undefined })))).toEqual([law])
    expect(
      await broken(
        made(schedule, () => ({
          settled: (deliver) => {
            deliver()
            deliver()
          },
        })),
      ),
    ).toEqual([law])
  })
})

describe('behaviorLaws', () => {
  it('finds state outside of the behavior', async () => {
    let count = 0
    const leaky = Behaviors.receive<string>((context) => {
      context.log.info(String(++count))
      return Behaviors.same
    })

    expect((await broken(behaviorLaws(leaky, ['word']))).length).toBeGreaterThan(2)
  })

  it('finds nothing wrong with state inside of a setup', async () => {
    const tidy = Behaviors.setup<string>((context) => {
      let count = 0
      return Behaviors.receiveMessageWithSame(() => {
        context.log.info(String(++count))
      })
    })

    expect(await broken(behaviorLaws(tidy, ['word']))).toEqual([])
  })
})

describe('contravariantLaws', () => {
  type Sink = (n: number) => number
  const laws = (contramap: (f: Sink) => (sink: Sink) => Sink): readonly Law[] =>
    contravariantLaws<Sink>({ make: () => (n) => n * n, contramap, observe: (sink, inputs) => inputs.map(sink) })

  it('finds functions in the wrong order, and one that adds something', async () => {
    expect(await broken(laws((f) => (sink) => (n) => sink(f(n))))).toEqual([])
    expect(await broken(laws((f) => (sink) => (n) => f(sink(n))))).toHaveLength(1)
    expect(await broken(laws((f) => (sink) => (n) => sink(f(n) + 1)))).toHaveLength(2)
  })
})

describe('supervisionLaws', () => {
  const wrapped =
    (change: (behavior: Behavior<string>) => Behavior<string>): Supervising =>
    (strategy) =>
    (behavior) =>
      pipe(change(behavior), Behaviors.supervise(strategy))

  it('finds one that swallows failures, and one that does not supervise', async () => {
    const swallowing = wrapped(
      Behaviors.intercept<string, string>({
        name: 'swallow',
        aroundReceive: (_, message, target) => (message === 'fail' ? Behaviors.same : target.receive(message)),
      }),
    )

    expect(await broken(supervisionLaws(wrapped((behavior) => behavior)))).toEqual([])
    expect(await broken(supervisionLaws(swallowing))).toHaveLength(3)
    expect(await broken(supervisionLaws(() => (behavior) => behavior))).toHaveLength(3)
  })
})
