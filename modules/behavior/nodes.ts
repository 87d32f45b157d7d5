/**
 * Behaviors from the inside. To users a `Behavior` is opaque; in here it is one of these values.
 *
 * A behavior that only receives messages and sees no signals is the user's function itself: that saves an object for each
 * actor with a state of its own. Everything else is a small tagged object.
 *
 * ```
 *  description    what Behaviors.* builds; shared by any number of actors
 *  active         what an actor holds: descriptions are unrolled (`start`) until one of these is left
 * ```
 */
import type { ActorContext, Behavior, Interceptor, Signal, SupervisorStrategy } from '../model/index.js'
import type { StashBuffer, TimerScheduler } from '../model/index.js'
import type { InnerContext, OpenWait, Waiting } from './InnerContext.js'

/** The message type is checked where users can see it; in here every message is unknown. */
export type MessageHandler = (message: unknown) => AnyBehavior

export type ReceiveHandler = (context: ActorContext<unknown>, message: unknown) => AnyBehavior

export type SignalHandler = (context: ActorContext<unknown>, signal: Signal) => AnyBehavior

export interface Same {
  readonly _tag: 'Same'
}

export interface Unhandled {
  readonly _tag: 'Unhandled'
  /** What a decoder had to say. */
  readonly report: unknown
}

/** The message keeps its place in the mailbox until `OfferAgain`. */
export interface Postpone {
  readonly _tag: 'Postpone'
}

/** Become `next` and read what was postponed again, before any other mail. */
export interface OfferAgain {
  readonly _tag: 'OfferAgain'
  readonly next: AnyBehavior
}

export interface Empty {
  readonly _tag: 'Empty'
}

export interface Ignore {
  readonly _tag: 'Ignore'
}

export interface Stopped {
  readonly _tag: 'Stopped'
  readonly onStopped: (() => void) | undefined
}

export class Receive {
  readonly _tag = 'Receive'
  readonly onMessage: ReceiveHandler
  readonly onSignal: SignalHandler | undefined

  constructor(onMessage: ReceiveHandler, onSignal: SignalHandler | undefined) {
    this.onMessage = onMessage
    this.onSignal = onSignal
  }
}

export interface Setup {
  readonly _tag: 'Setup'
  readonly factory: (context: InnerContext) => AnyBehavior
}

export interface WithTimers {
  readonly _tag: 'WithTimers'
  readonly factory: (timers: TimerScheduler<unknown>) => AnyBehavior
}

export interface WithStash {
  readonly _tag: 'WithStash'
  readonly capacity: number
  readonly factory: (stash: StashBuffer<unknown>) => AnyBehavior
}

export interface Supervise {
  readonly _tag: 'Supervise'
  readonly strategy: SupervisorStrategy
  readonly when: ((error: unknown) => boolean) | undefined
  readonly behavior: AnyBehavior
}

export interface Intercept {
  readonly _tag: 'Intercept'
  readonly interceptor: AnyInterceptor
  readonly behavior: AnyBehavior
}

export interface OrElse {
  readonly _tag: 'OrElse'
  readonly first: AnyBehavior
  readonly second: AnyBehavior
}

/** A behavior and a handler that is asked about signals before its own. */
export interface Signalled {
  readonly _tag: 'Signalled'
  readonly behavior: AnyBehavior
  readonly onSignal: SignalHandler
}

/** Become `next` and read `count` messages from the buffer before any other. */
export interface Unstash {
  readonly _tag: 'Unstash'
  readonly buffer: StashBuffer<unknown>
  readonly count: number
  readonly next: AnyBehavior
}

/** Wait for something else than mail: for a task, or for whatever a thread of control waits for. */
export interface Await {
  readonly _tag: 'Await'
  /** Begins the wait; what it answers is accepted when the actor goes on, and aborted when it stops. */
  begin(context: InnerContext, waiting: Waiting): OpenWait
  /** What to become when the wait has ended well. */
  then(value: unknown): AnyBehavior
  /** Whether messages are handled meanwhile; else they wait as well. */
  readonly takesMail: boolean
  onMessage(message: unknown): AnyBehavior
  /**
   * Sees signals meanwhile, and goes on after a failure that resumes: `begin` is called again. Undefined when both are up to the
   * behavior that returned this one.
   */
  readonly onSignal: SignalHandler | undefined
}

