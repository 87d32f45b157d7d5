/** The simulator through its public door. */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { ActorSystem, Behaviors, SupervisorStrategy, ask, type ActorRef, type Behavior } from 'troupe'
import { Simulation, type SimulatedApp, type SimulatedWorld, type Trace } from 'troupe/testkit'

interface Say {
  readonly to: ActorRef<string>
  readonly what: string
}

/** Two writers write three words each to one reader. */
const writers =
  (read: string[]): SimulatedApp =>
  (world) => {
    const reader = world.spawn(
      Behaviors.receiveMessageWithSame<string>((word) => {
        read.push(word)
      }),
      'reader',
    )
    for (const name of ['ann', 'ben']) {
      const writer = world.spawn(
        Behaviors.receiveMessageWithSame<Say>(({ to, what }) => {
          to.tell(what)
        }),
        name,
      )
      for (const number of [1, 2, 3]) writer.tell({ to: reader, what: `${name} ${String(number)}` })
    }
  }

const tagsOf = (trace: Trace): readonly string[] => trace.events.map(({ _tag }) => _tag)

const crashing = (strategy: SupervisorStrategy): Behavior<string> =>
  pipe(
    Behaviors.receiveMessageWithSame<string>(() => undefined),
    Behaviors.supervise(strategy),
  )

/** Asks `target` from an actor of its own. */
const asker = (target: ActorRef<ActorRef<string>>): Behavior<never> =>
  Behaviors.setup<string>((context) => {
    context.ask(
      target,
      (replyTo: ActorRef<string>) => replyTo,
      { timeoutMs: 1_000 },
      (result) => result._tag,
    )
    return Behaviors.receiveMessageWithSame(() => undefined)
  })

const silent = Behaviors.receiveMessageWithSame<ActorRef<string>>(() => undefined)

