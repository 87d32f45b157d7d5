/**
 * What a behavior sends itself: ticks of its timers, what it has stashed, and whatever else comes by way of its context.
 *
 * It is of the protocol of the behavior. Where an interceptor lies around that translates from another protocol, there is nothing to
 * translate, and nothing for the interceptors outside of that one:
 *
 * ```
 *   from outside   ──► logMessages ──► contramap(f) ──► behavior
 *   its own        ─────────────────────────────────►
 * ```
 *
 * So what is sent inside of such an interceptor is marked with it, and the mark is taken off on the way in.
 */
import type { Active, AnyBehavior, AnyInterceptor, Layer } from './nodes.js'

/** Where code runs. */
export interface Scope {
  /** The innermost interceptor that translates around what runs at the moment; undefined when there is none. */
  within: AnyInterceptor | undefined
}

/** Whether anything was ever marked: most programs translate nothing, and need not look at each message for it. */
let hasMarked = false

export class Own {
  readonly #message: unknown
  readonly #within: AnyInterceptor

  constructor(message: unknown, within: AnyInterceptor) {
    this.#message = message
    this.#within = within
    hasMarked = true
  }

  /** Without touching the message: one may throw when it is looked at. */
  static isOne(message: unknown): message is Own {
    return hasMarked && typeof message === 'object' && message !== null && #within in message
  }

  get message(): unknown {
    return this.#message
  }

  /** What passes this interceptor: the message itself, when it was sent right inside of it. */
  past(interceptor: AnyInterceptor): unknown {
    return interceptor === this.#within ? this.#message : this
  }

  /** Whether the interceptor that it was sent within lies around some part of the behavior. */
  isFor(behavior: Active | AnyBehavior): boolean {
    if (typeof behavior === 'function') return false
    if (behavior._tag === 'Alternatives') return this.isFor(behavior.first) || this.isFor(behavior.second)
    if (behavior._tag !== 'Intercepted') return false
    return behavior.layer.interceptor === this.#within || this.isFor(behavior.inner)
  }
}

/** The message as what runs now sends it to itself. */
export const markOwn = (message: unknown, { within }: Scope): unknown =>
  within === undefined ? message : new Own(message, within)

/** Makes messages that are marked as what runs now would send them to itself. */
export const toOwn = <T>(toMessage: (value: T) => unknown, { within }: Scope): ((value: T) => unknown) =>
  within === undefined ? toMessage : (value) => new Own(toMessage(value), within)

/** The message without the mark. */
export const unmarked = (message: unknown): unknown => (Own.isOne(message) ? message.message : message)

/** As the behavior is to get it: without the mark of an interceptor that does not lie around it any more. */
export const arriving = (given: unknown, behavior: Active | AnyBehavior): unknown =>
  Own.isOne(given) && !given.isFor(behavior) ? given.message : given

/** Runs what lies right inside of the layer. */
export const inside = <T>(layer: Layer | undefined, host: Scope, run: () => T): T => {
  const { within } = host
  if (layer?.within === within) return run()
  host.within = layer?.within
  try {
    return run()
  } finally {
    host.within = within
  }
}
