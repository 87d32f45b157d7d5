/**
 * The actor that runs transactions: each has a coordinator of its own, a child that is a coroutine.
 *
 * ```
 *   prepare  one participant after the other, in one order for all transactions    ── refused, dead, too late ──►  abort
 *   decide   commit: in this instant it is so                                                                       │
 *   settle   every participant is told, again and again until it has heard   ◄──────────────────────────────────────┘
 * ```
 */
import type { Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, type Coroutine, type Instruction, type LightThread } from '../behavior/index.js'
import type { ActorRef, AskError, Behavior } from '../model/index.js'
import { SupervisorStrategy } from '../model/index.js'
import { aFunction, describeError, left, period, requireThat, right, something, wholeFrom } from '../model/internal.js'
import { Attempt, Prepare, Settle, type Change, type Vote } from './Attempt.js'
import type { ParticipantCommand } from './participant.js'
import { requireUpdates, Run, Transaction, type Result, type TransactionError, type Update } from './Transaction.js'

/**
 * Options of `Transactor.behavior`.
 *
 * @category model
 * @since 0.1.0
 */
export interface TransactorOptions {
  /** Milliseconds, above 0, within which all participants must be ready; else the attempt is given up. Default: 1,000. */
  readonly timeoutMs?: number
  /** How often an attempt that was given up is made again, a whole number from 0 up. Default: 3. */
  readonly retries?: number
}

/**
 * What a transactor understands: `Transactor.run`.
 *
 * @category model
 * @since 0.1.0
 */
export type TransactorCommand = Run

/** The coordinator of a transaction has gone. */
class Ended {
  readonly transaction: Transaction

  constructor(transaction: Transaction) {
    this.transaction = transaction
  }
}

/**
 * An actor that runs transactions: the changes of all participants, or none.
 *
 * Participants are made ready one after the other, in an order that is the same for all transactions, so that two of them never wait
 * for each other. When all are ready the transaction is committed, in one instant. It is given up when a participant refuses or has
 * terminated, and made again when time is up.
 *
 * @throws TroupeError IllegalArgument when an option is out of its range
 *
 * @example
 * ```ts
 * import { left, right } from 'fp-ts/lib/Either.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { Transactor } from 'troupe/transactor'
 *
 * const bank = Behaviors.coroutine<never>(function* (co) {
 *   const transactor = yield* co.spawn(Transactor.behavior(), 'transactor')
 *   const ann = yield* co.spawn(Transactor.participant({ initial: 100 }), 'ann')
 *   const bob = yield* co.spawn(Transactor.participant({ initial: 0 }), 'bob')
 *   const transfer = Transactor.run([
 *     Transactor.update(ann, (balance: number) => (balance < 30 ? left('not enough') : right(balance - 30))),
 *     Transactor.update(bob, (balance: number) => right(balance + 30)),
 *   ])
 *   const done = yield* co.ask(transactor, transfer, { timeoutMs: 5_000 })
 *   if (done._tag === 'Right') console.log(done.right) // { _tag: 'Right', right: 'committed' }
 *   return Behaviors.stopped
 * })
 * await using system = ActorSystem.create(bank, 'demo')
 * await system.whenTerminated
 * ```
 *
 * @see https://doc.akka.io/libraries/akka-core/2.2/scala/transactors.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = (options?: TransactorOptions): Behavior<TransactorCommand> => {
  const timeoutMs = options?.timeoutMs ?? 1_000
  const retries = options?.retries ?? 3
  requireThat('timeoutMs of a transactor', timeoutMs, period)
  requireThat('retries of a transactor', retries, wholeFrom(0))
  return pipe(
    Behaviors.receive<Run | Ended>((context, message) => {
      if (message instanceof Run) {
        const transaction = new Transaction(message)
        const coordinator = context.spawn(coordinate(transaction, timeoutMs, retries))
        context.watchWith(coordinator, new Ended(transaction))
      } else {
        const { transaction } = message
        // A coordinator that has ended without an answer could not even start, or was stopped from outside.
        const decision = transaction.current?.decide('abort')
        transaction.answer(decision === 'commit' ? right('committed') : left(timedOut(transaction, timeoutMs)))
      }
      return Behaviors.same
    }),
    Behaviors.narrow<TransactorCommand>(),
  )
}

const coordinate = (transaction: Transaction, timeoutMs: number, retries: number): Behavior<never> =>
  pipe(
    Behaviors.coroutine<never>(function* (co) {
      const settling: LightThread<void>[] = []
      // After a failure: what was decided stands, what was open is given up.
      if (transaction.current !== undefined)
        settling.push(yield* co.fork(finish(co, transaction, transaction.current, timeoutMs)))
      while (transaction.current?.decision !== 'commit' && !transaction.isAnswered && transaction.attempts <= retries) {
        transaction.attempts++
        const attempt = new Attempt(co.context.self)
        transaction.current = attempt
        const prepared = yield* co.timeout(timeoutMs, prepareAll(co, transaction, attempt, timeoutMs))
        const result = prepared._tag === 'Some' ? prepared.value : undefined
        if (result?._tag === 'Right') attempt.decide('commit')
        // The decision stands from here on: who asked need not wait until all have heard.
        if (attempt.decide('abort') === 'commit') transaction.answer(right('committed'))
        else if (result?._tag === 'Left') transaction.answer(result)
        settling.push(yield* co.fork(finish(co, transaction, attempt, timeoutMs)))
      }
      transaction.answer(
        transaction.current?.decision === 'commit' ? right('committed') : left(timedOut(transaction, timeoutMs)),
      )
      for (const thread of settling) yield* co.join(thread)
      return Behaviors.stopped
    }),
    Behaviors.supervise(SupervisorStrategy.restart),
  )

type Steps<T> = Generator<Instruction<unknown>, T, unknown>

/** Asks all to be ready, one after the other. Undefined when that took too long. */
function* prepareAll(
  co: Coroutine<never>,
  { updates }: Transaction,
  attempt: Attempt,
  timeoutMs: number,
): Steps<Result | undefined> {
  for (const { participant, change } of updates) {
    const vote: Either<Unheard, Vote> = yield* orThrown(
      co.ask(
        participant,
        (replyTo: ActorRef<Vote>) => new Prepare<never>(attempt, change as Change<never, unknown>, replyTo),
        { timeoutMs },
      ),
    )
    if (vote._tag === 'Right') {
      if (vote.right._tag === 'Left') return left(refused(participant, vote.right.left))
    } else if (vote.left._tag === 'Thrown') return left(refused(participant, vote.left.error))
    else return vote.left._tag === 'AskTimeout' ? undefined : left(terminated(participant))
  }
  return right('committed')
}

