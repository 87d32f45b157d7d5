/**
 * A bank that loses no money: a hundred accounts, twenty clerks who move money between them in two steps and repeat what has no answer, and
 * crashes everywhere.
 *
 * ```
 *   clerk ──Withdraw──► account      a clerk repeats a request until it is answered; an account remembers the
 *     ▲ │◄──Done──────────┘          last request of each clerk and does none twice
 *     │ └──Deposit──► another account
 *   Tick
 * ```
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type ActorRef, type Behavior } from 'troupe'
import { InjectedCrash, type Faults, type SimulatedApp, type SimulatedWorld } from 'troupe/testkit'

/** `clerk` and `number` name a request: an account does it once, however often it comes. */
interface Request {
  readonly _tag: 'Move'
  readonly clerk: number
  readonly number: number
  /** What is added; negative when money is taken out. */
  readonly amount: number
  readonly replyTo: ActorRef<Done>
}

interface Done {
  readonly _tag: 'Done'
  readonly number: number
}

type ClerkMessage = Done | { readonly _tag: 'Tick' }

/** What a clerk is doing: nothing, or one step of a transfer. */
type Work =
  | { readonly _tag: 'Idle' }
  | {
      readonly _tag: 'Withdrawing' | 'Depositing'
      readonly from: Account
      readonly to: Account
      readonly amount: number
    }

type Account = ActorRef<Request>

/** What the bank is about: nothing of it is lost or made. */
export interface Books {
  readonly balances: number[]
  /** Taken out and not paid in yet. */
  onTheWay: number
  transfers: number
}

const accounts = 100
const clerks = 20
const startBalance = 1_000
const tickMs = 10

export const faults: Faults = { crash: 0.002, crashInSetup: 0.01, delay: 0.001, delayMs: 25 }

const isFailedStart = (error: unknown): error is InjectedCrash =>
  error instanceof InjectedCrash && error.kind === 'crashInSetup'

/** A start that fails is tried again: there is nothing to go on with. A handler that fails leaves the state as it was. */
const supervised = <A>(behavior: Behavior<A>): Behavior<A> =>
  pipe(
    behavior,
    Behaviors.supervise(pipe(SupervisorStrategy.restart, SupervisorStrategy.withLimit(1_000, 1_000)), {
      when: isFailedStart,
    }),
    Behaviors.supervise(SupervisorStrategy.resume),
  )

const account = (index: number, books: Books): Behavior<Request> =>
  Behaviors.setup<Request>(() => {
    const lastOf = new Map<number, number>()
    return Behaviors.receiveMessageWithSame(({ clerk, number, amount, replyTo }) => {
      if ((lastOf.get(clerk) ?? 0) < number) {
        lastOf.set(clerk, number)
        books.balances[index] = (books.balances[index] ?? 0) + amount
        books.onTheWay -= amount
      }
      replyTo.tell({ _tag: 'Done', number })
    })
  })

/** Makes so many transfers, one after the other. */
const clerk = (
  self: number,
  all: readonly Account[],
  world: SimulatedWorld,
  transfers: number,
  books: Books,
): Behavior<ClerkMessage> =>
  Behaviors.withTimers<ClerkMessage>((timers) =>
    Behaviors.setup<ClerkMessage>((context) => {
      timers.startTimerWithFixedDelay('tick', { _tag: 'Tick' }, tickMs)
      const any = (): Account => all[Math.floor(world.random.next() * all.length)] as Account

      const send = (work: Work, number: number): void => {
        if (work._tag === 'Idle') return
        const to = work._tag === 'Withdrawing' ? work.from : work.to
        const amount = work._tag === 'Withdrawing' ? -work.amount : work.amount
        to.tell({ _tag: 'Move', clerk: self, number, amount, replyTo: context.self })
      }
      const begin = (number: number, left: number): Behavior<ClerkMessage> => {
        const work: Work = {
          _tag: 'Withdrawing',
          from: any(),
          to: any(),
          amount: 1 + Math.floor(world.random.next() * 100),
        }
        send(work, number + 1)
        return working(work, number + 1, left)
      }
      const working = (work: Work, number: number, left: number): Behavior<ClerkMessage> =>
        Behaviors.receiveMessage((message) => {
          if (message._tag === 'Tick') {
            if (work._tag !== 'Idle') send(work, number)
            else if (left > 0) return begin(number, left)
            else timers.cancel('tick')
            return Behaviors.same
          }
          // An answer to what was repeated and answered already.
          if (message.number !== number || work._tag === 'Idle') return Behaviors.same
          if (work._tag === 'Withdrawing') {
            const next: Work = { ...work, _tag: 'Depositing' }
            send(next, number + 1)
            return working(next, number + 1, left)
          }
          books.transfers++
          return left > 1 ? begin(number, left - 1) : working({ _tag: 'Idle' }, number, left - 1)
        })
      return working({ _tag: 'Idle' }, 0, transfers)
    }),
  )

/** The bank; each clerk makes so many transfers. */
export const bank =
  (transfers: number = Infinity): SimulatedApp =>
  (world) => {
    const books: Books = { balances: Array.from({ length: accounts }, () => startBalance), onTheWay: 0, transfers: 0 }
    const open = (index: number): Account => world.spawn(supervised(account(index, books)), `account-${String(index)}`)
    const all = Array.from({ length: accounts }, (_, index) => open(index))
    for (let self = 0; self < clerks; self++)
      world.spawn(supervised(clerk(self, all, world, transfers, books)), `clerk-${String(self)}`)

    world.finally(() => {
      const sum = books.balances.reduce((total, balance) => total + balance, 0)
      if (sum !== accounts * startBalance || books.onTheWay !== 0)
        throw new Error(`${String(sum)} in the accounts, ${String(books.onTheWay)} on the way`)
      if (books.transfers !== clerks * transfers) throw new Error(`${String(books.transfers)} transfers were made`)
    })
  }
