/**
 * Unrolls a description into what an actor can run: setup functions are called, supervise nodes become frames of the host,
 * interceptors become layers. A loop, not a recursion, except into an interceptor, whose depth is bounded.
 */
import { TroupeError, type Behavior } from '../model/index.js'
import { textOf } from '../model/internal.js'
import { emptyLog } from './decide.js'
import type { Frame } from './Frame.js'
import type { Host } from './Host.js'
import { behaviorOf, isBehavior, isStopped, isUnhandled, isVerdict, nodeOf, Receive, same } from './nodes.js'
import { stopped, stoppedValue, unhandled } from './nodes.js'
import type { Active, AnyBehavior, AnyInterceptor, Await, Layer, SignalHandler, Supervise } from './nodes.js'
import { inside } from './Own.js'

/** So many nodes in one unrolling are a description without an end: a setup that returns itself. */
const mostNodes = 10_000

/** One unrolling. */
interface Unrolling {
  readonly host: Host
  /** What `same` means: the behavior of before; undefined where there is none yet. */
  readonly current: Active | undefined
  readonly isReturned: boolean
  /** The frames whose places those of a returned behavior take; undefined until one does, or when it is a first start. */
  heirs: readonly Frame[] | undefined
  /** Frames pushed so far. */
  pushed: number
}

/** Starts the behavior that an actor begins with, or begins with again. Throws when it is `same` or `unhandled`. */
export const startFirst = (behavior: AnyBehavior, host: Host, layer: Layer | undefined): Active =>
  inside(layer, host, () =>
    unroll(behavior, layer, undefined, { host, current: undefined, isReturned: false, heirs: undefined, pushed: 0 }),
  )

/** Starts a behavior that a handler has returned. `same` and `unhandled` leave `current`. */
export const startNext = (
  behavior: AnyBehavior,
  host: Host,
  current: Active | undefined,
  layer: Layer | undefined,
): Active =>
  inside(layer, host, () =>
    unroll(behavior, layer, undefined, { host, current, isReturned: true, heirs: undefined, pushed: 0 }),
  )

/** `added` are signal handlers that `receiveSignal` put around it. */
const unroll = (
  given: AnyBehavior,
  layer: Layer | undefined,
  added: SignalHandler | undefined,
  unrolling: Unrolling,
): Active => {
  const { host } = unrolling
  let node = given
  let onSignal = added
  for (let nodes = 0; ; nodes++) {
    if (!isBehavior(node)) throw notABehavior(node, host)
    if (nodes > mostNodes) throw endless(host)
    if (typeof node === 'function') return node === stoppedValue ? stopped : withSignals(node, onSignal)
    switch (node._tag) {
      case 'Setup':
        node = node.factory(host.context())
        break
      case 'WithTimers':
        node = node.factory(host.timers())
        break
      case 'WithStash':
        node = node.factory(host.newStash(node.capacity))
        break
      case 'Signalled':
        onSignal = firstOf(onSignal, node.onSignal)
        node = node.behavior
        break
      case 'Supervise':
        pushFrame(node, layer, onSignal, unrolling)
        node = node.behavior
        break
      case 'Unstash':
        host.beginUnstash(node.buffer, node.count)
        node = node.next
        break
      case 'Intercept': {
        const added = addLayer(node.interceptor, layer, host)
        if (added !== undefined) return unrollInside(node.behavior, added, onSignal, unrolling)
        node = node.behavior
        break
      }
      case 'OrElse':
        return unrollBoth(node.first, node.second, layer, onSignal, unrolling)
      case 'OfferAgain':
        host.offerAgain()
        node = node.next
        break
      case 'Await': {
        host.park(node)
        const previous = node.onSignal === undefined ? unrolling.current : undefined
        return withSignals({ _tag: 'Parked', wait: node, previous, layer }, onSignal)
      }
      case 'Same':
      case 'Unhandled':
      case 'Postpone':
        if (unrolling.current !== undefined) return unrolling.current
        throw new TroupeError(
          'IllegalArgument',
          `${host.path.toString()}: '${node._tag.toLowerCase()}' cannot be a first behavior, for there is none before it to keep. ` +
            `Return one that handles messages, or Behaviors.empty.`,
        )
      default:
        return withSignals(node, onSignal)
    }
  }
}

