/**
 * Actors that go when nobody needs them, and come back when somebody does.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, Behavior, Interceptor, TimerScheduler } from '../model/index.js'
import { period, requireThat, wholeFrom } from '../model/internal.js'
import { portsOf } from '../runtime/internal.js'

/** The actor has been idle for long enough, as far as its timer knows. */
class Idle {
  readonly _tag = 'Idle'
}

const idle = new Idle()

/**
 * Stops an actor that has had no message for so long.
 *
 * @remarks
 * What is sent to it between the decision and its end goes to dead letters; `perKey` keeps such messages. Inside of a `supervise` it
 * counts anew after a restart, so put it first in the pipe: outside of one it ends with the first restart, as every receive timeout does.
 * An actor has one of these: a behavior that sets or cancels its own takes this one away, and stays.
 *
 * @throws TroupeError IllegalArgument when `idleMs` is out of range
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, SupervisorStrategy } from 'troupe'
 * import { passivateAfter } from 'troupe/patterns'
 *
 * const session = pipe(
 *   Behaviors.receiveMessage<string>(() => Behaviors.same),
 *   passivateAfter(20),
 *   Behaviors.supervise(SupervisorStrategy.restart))
 * await using system = ActorSystem.create(session, 'demo')
 * await system.whenTerminated // after 20 ms
 * ```
 *
 * @category combinators
 * @since 0.1.0
 */
export const passivateAfter = (idleMs: number): (<A>(behavior: Behavior<A>) => Behavior<A>) => {
  requireThat('idleMs of passivateAfter', idleMs, period)
  return Behaviors.intercept<unknown, unknown>(whenIdle(idleMs)) as <A>(behavior: Behavior<A>) => Behavior<A>
}

const whenIdle = (idleMs: number): Interceptor<unknown> => ({
  name: 'passivateAfter',
  aroundStart: (context, start) => {
    context.setReceiveTimeout(idleMs, idle)
    return start()
  },
  aroundReceive: (_, message, target) => (message instanceof Idle ? Behaviors.stopped : target.receive(message)),
})

/**
 * How children by key are made.
 *
 * @category model
 * @since 0.1.0
 */
export interface PerKeyOptions<A> {
  /** Whom a message is for. */
  readonly keyOf: (message: A) => string
  /** Makes the child of a key, whenever it is needed and not there. */
  readonly make: (key: string) => Behavior<A>
  /** Milliseconds without a message after which a child goes. Above 0. Default: it stays. */
  readonly idleMs?: number
  /** Messages that may wait for one child while it goes; those beyond are dead letters. A whole number from 1. Default: 1,000. */
  readonly capacityMessages?: number
}

/** What the parent tells itself: see whether this child is idle. */
class Look {
  readonly _tag = 'Look'
  readonly key: string
  readonly ref: ActorRef<never>
  /** When to look once more if the child does not answer. */
  readonly againMs: number

  constructor(key: string, ref: ActorRef<never>, againMs: number) {
    this.key = key
    this.ref = ref
    this.againMs = againMs
  }
}

/** A child has nothing to do and would go. */
class MayGo {
  readonly _tag = 'MayGo'
  readonly key: string
  readonly ref: ActorRef<never>

  constructor(key: string, ref: ActorRef<never>) {
    this.key = key
    this.ref = ref
  }
}

/** It shall go, when it has handled what it was sent before. */
class Go {
  readonly _tag = 'Go'
}

const go = new Go()

/** When a child has had its last message: it writes that down, and its parent reads it. */
interface Activity {
  lastMs: number
}

/** The child of a key, and what waits for its successor while it goes; undefined while it stays. */
interface Place<A> {
  readonly ref: ActorRef<A>
  readonly activity: Activity
  waiting: A[] | undefined
}

/**
 * A parent that has a child for each key: made with the first message for it, gone when it has been idle, made again with the next.
 * A child that goes because it is idle handles what it was sent before, and what comes meanwhile waits for the one after it.
 *
 * @remarks
 * A child that stops by itself or fails is made again with the next message, too, but what was sent to it before its parent heard of the
 * end goes to dead letters, as with any actor. So does what a child that goes has put aside. A child that is done and shall lose nothing
 * returns to its first behavior, and goes when it is idle.
 *
 * @throws TroupeError IllegalArgument when `idleMs` or `capacityMessages` is out of range
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 * import { perKey } from 'troupe/patterns'
 *
 * type Visit = { readonly host: string }
 *
 * const counter = (host: string, visits = 0): Behavior<Visit> =>
 *   Behaviors.receiveMessage<Visit>(() => {
 *     console.log(host, visits + 1)
 *     return counter(host, visits + 1)
 *   })
 *
 * const visits = perKey<Visit>({ keyOf: ({ host }) => host, make: counter, idleMs: 60_000 })
 * const system = ActorSystem.create(visits, 'demo')
 * for (const host of ['a', 'b', 'a']) system.tell({ host })
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/cluster-sharding.html
 * @category constructors
 * @since 0.1.0
 */
export const perKey = <A>(options: PerKeyOptions<A>): Behavior<A> => {
  const { idleMs, capacityMessages = 1_000 } = options
  if (idleMs !== undefined) requireThat('idleMs of perKey', idleMs, period)
  requireThat('capacityMessages of perKey', capacityMessages, wholeFrom(1))
  return Behaviors.setup<Message<A>>((context) =>
    Behaviors.withTimers<Message<A>>((timers) => new Keys(context, timers, options, capacityMessages).behavior()),
  )
}

