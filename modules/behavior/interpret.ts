/**
 * One turn of a behavior: an active behavior and a message (or signal) in, the next behavior out. The answer of a plain
 * handler is passed on as it is; `startNext` makes an active one of it.
 */
import type { Behavior, InterceptorTarget, Signal } from '../model/index.js'
import { preRestart } from '../model/internal.js'
import type { Host } from './Host.js'
import { behaviorOf, isUnhandled, nodeOf, same, unhandled } from './nodes.js'
import type { Active, Alternatives, AnyBehavior, Intercepted } from './nodes.js'
import { requireBehavior } from './requireBehavior.js'
import { isStopped, startNext, wrap } from './start.js'

/** Lets the behavior handle a message. */
export const interpretMessage = (active: Active, message: unknown, host: Host): AnyBehavior => {
  if (typeof active === 'function') return active(message)
  switch (active._tag) {
    case 'Receive':
      return active.onMessage(host.context(), message)
    case 'Intercepted':
      return receiveAround(active, message, host)
    case 'Alternatives':
      return tryBoth(active, (branch) => interpretMessage(branch, message, host), host)
    case 'Ignore':
      return same
    case 'Empty':
    case 'Stopped':
    case 'Parked':
      return unhandled
  }
}

/** Lets the behavior see a signal. What a handler answers to PreRestart and PostStop is passed on as it is, to be ignored. */
export const interpretSignal = (active: Active, signal: Signal, host: Host): AnyBehavior => {
  if (typeof active === 'function') return unhandled
  switch (active._tag) {
    case 'Receive':
      return active.onSignal === undefined ? unhandled : active.onSignal(host.context(), signal)
    case 'Intercepted':
      return signalAround(active, signal, host)
    case 'Alternatives':
      return isLast(signal)
        ? tellBoth(active, signal, host)
        : tryBoth(active, (branch) => interpretSignal(branch, signal, host), host)
    case 'Parked':
      return active.previous === undefined ? unhandled : interpretSignal(active.previous, signal, host)
    case 'Ignore':
      return same
    case 'Empty':
    case 'Stopped':
      return unhandled
  }
}

/** Gives the result of its task to the parked behavior within `active`; the answer is what the actor becomes. */
export const unparkWith = (active: Active, value: unknown, host: Host): Active => {
  if (typeof active === 'function') return active
  switch (active._tag) {
    case 'Parked':
      return startNext(active.then(value), host, active.previous, active.layer)
    case 'Intercepted':
      return wrap(unparkWith(active.inner, value, host), active.layer)
    case 'Alternatives': {
      const first = unparkWith(active.first, value, host)
      const second = unparkWith(active.second, value, host)
      return isStopped(first) ? first : isStopped(second) ? second : { _tag: 'Alternatives', first, second }
    }
    default:
      return active
  }
}

/** The behavior without its wait: what a resume after a failed task goes on with. Undefined when a setup had returned it. */
export const unpark = (active: Active): Active | undefined => {
  if (typeof active === 'function') return active
  switch (active._tag) {
    case 'Parked':
      return active.previous
    case 'Intercepted': {
      const inner = unpark(active.inner)
      return inner === undefined ? undefined : wrap(inner, active.layer)
    }
    case 'Alternatives': {
      const first = unpark(active.first)
      const second = unpark(active.second)
      return first === undefined || second === undefined ? undefined : { _tag: 'Alternatives', first, second }
    }
    default:
      return active
  }
}

/** Tells PreRestart to what a restart by frame number `frame` replaces: the layers outside of it stay and do not see it. */
export const signalPreRestart = (active: Active, frame: number, host: Host): void => {
  let inside = active
  while (typeof inside === 'object' && inside._tag === 'Intercepted' && inside.layer.frames <= frame)
    inside = inside.inner
  interpretSignal(inside, preRestart, host)
}

const receiveAround = (active: Intercepted, message: unknown, host: Host): AnyBehavior => {
  const { interceptor } = active.layer
  if (interceptor.aroundReceive === undefined) return receiveInside(active, message, host)
  return guarded(active, host, () =>
    // Present: checked above. The context is read by the interceptor only.
    interceptor.aroundReceive?.(host.context(), message, new Target(active, host, false)),
  )
}

