/**
 * An actor that a test owns: what is told to it waits until the test expects it.
 */
import type { Decoder } from 'io-ts'
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior, Terminated } from '../model/index.js'
import { delay, requireThat, wholeFrom } from '../model/internal.js'
import { differences } from './differences.js'
import { ExpectationFailed } from './ExpectationFailed.js'
import { show } from './show.js'
import type { Stage } from './Stage.js'

/**
 * What a fisher makes of a message: keep it and fish on, let it go and fish on, keep it and be done, or fail.
 *
 * @category testing
 * @since 0.1.0
 */
export type FishingOutcome = 'continue' | 'continueAndIgnore' | 'complete' | { readonly fail: string }

/**
 * Options of `expectNoMessage`.
 *
 * @category testing
 * @since 0.1.0
 */
export interface ExpectNoMessageOptions {
  /** How long, on the manual clock, no message is to come. Default 0: no time passes. */
  readonly forMs?: number
  /** Accepts that tasks are pending, whose results might still bring a message. Default: false. */
  readonly whileTasksRun?: boolean
}

/**
 * An actor that collects messages, and expectations about them. Every expectation first lets all actors run until they are
 * quiet; none of them sleeps. A message that is not as expected stays where it is.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { ActorTestKit } from 'troupe/testkit'
 *
 * await using kit = ActorTestKit.create()
 * const probe = kit.createProbe<string>()
 * const greeter = kit.spawn(Behaviors.receiveMessage<ActorRef<string>>((replyTo) => {
 *   replyTo.tell('hello')
 *   return Behaviors.same
 * }))
 * greeter.tell(probe.ref)
 * probe.expectMessage('hello')
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export interface TestProbe<A> {
  readonly ref: ActorRef<A>
  /** Expects the next message to be one for which the refinement holds. */
  expectMessage<B extends A>(refinement: (message: A) => message is B): B
  /** Expects the next message to be one for which the predicate holds. */
  expectMessage(predicate: (message: A) => boolean): A
  /** Expects the next message to be what the decoder accepts, and answers what it makes of it. */
  expectMessage<B>(decoder: Decoder<A, B>): B
  /**
   * Expects the next message to equal this value, part by part. Of what has no fields to be seen, such as a class with private ones, only the
   * same one is equal, or one with the same `toString` of its class.
   */
  expectMessage(expected: A): A
  /** Expects that no message has come, and that none comes in `forMs` of virtual time. */
  expectNoMessage(options?: ExpectNoMessageOptions): void
  /** Expects at least one message and takes it. */
  receiveMessage(): A
  /** Expects at least `count` messages and takes them. */
  receiveMessages(count: number): readonly A[]
  /** Takes message after message until the fisher is done; answers those that it kept. One that it refuses stays where it is. */
  fishForMessage(fisher: (message: A) => FishingOutcome): readonly A[]
  /** Expects that this actor has terminated, now or at any time before. */
  expectTerminated(ref: ActorRef<never>): void
  /**
   * Expects that `body` takes at most so long on the manual clock. What it waits for lets time pass, timer by timer. An hour costs no more
   * than a second; `Infinity` is refused, because with a timer that comes again and again it would never end.
   */
  within<T>(maxMs: number, body: () => T): T
  /** Lets time pass, timer by timer, until `assertion` no longer throws; for up to `maxMs`, by default 3,000. */
  awaitAssert<T>(assertion: () => T, maxMs?: number): T
}

/** Asks the actor of a probe to watch. */
class WatchRequest {
  readonly ref: ActorRef<never>

  constructor(ref: ActorRef<never>) {
    this.ref = ref
  }
}

/** Collects what comes to a probe. */
export class Inlet {
  readonly messages: unknown[] = []
  readonly terminated: Terminated[] = []

  /** What the actor of the probe does. */
  behavior(): Behavior<unknown> {
    return Behaviors.receive(
      (context, message) => {
        if (message instanceof WatchRequest) context.watch(message.ref)
        else this.messages.push(message)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'Terminated') this.terminated.push(signal)
        return Behaviors.same
      },
    )
  }
}

export class Probe<A> implements TestProbe<A> {
  readonly ref: ActorRef<A>
  readonly #stage: Stage
  readonly #inlet: Inlet

  constructor(stage: Stage, inlet: Inlet, ref: ActorRef<A>) {
    this.#stage = stage
    this.#inlet = inlet
    this.ref = ref
  }

  expectMessage<B>(expected: unknown): B {
    // The overloads of the interface tie B to what is given.
    if (typeof expected === 'function') return this.#expectHolds(expected as (message: unknown) => boolean) as B
    if (isDecoder(expected)) return this.#expectDecodes(expected) as B
    return this.#expectEquals(expected) as B
  }

