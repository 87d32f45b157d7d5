/** The laws find what breaks them. That ours keep them is a property: properties/testkit/laws.prop.ts. */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import {
  Behaviors,
  boundedMailbox,
  SupervisorStrategy,
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

/** So many messages wait in all mailboxes together. */
const sharingBound = (most: number): MailboxFactory => {
  let total = 0
  return queue((entries) => ({
    enqueue: (entry) => {
      if (total >= most) return { entry, reason: 'full' }
      total++
      entries.push(entry)
      return undefined
    },
    dequeue: () => {
      if (entries.length > 0) total--
      return entries.shift()
    },
  }))
}

describe('mailboxLaws', () => {
  const shared: MailboxEntry<unknown>[] = []

  it.each([
    ['nothing wrong', queue(() => ({})), 0],
    ['one that swaps', queue((entries) => ({ dequeue: () => entries.pop() })), 2],
    ['one that forgets', queue(() => ({ enqueue: () => undefined })), 3],
    [
      'one that drops in silence',
      queue((entries) => ({ enqueue: (entry) => (entries.length < 2 && entries.push(entry), undefined) })),
      3,
    ],
    ['one that gives twice', queue((entries) => ({ dequeue: () => entries[0] })), 4],
    ['one that gives no reason', queue(() => ({ enqueue: (entry) => ({ entry, reason: '' }) })), 3],
    ['one that counts wrong', queue(() => ({ size: 7 })), 3],
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
      1,
    ],
    [
      'one that drops what is not known yet',
      queue((entries) => ({ enqueue: (entry) => (entry.message !== undefined && entries.push(entry), undefined) })),
      3,
    ],
    [
      'one that takes every message for an object',
      queue((entries) => ({
        enqueue: (entry) => {
          // Where there is no message yet, this throws.
          Object.keys(entry.message as object)
          entries.push(entry)
          return undefined
        },
      })),
      6,
    ],
    [
      'one that drops equal messages in silence',
      queue((entries) => ({
        enqueue: (entry) => (
          entries.some(({ message }) => message === entry.message) || entries.push(entry),
          undefined
        ),
      })),
      3,
    ],
    [
      'one that drops what is beyond 40',
      queue((entries) => ({ enqueue: (entry) => (entries.length < 40 && entries.push(entry), undefined) })),
      1,
    ],
    ['one that shares its bound', sharingBound(500), 1],
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
    const endless = made((runnable) => {
      later(runnable, Infinity)
    })

    expect((await broken(atOnce)).length).toBeGreaterThan(0)
    expect(await broken(twice)).toContain('whoever is scheduled gets one turn for it')
    expect(await broken(never)).toHaveLength(7)
    for (const laws of [broke, endless])
      expect(await broken(laws)).toEqual(['a turn has room for at least one message, and an end'])
  })

  it('finds a task whose end is delivered never or twice', async () => {
    const schedule = (runnable: Runnable): void => {
      later(runnable)
    }
    const law = 'the end of a task is delivered once'

    expect(await broken(made(schedule, () => ({ settled: () => undefined })))).toEqual([
      'the end of a task is delivered however late it comes',
      law,
    ])
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

describe('dispatcherLaws on what comes later', () => {
  type Schedule = (runnable: Runnable) => void
  const soon: Schedule = (runnable) => {
    queueMicrotask(() => {
      runnable.run(1)
    })
  }
  const made = (schedule: () => Schedule, taskStarted: Dispatcher['taskStarted']): readonly Law[] =>
    dispatcherLaws(() => ({
      dispatcher: { schedule: schedule(), taskStarted },
      drive: () =>
        new Promise((resolve) => {
          setImmediate(resolve)
        }),
    }))
  const atOnce: Dispatcher['taskStarted'] = () => ({
    settled: (deliver) => {
      deliver()
    },
  })
  /** Loses who is scheduled while it has its turn. */
  const deaf = (): Schedule => {
    let current: Runnable | undefined
    return (runnable) => {
      if (runnable === current) return
      queueMicrotask(() => {
        current = runnable
        runnable.run(1)
        current = undefined
      })
    }
  }
  const generous = (most: number) => (): Schedule => {
    const turns = new Map<Runnable, number>()
    return (runnable) => {
      const had = turns.get(runnable) ?? 0
      turns.set(runnable, had + 1)
      if (had < most) soon(runnable)
    }
  }
  /** Knows a task until the event loop has had a turn. */
  const forgetful: Dispatcher['taskStarted'] = () => {
    let isKnown = true
    setImmediate(() => {
      isKnown = false
    })
    return {
      settled: (deliver) => {
        if (isKnown) deliver()
      },
    }
  }

  it('finds one that loses turns, and one that loses tasks (real time)', async () => {
    const turns = 'whoever is scheduled in its own turn gets another one, each time'

    expect(await broken(made(() => soon, atOnce))).toEqual([])
    expect(await broken(made(deaf, atOnce))).toContain(turns)
    expect(await broken(made(generous(9), atOnce))).toContain(turns)
    expect(await broken(made(() => soon, forgetful))).toEqual(['the end of a task is delivered however late it comes'])
  })
})

describe('dispatcherLaws on who has just been spawned', () => {
  type Launch = (runnable: Runnable, queue: Runnable[]) => void
  const made = (launch: Launch): readonly Law[] =>
    dispatcherLaws(() => {
      const queue: Runnable[] = []
      const dispatcher: Dispatcher = {
        schedule: (runnable) => void queue.push(runnable),
        launch: (runnable) => {
          launch(runnable, queue)
        },
        taskStarted: () => ({
          settled: (deliver) => {
            deliver()
          },
        }),
      }
      return {
        dispatcher,
        drive: () => {
          for (let left = 2_000; left > 0; left--) queue.shift()?.run(1)
        },
      }
    })

  it('finds one that runs them at once, forgets them, or takes them twice', async () => {
    const once = 'whoever is launched gets one turn for it'

    expect(await broken(made((runnable, queue) => void queue.push(runnable)))).toEqual([])
    expect(await broken(made((runnable) => void runnable.run(1)))).toContain(
      'nobody runs on the stack of who launches it',
    )
    expect(await broken(made(() => undefined))).toContain(once)
    expect(await broken(made((runnable, queue) => void queue.push(runnable, runnable)))).toContain(once)
  })

  it('finds one with which those spawned last keep all others waiting', async () => {
    expect(await broken(made((runnable, queue) => void queue.unshift(runnable)))).toEqual([
      'whoever always launches another one leaves turns to those who came before',
    ])
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
    expect(await broken(laws((f) => (sink) => (n) => f(sink(n))))).toHaveLength(2)
    expect(await broken(laws((f) => (sink) => (n) => sink(f(n) + 1)))).toHaveLength(3)
    expect(await broken(laws(() => (sink) => sink))).toHaveLength(1)
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
    expect(await broken(supervisionLaws(swallowing))).toHaveLength(6)
    expect(await broken(supervisionLaws(() => (behavior) => behavior))).toHaveLength(6)
  })

  it('finds one that forgets the pause, the time of a limit, or the children', async () => {
    const changed =
      (change: (strategy: SupervisorStrategy) => SupervisorStrategy): Supervising =>
      (strategy) =>
        Behaviors.supervise(change(strategy))
    const hasty = changed((strategy) => (strategy._tag === 'Backoff' ? SupervisorStrategy.restart : strategy))
    const strict = changed((strategy) => ('withinMs' in strategy ? { ...strategy, withinMs: 1e9 } : strategy))
    const careless = changed((strategy) =>
      'stopChildren' in strategy ? { ...strategy, stopChildren: false } : strategy,
    )
    const harsh = changed((strategy) => ('stopChildren' in strategy ? { ...strategy, stopChildren: true } : strategy))
    const children = 'a restart begins with no children, unless the strategy keeps them'

    expect(await broken(supervisionLaws(hasty))).toEqual([
      'a backoff waits before each restart, twice as long each time',
    ])
    expect(await broken(supervisionLaws(strict))).toEqual(['a limit counts the restarts of its time only'])
    expect(await broken(supervisionLaws(careless))).toEqual([children])
    expect(await broken(supervisionLaws(harsh))).toEqual([children])
  })
})
