/** Looking for a run that fails, and for the shortest one. */
import { describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type ActorRef, type Behavior } from 'troupe'
import { Simulation, type SimulatedApp, type SimulatedWorld } from 'troupe/testkit'

/** Each of `count` actors sends `words` words to one reader. */
const senders =
  (
    count: number,
    words: number,
    read: (order: readonly string[]) => void = () => undefined,
    prefix: string = '',
  ): SimulatedApp =>
  (world) => {
    const order: string[] = []
    const to = world.spawn(
      Behaviors.receiveMessageWithSame<string>((word) => {
        order.push(word)
      }),
      `${prefix}reader`,
    )
    for (let n = 0; n < count; n++) {
      const sender = Behaviors.receiveMessageWithSame<string>((word) => {
        to.tell(word)
      })
      const ref = world.spawn(sender, `${prefix}sender-${String(n)}`)
      for (let word = 0; word < words; word++) ref.tell(`${String(n)}.${String(word)}`)
    }
    world.finally(() => {
      read([...order])
    })
  }

type AccountCommand =
  { readonly _tag: 'Get'; readonly replyTo: ActorRef<number> } | { readonly _tag: 'Set'; readonly balance: number }

const account = (balance: number): Behavior<AccountCommand> =>
  Behaviors.receiveMessage((command) => {
    if (command._tag === 'Set') return account(command.balance)
    command.replyTo.tell(balance)
    return Behaviors.same
  })

/** Reads the balance, and writes it back one higher: a race when there are two of them. */
const depositor = (of: ActorRef<AccountCommand>): Behavior<never> =>
  Behaviors.setup<number>((context) => {
    of.tell({ _tag: 'Get', replyTo: context.self })
    return Behaviors.receiveMessage((balance) => {
      of.tell({ _tag: 'Set', balance: balance + 1 })
      return Behaviors.same
    })
  })

const deposits =
  (count: number): SimulatedApp =>
  async (world: SimulatedWorld) => {
    const shared = world.spawn(account(0), 'account')
    for (let n = 0; n < count; n++) world.spawn(depositor(shared), `depositor-${String(n)}`)
    await world.quiet()
    let seen = -1
    shared.tell({
      _tag: 'Get',
      replyTo: world.spawn(
        Behaviors.receiveMessageWithSame<number>((balance) => {
          seen = balance
        }),
        'auditor',
      ),
    })
    await world.quiet()
    if (seen !== count) throw new Error(`the balance is ${String(seen)}, not ${String(count)}`)
  }

describe('Simulation.explore by seeds', () => {
  it('finds a lost update, and that it needs no unusual order', async () => {
    const { failure, runs } = await Simulation.explore({ seed: 1 }, deposits(4))

    expect(runs).toBeLessThan(50)
    expect(failure?.failure).toBeInstanceOf(Error)
    expect(failure?.schedule).toMatchObject({ picks: [], faults: [] })
  })

  it('shortens an unusual order to the one decision that it takes', async () => {
    const { failure, found } = await Simulation.explore({ seed: 1 }, (world) => {
      void senders(4, 2)(world)
      void senders(
        2,
        1,
        (order) => {
          expect(order).toEqual(['0.0', '1.0'])
        },
        'late-',
      )(world)
    })

    expect(found?.schedule.picks.length).toBeGreaterThan(5)
    expect(failure?.schedule.picks).toHaveLength(1)
  })

  it('says how many runs differed when none fails', async () => {
    const exploration = await Simulation.explore({ maxRuns: 100 }, senders(2, 1))

    expect(exploration).toMatchObject({ runs: 100, isComplete: false, failure: undefined, found: undefined })
    expect(exploration.distinct).toBeGreaterThan(5)
    expect(exploration.distinct).toBeLessThan(100)
  })

  it('shortens faults together with the order', async () => {
    const { failure } = await Simulation.explore({ faults: { crash: 0.2, delay: 0.1 } }, (world) => {
      let handled = 0
      const actor = world.spawn(
        Behaviors.receiveMessageWithSame<string>(() => {
          handled++
        }),
        'actor',
      )
      void senders(2, 3)(world)
      for (let n = 0; n < 5; n++) actor.tell('word')
      world.finally(() => {
        expect(handled).toBe(5)
      })
    })

    expect(failure?.schedule.picks.length).toBeLessThan(2)
    expect(failure?.schedule.faults.map(({ kind }) => kind)).toEqual(['crash'])
  })
})

