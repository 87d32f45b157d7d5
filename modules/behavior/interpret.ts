/**
 * One turn of a behavior: an active behavior and a message (or signal) in, the next behavior out. The answer of a plain
 * handler is passed on as it is; `startNext` makes an active one of it.
 */
import { TroupeError, type Behavior, type InterceptorTarget, type Signal } from '../model/index.js'
import { preRestart } from '../model/internal.js'
import type { Host } from './Host.js'
import { behaviorOf, isUnhandled, isVerdict, nodeOf, same, unhandled } from './nodes.js'
import type { Active, Alternatives, AnyBehavior, Intercepted, Layer, Parked } from './nodes.js'
import { inside, Own } from './Own.js'
import { alternatives, noting, startNext, unsupervised, usedTooLate, waits, wrap } from './start.js'

/** Lets the behavior handle a message. */
export const interpretMessage = (active: Active, message: unknown, host: Host): AnyBehavior => {
  if (typeof active === 'function') return active(message)
  switch (active._tag) {
    case 'Receive':
      return active.onMessage(host.context(), message)
    case 'Intercepted': {
      const { interceptor } = active.layer
      return intercepted(active, host, startNext, (target) => {
        if (Own.isOne(message)) return target.receive(message.past(interceptor))
        return interceptor.aroundReceive === undefined
          ? target.receive(message)
          : interceptor.aroundReceive(host.context(), message, target)
      })
    }
    case 'Alternatives':
      return tryBoth(active, host, startNext, (branch) =>
        Own.isOne(message) && !message.isFor(branch) ? unhandled : interpretMessage(branch, message, host),
      )
    case 'Parked':
      return active.wait.onMessage(message)
    case 'Ignore':
      return same
    default:
      return unhandled
  }
}

/** Lets a behavior that the actor does not hold handle a message; the answer is what comes of it, to be returned by a handler. */
export const interpretDelegate = <B>(delegatee: Behavior<B>, message: B, host: Host): Behavior<B> => {
  const layer = innermostLayer(host.behavior)
  const active = startNext(nodeOf(delegatee), host, undefined, layer)
  const next = interpretMessage(active, message, host)
  if (next === same) return behaviorOf(active)
  if (!isVerdict(next)) return behaviorOf(startNext(next, host, active, layer))
  if (!waits(active)) return behaviorOf(next)
  throw new TroupeError(
    'IllegalState',
    `${host.path.toString()}: the behavior that a message was delegated to waits and does not take it. Return that behavior, and ` +
      `tell yourself the message again or stash it.`,
  )
}

/** Of the interceptors around what the actor runs. What it delegates to lies within them, too. */
const innermostLayer = (behavior: Active | AnyBehavior): Layer | undefined => {
  let layer: Layer | undefined
  for (let at = behavior; typeof at === 'object' && at._tag === 'Intercepted'; at = at.inner) layer = at.layer
  return layer
}

/** Lets the behavior see a signal. */
export const interpretSignal = (active: Active, signal: Signal, host: Host): AnyBehavior =>
  see(active, signal, host, startNext)

/** Tells PreRestart or PostStop: the behavior is gone after it, so nothing that a handler answers is started. */
export const interpretLast = (active: Active, signal: Signal, host: Host): void => {
  see(active, signal, host, (_, __, current) => current)
}

/** How an answer becomes active. */
type Become = <A extends Active>(next: AnyBehavior, host: Host, current: A, layer: Layer | undefined) => Active

const see = (active: Active, signal: Signal, host: Host, become: Become): AnyBehavior => {
  if (typeof active === 'function') return unhandled
  switch (active._tag) {
    case 'Receive':
      return active.onSignal === undefined ? unhandled : active.onSignal(host.context(), signal)
    case 'Intercepted': {
      const { interceptor } = active.layer
      return intercepted(active, host, become, (target) =>
        interceptor.aroundSignal === undefined
          ? target.signal(signal)
          : interceptor.aroundSignal(host.context(), signal, target),
      )
    }
    case 'Alternatives':
      return tryBoth(active, host, become, (branch) => see(branch, signal, host, become))
    case 'Parked':
      if (active.wait.onSignal !== undefined) return active.wait.onSignal(host.context(), signal)
      return active.previous === undefined ? unhandled : see(active.previous, signal, host, become)
    case 'Ignore':
      return same
    default:
      return unhandled
  }
}