describe('Simulation.run', () => {
  it('takes one message a step, and gives each actor its own', async () => {
    const read: string[] = []

    const trace = await Simulation.run({ seed: 1 }, writers(read))

    expect(trace.outcome).toBe('done')
    expect([...read].sort()).toEqual(['ann 1', 'ann 2', 'ann 3', 'ben 1', 'ben 2', 'ben 3'])
    const handled = trace.events.filter(({ _tag }) => _tag === 'Handled')
    expect(handled).toHaveLength(12)
    expect(new Set(handled.map(({ step }) => step)).size).toBe(12)
  })

  it('gives the same trace for the same seed, byte for byte', async () => {
    const play = (seed: number): Promise<Trace> => Simulation.run({ seed }, writers([]))

    const [first, second, other] = [await play(5), await play(5), await play(6)]

    expect(second.toString()).toBe(first.toString())
    expect(second.toMermaid()).toBe(first.toMermaid())
    expect(second.sha256).toBe(first.sha256)
    expect(other.sha256).not.toBe(first.sha256)
  })

  it('gives this digest on every version of Node', async () => {
    const trace = await Simulation.run({ seed: 5, faults: { crash: 0.2 } }, writers([]))

    expect(trace.sha256).toMatchInlineSnapshot(`"bc8ef0d0c22d0f40f4ba4ef3bddf587440268354183102eff25e9f2c7af44f7a"`)
  })

  it('sees the content of messages in the digest', async () => {
    const told = (message: object): Promise<Trace> =>
      Simulation.run({}, (world) => {
        world
          .spawn(
            Behaviors.receiveMessageWithSame<object>(() => undefined),
            'it',
          )
          .tell(message)
      })

    const digests = await Promise.all(
      [{ a: 1 }, { a: 2 }, { a: -1 }, { b: 1 }, { a: '1' }, { a: [1] }, { a: new Map([[1, 1]]) }, { a: 1n }].map(
        async (message) => (await told(message)).sha256,
      ),
    )

    expect(new Set(digests).size).toBe(8)
  })

  it('tries many orders, and keeps the order of each pair in all of them', async () => {
    const orders = new Set<string>()
    for (let seed = 0; seed < 200; seed++) {
      const read: string[] = []
      await Simulation.run({ seed }, writers(read))
      for (const name of ['ann', 'ben'])
        expect(read.filter((word) => word.startsWith(name))).toEqual([1, 2, 3].map((n) => `${name} ${String(n)}`))
      orders.add(read.join())
    }

    // Six words in two ordered halves: 20 orders.
    expect(orders.size).toBe(20)
  })

  it('repeats a trace from its schedule alone', async () => {
    const faults = { crash: 0.2, crashInSetup: 0.2, delay: 0.2 }
    for (let seed = 0; seed < 20; seed++) {
      const trace = await Simulation.run({ seed, faults }, writers([]))
      const again = await Simulation.run({ schedule: trace.schedule, faults }, writers([]))

      expect(again.toString()).toBe(trace.toString())
      expect(again.sha256).toBe(trace.sha256)
    }
  })

  it('lets whoever has waited longest go first when the schedule says nothing', async () => {
    const read: string[] = []

    const trace = await Simulation.run({ schedule: { seed: 0, picks: [], faults: [] } }, writers(read))

    expect(read).toEqual(['ann 1', 'ben 1', 'ann 2', 'ben 2', 'ann 3', 'ben 3'])
    expect(trace.schedule).toEqual({ seed: 0, picks: [], faults: [] })
  })

  it('lets virtual time pass only when nobody can run', async () => {
    const times: number[] = []

    const trace = await Simulation.run({ seed: 3 }, (world) => {
      world.spawn(
        Behaviors.withTimers<string>((timers) => {
          timers.startSingleTimer('late', 'late', 86_400_000)
          timers.startSingleTimer('early', 'early', 1_000)
          return Behaviors.receiveMessageWithSame(() => {
            times.push(world.now())
          })
        }),
      )
    })

    expect(times).toEqual([1_000, 86_400_000])
    expect(trace.elapsedMs).toBe(86_400_000)
    expect(trace.outcome).toBe('done')
  })

  it('ends a program with endless timers when its time is up', async () => {
    const trace = await Simulation.run({ maxMs: 10_000 }, (world) => {
      world.spawn(
        Behaviors.withTimers<string>((timers) => {
          timers.startTimerAtFixedRate('beat', 'beat', 1_000)
          return Behaviors.receiveMessageWithSame(() => undefined)
        }),
      )
    })

    expect([trace.outcome, trace.elapsedMs]).toEqual(['done', 10_000])
  })
})

describe('faults of a simulation', () => {
  const faulty = (faults: object, strategy: SupervisorStrategy): Promise<Trace> =>
    Simulation.run({ seed: 2, faults }, (world) => {
      const actor = world.spawn(crashing(strategy), 'actor')
      for (let n = 0; n < 100; n++) actor.tell('word')
    })

  it('crash handlers, and the supervisor deals with it', async () => {
    const trace = await faulty({ crash: 0.3 }, SupervisorStrategy.restart)

    const crashes = trace.events.filter((event) => event._tag === 'Injected')
    expect(crashes.length).toBeGreaterThan(10)
    expect(tagsOf(trace).filter((tag) => tag === 'Restarted')).toHaveLength(crashes.length)
    expect(trace.schedule.faults).toEqual(crashes.map(({ step }) => ({ step, kind: 'crash' })))
  })

  it('crash starts', async () => {
    const trace = await faulty({ crashInSetup: 1 }, SupervisorStrategy.stop)

    expect(tagsOf(trace)).toContain('Stopped')
    expect(trace.schedule.faults).toEqual([{ step: 1, kind: 'crashInSetup' }])
  })

  it('crash the start after a restart as well', async () => {
    const trace = await faulty(
      { crash: 0.2, crashInSetup: 0.5 },
      pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(1_000, 1_000)),
    )

    const kinds = trace.schedule.faults.map(({ kind }) => kind)
    expect(kinds.indexOf('crashInSetup', kinds.indexOf('crash'))).toBeGreaterThan(0)
  })

  it('delay turns by virtual time', async () => {
    const trace = await faulty({ delay: 0.5, delayMs: 10 }, SupervisorStrategy.stop)

    const delays = trace.schedule.faults.filter(({ kind }) => kind === 'delay').length
    expect(delays).toBeGreaterThan(5)
    expect(trace.elapsedMs).toBe(delays * 10)
    expect(trace.outcome).toBe('done')
  })

  it('spare those that are not meant', async () => {
    const trace = await faulty({ crash: 1, only: () => false }, SupervisorStrategy.stop)

    expect(trace.schedule.faults).toEqual([])
  })

  it('lose, double and reorder what a link carries', async () => {
    const arrivals = async (faults: object): Promise<readonly number[]> => {
      const arrived: number[] = []
      await Simulation.run({ seed: 4, faults }, (world) => {
        const link = world.link('wire')
        for (let n = 0; n < 10; n++)
          link.send(() => {
            arrived.push(n)
          })
      })
      return arrived
    }
    const all = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]

    expect(await arrivals({})).toEqual(all)
    expect(await arrivals({ drop: 1 })).toEqual([])
    expect(await arrivals({ duplicate: 1 })).toEqual(all.flatMap((n) => [n, n]))
    const mixed = await arrivals({ reorder: 0.5 })
    expect(mixed).not.toEqual(all)
    expect([...mixed].sort()).toEqual(all)
  })

  it('are refused when their rate is none', async () => {
    await expect(async () => Simulation.run({ faults: { crash: 2 } }, () => undefined)).rejects.toThrow(
      'The rate of crash is 2',
    )
  })
})

