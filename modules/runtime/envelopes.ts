/**
 * What waits in a mailbox beside plain messages. An envelope is opened in the actor's turn.
 */
import { Own, unmarked, type AnyInterceptor } from '../behavior/internal.js'
import type { ActorRef } from '../model/index.js'
import type { Either, Option } from '../model/internal.js'

/** The actor that opens an envelope. */
export interface Recipient {
  /** Handles a message that was counted as sent when it arrived. `sent` is what was sent, if not the message itself. */
  handle(message: unknown, sent: unknown, trace: unknown): void
  /** Notes what is about to be handled, for the report of a failure. */
  begin(sent: unknown): void
  /** Handles a message that counts as sent just now. */
  sendNow(message: unknown): void
  /** Handles the notice that a watched actor has terminated. */
  handleTerminated(watch: Watched, cause: Option<unknown>): void
  /** Handles the failure of an adapter's function. */
  handleAdaptionFailure(cause: unknown, sent: unknown): void
  /** Goes on after a wait. */
  goOn(): boolean
}

export abstract class Envelope {
  readonly #sent: unknown
  /** The message as far as it is known before it is opened, for mailboxes that look at messages. */
  readonly message: unknown

  constructor(sent: unknown, message: unknown) {
    this.#sent = sent
    this.message = message
  }

  /** Tells envelopes from messages without touching them: a message may throw when it is looked at, as a revoked proxy does. */
  static isOne(mail: unknown): mail is Envelope {
    return typeof mail === 'object' && mail !== null && #sent in mail
  }

  /** What was sent; undefined when it does not count as sent before it is opened. */
  get sent(): unknown {
    return this.#sent
  }

  abstract open(recipient: Recipient): void

  /** True when it no longer counts: opening it would do nothing. */
  get isStale(): boolean {
    return false
  }
}

/** What no mailbox may drop, nor put anywhere but in the order of arrival. */
export abstract class Notice extends Envelope {
  constructor() {
    super(undefined, undefined)
  }

  static override isOne(mail: unknown): mail is Notice {
    return Envelope.isOne(mail) && mail instanceof Notice
  }
}

/** What the actor waits for, while it handles messages, has come. */
export class WakeUp extends Notice {
  readonly #isCurrent: () => boolean

  constructor(isCurrent: () => boolean) {
    super()
    this.#isCurrent = isCurrent
  }

  open(recipient: Recipient): void {
    if (this.#isCurrent()) recipient.goOn()
  }

  override get isStale(): boolean {
    return !this.#isCurrent()
  }
}

/** What a notice tells of. */
export interface Watched {
  /** As the watcher gave it. */
  readonly ref: ActorRef<never>
  /** What to send in place of the signal; undefined for the signal. */
  readonly message: unknown
  /** False when it was unwatched or delivered: a notice that waits still is stale. */
  readonly isWatched: boolean
}

/** A watched actor has terminated. */
export class TerminatedNotice extends Notice {
  readonly #watch: Watched
  readonly #cause: Option<unknown>

  constructor(watch: Watched, cause: Option<unknown>) {
    super()
    this.#watch = watch
    this.#cause = cause
  }

  open(recipient: Recipient): void {
    if (!this.isStale) recipient.handleTerminated(this.#watch, this.#cause)
  }

  override get isStale(): boolean {
    return !this.#watch.isWatched
  }
}

/** What a timer sends, as long as it is the current one when its tick is opened. */
export class Tick extends Envelope {
  readonly #message: unknown
  readonly #isCurrent: () => boolean
  readonly #onClaimed: () => void

  constructor(message: unknown, isCurrent: () => boolean, onClaimed: () => void) {
    super(undefined, unmarked(message))
    this.#message = message
    this.#isCurrent = isCurrent
    this.#onClaimed = onClaimed
  }

  open(recipient: Recipient): void {
    if (this.claim()) recipient.sendNow(this.#message)
  }

  override get isStale(): boolean {
    return !this.#isCurrent()
  }

  /** Makes a send of what was none until now; false when it is stale. */
  claim(): boolean {
    if (this.isStale) return false
    this.#onClaimed()
    return true
  }
}

/** A message to an adapter, adapted on arrival by the function that the adapter has then. */
export class Adapted extends Envelope {
  readonly #adapt: (message: unknown) => unknown
  readonly #trace: unknown

  constructor(adapt: (message: unknown) => unknown, sent: unknown, trace: unknown) {
    super(sent, undefined)
    this.#adapt = adapt
    this.#trace = trace
  }

  open(recipient: Recipient): void {
    let adapted: unknown
    try {
      adapted = this.#adapt(this.sent)
    } catch (error) {
      // A signal of its own, so that the actor can tell a bad translation from a failure of its behavior.
      recipient.handleAdaptionFailure(error, this.sent)
      return
    }
    recipient.handle(adapted, this.sent, this.#trace)
  }
}

/** A message that a behavior has sent itself, with the interceptor that it is not to be translated by. */
export class OwnMail extends Envelope {
  readonly #within: AnyInterceptor
  readonly #trace: unknown

  constructor(sent: unknown, within: AnyInterceptor, trace: unknown) {
    super(sent, sent)
    this.#within = within
    this.#trace = trace
  }

  open(recipient: Recipient): void {
    recipient.handle(new Own(this.sent, this.#within), this.sent, this.#trace)
  }
}

/** The end of a task or an ask, mapped on arrival; a mapper that throws fails the actor. */
export class Piped extends Envelope {
  readonly #map: (result: never) => unknown

  constructor(map: (result: never) => unknown, sent: Either<unknown, unknown>) {
    super(sent, undefined)
    this.#map = map
  }

  open(recipient: Recipient): void {
    recipient.begin(this.sent)
    // The mapper was given together with the task that made the result.
    recipient.handle(this.#map(this.sent as never), this.sent, undefined)
  }
}

/** A message that was postponed, as it was when it was first read. */
export class Kept extends Envelope {
  readonly #trace: unknown

  constructor(message: unknown, sent: unknown, trace: unknown) {
    super(sent, message)
    this.#trace = trace
  }

  open(recipient: Recipient): void {
    recipient.handle(this.message, this.sent, this.#trace)
  }
}

/** A message with the trace context that a probe gave it. */
export class Traced extends Envelope {
  readonly #trace: unknown

  constructor(sent: unknown, trace: unknown) {
    super(sent, sent)
    this.#trace = trace
  }

  open(recipient: Recipient): void {
    recipient.handle(this.sent, this.sent, this.#trace)
  }
}
