/**
 * What a transaction is, and what may come of it.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { ActorRef } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import type { Attempt, Prepare, Settle } from './Attempt.js'

/**
 * How one participant shall change.
 *
 * @category model
 * @since 0.1.0
 */
export interface Update<out E> {
  readonly participant: ActorRef<Prepare<never> | Settle>
  /** Left: why the participant will not. */
  readonly change: (state: never) => Either<E, unknown>
}

/**
 * A participant would not: nothing has changed.
 *
 * @category errors
 * @since 0.1.0
 */
export interface TransactionRefused<out E> {
  readonly _tag: 'TransactionRefused'
  readonly message: string
  readonly participant: ActorRef<never>
  /** What the change answered on the left, or threw; or what the reference threw, when it is seen through a function. */
  readonly reason: E
}

/**
 * Not all participants were ready in time, in none of the attempts: nothing has changed.
 *
 * @category errors
 * @since 0.1.0
 */
export interface TransactionTimeout {
  readonly _tag: 'TransactionTimeout'
  readonly message: string
  readonly attempts: number
  readonly timeoutMs: number
}

/**
 * A participant had terminated: nothing has changed.
 *
 * @category errors
 * @since 0.1.0
 */
export interface ParticipantTerminated {
  readonly _tag: 'ParticipantTerminated'
  readonly message: string
  readonly participant: ActorRef<never>
}

/**
 * Why a transaction was not committed.
 *
 * @category errors
 * @since 0.1.0
 */
export type TransactionError<E> = TransactionRefused<E> | TransactionTimeout | ParticipantTerminated

/** What a transactor answers. */
export type Result = Either<TransactionError<unknown>, 'committed'>

/** Asks for a transaction. A class, so that it passes by identity: it holds functions. */
export class Run {
  readonly updates: readonly Update<unknown>[]
  readonly replyTo: ActorRef<Result>

  constructor(updates: readonly Update<unknown>[], replyTo: ActorRef<Result>) {
    this.updates = updates
    this.replyTo = replyTo
  }
}

/** A transaction under way. It outlives the failures of its coordinator. */
export class Transaction {
  /** One for each participant, in the order in which all transactions take theirs: so none waits for another in a circle. */
  readonly updates: readonly Update<unknown>[]
  readonly #replyTo: ActorRef<Result>
  attempts = 0
  current: Attempt | undefined = undefined
  #isAnswered = false

  constructor(run: Run) {
    this.updates = mergedByParticipant(run.updates)
    this.#replyTo = run.replyTo
  }

  get isAnswered(): boolean {
    return this.#isAnswered
  }

  /** Answers whoever asked, once. */
  answer(result: Result): void {
    if (this.#isAnswered) return
    this.#isAnswered = true
    this.#replyTo.tell(result)
  }
}

/** Updates of one participant become one, the first first. */
const mergedByParticipant = (updates: readonly Update<unknown>[]): readonly Update<unknown>[] => {
  const merged = new Map<string, Update<unknown>>()
  for (const update of updates) {
    const key = update.participant.path.toStringWithUid()
    const before = merged.get(key)
    merged.set(key, before === undefined ? update : { ...update, change: inTurn(before.change, update.change) })
  }
  return [...merged].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, update]) => update)
}

const inTurn =
  (first: Update<unknown>['change'], second: Update<unknown>['change']): Update<unknown>['change'] =>
  (state) => {
    const changed = first(state)
    // Both are changes of one participant: what the first answers is a state for the second.
    return changed._tag === 'Left' ? changed : second(changed.right as never)
  }

/** Throws for a transaction of nothing. */
export const requireUpdates = (updates: readonly Update<unknown>[]): readonly Update<unknown>[] => {
  const given: unknown = updates
  if (Array.isArray(given) && given.length > 0) return updates
  throw new TroupeError(
    'IllegalArgument',
    'Transactor.run was given no updates. Give it at least one: Transactor.run([Transactor.update(participant, change)]).',
  )
}