describe('tasks in a simulation', () => {
  const awaiting = (task: (world: SimulatedWorld) => Promise<string>): Promise<Trace> =>
    Simulation.run({ seed: 1 }, (world) => {
      world
        .spawn(
          Behaviors.receiveMessage<string>(() =>
            Behaviors.awaiting(
              () => task(world),
              () => Behaviors.same,
            ),
          ),
          'waiter',
        )
        .tell('go')
    })

  it('end at a step of their own', async () => {
    const trace = await awaiting(async () => {
      for (let n = 0; n < 100; n++) await Promise.resolve()
      return 'done'
    })

    expect(trace.outcome).toBe('done')
    expect(tagsOf(trace).filter((tag) => tag.startsWith('Task'))).toEqual(['TaskStarted', 'TaskSettled'])
  })

  it('may wait for virtual time', async () => {
    const trace = await awaiting(async (world) => {
      await world.sleep(5_000)
      return 'done'
    })

    expect([trace.outcome, trace.elapsedMs]).toEqual(['done', 5_000])
  })

  it('are reported when they wait for the real world', async () => {
    const trace = await awaiting(() => new Promise(() => undefined))

    expect(trace.outcome).toBe('realWorld')
    expect(trace.waiting.map(({ actor }) => actor)).toEqual(['waiter'])
    expect(trace.toString()).toContain('waiter waits for the real world')
  })

  it('end in any order, as the seed has it', async () => {
    const orders = new Set<string>()
    for (let seed = 0; seed < 60; seed++) {
      const order: string[] = []
      await Simulation.run({ seed }, (world) => {
        for (const name of ['a', 'b', 'c'])
          world
            .spawn(
              Behaviors.receiveMessage<string>(() =>
                Behaviors.awaiting(
                  () => Promise.resolve(name),
                  (value) => {
                    order.push(value)
                    return Behaviors.same
                  },
                ),
              ),
            )
            .tell('go')
      })
      orders.add(order.join())
    }

    expect(orders.size).toBe(6)
  })
})