const endless = (host: Host): TroupeError =>
  new TroupeError(
    'IllegalState',
    `${host.path.toString()}: its setup has returned another one ${String(mostNodes)} times in a row. Let a setup return, in the end, ` +
      `a behavior that handles messages.`,
  )

/** What is wrong with what a handler returned, and what to return instead. */
const notABehavior = (value: unknown, host: Host): TroupeError => {
  const isPromise = typeof value === 'object' && value !== null && 'then' in value
  const advice = isPromise
    ? 'To let other messages go on meanwhile, use context.pipeToSelf and return Behaviors.same; to let them wait, return Behaviors.awaiting.'
    : 'Return the next behavior, or Behaviors.same.'
  const what = isPromise ? 'a promise' : textOf(value)
  return new TroupeError(
    'IllegalState',
    `${host.path.toString()}: ${what} was returned instead of a behavior. ${advice}`,
  )
}

/** A frame for a supervise node. Those of a returned behavior take the places of those that earlier ones brought. */
const pushFrame = (
  node: Supervise,
  layer: Layer | undefined,
  onSignal: SignalHandler | undefined,
  unrolling: Unrolling,
): void => {
  const frames = unrolling.host.frames()
  if (unrolling.isReturned) unrolling.heirs ??= frames.release(layer?.frames ?? 0)
  const { strategy, when, behavior } = node
  const initial: AnyBehavior = onSignal === undefined ? behavior : { _tag: 'Signalled', behavior, onSignal }
  const place = unrolling.pushed++
  frames.push({ strategy, when, initial, layer, log: emptyLog }, unrolling.heirs?.[place])
}

/** A layer for the interceptor, undefined when it lies around already. */
const addLayer = (interceptor: AnyInterceptor, up: Layer | undefined, host: Host): Layer | undefined => {
  for (let at = up; at !== undefined; at = at.up) if (isSame(interceptor, at.interceptor)) return undefined
  const depth = (up?.depth ?? 0) + 1
  if (depth > host.interceptorDepth)
    throw new TroupeError(
      'IllegalState',
      `${host.path.toString()} has more than ${String(host.interceptorDepth)} interceptors around its behavior, the last ` +
        `'${interceptor.name}'. A handler that wraps what it returns adds one with each message: use one interceptor value, ` +
        `give it isSame, or wrap the first behavior only.`,
    )
  const within = interceptor.translates === true ? interceptor : up?.within
  return { interceptor, frames: host.frames().list.length, depth, within, up }
}

const isSame = (a: AnyInterceptor, b: AnyInterceptor): boolean => (a.isSame === undefined ? a === b : a.isSame(b))

const unrollInside = (
  behavior: AnyBehavior,
  layer: Layer,
  onSignal: SignalHandler | undefined,
  unrolling: Unrolling,
): Active => {
  const { interceptor } = layer
  const { host } = unrolling
  const start = (): Active => inside(layer, host, () => unroll(behavior, layer, onSignal, unrolling))
  if (interceptor.aroundStart === undefined) return wrap(start(), layer)
  return noting(host, layer.frames, () => {
    let isOpen = true
    const startOnce = (): Behavior<unknown> => {
      if (!isOpen) throw usedTooLate(host, interceptor, 'start')
      isOpen = false
      return behaviorOf(noting(host, Infinity, start))
    }
    // What is no behavior is refused by unroll.
    const started = nodeOf(interceptor.aroundStart?.(host.context(), startOnce) as Behavior<unknown>)
    isOpen = false
    return wrap(
      inside(layer, host, () => unroll(started, layer, undefined, unrolling)),
      layer,
    )
  })
}

/** An interceptor reached inside when it was not its turn: what came of it would be lost. */
export const usedTooLate = (host: Host, { name }: AnyInterceptor, what: string): TroupeError =>
  new TroupeError(
    'UnsupportedOperation',
    `${host.path.toString()}: the interceptor '${name}' used its ${what} when it was over. Use it before the call returns that it ` +
      `was given for, and a start only once.`,
  )

/** Runs a part and notes how many frames lie outside of it, if it throws: nothing is handled here. */
export const noting = <T>(host: Host, outside: number, run: () => T): T => {
  try {
    return run()
  } catch (error) {
    // For the choice of the frame that decides; the one catch that handles it is the cell's.
    host.frames().noteThrown(error, outside)
    throw error
  }
}

