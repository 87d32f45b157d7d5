/**
 * Leaving a service alone that keeps failing.
 */
import type { ActorSystem, AbortableTask } from '../model/index.js'
import { left, period, requireThat, wholeFrom, type Either } from '../model/internal.js'
import { portsOf } from '../runtime/internal.js'
import { within, type AnyTask } from './within.js'

/**
 * When a breaker opens, and for how long.
 *
 * @category model
 * @since 0.1.0
 */
export interface CircuitBreakerOptions<E> {
  /** For error messages: what is behind the breaker. */
  readonly name: string
  /** Failures in a row that open it. A whole number from 1. Default: 5. */
  readonly maxFailures?: number
  /** Milliseconds that a call may take before it counts as failed. Above 0. Default: 10,000. */
  readonly callTimeoutMs?: number
  /** Milliseconds that it stays open before one call is let through to try. Above 0. Default: 30,000. */
  readonly resetTimeoutMs?: number
  /** Which errors count as failures of the service. Default: all. */
  readonly isFailure?: (error: E) => boolean
}

/**
 * A call that was not made, because the breaker is open.
 *
 * @category errors
 * @since 0.1.0
 */
export interface CircuitOpen {
  readonly _tag: 'CircuitOpen'
  readonly message: string
  /** Milliseconds until a call is let through again; 0 while one is being tried. */
  readonly retryAfterMs: number
}

/**
 * A call that took too long.
 *
 * @category errors
 * @since 0.1.0
 */
export interface CallTimeout {
  readonly _tag: 'CallTimeout'
  readonly message: string
  readonly timeoutMs: number
}

/**
 * Whether calls are let through: all (closed), none (open), or one to try (half open).
 *
 * @category model
 * @since 0.1.0
 */
export type CircuitState = 'closed' | 'open' | 'halfOpen'

/** What a breaker knows; a value. */
export interface Circuit {
  readonly state: CircuitState
  /** Failures in a row. */
  readonly failures: number
  /** Until when it is open. */
  readonly untilMs: number
  /** How often its state has changed: the end of a call says nothing about a state that it did not begin in. */
  readonly changes: number
}

export const closed: Circuit = { state: 'closed', failures: 0, untilMs: 0, changes: 0 }

/** What becomes of it when a call wants through; undefined when the call may not. */
export const admit = (circuit: Circuit, nowMs: number): Circuit | undefined => {
  if (circuit.state === 'closed') return circuit
  return circuit.state === 'open' && nowMs >= circuit.untilMs ? changed(circuit, { state: 'halfOpen' }) : undefined
}

/** What becomes of it by the failure of a call that it let through in the state that it is in. */
export const failed = (circuit: Circuit, nowMs: number, maxFailures: number, resetTimeoutMs: number): Circuit => {
  const failures = circuit.failures + 1
  return circuit.state === 'halfOpen' || failures >= maxFailures
    ? changed(circuit, { state: 'open', failures, untilMs: nowMs + resetTimeoutMs })
    : { ...circuit, failures }
}

/** What becomes of it by the success of a call that it let through in the state that it is in. */
export const succeeded = (circuit: Circuit): Circuit =>
  circuit.state === 'closed' ? { ...circuit, failures: 0 } : changed(circuit, { state: 'closed', failures: 0 })

const changed = (circuit: Circuit, next: Partial<Circuit>): Circuit => ({
  ...circuit,
  ...next,
  changes: circuit.changes + 1,
})

/**
 * A breaker, shared by all calls of one service.
 *
 * @category model
 * @since 0.1.0
 */
export interface CircuitBreaker<E> {
  readonly state: CircuitState
  /**
   * Makes a task of a task: it runs while the breaker is closed, and is left with `CircuitOpen` at once while it is open. A task that is
   * rejected, takes too long or is left with a failure counts against the service.
   */
  protect<A>(task: AbortableTask<Either<E, A>>): AnyTask<Either<E | CircuitOpen | CallTimeout, A>>
}

class Breaker<E> implements CircuitBreaker<E> {
  readonly #system: ActorSystem<never>
  readonly #options: Required<CircuitBreakerOptions<E>>
  #circuit: Circuit = closed

