/**
 * The system as its users and its actors see it.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { ActorRef } from './ActorRef.js'
import type { Settings } from './Settings.js'
import type { SystemEvent } from './SystemEvent.js'

/**
 * Something that was scheduled and can be called off.
 *
 * @category model
 * @since 0.1.0
 */
export interface Cancellable {
  /** Calls it off; without effect when it has run, or was called off before. */
  cancel(): void
}

/**
 * Timers outside of actors, on the clock of the system. Inside an actor use `Behaviors.withTimers`. When the system has terminated
 * nothing runs any more.
 *
 * @category model
 * @since 0.1.0
 */
export interface Scheduler {
  /** Runs once after `delayMs`. */
  scheduleOnce(delayMs: number, run: () => void): Cancellable
  /** Runs again and again, each time `delayMs` after the run before. */
  scheduleWithFixedDelay(initialDelayMs: number, delayMs: number, run: () => void): Cancellable
  /** Runs again and again, on average every `intervalMs`: late runs catch up. */
  scheduleAtFixedRate(initialDelayMs: number, intervalMs: number, run: () => void): Cancellable
}

/**
 * Events for whoever wants them: the runtime's own (`SystemEvent`) and any of yours that have a `_tag`.
 *
 * @category model
 * @since 0.1.0
 */
export interface EventStream {
  /** Tells `subscriber` every event with this tag until it unsubscribes or stops. */
  subscribe<T extends SystemEvent['_tag']>(subscriber: ActorRef<Extract<SystemEvent, { _tag: T }>>, tag: T): void
  subscribe<E extends { readonly _tag: string }>(subscriber: ActorRef<E>, tag: E['_tag']): void
  /** Ends all subscriptions of this reference. */
  unsubscribe(subscriber: ActorRef<never>): void
  /** Tells every subscriber of the event's tag. */
  publish(event: { readonly _tag: string }): void
}

/**
 * Something that a system has one of. Made when it is first asked for.
 *
 * @category model
 * @since 0.1.0
 */
export interface Extension<T> {
  readonly name: string
  create(system: ActorSystem<never>): T
}

/**
 * The extensions of one system.
 *
 * @category model
 * @since 0.1.0
 */
export interface Extensions {
  /** The one value of this extension in this system, made now if it was not before. */
  get<T>(extension: Extension<T>): T
}

/**
 * Options of `ActorSystem.terminate`.
 *
 * @category model
 * @since 0.1.0
 */
export interface TerminateOptions {
  /** Milliseconds until actors that have not stopped are ended by force. Default: the setting `terminateTimeoutMs`. */
  readonly timeoutMs?: number
}

/**
 * A tree of actors, and the reference of its root, the guardian.
 *
 * @category model
 * @since 0.1.0
 */
export interface ActorSystem<in A> extends ActorRef<A>, AsyncDisposable {
  readonly name: string
  readonly settings: Settings
  readonly eventStream: EventStream
  /** Whatever is told to it is published as a dead letter. */
  readonly deadLetters: ActorRef<unknown>
  readonly scheduler: Scheduler
  readonly extensions: Extensions
  /** A reference that takes everything and does nothing. */
  readonly ignoreRef: ActorRef<unknown>
  /** The tree of living actors, one to a line. */
  printTree(): string
  /** Right when the guardian has its first behavior, left with the cause when it failed before that. Never rejects. */
  readonly whenStarted: Promise<Either<unknown, void>>
  /** Stops the guardian and with it every actor; the answer is `whenTerminated`. A second call changes nothing. */
  terminate(options?: TerminateOptions): Promise<Option<unknown>>
  /** Some cause when the guardian failed, none when it stopped. Never rejects. */
  readonly whenTerminated: Promise<Option<unknown>>
}
