/**
 * An actor that takes part in transactions.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors } from '../behavior/index.js'
import { behaviorOf, nodeOf, postponed } from '../behavior/internal.js'
import type { ActorContext, ActorRef, Behavior, Sendable } from '../model/index.js'
import { SupervisorStrategy } from '../model/index.js'
import { left, requireThat, right, something } from '../model/internal.js'
import { CoordinatorGone, Prepare, Read, Settle, type Attempt, type Change } from './Attempt.js'

/**
 * What a participant with a state `S` understands beside its own messages: transactions, and `Transactor.read`.
 *
 * @category model
 * @since 0.1.0
 */
export type ParticipantCommand<S> = Prepare<S> | Settle | Read<S>

/**
 * What a participant is.
 *
 * @category model
 * @since 0.1.0
 */
export interface ParticipantOptions<S, M> {
  /** Neither null nor undefined: it is told to those who read it. */
  readonly initial: S
  /** Handles the participant's own messages, outside of transactions: the state after it. Default: they are left unhandled. */
  readonly onMessage?: (state: S, message: M, context: ActorContext<M>) => S
}

/** A state that is held ready. */
interface Pending<S> {
  readonly attempt: Attempt
  readonly tentative: S
}

type Message<S, M> = ParticipantCommand<S> | CoordinatorGone | M

/**
 * An actor whose state transactions may change. While one holds a changed state ready, other transactions and messages of its own wait
 * in their place; `read` is answered with the state from before.
 *
 * @remarks
 * A failure in `onMessage` leaves the state as it was: the participant goes on with it. Supervise it no further, for a restart would
 * begin with the initial state. A state is what can be sent: a message that leads to null or undefined fails, and a change that does is
 * refused.
 *
 * @throws TroupeError IllegalArgument when the initial state is null or undefined
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Transactor } from 'troupe/transactor'
 *
 * const account = Transactor.participant<number, { readonly deposit: number }>({
 *   initial: 0,
 *   onMessage: (balance, { deposit }) => balance + deposit,
 * })
 * await using system = ActorSystem.create(account, 'demo')
 * system.tell({ deposit: 100 })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const participant = <S extends Sendable, M = never>(
  options: ParticipantOptions<S, M>,
): Behavior<ParticipantCommand<S> | M> => {
  requireThat('The initial state of a participant', options.initial, something)
  return pipe(
    Behaviors.setup<Message<S, M>>((context) => {
      const { onMessage } = options
      let state = options.initial
      let pending: Pending<S> | undefined

      /** Takes the decision on, if there is one. True when that made it free. */
      const settle = (): boolean => {
        const decision = pending?.attempt.decision
        if (pending === undefined || decision === undefined) return false
        if (decision === 'commit') state = pending.tentative
        context.unwatch(pending.attempt.coordinator)
        pending = undefined
        return true
      }
      const prepare = ({ attempt, change, replyTo }: Prepare<S>): void => {
        if (attempt.decision !== undefined) return
        const changed = tryChange(change, state)
        if (changed._tag === 'Left') {
          replyTo.tell(left(changed.left))
          return
        }
        pending = { attempt, tentative: changed.right }
        context.watchWith(attempt.coordinator, new CoordinatorGone(attempt))
        replyTo.tell(right('prepared'))
      }
      return Behaviors.receiveMessage((message) => {
        if (message instanceof CoordinatorGone || message instanceof Settle || message instanceof Read) {
          // Whoever looks first decides for all.
          if (message instanceof CoordinatorGone) message.attempt.decide('abort')
          const isFree = settle()
          if (message instanceof Settle) message.replyTo.tell('settled')
          if (message instanceof Read) message.replyTo.tell(state)
          return isFree ? offerAgain : Behaviors.same
        }
        // Also when the decision is there: what waits already comes before what comes now.
        if (pending !== undefined) return later
        if (message instanceof Prepare) {
          prepare(message)
          return Behaviors.same
        }
        if (onMessage === undefined) return Behaviors.unhandled
        const next = onMessage(state, message, context)
        requireThat('What a message to a participant has led to', next, something, context.self)
        state = next
        return Behaviors.same
      })
    }),
    Behaviors.supervise(SupervisorStrategy.resume),
    Behaviors.narrow<ParticipantCommand<S> | M>(),
  )
}

const later: Behavior<unknown> = behaviorOf(postponed)

const offerAgain: Behavior<unknown> = behaviorOf({ _tag: 'OfferAgain', next: nodeOf(Behaviors.same) })

/** What a change throws is a refusal like any other: the transaction shall fail by it, not the participant. */
const tryChange = <S>(change: Change<S, unknown>, state: S): Either<unknown, S> => {
  try {
    const changed = change(state)
    // What is no Either has no state on its right.
    if (changed._tag !== 'Left') requireThat('What a change of a participant has led to', changed.right, something)
    return changed
  } catch (error) {
    return left(error)
  }
}

/**
 * Asks a participant for its state, as the last transaction that was committed and the messages since have left it.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Transactor } from 'troupe/transactor'
 *
 * const account = ActorSystem.create(Transactor.participant({ initial: 100 }), 'demo')
 * const balance = await pipe(account, ask(Transactor.read<number>, { timeoutMs: 1_000 }))()
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const read = <S>(replyTo: ActorRef<S>): Read<S> => new Read(replyTo)
