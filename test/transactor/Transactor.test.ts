import { left, right, type Either } from 'fp-ts/lib/Either.js'
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest'
import { Behaviors, contramapRef, type ActorRef, type AskError, type Behavior, type Probe } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import {
  Transactor,
  type ParticipantCommand,
  type TransactionError,
  type TransactorCommand,
  type Update,
} from 'troupe/transactor'

let kit: ActorTestKit
let log: string[]

beforeEach(() => {
  kit = ActorTestKit.create()
  log = []
})
afterEach(() => kit.shutdown())

interface Deposit {
  readonly deposit: number
}
type Account = ActorRef<ParticipantCommand<number> | Deposit>

const account = (initial: number): Behavior<ParticipantCommand<number> | Deposit> =>
  Transactor.participant<number, Deposit>({
    initial,
    onMessage: (balance, { deposit }) => {
      if (deposit < 0) throw new Error('a deposit below 0')
      return balance + deposit
    },
  })

const withdraw = (from: Account, cents: number): Update<string> =>
  Transactor.update(from, (balance) => (balance < cents ? left('not enough') : right(balance - cents)))
const deposit = (to: Account, cents: number): Update<never> =>
  Transactor.update(to, (balance) => right(balance + cents))
const transfer = (from: Account, to: Account, cents: number): readonly Update<string>[] => [
  withdraw(from, cents),
  deposit(to, cents),
]

/** Runs transactions one after another and logs what comes of them. */
const customer = (
  transactor: ActorRef<TransactorCommand>,
  ...transactions: readonly (readonly Update<string>[])[]
): ActorRef<never> =>
  kit.spawn(
    Behaviors.coroutine<never>(function* (co) {
      for (const updates of transactions) {
        const done = yield* co.ask(transactor, Transactor.run(updates), { timeoutMs: 60_000 })
        log.push(describeResult(done))
      }
      return Behaviors.stopped
    }),
  )

const describeResult = (done: Either<AskError, Either<TransactionError<string>, 'committed'>>): string => {
  if (done._tag === 'Left') return done.left._tag
  return done.right._tag === 'Left' ? done.right.left._tag : done.right.right
}

const balancesOf = (...accounts: readonly Account[]): readonly number[] =>
  accounts.map((ref) => {
    const probe = kit.createProbe<number>()
    ref.tell(Transactor.read(probe.ref))
    return probe.receiveMessage()
  })

