/**
 * One attempt at a transaction, as its coordinator and its participants see it.
 *
 * They are all in one process, so the decision is a field that they share: it is taken once, in one instant, and whoever looks
 * afterwards sees it. No message has to arrive for a participant to know how the attempt ended, and no crash can make two of
 * them believe different things.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { ActorRef } from '../model/index.js'

export type Decision = 'commit' | 'abort'

/** A class, so that it passes by identity whatever the isolation of messages is. */
export class Attempt {
  /** Who leads it. */
  readonly coordinator: ActorRef<never>
  #decision: Decision | undefined = undefined

  constructor(coordinator: ActorRef<never>) {
    this.coordinator = coordinator
  }

  /** Undefined while it is open. */
  get decision(): Decision | undefined {
    return this.#decision
  }

  /** Decides, if nobody has. The answer is what was decided first. */
  decide(decision: Decision): Decision {
    return (this.#decision ??= decision)
  }
}

/** How a participant would change: right its new state, or left why it will not. */
export type Change<S, E> = (state: S) => Either<E, S>

/** Asks a participant to hold a changed state ready. */
export class Prepare<S> {
  readonly attempt: Attempt
  readonly change: Change<S, unknown>
  readonly replyTo: ActorRef<Vote>

  constructor(attempt: Attempt, change: Change<S, unknown>, replyTo: ActorRef<Vote>) {
    this.attempt = attempt
    this.change = change
    this.replyTo = replyTo
  }
}

/** Left: why the participant will not. */
export type Vote = Either<unknown, 'prepared'>

/** Tells a participant that the attempt is decided. */
export class Settle {
  readonly attempt: Attempt
  readonly replyTo: ActorRef<'settled'>

  constructor(attempt: Attempt, replyTo: ActorRef<'settled'>) {
    this.attempt = attempt
    this.replyTo = replyTo
  }
}

/** The coordinator of a prepared attempt has gone. */
export class CoordinatorGone {
  readonly attempt: Attempt

  constructor(attempt: Attempt) {
    this.attempt = attempt
  }
}

/** Asks for the state. */
export class Read<S> {
  readonly replyTo: ActorRef<S>

  constructor(replyTo: ActorRef<S>) {
    this.replyTo = replyTo
  }
}
