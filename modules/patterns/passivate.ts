/**
 * Actors that go when nobody needs them, and come back when somebody does.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, Behavior, Interceptor } from '../model/index.js'
import { period, requireThat, wholeFrom } from '../model/internal.js'

/** The actor has been idle for long enough. */
class Idle {
  readonly _tag = 'Idle'
}

const idle = new Idle()

/**
 * Stops an actor that has had no message for so long.
 *
 * @remarks
 * What is sent to it between the decision and its end goes to dead letters; `perKey` keeps such messages. Inside of a `supervise` it
 * counts anew after a restart, so put it first in the pipe.
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

/** The child of a key, and what waits for its successor while it goes; undefined while it stays. */
interface Place<A> {
  readonly ref: ActorRef<A>
  waiting: A[] | undefined
}

/**
 * A parent that has a child for each key: made with the first message for it, gone when it has been idle, made again with the next.
 * No message is lost on the way: what comes while a child goes waits for the one after it.
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
  return Behaviors.setup<A | MayGo>((context) => new Keys(context, options, capacityMessages).behavior())
}

class Keys<A> {
  readonly #context: ActorContext<A | MayGo>
  readonly #options: PerKeyOptions<A>
  readonly #capacity: number
  readonly #places = new Map<string, Place<A>>()
  readonly #keys = new Map<ActorRef<never>, string>()

  constructor(context: ActorContext<A | MayGo>, options: PerKeyOptions<A>, capacity: number) {
    this.#context = context
    this.#options = options
    this.#capacity = capacity
  }

  behavior(): Behavior<A | MayGo> {
    return Behaviors.receive<A | MayGo>(
      (_, message) => {
        if (message instanceof MayGo) this.#letGo(message)
        else this.#passOn(message)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'Terminated') this.#gone(signal.ref)
        else if (signal._tag === 'PostStop') for (const { waiting } of this.#places.values()) this.#lose(waiting ?? [])
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
    this.#keys.delete(ref)
    this.#places.delete(key)
    for (const message of waiting) this.#passOn(message)
  }

  #make(key: string): Place<A> {
    const { idleMs, make } = this.#options
    const { self } = this.#context
    const behavior = make(key)
    const ref = this.#context.spawn(idleMs === undefined ? behavior : leaving(behavior, key, idleMs, self))
    const place: Place<A> = { ref, waiting: undefined }
    this.#context.watch(ref)
    this.#keys.set(ref, key)
    this.#places.set(key, place)
    return place
  }

  #lose(messages: readonly A[]): void {
    for (const message of messages) this.#context.system.deadLetters.tell(message)
  }
}

/** Tells its parent when it is idle, and goes when it is told to. */
const leaving = <A>(behavior: Behavior<A>, key: string, idleMs: number, parent: ActorRef<MayGo>): Behavior<A> => {
  const interceptor: Interceptor<unknown> = {
    name: 'perKey',
    aroundStart: (context, start) => {
      context.setReceiveTimeout(idleMs, idle)
      return start()
    },
    aroundReceive: (context, message, target) => {
      if (message instanceof Go) return Behaviors.stopped
      if (!(message instanceof Idle)) return target.receive(message)
      parent.tell(new MayGo(key, context.self))
      return Behaviors.same
    },
  }
  return Behaviors.intercept<unknown, unknown>(interceptor)(behavior as Behavior<unknown>)
}