describe('an application that waits', () => {
  it('gets its answers, and the run ends after it', async () => {
    const answers: unknown[] = []
    const trace = await Simulation.run({ seed: 9 }, async (world) => {
      const echo = world.spawn(
        Behaviors.receiveMessageWithSame<{ readonly n: number; readonly replyTo: ActorRef<number> }>((query) => {
          query.replyTo.tell(query.n)
        }),
        'echo',
      )
      for (const n of [1, 2])
        answers.push(
          await pipe(
            echo,
            ask((replyTo: ActorRef<number>) => ({ n, replyTo }), { timeoutMs: 1_000 }),
          )(),
        )
      await world.sleep(60_000)
      await world.quiet()
    })

    expect(answers).toEqual([
      { _tag: 'Right', right: 1 },
      { _tag: 'Right', right: 2 },
    ])
    expect([trace.outcome, trace.elapsedMs]).toEqual(['done', 60_000])
  })

  it('is reported when it waits for the real world', async () => {
    const trace = await Simulation.run({}, () => new Promise(() => undefined))

    expect([trace.outcome, trace.waiting.map(({ actor }) => actor)]).toEqual(['realWorld', ['outside']])
  })

  it('fails the run when it throws, at once or later', async () => {
    const late = await Simulation.run({}, async (world) => {
      await world.quiet()
      throw new Error('late')
    })
    const soon = await Simulation.run({}, () => {
      throw new Error('soon')
    })

    expect([late.outcome, late.failure]).toEqual(['failed', new Error('late')])
    expect([soon.outcome, soon.failure]).toEqual(['failed', new Error('soon')])
  })
})

describe('liveness', () => {
  it('a question that nobody answers is a deadlock, with who waits for whom', async () => {
    const trace = await Simulation.run({ seed: 1 }, (world) => {
      world.spawn(asker(world.spawn(silent, 'deaf')), 'curious')
    })

    expect(trace.outcome).toBe('deadlock')
    expect(trace.waiting.map(({ actor }) => actor)).toEqual(['curious'])
    expect(trace.waiting[0]?.waitsFor).toContain('the answer of deaf')
    expect(trace.elapsedMs).toBe(0)
  })

  it('asks run out of time when they may', async () => {
    const trace = await Simulation.run({ seed: 1, openAsks: 'timeOut' }, (world) => {
      world.spawn(asker(world.spawn(silent, 'deaf')), 'curious')
    })

    expect([trace.outcome, trace.elapsedMs]).toEqual(['done', 1_000])
    expect(tagsOf(trace)).toContain('AskTimedOut')
  })

  it('two that await each other are a deadlock and not the real world', async () => {
    interface Query {
      readonly replyTo: ActorRef<string>
      readonly whom: ActorRef<Query> | undefined
    }
    const polite: Behavior<Query> = Behaviors.receiveMessage<Query>(({ whom, replyTo }) => {
      if (whom === undefined) {
        replyTo.tell('yes')
        return Behaviors.same
      }
      return Behaviors.awaiting(
        pipe(
          whom,
          ask((answerTo: ActorRef<string>) => ({ replyTo: answerTo, whom: undefined }), { timeoutMs: 5_000 }),
        ),
        () => {
          replyTo.tell('after you')
          return Behaviors.same
        },
      )
    })
    const outcomes = new Set<string>()
    for (let seed = 0; seed < 30; seed++) {
      const trace = await Simulation.run({ seed }, (world) => {
        const [ann, ben] = [world.spawn(polite, 'ann'), world.spawn(polite, 'ben')]
        const begin = (who: ActorRef<Query>, whom: ActorRef<Query>): Behavior<never> =>
          Behaviors.setup(() => {
            who.tell({ replyTo: world.system.ignoreRef, whom })
            return Behaviors.stopped
          })
        world.spawn(begin(ann, ben))
        world.spawn(begin(ben, ann))
      })
      outcomes.add(trace.outcome)
    }

    expect([...outcomes].sort()).toEqual(['deadlock', 'done'])
  })

  it('a program that never comes to rest is a livelock, with those that are busy', async () => {
    interface Ball {
      readonly back: ActorRef<Ball>
    }
    const trace = await Simulation.run({ maxSteps: 500 }, (world) => {
      const player: Behavior<Ball> = Behaviors.receive<Ball>((context, { back }) => {
        back.tell({ back: context.self })
        return Behaviors.same
      })
      const [ann, ben] = [world.spawn(player, 'ann'), world.spawn(player, 'ben')]
      ann.tell({ back: ben })
    })

    expect([trace.outcome, trace.steps]).toEqual(['livelock', 500])
    expect(trace.waiting).toHaveLength(1)
  })

  it('timers that go on without anybody who runs are a livelock too', async () => {
    const trace = await Simulation.run({ maxSteps: 50 }, (world) => {
      world.system.scheduler.scheduleWithFixedDelay(1, 1, () => undefined)
    })

    expect([trace.outcome, trace.steps, trace.elapsedMs]).toEqual(['livelock', 0, 50])
  })

  it('stops after as many steps as it is asked for', async () => {
    const trace = await Simulation.run({ stopAfter: 5 }, writers([]))

    expect([trace.outcome, trace.steps]).toEqual(['stopped', 5])
  })
})

