/**
 * Actors that slow a flow of messages down, or gather it.
 */
import { RingBuffer } from '../base/index.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior, Clock } from '../model/index.js'
import { period, requireThat, wholeFrom } from '../model/internal.js'
import { portsOf } from '../runtime/internal.js'

/** What these actors tell themselves; a class, so that no message can pass for it. */
class Due {
  readonly _tag = 'Due'
}

const due = new Due()

/** A token may come back every so many parts of a millisecond, which a number does not hold exactly. */
const roundingError = 1e-9

/** Tokens that come back one after the other; a value. */
interface Bucket {
  readonly tokens: number
  /** Up to when the tokens that came back are counted. */
  readonly countedMs: number
}

/** Lets what has come back since be counted; never more than `most`. */
const refill = (bucket: Bucket, nowMs: number, everyMs: number, most: number): Bucket => {
  const back = Math.floor((nowMs - bucket.countedMs) / everyMs + roundingError)
  const tokens = Math.min(most, bucket.tokens + back)
  // A full bucket counts from now: the next token is on its way when one has been taken, not before.
  return { tokens, countedMs: tokens === most ? nowMs : bucket.countedMs + back * everyMs }
}

/**
 * How fast messages pass.
 *
 * @category model
 * @since 0.1.0
 */
export interface ThrottleOptions<A> {
  /** Who gets them. */
  readonly target: ActorRef<A>
  /** How many pass in any `perMs`, evenly one after the other. A whole number from 1. */
  readonly messages: number
  /** Milliseconds, above 0. Default: 1,000. */
  readonly perMs?: number
  /**
   * How many may pass at once at the start and after a time of rest. A whole number from 1. Default: 1. With more, up to
   * `messages + burst - 1` pass in the first `perMs`.
   */
  readonly burst?: number
  /** How many may wait; those beyond are dead letters. A whole number from 1. Default: 10,000. */
  readonly capacityMessages?: number
}

/**
 * Passes messages on, in order, no faster than it may: a token bucket, which holds `burst` tokens and gets `messages` of them back in
 * `perMs`.
 *
 * @remarks
 * It may be slower. Without a burst each message waits for a timer of its own, which counts in whole milliseconds and comes late on a busy
 * machine; that time is not made up for. For more than some hundred in a second give a `burst`: so many may pass each time.
 *
 * @throws TroupeError IllegalArgument for an option that is out of range
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { throttle } from 'troupe/patterns'
 *
 * const main = Behaviors.setup<string>((context) => {
 *   const gate = context.spawn(throttle({ target: context.self, messages: 2, perMs: 100 }))
 *   for (const text of ['now', '50 ms later', '100 ms later']) gate.tell(text)
 *   return Behaviors.receiveMessageWithSame((text) => console.log(text))
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @see https://en.wikipedia.org/wiki/Token_bucket
 * @category constructors
 * @since 0.1.0
 */
export const throttle = <A>(options: ThrottleOptions<A>): Behavior<A> => {
  const { target, messages, perMs = 1_000, burst = 1, capacityMessages = 10_000 } = options
  requireThat('messages of throttle', messages, wholeFrom(1))
  requireThat('perMs of throttle', perMs, period)
  requireThat('burst of throttle', burst, wholeFrom(1))
  requireThat('capacityMessages of throttle', capacityMessages, wholeFrom(1))
  const everyMs = perMs / messages
  return Behaviors.setup<A | Due>((context) =>
    Behaviors.withTimers<A | Due>((timers) => {
      const { clock }: { readonly clock: Clock } = portsOf(context.system)
      const waiting = new RingBuffer<A>(8)
      let bucket: Bucket = { tokens: burst, countedMs: clock.now() }
      const drain = (): void => {
        const nowMs = clock.now()
        bucket = refill(bucket, nowMs, everyMs, burst)
        try {
          while (bucket.tokens > 0 && waiting.size > 0) {
            bucket = { ...bucket, tokens: bucket.tokens - 1 }
            // There is one: its size says so.
            target.tell(waiting.shift() as A)
          }
        } finally {
          // Also when one cannot be passed on: those behind it have their time.
          if (waiting.size > 0) timers.startSingleTimer(due, due, Math.max(0, bucket.countedMs + everyMs - nowMs))
        }
      }
      return Behaviors.receiveMessage<A | Due>(
        (message) => {
          if (message instanceof Due) drain()
          else if (waiting.size >= capacityMessages) context.system.deadLetters.tell(message)
          else {
            waiting.push(message)
            if (!timers.isTimerActive(due)) drain()
          }
          return Behaviors.same
        },
        (_, signal) => {
          if (signal._tag === 'PostStop' || signal._tag === 'PreRestart')
            for (let left = waiting.shift(); left !== undefined; left = waiting.shift())
              context.system.deadLetters.tell(left)
          return Behaviors.same
        },
      )
    }),
  )
}

/**
 * How messages are gathered.
 *
 * @category model
 * @since 0.1.0
 */
export interface BatchOptions<A> {
  /** Who gets the batches. */
  readonly target: ActorRef<readonly A[]>
  /** How many messages make a batch. A whole number from 1. */
  readonly size: number
  /** Milliseconds after its first message at which a batch is sent, full or not. Above 0. */
  readonly withinMs: number
}

/**
 * Gathers messages and passes them on together: when there are enough of them, when the first has waited for long enough, and when it is
 * stopped.
 *
 * @throws TroupeError IllegalArgument for an option that is out of range
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { batch } from 'troupe/patterns'
 *
 * const main = Behaviors.setup<readonly string[]>((context) => {
 *   const rows = context.spawn(batch({ target: context.self, size: 2, withinMs: 50 }))
 *   for (const row of ['a', 'b', 'c']) rows.tell(row)
 *   return Behaviors.receiveMessageWithSame((batch) => console.log(batch)) // a and b at once, c after 50 ms
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const batch = <A>({ target, size, withinMs }: BatchOptions<A>): Behavior<A> => {
  requireThat('size of batch', size, wholeFrom(1))
  requireThat('withinMs of batch', withinMs, period)
  return Behaviors.withTimers<A | Due>((timers) => {
    let gathered: A[] = []
    const send = (): void => {
      timers.cancel(due)
      const full = gathered
      // Also when it cannot be sent: the next batch begins without it.
      gathered = []
      if (full.length > 0) target.tell(full)
    }
    return Behaviors.receiveMessage<A | Due>(
      (message) => {
        if (message instanceof Due) send()
        else {
          gathered.push(message)
          if (gathered.length === size) send()
          else if (gathered.length === 1) timers.startSingleTimer(due, due, withinMs)
        }
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'PostStop' || signal._tag === 'PreRestart') send()
        return Behaviors.same
      },
    )
  })
}
