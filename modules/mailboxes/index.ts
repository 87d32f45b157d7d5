/**
 * Floor 4, the public door: mailboxes that hand out messages in another order, or fewer of them.
 *
 * @packageDocumentation
 */
export { controlAwareMailbox } from './controlAwareMailbox.js'
export { deduplicatingMailbox, type DeduplicatingOptions } from './deduplicatingMailbox.js'
export { priorityMailbox, type PriorityOptions } from './priorityMailbox.js'
export type { MailboxOptions } from './bounded.js'