describe('checks', () => {
  it('that hold always are made after every step', async () => {
    const read: string[] = []
    const trace = await Simulation.run({ seed: 1 }, (world) => {
      void writers(read)(world)
      world.always(() => {
        expect(read.length).toBeLessThan(3)
      })
    })

    expect([trace.outcome, read.length]).toEqual(['failed', 3])
  })

  it('that hold in the end are made then', async () => {
    const trace = await Simulation.run({ seed: 1 }, (world) => {
      world.finally(() => {
        throw new Error('in the end')
      })
    })

    expect([trace.outcome, trace.failure]).toEqual(['failed', new Error('in the end')])
  })

  it('fail Simulation.check with the trace to read', async () => {
    const failing = Simulation.check({ seed: 1 }, (world) => {
      void writers([])(world)
      world.finally(() => {
        throw new Error('in the end')
      })
    })

    await expect(failing).rejects.toThrow(/ann tells reader 'ann 1'[^]*Error: in the end[^]*sequenceDiagram/)
  })
})

describe('a trace', () => {
  it('reads as who told whom what, and who crashed', async () => {
    const trace = await Simulation.run(
      { schedule: { seed: 0, picks: [], faults: [{ step: 2, kind: 'crash' }] } },
      (world) => {
        world.spawn(crashing(SupervisorStrategy.resume), 'actor').tell('word')
      },
    )

    expect(trace.toString()).toMatchInlineSnapshot(`
      "Simulation with seed 0: done after 2 steps and 0 ms of virtual time.
                outside tells actor 'word'
          #1  actor starts
          #2  actor handles 'word' from outside
                fault: crash of actor
                actor FAILS with InjectedCrash('The simulation lets the handling of this message fail.'): resumed"
    `)
    expect(trace.toMermaid()).toMatchInlineSnapshot(`
      "sequenceDiagram
        participant p0 as outside
        participant p1 as actor
        p0->>p1: 'word'
        Note over p1: fault crash
        Note over p1: fails, resumed
        Note over p0: done"
    `)
  })

  it('keeps the end of what is too long to keep', async () => {
    const whole = await Simulation.run({ seed: 1 }, writers([]))
    const short = await Simulation.run({ seed: 1, history: 5 }, writers([]))

    expect(short.events).toEqual(whole.events.slice(short.omitted))
    expect(short.omitted).toBeGreaterThan(0)
    expect(short.sha256).toBe(whole.sha256)
  })

  it('tells one incarnation of a name from the next', async () => {
    const trace = await Simulation.run({}, async (world) => {
      for (const word of ['one', 'two']) {
        world
          .spawn(
            Behaviors.receiveMessage<string>(() => Behaviors.stopped),
            'mortal',
          )
          .tell(word)
        await world.quiet()
      }
    })

    const names = trace.events.flatMap((event) => (event._tag === 'Stopped' ? [event.actor] : []))
    expect(names[0]).toBe('mortal')
    expect(names[1]).toMatch(/^mortal#\d+$/)
  })
})

it('a simulation leaves nothing behind: real systems go on beside it', async () => {
  await using system = ActorSystem.create(silent, 'real')
  await Simulation.run({}, writers([]))

  expect(system.path.toString()).toBe('troupe://real/user')
})