const unrollBoth = (
  first: AnyBehavior,
  second: AnyBehavior,
  layer: Layer | undefined,
  onSignal: SignalHandler | undefined,
  unrolling: Unrolling,
): Active => {
  return unsupervised(unrolling.host, () =>
    alternatives(unroll(first, layer, onSignal, unrolling), unroll(second, layer, undefined, unrolling), layer),
  )
}

/** Refuses a supervise in a part of orElse, also in one that the part returns later, and parts that both wait. */
export const unsupervised = (host: Host, start: () => Active): Active => {
  const before = host.frames().pushed
  const started = start()
  if (host.frames().pushed === before) {
    if (typeof started === 'object' && started._tag === 'Alternatives' && waits(started.first) && waits(started.second))
      throw new TroupeError(
        'IllegalArgument',
        `${host.path.toString()} has two parts of orElse that wait, coroutines or awaiting behaviors, but an actor waits for one thing ` +
          `at a time. Give one of them an actor of its own, or wait for both in one coroutine.`,
      )
    return started
  }
  throw new TroupeError(
    'IllegalArgument',
    `${host.path.toString()} has a supervise inside orElse, where it could not tell whose failure it sees. ` +
      `Supervise the combination instead: pipe(a, orElse(b), supervise(strategy)).`,
  )
}

/** Whether it waits for something else than mail, or for some mail. */
export const waits = (active: Active): boolean => {
  if (typeof active === 'function') return false
  if (active._tag === 'Alternatives') return waits(active.first) || waits(active.second)
  return active._tag === 'Intercepted' ? waits(active.inner) : active._tag === 'Parked'
}

/** Both side by side; when either has stopped, both have. */
export const alternatives = (first: Active, second: Active, layer: Layer | undefined): Active =>
  isStopped(first) ? first : isStopped(second) ? second : { _tag: 'Alternatives', layer, first, second }

/** Adds signal handlers to an active behavior. */
const withSignals = (active: Active, onSignal: SignalHandler | undefined): Active => {
  if (onSignal === undefined) return active
  if (typeof active === 'function') return new Receive((_, message) => active(message), onSignal)
  switch (active._tag) {
    case 'Receive':
      return new Receive(active.onMessage, firstOf(onSignal, active.onSignal))
    case 'Empty':
      return new Receive(() => unhandled, onSignal)
    case 'Ignore':
      return new Receive(
        () => same,
        firstOf(onSignal, () => same),
      )
    case 'Intercepted':
      return { ...active, inner: withSignals(active.inner, onSignal) }
    case 'Alternatives':
      return { ...active, first: withSignals(active.first, onSignal) }
    case 'Parked':
      return { ...active, wait: signalled(active.wait, onSignal) }
    case 'Stopped':
      return active
  }
}

/** What a wait leads to keeps the handlers that were added to it. */
const signalled = (wait: Await, onSignal: SignalHandler): Await => {
  const keep = (next: AnyBehavior): AnyBehavior =>
    isVerdict(next) ? next : { _tag: 'Signalled', behavior: next, onSignal }
  return {
    _tag: 'Await',
    begin: (context, waiting) => wait.begin(context, waiting),
    then: (value) => keep(wait.then(value)),
    get takesMail() {
      return wait.takesMail
    },
    onMessage: (message) => keep(wait.onMessage(message)),
    onSignal: wait.onSignal && firstOf(onSignal, (context, signal) => wait.onSignal?.(context, signal) ?? unhandled),
  }
}

/** Asks the second handler about what the first leaves unhandled. */
const firstOf = (first: SignalHandler | undefined, second: SignalHandler | undefined): SignalHandler => {
  if (first === undefined || second === undefined) return first ?? second ?? (() => unhandled)
  return (context, signal) => {
    const next = first(context, signal)
    return isUnhandled(next) ? second(context, signal) : next
  }
}

/** Puts the layer around an active behavior; what has stopped needs none. */
export const wrap = (inner: Active, layer: Layer): Active =>
  isStopped(inner) || (typeof inner === 'object' && inner._tag === 'Intercepted' && inner.layer === layer)
    ? inner
    : { _tag: 'Intercepted', layer, inner }

/** Puts all layers from `layer` outward around an active behavior. */
export const wrapAll = (inner: Active, layer: Layer | undefined): Active => {
  let wrapped = inner
  for (let at = layer; at !== undefined; at = at.up) wrapped = wrap(wrapped, at)
  return wrapped
}