type Message<A> = A | Look | MayGo

/**
 * The parent. How long a child has been idle is its business, as a timer of the child would not outlive a restart of what is inside:
 *
 *   Look    the parent to itself, when a child can be idle for long enough at the earliest
 *   Idle    to the child: what it was sent before is handled first
 *   MayGo   to the parent: nothing has come meanwhile
 *   Go      to the child; from here on messages for its key wait
 */
class Keys<A> {
  readonly #context: ActorContext<Message<A>>
  readonly #timers: TimerScheduler<Message<A>>
  readonly #options: PerKeyOptions<A>
  readonly #capacity: number
  readonly #places = new Map<string, Place<A>>()
  readonly #keys = new Map<ActorRef<never>, string>()

  constructor(
    context: ActorContext<Message<A>>,
    timers: TimerScheduler<Message<A>>,
    options: PerKeyOptions<A>,
    capacity: number,
  ) {
    this.#context = context
    this.#timers = timers
    this.#options = options
    this.#capacity = capacity
  }

  behavior(): Behavior<Message<A>> {
    return Behaviors.receive<Message<A>>(
      (_, message) => {
        if (message instanceof Look) this.#look(message)
        else if (message instanceof MayGo) this.#letGo(message)
        else this.#passOn(message)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'Terminated') this.#gone(signal.ref)
        else if (signal._tag === 'PostStop' || signal._tag === 'PreRestart')
          for (const { waiting } of this.#places.values()) this.#lose(waiting ?? [])
        return Behaviors.same
      },
    )
  }

  #passOn(message: A): void {
    const key = this.#options.keyOf(message)
    const place = this.#places.get(key) ?? this.#make(key)
    if (place.waiting === undefined) place.ref.tell(message)
    else if (place.waiting.length < this.#capacity) place.waiting.push(message)
    else this.#lose([message])
  }

  /**
   * It looks again as long as the child is there, as a child that is being restarted may lose the question; ever less often, as one that
   * only takes long has them all before it.
   */
  #look({ key, ref, againMs }: Look): void {
    const { idleMs } = this.#options
    const place = this.#places.get(key)
    if (idleMs === undefined || place?.ref !== ref || place.waiting !== undefined) return
    const restMs = this.#restMs(place.activity, idleMs)
    if (restMs > 0) {
      this.#timers.startSingleTimer(ref, new Look(key, ref, idleMs), restMs)
      return
    }
    this.#timers.startSingleTimer(ref, new Look(key, ref, againMs * 2), againMs)
    // The interceptor in front of it takes this.
    const inner = place.ref as unknown as ActorRef<Idle>
    inner.tell(idle)
  }

  /** What it has been sent since it said so comes before this, so it is asked again when that is handled. */
  #letGo({ key, ref }: MayGo): void {
    const place = this.#places.get(key)
    if (place?.ref !== ref || place.waiting !== undefined) return
    place.waiting = []
    // The interceptor in front of it takes this.
    const inner = place.ref as unknown as ActorRef<Go>
    inner.tell(go)
  }

  #gone(ref: ActorRef<never>): void {
    const key = this.#keys.get(ref)
    if (key === undefined) return
    const waiting = this.#places.get(key)?.waiting ?? []
    this.#timers.cancel(ref)
    this.#keys.delete(ref)
    this.#places.delete(key)
    let passedOn = 0
    try {
      for (const first of waiting) {
        this.#passOn(first)
        passedOn++
      }
    } finally {
      // Where no child can be made they shall not vanish.
      this.#lose(waiting.slice(passedOn))
    }
  }

  #make(key: string): Place<A> {
    const { idleMs, make } = this.#options
    const activity: Activity = { lastMs: this.#nowMs() }
    const behavior = make(key)
    const ref = this.#context.spawn(idleMs === undefined ? behavior : this.#leaving(behavior, key, idleMs, activity))
    const place: Place<A> = { ref, activity, waiting: undefined }
    this.#context.watch(ref)
    this.#keys.set(ref, key)
    this.#places.set(key, place)
    if (idleMs !== undefined) this.#timers.startSingleTimer(ref, new Look(key, ref, idleMs), idleMs)
    return place
  }

  /** Tells its parent when it is idle, and goes when it is told to. */
  #leaving(behavior: Behavior<A>, key: string, idleMs: number, activity: Activity): Behavior<A> {
    const parent: ActorRef<MayGo> = this.#context.self
    const interceptor: Interceptor<unknown> = {
      name: 'perKey',
      aroundReceive: (context, message, target) => {
        if (message instanceof Go) return Behaviors.stopped
        if (message instanceof Idle) {
          if (this.#restMs(activity, idleMs) <= 0) parent.tell(new MayGo(key, context.self))
          return Behaviors.same
        }
        activity.lastMs = this.#nowMs()
        return target.receive(message)
      },
    }
    return Behaviors.intercept<unknown, unknown>(interceptor)(behavior as Behavior<unknown>)
  }

  /** How long it is until a child without a message is idle. */
  #restMs({ lastMs }: Activity, idleMs: number): number {
    return lastMs + idleMs - this.#nowMs()
  }

  #nowMs(): number {
    return portsOf(this.#context.system).clock.now()
  }

  #lose(messages: readonly A[]): void {
    for (const message of messages) this.#context.system.deadLetters.tell(message)
  }
}
