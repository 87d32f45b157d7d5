/**
 * Mail that becomes a message only when its turn comes, by the function that there is then.
 */

export class Sealed {
  /** What was sent. */
  readonly sent: unknown
  /** Whether it was sent to an adapter, whose failure is a signal and not a failure of the behavior. */
  readonly isAdapted: boolean
  readonly #toMessage: (sent: never) => unknown

  constructor(sent: unknown, toMessage: (sent: never) => unknown, isAdapted: boolean) {
    this.sent = sent
    this.isAdapted = isAdapted
    this.#toMessage = toMessage
  }

  /** Throws what the function throws. */
  open(): unknown {
    // Only what the function takes is ever sent with it.
    return this.#toMessage(this.sent as never)
  }
}
