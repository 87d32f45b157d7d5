/**
 * The port for mailboxes of one's own: where messages wait for an actor.
 */
import type { Handles } from './ActorRef.js'

/**
 * A waiting message.
 *
 * @category ports
 * @since 0.1.0
 */
export interface MailboxEntry<A> {
  /** The message; undefined when the actor itself computes it on arrival (adapted messages and piped results). */
  readonly message: A | undefined
  /** Grows with the order of arrival. */
  readonly sequence: number
}

/**
 * An entry that a mailbox let go, and why.
 *
 * @category ports
 * @since 0.1.0
 */
export interface MailboxRefusal<A> {
  readonly entry: MailboxEntry<A>
  /** For the Dropped record, such as 'mailbox full'. */
  readonly reason: string
}

/**
 * Where messages wait for one actor. Signals never pass through it: a mailbox may drop and reorder messages only.
 *
 * @category ports
 * @since 0.1.0
 */
export interface Mailbox<A> {
  /** Takes an entry in. Answers the entry that had to go for it (the new one or an older one), undefined when none had. */
  enqueue(entry: MailboxEntry<A>): MailboxRefusal<A> | undefined
  /** Removes and returns the entry to handle next, undefined when there is none. */
  dequeue(): MailboxEntry<A> | undefined
  readonly size: number
}

/**
 * Makes a fresh mailbox; it is called once for every actor that is spawned with it. Any function that makes mailboxes is one. `A` is what
 * the mailbox reads its messages as: it is for actors that handle such messages. By default it does not look at them.
 *
 * @category ports
 * @since 0.1.0
 */
export interface MailboxFactory<in A = unknown> {
  (): Mailbox<unknown>
  /** For the compiler only; it is not there. */
  readonly [Handles]?: (message: A) => void
}

/**
 * How an actor is run, beside what it does.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, boundedMailbox } from 'troupe'
 *
 * const parent = Behaviors.setup<string>((context) => {
 *   context.spawn(Behaviors.ignore, 'busy', { mailbox: boundedMailbox(100, 'dropOldest') })
 *   return Behaviors.empty
 * })
 * await using system = ActorSystem.create(parent, 'demo')
 * ```
 *
 * @category model
 * @since 0.1.0
 */
export interface Props<in A = unknown> {
  /** The mailbox of the actor. Default: unbounded, with a warning each time its room doubles past `mailboxHighWater`. */
  readonly mailbox?: MailboxFactory<A>
}