export type Description =
  | Same
  | Unhandled
  | Postpone
  | OfferAgain
  | Stopped
  | Empty
  | Ignore
  | Receive
  | Setup
  | WithTimers
  | WithStash
  | Supervise
  | Intercept
  | OrElse
  | Signalled
  | Unstash
  | Await

/** One interceptor around the behavior of one actor, and where it lies. */
export interface Layer {
  readonly interceptor: AnyInterceptor
  /** How many supervise frames lie outside of it. */
  readonly frames: number
  /** How many layers there are up to and with this one. */
  readonly depth: number
  /** The innermost interceptor that translates, up to and with this layer's. */
  readonly within: AnyInterceptor | undefined
  /** The next layer outward. */
  readonly up: Layer | undefined
}

/** An active behavior inside an interceptor; what the interceptor calls is `target`. */
export interface Intercepted {
  readonly _tag: 'Intercepted'
  readonly layer: Layer
  readonly inner: Active
}

/** Two active behaviors of one protocol: the second gets what the first leaves unhandled. */
export interface Alternatives {
  readonly _tag: 'Alternatives'
  /** The interceptors around both. */
  readonly layer: Layer | undefined
  readonly first: Active
  readonly second: Active
}

/** An actor that waits for something else than mail. */
export interface Parked {
  readonly _tag: 'Parked'
  readonly wait: Await
  /** The behavior that returned the awaiting one; undefined when it was a setup, or the wait sees signals itself. */
  readonly previous: Active | undefined
  readonly layer: Layer | undefined
}

export type Active = MessageHandler | Receive | Empty | Ignore | Stopped | Intercepted | Alternatives | Parked

export type AnyBehavior = MessageHandler | Description | Intercepted | Alternatives | Parked

/** Interceptors are contravariant in what they take, and in here they take anything. */
export type AnyInterceptor = Interceptor<unknown>

export const same: Same = { _tag: 'Same' }

export const unhandled: Unhandled = { _tag: 'Unhandled', report: undefined }

export const postponed: Postpone = { _tag: 'Postpone' }

export const empty: Empty = { _tag: 'Empty' }

export const ignore: Ignore = { _tag: 'Ignore' }

export const stopped: Stopped = { _tag: 'Stopped', onStopped: undefined }

/**
 * What users know as `Behaviors.stopped`: a function, so that it can be called with a last act, and never a message handler.
 * Wherever a behavior comes in from users it is replaced by `stopped`.
 */
export const stoppedValue = (onStopped: () => void): AnyBehavior => ({ _tag: 'Stopped', onStopped })

/** Every tag that a behavior can have. */
const tags = new Set<unknown>(
  (
    'Same Unhandled Stopped Empty Ignore Receive Setup WithTimers WithStash Supervise Intercept OrElse Signalled Unstash Await ' +
    'Intercepted Alternatives Parked Postpone OfferAgain'
  ).split(' '),
)

/** True when the value can be a behavior; it is what a handler returned, so it may be anything. */
export const isBehavior = (value: unknown): value is AnyBehavior =>
  typeof value === 'function' ||
  (typeof value === 'object' && value !== null && '_tag' in value && tags.has(value._tag))

/** True for `unhandled`, with or without a report. */
export const isUnhandled = (next: unknown): next is Unhandled =>
  next === unhandled || (isBehavior(next) && typeof next === 'object' && next._tag === 'Unhandled')

/** True for what is said about a message alone: the behavior stays what it is. */
export const isVerdict = (next: unknown): next is Same | Unhandled | Postpone =>
  next === same || next === postponed || isUnhandled(next)

export const isStopped = (behavior: AnyBehavior): behavior is Stopped =>
  typeof behavior === 'object' && behavior._tag === 'Stopped'

/** Looks inside. True because users can make a `Behavior` only through this room, and this room makes only these. */
export const nodeOf = (behavior: Behavior<never>): AnyBehavior => behavior as unknown as AnyBehavior

/** Closes a value up again; the caller vouches for the protocol. */
export const behaviorOf = <A>(node: AnyBehavior): Behavior<A> => node as unknown as Behavior<A>