/** Gives the result of its wait to the parked behavior within `active`; the answer is what the actor becomes. */
export const unparkWith = (active: Active, value: unknown, host: Host): Active =>
  // Only undefined where `next` answers undefined.
  replaceParked(active, ({ wait, previous, layer }) =>
    inside(layer, host, () => startNext(wait.then(value), host, previous, layer)),
  ) as Active

/**
 * What a resume goes on with: the behavior without its wait, or with the wait begun again when that sees to itself. Undefined when a
 * setup had returned it.
 */
export const unpark = (active: Active, host: Host): Active | undefined =>
  replaceParked(active, ({ wait, previous, layer }) =>
    wait.onSignal === undefined ? previous && unpark(previous, host) : startNext(wait, host, undefined, layer),
  )

const replaceParked = (active: Active, next: (parked: Parked) => Active | undefined): Active | undefined => {
  if (typeof active === 'function') return active
  switch (active._tag) {
    case 'Parked':
      return next(active)
    case 'Intercepted': {
      const inner = replaceParked(active.inner, next)
      return inner && wrap(inner, active.layer)
    }
    case 'Alternatives': {
      const first = replaceParked(active.first, next)
      const second = replaceParked(active.second, next)
      return first && second && alternatives(first, second, active.layer)
    }
    default:
      return active
  }
}

/** Tells PreRestart to what a restart by frame number `frame` replaces: the layers outside of it stay and do not see it. */
export const signalPreRestart = (active: Active, frame: number, host: Host): void => {
  let inner = active
  let layer: Layer | undefined
  while (typeof inner === 'object' && inner._tag === 'Intercepted' && inner.layer.frames <= frame) {
    layer = inner.layer
    inner = inner.inner
  }
  inside(layer, host, () => {
    interpretLast(inner, preRestart, host)
  })
}

/** Runs an interceptor; what it throws itself is the business of the frames outside of it. */
const intercepted = (
  active: Intercepted,
  host: Host,
  become: Become,
  around: (target: InterceptorTarget<unknown>) => Behavior<never>,
): AnyBehavior =>
  noting(host, active.layer.frames, () => {
    const target = new Target(active, host, become)
    const next = nodeOf(around(target))
    target.close()
    if (isVerdict(next)) return next
    const started = become(next, host, active.inner, active.layer)
    return started === active.inner ? same : wrap(started, active.layer)
  })

/** The behavior inside an interceptor, as the interceptor sees it for one message or signal. */
class Target implements InterceptorTarget<unknown> {
  readonly #active: Intercepted
  readonly #host: Host
  readonly #become: Become
  #isOpen = true

  constructor(active: Intercepted, host: Host, become: Become) {
    this.#active = active
    this.#host = host
    this.#become = become
  }

  receive(message: unknown): Behavior<unknown> {
    return this.#inside((inner, host) => interpretMessage(inner, message, host))
  }

  signal(signal: Signal): Behavior<unknown> {
    return this.#inside((inner, host) => see(inner, signal, host, this.#become))
  }

  /** The call is over: what comes of a later use would be lost. */
  close(): void {
    this.#isOpen = false
  }

  #inside(run: (inner: Active, host: Host) => AnyBehavior): Behavior<unknown> {
    const { inner, layer } = this.#active
    const host = this.#host
    if (!this.#isOpen) throw usedTooLate(host, layer.interceptor, 'target')
    return noting(host, Infinity, () => {
      const next = inside(layer, host, () => run(inner, host))
      return behaviorOf(isVerdict(next) ? next : this.#become(next, host, inner, layer))
    })
  }
}

/** The first alternative, and the second when that left it unhandled. */
const tryBoth = (
  active: Alternatives,
  host: Host,
  become: Become,
  run: (branch: Active) => AnyBehavior,
): AnyBehavior => {
  const { first, second, layer } = active
  const next = run(first)
  if (!isUnhandled(next))
    return isVerdict(next)
      ? next
      : unsupervised(host, () => alternatives(become(next, host, first, layer), second, layer))
  const other = run(second)
  if (isVerdict(other)) return other
  return unsupervised(host, () => alternatives(first, become(other, host, second, layer), layer))
}