  expectNoMessage(options?: ExpectNoMessageOptions): void {
    const forMs = options?.forMs ?? 0
    requireThat('forMs of expectNoMessage', forMs, delay)
    this.#stage.requireOpen('expectNoMessage')
    this.#stage.runUntilQuiet()
    this.#expectNothing('')
    if (forMs > 0) this.#stage.letPass(forMs)
    this.#expectNothing(forMs > 0 ? ` for ${String(forMs)} ms` : '')
    const pending = this.#stage.describePending()
    if (pending !== '' && options?.whileTasksRun !== true)
      this.#fail(
        `expected no message, which cannot be known yet. ${pending}: use 'await kit.settle()' first, or pass whileTasksRun.`,
      )
  }

  receiveMessage(): A {
    this.#next('a message')
    return this.#take()
  }

  receiveMessages(count: number): readonly A[] {
    requireThat('the number of messages to receive', count, wholeFrom(0))
    const { messages } = this.#inlet
    if (!this.#stage.waitFor(() => messages.length >= count))
      this.#fail(
        `expected ${String(count)} messages, but got ${String(messages.length)}${this.#listWaiting()}${this.#hint()}`,
      )
    return messages.splice(0, count) as A[]
  }

  fishForMessage(fisher: (message: A) => FishingOutcome): readonly A[] {
    const kept: A[] = []
    for (let seen = 0; ; seen++) {
      if (!this.#hasNext())
        this.#fail(
          `fished for a message, but none of ${String(seen)} completed it, and no more came; ` +
            `kept were ${show(kept, '  ')}${this.#hint()}`,
        )
      // Only messages of type A can be told to ref. It is taken when the fisher has not refused it.
      const message = this.#inlet.messages[0] as A
      const outcome = fisher(message)
      if (typeof outcome === 'object') this.#fail(`fished ${show(message, '  ')}, which is refused: ${outcome.fail}`)
      this.#take()
      if (outcome === 'continueAndIgnore') continue
      kept.push(message)
      if (outcome === 'complete') return kept
    }
  }

  expectTerminated(ref: ActorRef<never>): void {
    this.#stage.requireOpen('expectTerminated')
    const { terminated } = this.#inlet
    // Its own actor tells requests from messages.
    const inner = this.ref as unknown as ActorRef<WatchRequest>
    inner.tell(new WatchRequest(ref))
    const isThere = (): boolean => terminated.some((signal) => signal.ref.equals(ref))
    if (!this.#stage.waitFor(isThere))
      this.#fail(`expected ${ref.path.toString()} to have terminated, but it lives${this.#hint()}`)
    terminated.splice(0, Infinity, ...terminated.filter((signal) => !signal.ref.equals(ref)))
  }

  within<T>(maxMs: number, body: () => T): T {
    return this.#stage.within(maxMs, body)
  }

  awaitAssert<T>(assertion: () => T, maxMs = 3_000): T {
    return this.#stage.awaitAssert(assertion, maxMs)
  }

  #expectEquals(expected: unknown): unknown {
    const message = this.#next(`the message\n  ${show(expected, '  ')}`)
    const found = differences(expected, message)
    if (found.length > 0) {
      const shown = found
        .slice(0, mostDifferences)
        .map((line) => `\n  ${line}`)
        .join('')
      const more = found.length > mostDifferences ? `\n  and ${String(found.length - mostDifferences)} more places` : ''
      this.#fail(
        `expected the message\n  ${show(expected, '  ')}\nbut got\n  ${show(message, '  ')}\n` +
          `They differ at${shown}${more}${this.#listWaiting(1)}`,
      )
    }
    return this.#take()
  }

  #expectHolds(holds: (message: unknown) => boolean): unknown {
    const what = `a message for which ${holds.name === '' ? 'the predicate' : holds.name} holds`
    const message = this.#next(what)
    if (!holds(message)) this.#fail(`expected ${what}, but got\n  ${show(message, '  ')}${this.#listWaiting(1)}`)
    return this.#take()
  }

  #expectDecodes(decoder: Decoder<unknown, unknown>): unknown {
    const what = `a message that decodes as ${decoder.name}`
    const message = this.#next(what)
    const decoded = decoder.decode(message)
    if (decoded._tag === 'Right') {
      this.#take()
      return decoded.right
    }
    const places = decoded.left.map(({ context, value }) => {
      const at = context.map(({ key }) => key).filter((key) => key !== '')
      return `\n  ${['message', ...at].join('.')}: ${show(value, '  ')} is not ${context.at(-1)?.type.name ?? decoder.name}`
    })
    return this.#fail(
      `expected ${what}, but got\n  ${show(message, '  ')}\nIt is refused at${places.join('')}${this.#listWaiting(1)}`,
    )
  }

  #hasNext(): boolean {
    return this.#stage.waitFor(() => this.#inlet.messages.length > 0)
  }

  /** The next message, not taken yet. */
  #next(what: string): unknown {
    if (!this.#hasNext()) this.#fail(`expected ${what}, but no message came${this.#hint()}`)
    return this.#inlet.messages[0]
  }

  #take(): A {
    // Only messages of type A can be told to ref.
    return this.#inlet.messages.shift() as A
  }

  #expectNothing(when: string): void {
    if (this.#inlet.messages.length > 0)
      this.#fail(`expected no message${when}, but got${this.#listWaiting().slice(1)}`)
  }

  /** The messages that wait, but for the first so many. */
  #listWaiting(from = 0): string {
    const rest = this.#inlet.messages.slice(from)
    if (rest.length === 0) return ''
    const shown = rest
      .slice(0, mostMessages)
      .map((message) => `\n  ${show(message, '  ')}`)
      .join('')
    const more = rest.length > mostMessages ? `\n  and ${String(rest.length - mostMessages)} more` : ''
    return `${from === 0 ? ':' : '\nAfter it came'}${shown}${more}`
  }

  #hint(): string {
    const pending = this.#stage.describePending()
    return pending === '' ? '.' : `.\n${pending}: use 'await kit.settle()' first.`
  }

  #fail(what: string): never {
    throw new ExpectationFailed(`${this.ref.path.toString()} ${what}`)
  }
}

const mostDifferences = 10
const mostMessages = 10

const isDecoder = (value: unknown): value is Decoder<unknown, unknown> =>
  typeof value === 'object' &&
  value !== null &&
  'decode' in value &&
  typeof value.decode === 'function' &&
  'validate' in value &&
  typeof value.validate === 'function'