describe('a transaction', () => {
  it('changes all participants, and none when one refuses', () => {
    const transactor = kit.spawn(Transactor.behavior())
    const ann = kit.spawn(account(100))
    const bob = kit.spawn(account(0))
    customer(transactor, transfer(ann, bob, 30), transfer(bob, ann, 31), transfer(ann, bob, 70))
    kit.runUntilQuiet()

    expect(log).toEqual(['committed', 'TransactionRefused', 'committed'])
    expect(balancesOf(ann, bob)).toEqual([0, 100])
  })

  it('is refused with the reason, by name, also when a change throws', () => {
    const transactor = kit.spawn(Transactor.behavior())
    const ann = kit.spawn(account(0), 'ann')
    const results: unknown[] = []
    kit.spawn(
      Behaviors.coroutine<never>(function* (co) {
        const failing = Transactor.update(ann, (): Either<string, number> => {
          throw new Error('a bug')
        })
        for (const updates of [[withdraw(ann, 1)], [failing]])
          results.push(yield* co.ask(transactor, Transactor.run(updates), { timeoutMs: 5_000 }))
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    expect(results).toMatchObject([
      { right: { left: { _tag: 'TransactionRefused', reason: 'not enough', participant: ann } } },
      {
        right: {
          left: { message: 'Nothing has changed: troupe://test/user/ann refused its part of the transaction: a bug' },
        },
      },
    ])
  })

  it('is refused with what a reference throws that is seen through a function, and ends', () => {
    const transactor = kit.spawn(Transactor.behavior())
    const ann = kit.spawn(account(100), 'ann')
    const bob: Account = contramapRef((): never => {
      throw new Error('no way to bob')
    })(kit.spawn(account(0), 'bob'))
    customer(transactor, transfer(ann, bob, 10), [deposit(ann, 1)])
    kit.runUntilQuiet()

    expect(log).toEqual(['TransactionRefused', 'committed'])
    expect(balancesOf(ann)).toEqual([101])
  })

  it('that names a participant twice changes it in turn', () => {
    const transactor = kit.spawn(Transactor.behavior())
    const ann = kit.spawn(account(0))
    customer(transactor, [deposit(ann, 5), withdraw(ann, 3)], [withdraw(ann, 3), deposit(ann, 5)])
    kit.runUntilQuiet()

    expect(log).toEqual(['committed', 'TransactionRefused'])
    expect(balancesOf(ann)).toEqual([2])
  })

  it('fails when a participant has terminated, and leaves the others as they were', () => {
    const transactor = kit.spawn(Transactor.behavior())
    const ann = kit.spawn(account(100))
    const gone = kit.spawn(account(0))
    kit.runUntilQuiet()
    kit.stop(gone)
    customer(transactor, transfer(ann, gone, 10), [deposit(ann, 1)])
    kit.runUntilQuiet()

    expect(log).toEqual(['ParticipantTerminated', 'committed'])
    expect(balancesOf(ann)).toEqual([101])
  })

  it('lets the own messages of a participant wait while it is held ready, in order', () => {
    const transactor = kit.spawn(Transactor.behavior({ timeoutMs: 100, retries: 0 }))
    const seen: string[] = []
    // Participants are made ready in the order of their paths.
    const slow = kit.spawn(Behaviors.ignore, 'b') as unknown as Account
    const list = kit.spawn(
      Transactor.participant<readonly string[], string>({
        initial: [],
        onMessage: (texts, text) => {
          seen.push(text)
          return [...texts, text]
        },
      }),
      'a',
    )
    customer(transactor, [Transactor.update(list, (texts) => right([...texts, 'tx'])), deposit(slow, 1)])
    kit.runUntilQuiet()
    list.tell('a')
    list.tell('b')
    kit.runUntilQuiet()
    expect(seen).toEqual([])

    kit.clock.timePasses(100)

    expect(seen).toEqual(['a', 'b'])
    expect(log).toEqual(['TransactionTimeout'])
  })

  it('is tried again when time is up, and says how often', () => {
    const transactor = kit.spawn(Transactor.behavior({ timeoutMs: 100, retries: 2 }))
    const silent = kit.spawn(Behaviors.ignore) as unknown as Account
    const results: Either<AskError, Either<TransactionError<never>, 'committed'>>[] = []
    kit.spawn(
      Behaviors.coroutine<never>(function* (co) {
        results.push(yield* co.ask(transactor, Transactor.run([deposit(silent, 1)]), { timeoutMs: 10_000 }))
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(1_000)

    expect(results).toMatchObject([{ right: { left: { _tag: 'TransactionTimeout', attempts: 3, timeoutMs: 100 } } }])
  })

  it('is settled though a participant loses the message that says so', async () => {
    const lossy: Probe = {
      beforeHandle: (ref, message) => {
        if (ref.path.name === 'bob' && (message as object).constructor.name === 'Settle' && !log.includes('lost')) {
          log.push('lost')
          throw new Error('injected')
        }
      },
    }
    await using other = ActorTestKit.create({ probe: lossy })
    const transactor = other.spawn(Transactor.behavior({ timeoutMs: 100 }))
    const ann = other.spawn(account(100), 'ann')
    const bob = other.spawn(account(0), 'bob')
    other.spawn(
      Behaviors.coroutine<never>(function* (co) {
        log.push(
          describeResult(yield* co.ask(transactor, Transactor.run(transfer(ann, bob, 10)), { timeoutMs: 5_000 })),
        )
        bob.tell({ deposit: 5 })
        return Behaviors.stopped
      }),
    )
    other.runUntilQuiet()
    expect([...log].sort()).toEqual(['committed', 'lost'])
    const read = (): number => {
      const probe = other.createProbe<number>()
      bob.tell(Transactor.read(probe.ref))
      return probe.receiveMessage()
    }

    // A question sees the decision by itself; what waited for it is handled after that.
    expect([read(), read()]).toEqual([10, 15])
    other.clock.timePasses(100)
  })

  it('is given up by all when its coordinator is gone', () => {
    const transactor = kit.spawn(Transactor.behavior({ timeoutMs: 1_000 }))
    const ann = kit.spawn(account(100), 'a')
    const silent = kit.spawn(Behaviors.ignore, 'b') as unknown as Account
    customer(transactor, [deposit(ann, 1), deposit(silent, 1)])
    kit.runUntilQuiet()
    ann.tell({ deposit: 7 })
    kit.runUntilQuiet()
    expect(balancesOf(ann)).toEqual([100])

    kit.stop(transactor)

    expect(balancesOf(ann)).toEqual([107])
    expect(log).toEqual(['AskTargetTerminated'])
  })
})

describe('the transfer race', () => {
  it('between two accounts loses nothing and waits in no circle', () => {
    const transactor = kit.spawn(Transactor.behavior())
    const ann = kit.spawn(account(100))
    const bob = kit.spawn(account(100))
    for (let n = 0; n < 10; n++) {
      customer(transactor, transfer(ann, bob, 70), transfer(ann, bob, 5))
      customer(transactor, transfer(bob, ann, 70), transfer(bob, ann, 5))
    }
    kit.runUntilQuiet()

    expect(log).toHaveLength(40)
    expect(log.filter((what) => what !== 'committed' && what !== 'TransactionRefused')).toEqual([])
    const [ofAnn = NaN, ofBob = NaN] = balancesOf(ann, bob)
    expect(ofAnn + ofBob).toBe(200)
    expect(Math.min(ofAnn, ofBob)).toBeGreaterThanOrEqual(0)
  })
})

describe('a participant', () => {
  it('goes on with its state when one of its own messages fails', () => {
    const ann = kit.spawn(account(5))
    ann.tell({ deposit: 1 })
    ann.tell({ deposit: -1 })
    ann.tell({ deposit: 1 })

    expect(balancesOf(ann)).toEqual([7])
  })

  it('leaves messages of its own unhandled when it has no handler for any', () => {
    const unhandled = kit.createUnhandledProbe()
    const ann = kit.spawn(Transactor.participant<number, string>({ initial: 0 }))
    ann.tell('hello')

    expect(unhandled.receiveMessage().message).toBe('hello')
  })
})

describe('what could be told to nobody', () => {
  const sentence = 'but must be a value that can be sent, neither null nor undefined'
  // What is refused by the types, too.
  const nothing = null as unknown as number

  it('is no state to begin with', () => {
    expect(() => Transactor.participant({ initial: nothing })).toThrow(
      `The initial state of a participant is null, ${sentence}`,
    )
  })

  it('is no state that a message leads to: it fails, and the state is as it was', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const ann = kit.spawn(Transactor.participant<number, Deposit>({ initial: 5, onMessage: () => nothing }), 'ann')
    ann.tell({ deposit: 1 })

    expect(balancesOf(ann)).toEqual([5])
    expect(errors.receiveMessage().message).toContain(
      `troupe://test/user/ann: What a message to a participant has led to is null, ${sentence}`,
    )
  })

  it.each<[string, unknown]>([
    ['nothing', right(nothing)],
    // An async function, and one without an Either.
    ['a promise', Promise.resolve(right(6))],
    ['a bare state', 6],
  ])('is no state that a transaction leads to, with a change that answers %s: it is refused', (_, answer) => {
    const transactor = kit.spawn(Transactor.behavior())
    const ann = kit.spawn(account(5))
    customer(transactor, [Transactor.update(ann, () => answer as Either<string, number>)])
    kit.runUntilQuiet()

    expect(log).toEqual(['TransactionRefused'])
    expect(balancesOf(ann)).toEqual([5])
  })
})

describe('a transactor refuses', () => {
  it('a transaction of nothing and options out of their range', () => {
    expect(() => Transactor.run([])).toThrow('Transactor.run was given no updates.')
    expect(() => Transactor.run(null as never)).toThrow('Transactor.run was given no updates.')
    expect(() => Transactor.behavior({ timeoutMs: 0 })).toThrow('timeoutMs of a transactor is 0')
    expect(() => Transactor.behavior({ retries: -1 })).toThrow('retries of a transactor is -1')
  })
})

describe('an update is refused', () => {
  it('without a participant, and without a function', () => {
    const ann = kit.spawn(account(1))

    expect(() => deposit(undefined as never, 1)).toThrow('The participant of Transactor.update is undefined')
    expect(() => Transactor.update(ann, 5 as never)).toThrow('The change of Transactor.update is 5')
  })
})

it('the reasons of a refusal are typed by the updates', () => {
  const make = Transactor.run([withdraw({} as Account, 1)])

  expectTypeOf(make).parameter(0).toEqualTypeOf<ActorRef<Either<TransactionError<string>, 'committed'>>>()
})
