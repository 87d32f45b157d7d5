/**
 * Floor 4, the public door: changes of several actors, all or none.
 *
 * @packageDocumentation
 */

/**
 * Transactions between actors of one system, after Akka's transactors.
 *
 * @example
 * ```ts
 * import { ActorSystem } from 'troupe'
 * import { Transactor } from 'troupe/transactor'
 *
 * await using system = ActorSystem.create(Transactor.behavior({ timeoutMs: 500 }), 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export * as Transactor from './Transactor.js'
export type { ParticipantCommand, ParticipantOptions } from './participant.js'
export type { TransactorCommand, TransactorOptions } from './runTransactions.js'
export type {
  ParticipantTerminated,
  TransactionError,
  TransactionRefused,
  TransactionTimeout,
  Update,
} from './Transaction.js'
