/**
 * What users know as `Transactor.*`.
 */
export { participant, read } from './participant.js'
export { behavior, run, update } from './runTransactions.js'