/** Tells all participants how the attempt ended; it is aborted if nobody has decided. */
function* finish(co: Coroutine<never>, transaction: Transaction, attempt: Attempt, timeoutMs: number): Steps<void> {
  attempt.decide('abort')
  yield* co.all(transaction.updates.map(({ participant }) => settle(co, participant, attempt, timeoutMs)))
}

/**
 * How often a participant is told. Telling it again helps one that has lost the message by a failure; one that has lost all of them
 * finds the decision when its coordinator has gone.
 */
const mostTellings = 10

function* settle(
  co: Coroutine<never>,
  participant: ActorRef<Settle>,
  attempt: Attempt,
  timeoutMs: number,
): Steps<void> {
  for (let tellings = 0; tellings < mostTellings; tellings++) {
    const heard: Either<Unheard, 'settled'> = yield* orThrown(
      co.ask(participant, (replyTo: ActorRef<'settled'>) => new Settle(attempt, replyTo), { timeoutMs }),
    )
    if (heard._tag === 'Right' || heard.left._tag !== 'AskTimeout') return
  }
}

/** Why nothing was heard of a participant; its reference may be one that is seen through a function of the user, which has thrown. */
type Unheard = AskError | { readonly _tag: 'Thrown'; readonly error: unknown }

/** What a reference throws is an answer, too: the coordinator would fail by it after each restart again. */
function* orThrown<T>(ask: Instruction<Either<AskError, T>>): Steps<Either<Unheard, T>> {
  try {
    return yield* ask
  } catch (error) {
    return left({ _tag: 'Thrown', error })
  }
}

const refused = (participant: ActorRef<never>, reason: unknown): TransactionError<unknown> => ({
  _tag: 'TransactionRefused',
  message: `Nothing has changed: ${participant.path.toString()} refused its part of the transaction: ${describeError(reason)}`,
  participant,
  reason,
})

const terminated = (participant: ActorRef<never>): TransactionError<never> => ({
  _tag: 'ParticipantTerminated',
  message: `Nothing has changed: ${participant.path.toString()}, which should take part in the transaction, has terminated.`,
  participant,
})

const timedOut = ({ attempts }: Transaction, timeoutMs: number): TransactionError<never> => ({
  _tag: 'TransactionTimeout',
  message:
    `Nothing has changed: not all participants were ready within ${String(timeoutMs)} ms, in ${String(attempts)} attempts. Are ` +
    `they busy with other transactions or messages? Then raise timeoutMs or retries.`,
  attempts,
  timeoutMs,
})

/**
 * How a participant shall change: right its new state, or left why it will not.
 *
 * @throws TroupeError IllegalArgument when there is no participant, or the change is not a function
 *
 * @example
 * ```ts
 * import { left, right } from 'fp-ts/lib/Either.js'
 * import type { ActorRef } from 'troupe'
 * import { Transactor, type ParticipantCommand } from 'troupe/transactor'
 *
 * const withdraw = (account: ActorRef<ParticipantCommand<number>>, cents: number) =>
 *   Transactor.update(account, (balance) => (balance < cents ? left('not enough') : right(balance - cents)))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const update = <S, E = never>(
  participant: ActorRef<ParticipantCommand<S>>,
  change: (state: S) => Either<E, S>,
): Update<E> => {
  // Here they stop whoever makes the mistake; in a transaction they would stop the transactor, and all others that run.
  requireThat('The participant of Transactor.update', participant, something)
  requireThat('The change of Transactor.update', change, aFunction)
  // The change is given to this participant alone, whose state is an S.
  return { participant, change } as unknown as Update<E>
}

/**
 * A transaction, for `ask` and `co.ask`: right when it was committed, or left why nothing has changed.
 *
 * @throws TroupeError IllegalArgument when there are no updates
 *
 * @example
 * ```ts
 * import { right } from 'fp-ts/lib/Either.js'
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ask, type ActorRef } from 'troupe'
 * import { Transactor, type ParticipantCommand, type TransactorCommand } from 'troupe/transactor'
 *
 * const swap = (transactor: ActorRef<TransactorCommand>, a: ActorRef<ParticipantCommand<string>>) =>
 *   pipe(transactor, ask(Transactor.run([Transactor.update(a, (text) => right(text + '!'))]), { timeoutMs: 5_000 }))
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const run = <E = never>(
  updates: readonly Update<E>[],
): ((replyTo: ActorRef<Either<TransactionError<E>, 'committed'>>) => Run) => {
  const required = requireUpdates(updates)
  // The reasons of a refusal are those of the updates.
  return (replyTo) => new Run(required, replyTo as ActorRef<Result>)
}