describe('Simulation.shrink', () => {
  /** Three writers, one message each to a reader; handlers may crash. */
  const letters =
    (check: (read: readonly string[]) => void): SimulatedApp =>
    (world) => {
      const read: string[] = []
      const resumed = Behaviors.supervise(SupervisorStrategy.resume)
      const reader = world.spawn(
        resumed(
          Behaviors.receiveMessageWithSame<string>((letter) => {
            read.push(letter)
          }),
        ),
        'reader',
      )
      for (const letter of ['a', 'b', 'c']) {
        const writer = Behaviors.receiveMessageWithSame<number>(() => {
          reader.tell(letter)
        })
        for (let n = 0; n < 3; n++) world.spawn(resumed(writer)).tell(n)
      }
      world.finally(() => {
        check(read)
      })
    }

  it('leaves no decision that could be left out', async () => {
    const faults = { crash: 0.1, delay: 0.1 }
    const app = letters((read) => {
      if (read.length < 9 && /cb.*a.*c/.test(read.join(''))) throw new Error('lost')
    })
    for (const seed of [0, 1_000, 2_000]) {
      const { failure } = await Simulation.explore({ seed, faults, maxShrinkRuns: 5_000 }, app)
      if (failure === undefined) throw new Error('nothing was found')
      const { schedule } = failure
      for (let at = 0; at < schedule.picks.length + schedule.faults.length; at++) {
        const fewer = {
          ...schedule,
          faults: schedule.faults.filter((_, index) => index !== at),
          picks: schedule.picks.filter((_, index) => index + schedule.faults.length !== at),
        }
        expect((await Simulation.run({ schedule: fewer }, app)).outcome).toBe('done')
      }
    }
  })

  it('does not slide to a failure that says something else', async () => {
    const app = letters((read) => {
      if (read[0] !== 'c') return
      throw new Error(read.length < 9 ? `${String(read.length)} were read, '${read.join()}'` : 'c is first')
    })
    const found = async (seed: number): Promise<readonly string[]> => {
      const { found, failure } = await Simulation.explore({ seed, maxRuns: 1, faults: { crash: 0.15 } }, app)
      return found === undefined
        ? []
        : [found, failure].map((trace) => String(trace?.failure).replaceAll(/\d|'.*'/g, ''))
    }

    for (let seed = 0; seed < 60; seed++) expect(new Set(await found(seed)).size).toBeLessThan(2)
  })
})

describe('Simulation.explore in every order', () => {
  const every = (app: SimulatedApp, reduce: boolean): ReturnType<typeof Simulation.explore> =>
    Simulation.explore({ orders: 'every', maxRuns: 20_000, reduce }, app)

  it('tries one order of those that have nothing to do with each other', async () => {
    const app: SimulatedApp = (world) => {
      for (const name of ['ann', 'ben', 'cid']) {
        const actor = world.spawn(
          Behaviors.receiveMessageWithSame<string>(() => undefined),
          name,
        )
        for (const word of ['one', 'two']) actor.tell(word)
      }
    }

    expect(await every(app, true)).toMatchObject({ runs: 1, isComplete: true })
    expect(await every(app, false)).toMatchObject({ runs: 1_680, isComplete: true })
  })

  it('reaches every result that it reaches without reduction, in fewer runs', async () => {
    const results = async (reduce: boolean): Promise<readonly [runs: number, results: readonly string[]]> => {
      const seen = new Set<string>()
      const { runs, isComplete } = await every(
        senders(2, 2, (order) => {
          seen.add(order.join(' '))
        }),
        reduce,
      )
      expect(isComplete).toBe(true)
      return [runs, [...seen].sort()]
    }

    const [allRuns, all] = await results(false)
    const [fewerRuns, reduced] = await results(true)

    // Two words of one in any place among two of the other.
    expect(all).toHaveLength(6)
    expect(reduced).toEqual(all)
    expect(fewerRuns * 5).toBeLessThan(allRuns)
  })

  it('finds the only bad order of a small program', async () => {
    const { failure, isComplete } = await every(deposits(2), true)

    expect(isComplete).toBe(false)
    expect(failure?.outcome).toBe('failed')
  })

  it('crashes every handler once, when told to', async () => {
    const survivors = new Set<string>()
    const app: SimulatedApp = (world) => {
      const handled: string[] = []
      for (const name of ['ann', 'ben'])
        world
          .spawn(
            Behaviors.receiveMessageWithSame<string>(() => {
              handled.push(name)
            }),
            name,
          )
          .tell('word')
      world.finally(() => {
        survivors.add(handled.join(' '))
      })
    }

    const { isComplete } = await Simulation.explore({ orders: 'every', crashes: 1, reduce: false }, app)

    expect(isComplete).toBe(true)
    expect([...survivors].sort()).toEqual(['ann', 'ann ben', 'ben', 'ben ann'])
  })

  it('stops at its bound, and says that it is not complete', async () => {
    const exploration = await Simulation.explore({ orders: 'every', maxRuns: 10 }, senders(3, 3))

    expect(exploration).toMatchObject({ runs: 10, isComplete: false, failure: undefined })
  })

  it('refuses an application that is not the same in each run', async () => {
    let runs = 0
    const app: SimulatedApp = (world) => {
      runs++
      if (runs < 3) void senders(3, 1)(world)
      else world.spawn(Behaviors.receiveMessageWithSame<string>(() => undefined)).tell('word')
    }

    await expect(every(app, false)).rejects.toThrow('is not the same in each run')
  })

  const unsteady: readonly (readonly [title: string, app: (run: number) => SimulatedApp])[] = [
    ['names its actors by a counter outside', (run) => senders(2, 1, undefined, `${String(run)}-`)],
    [
      'tells something else each time',
      (run) => (world) => {
        const reader = world.spawn(
          Behaviors.receiveMessageWithSame<number>(() => undefined),
          'reader',
        )
        world
          .spawn(
            Behaviors.receiveMessageWithSame<string>(() => undefined),
            'other',
          )
          .tell('word')
        reader.tell(run)
      },
    ],
    ['is over sooner than before', (run) => senders(2, run === 1 ? 2 : 1)],
  ]

  it.each(unsteady)('refuses an application that %s', async (_, app) => {
    for (const reduce of [false, true]) {
      let runs = 0
      const counted: SimulatedApp = (world) => app(++runs)(world)
      await expect(every(counted, reduce)).rejects.toThrow('is not the same in each run')
    }
  })

  it('finds a trace that its schedule leads to again', async () => {
    const { found } = await every(deposits(2), true)
    if (found === undefined) throw new Error('nothing was found')

    const again = await Simulation.run({ schedule: found.schedule }, deposits(2))

    expect(again.sha256).toBe(found.sha256)
  })
})