const signalAround = (active: Intercepted, signal: Signal, host: Host): AnyBehavior => {
  const { interceptor } = active.layer
  const target = new Target(active, host, isLast(signal))
  const around = (): Behavior<never> | undefined =>
    interceptor.aroundSignal === undefined
      ? target.signal(signal)
      : interceptor.aroundSignal(host.context(), signal, target)
  // The caller drops the last answers.
  return isLast(signal) ? nodeOf(around() as Behavior<never>) : guarded(active, host, around)
}

/** After it the behavior is gone: nothing that its handler returns is started. */
const isLast = (signal: Signal): boolean => signal._tag === 'PreRestart' || signal._tag === 'PostStop'

const tellBoth = (active: Alternatives, signal: Signal, host: Host): AnyBehavior => {
  const first = interpretSignal(active.first, signal, host)
  return isUnhandled(first) ? interpretSignal(active.second, signal, host) : first
}

/** Runs an interceptor; what it throws itself is the business of the frames outside of it. */
const guarded = (active: Intercepted, host: Host, around: () => Behavior<never> | undefined): AnyBehavior => {
  let next: AnyBehavior
  try {
    // What is no behavior is refused below.
    next = checked(nodeOf(around() as Behavior<never>), host)
  } catch (error) {
    // Not handled here: only the place is noted, for the choice of the frame.
    host.thrownAt(error, active.layer.frames)
    throw error
  }
  return rewrap(active, next, host)
}

/** Handles a message inside a layer that looks at signals only. */
const receiveInside = (active: Intercepted, message: unknown, host: Host): AnyBehavior =>
  rewrap(active, checked(interpretMessage(active.inner, message, host), host), host)

/** Refuses what a handler should not have returned. */
const checked = (next: AnyBehavior, host: Host): AnyBehavior =>
  typeof next === 'function' ? next : requireBehavior(next, host)

const rewrap = (active: Intercepted, next: AnyBehavior, host: Host): AnyBehavior => {
  if (next === same || isUnhandled(next)) return next
  const started = startNext(next, host, active.inner, active.layer)
  return started === active.inner ? same : wrap(started, active.layer)
}

/** The behavior inside an interceptor, as the interceptor sees it for one message or signal. */
class Target implements InterceptorTarget<unknown> {
  readonly #active: Intercepted
  readonly #host: Host
  readonly #isLast: boolean

  constructor(active: Intercepted, host: Host, isLast: boolean) {
    this.#active = active
    this.#host = host
    this.#isLast = isLast
  }

  receive(message: unknown): Behavior<unknown> {
    return this.#inside(() => interpretMessage(this.#active.inner, message, this.#host))
  }

  signal(signal: Signal): Behavior<unknown> {
    return this.#inside(() => interpretSignal(this.#active.inner, signal, this.#host))
  }

  #inside(run: () => AnyBehavior): Behavior<unknown> {
    const { inner, layer } = this.#active
    if (this.#isLast) return behaviorOf(run())
    try {
      const next = checked(run(), this.#host)
      return behaviorOf(next === same || isUnhandled(next) ? next : startNext(next, this.#host, inner, layer))
    } catch (error) {
      // Not handled here: only the place is noted, for the choice of the frame.
      this.#host.thrownAt(error, this.#host.frameCount())
      throw error
    }
  }
}

/** The first alternative, and the second when that left it unhandled. */
const tryBoth = (active: Alternatives, run: (branch: Active) => AnyBehavior, host: Host): AnyBehavior => {
  const first = checked(run(active.first), host)
  if (!isUnhandled(first)) return replaced(active, 'first', first, host)
  const second = checked(run(active.second), host)
  if (isUnhandled(second)) return second
  return replaced(active, 'second', second, host)
}

const replaced = (active: Alternatives, branch: 'first' | 'second', next: AnyBehavior, host: Host): AnyBehavior => {
  const started = startNext(next, host, active[branch], undefined)
  if (isStopped(started)) return started
  return started === active[branch] ? same : { ...active, [branch]: started }
}