  constructor(system: ActorSystem<never>, options: Required<CircuitBreakerOptions<E>>) {
    this.#system = system
    this.#options = options
  }

  get state(): CircuitState {
    return this.#circuit.state
  }

  protect<A>(task: AbortableTask<Either<E, A>>): AnyTask<Either<E | CircuitOpen | CallTimeout, A>> {
    return async (signal) => {
      const admitted = admit(this.#circuit, this.#nowMs())
      if (admitted === undefined) return left(this.#open())
      this.#circuit = admitted
      const { callTimeoutMs, isFailure } = this.#options
      try {
        const result = await within(this.#system, callTimeoutMs, task, signal)
        this.#ended(admitted, result === undefined || (result._tag === 'Left' && isFailure(result.left)))
        return result ?? left(this.#timeout())
      } catch (error) {
        // The rejection is the caller's; the breaker only counts it.
        this.#ended(admitted, true)
        throw error
      }
    }
  }

  #nowMs(): number {
    return portsOf(this.#system).clock.now()
  }

  #ended(admitted: Circuit, isFailure: boolean): void {
    if (admitted.changes !== this.#circuit.changes) return
    const { maxFailures, resetTimeoutMs } = this.#options
    this.#circuit = isFailure
      ? failed(this.#circuit, this.#nowMs(), maxFailures, resetTimeoutMs)
      : succeeded(this.#circuit)
  }

  #open(): CircuitOpen {
    const { state, untilMs, failures } = this.#circuit
    const retryAfterMs = state === 'open' ? Math.ceil(untilMs - this.#nowMs()) : 0
    const until =
      state === 'open' ? `for ${String(retryAfterMs)} ms more` : 'until the call that is being tried has ended'
    return {
      _tag: 'CircuitOpen',
      message: `${this.#options.name} failed ${String(failures)} times in a row and is left alone ${until}.`,
      retryAfterMs,
    }
  }

  #timeout(): CallTimeout {
    const { name, callTimeoutMs: timeoutMs } = this.#options
    return { _tag: 'CallTimeout', message: `${name} has not answered within ${String(timeoutMs)} ms.`, timeoutMs }
  }
}

/**
 * Makes circuit breakers: after some failures in a row calls are refused at once, and after a while one is let through to see whether the
 * service is back. It spares a service that is down, and callers a wait that ends in a failure.
 *
 * @example
 * ```ts
 * import { left, right } from 'fp-ts/lib/Either.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { CircuitBreaker } from 'troupe/patterns'
 *
 * await using system = ActorSystem.create(Behaviors.empty, 'demo')
 * const breaker = CircuitBreaker.create<string>(system, { name: 'the bank', maxFailures: 2 })
 * const charge = breaker.protect(() => Promise.resolve(left('no connection')))
 * for (let i = 0; i < 3; i++) console.log(await charge()) // the third is refused: CircuitOpen
 * ```
 *
 * @see https://martinfowler.com/bliki/CircuitBreaker.html
 * @category constructors
 * @since 0.1.0
 */
export const CircuitBreaker: {
  /**
   * A closed breaker on the clock of this system.
   *
   * @throws TroupeError IllegalArgument for an option that is out of range
   */
  readonly create: <E>(system: ActorSystem<never>, options: CircuitBreakerOptions<E>) => CircuitBreaker<E>
} = {
  create: (system, options) => {
    const { name, maxFailures = 5, callTimeoutMs = 10_000, resetTimeoutMs = 30_000 } = options
    requireThat(`maxFailures of the circuit breaker of ${name}`, maxFailures, wholeFrom(1))
    requireThat(`callTimeoutMs of the circuit breaker of ${name}`, callTimeoutMs, period)
    requireThat(`resetTimeoutMs of the circuit breaker of ${name}`, resetTimeoutMs, period)
    const isFailure = options.isFailure ?? (() => true)
    return new Breaker(system, { name, maxFailures, callTimeoutMs, resetTimeoutMs, isFailure })
  },
}
