/**
 * What waits in a mailbox beside plain messages. An envelope is opened in the actor's turn.
 */
import type { Either, Option } from '../model/internal.js'
import type { WatchEntry } from './Watches.js'

/** The actor that opens an envelope. */
export interface Recipient {
  /** Handles a message that was counted as sent when it arrived. `sent` is what was sent, if not the message itself. */
  handle(message: unknown, sent: unknown, trace: unknown): void
  /** Handles a message that counts as sent just now. */
  sendNow(message: unknown): void
  /** Handles the notice that a watched actor has terminated. */
  handleTerminated(entry: WatchEntry, cause: Option<unknown>): void
  /** Handles the failure of an adapter's function. */
  handleAdaptionFailure(cause: unknown, sent: unknown): void
}

export abstract class Envelope {
  abstract open(recipient: Recipient): void

  /** What is lost with it when the actor stops or its mailbox lets it go; undefined when it does not count as sent yet. */
  abstract get sent(): unknown

  /** True when it no longer counts: opening it would do nothing. */
  get isStale(): boolean {
    return false
  }

  /** Makes a send of what was none until now; answers undefined when it is stale. */
  claim(): unknown {
    return undefined
  }

  /** The message as far as it is known before it is opened, for mailboxes that look at messages. */
  get message(): unknown {
    return undefined
  }
}

/** A watched actor has terminated. */
export class TerminatedNotice extends Envelope {
  readonly #entry: WatchEntry
  readonly #cause: Option<unknown>

  constructor(entry: WatchEntry, cause: Option<unknown>) {
    super()
    this.#entry = entry
    this.#cause = cause
  }

  open(recipient: Recipient): void {
    if (this.#entry.isWatched) recipient.handleTerminated(this.#entry, this.#cause)
  }

  get sent(): undefined {
    return undefined
  }

  override get isStale(): boolean {
    return !this.#entry.isWatched
  }
}

/** What a timer of this actor sends, as long as the timer is the current one of its key. */
export interface TickSource {
  readonly message: unknown
  readonly isCurrent: boolean
  /** Answers whether the tick still counts, and notes that it was delivered. */
  accept(): boolean
}

export class Tick extends Envelope {
  readonly #source: TickSource

  constructor(source: TickSource) {
    super()
    this.#source = source
  }

  open(recipient: Recipient): void {
    const message = this.claim()
    if (message !== undefined) recipient.sendNow(message)
  }

  get sent(): undefined {
    return undefined
  }

  override get isStale(): boolean {
    return !this.#source.isCurrent
  }

  override claim(): unknown {
    return this.#source.accept() ? this.#source.message : undefined
  }

  override get message(): unknown {
    return this.#source.message
  }
}

/** A receive timeout, which starts a new generation with everything that makes waiting notices stale. */
export interface TimeoutSource {
  readonly message: unknown
  readonly generation: number
  /** Notes that the notice of this generation was delivered. */
  expire(): void
}

/** The receive timeout has passed. */
export class TimeoutNotice extends Envelope {
  readonly #source: TimeoutSource
  readonly #generation: number

  constructor(source: TimeoutSource) {
    super()
    this.#source = source
    this.#generation = source.generation
  }

  open(recipient: Recipient): void {
    const message = this.claim()
    if (message !== undefined) recipient.sendNow(message)
  }

  get sent(): undefined {
    return undefined
  }

  override get isStale(): boolean {
    return this.#source.generation !== this.#generation
  }

  override claim(): unknown {
    if (this.isStale) return undefined
    this.#source.expire()
    return this.#source.message
  }

  override get message(): unknown {
    return this.#source.message
  }
}

/** What an adapter does with a message. */
export interface Adapting {
  adapt(message: unknown): unknown
}

/** A message to an adapter, adapted on arrival by the function that the adapter has then. */
export class Adapted extends Envelope {
  readonly #adapter: Adapting
  readonly sent: unknown
  readonly #trace: unknown

  constructor(adapter: Adapting, sent: unknown, trace: unknown) {
    super()
    this.#adapter = adapter
    this.sent = sent
    this.#trace = trace
  }

  open(recipient: Recipient): void {
    let adapted: unknown
    try {
      adapted = this.#adapter.adapt(this.sent)
    } catch (error) {
      // A signal of its own, so that the actor can tell a bad translation from a failure of its behavior.
      recipient.handleAdaptionFailure(error, this.sent)
      return
    }
    recipient.handle(adapted, this.sent, this.#trace)
  }
}

/** The end of a task or an ask, mapped on arrival; a mapper that throws fails the actor. */
export class Piped extends Envelope {
  readonly #map: (result: never) => unknown
  readonly sent: Either<unknown, unknown>

  constructor(map: (result: never) => unknown, sent: Either<unknown, unknown>) {
    super()
    this.#map = map
    this.sent = sent
  }

  open(recipient: Recipient): void {
    // The mapper was given together with the task that made the result.
    recipient.handle(this.#map(this.sent as never), this.sent, undefined)
  }
}

/** A message with the trace context that a probe gave it. */
export class Traced extends Envelope {
  readonly sent: unknown
  readonly #trace: unknown

  constructor(sent: unknown, trace: unknown) {
    super()
    this.sent = sent
    this.#trace = trace
  }

  open(recipient: Recipient): void {
    recipient.handle(this.sent, this.sent, this.#trace)
  }

  override get message(): unknown {
    return this.sent
  }
}
