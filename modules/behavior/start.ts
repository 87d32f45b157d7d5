/**
 * Unrolls a description into what an actor can run: setup functions are called, supervise nodes become frames of the host,
 * interceptors become layers. A loop, not a recursion, except into an interceptor, whose depth is bounded.
 */
import { TroupeError, type Behavior } from '../model/index.js'
import { frameOf, type Frame } from './Frame.js'
import type { Host } from './Host.js'
import { behaviorOf, nodeOf, stopped, stoppedValue } from './nodes.js'
import type { Active, AnyBehavior, AnyInterceptor, Await, Layer, Parked, Stopped, Supervise } from './nodes.js'
import { requireBehavior } from './requireBehavior.js'

/** One unrolling. */
interface Unrolling {
  readonly host: Host
  /** What `same` means: the behavior of before; undefined where there is none yet. */
  readonly current: Active | undefined
  /** The frames whose places those of a returned behavior take; undefined until one does, or when it is a first start. */
  heirs: readonly Frame[] | undefined
  readonly isReturned: boolean
  /** Frames pushed so far. */
  pushed: number
}

/** Starts the behavior that an actor begins with, or begins with again. Throws when it is `same` or `unhandled`. */
export const startFirst = (behavior: AnyBehavior, host: Host, layer: Layer | undefined): Active =>
  unroll(behavior, layer, { host, current: undefined, heirs: undefined, isReturned: false, pushed: 0 })

/** Starts a behavior that a handler has returned. `same` and `unhandled` leave `current`. */
export const startNext = (
  behavior: AnyBehavior,
  host: Host,
  current: Active | undefined,
  layer: Layer | undefined,
): Active => unroll(behavior, layer, { host, current, heirs: undefined, isReturned: true, pushed: 0 })

const unroll = (given: AnyBehavior, layer: Layer | undefined, unrolling: Unrolling): Active => {
  const { host } = unrolling
  let behavior = given
  for (;;) {
    if (typeof behavior === 'function') return behavior === stoppedValue ? stopped : behavior
    const node = requireBehavior(behavior, host)
    switch (node._tag) {
      case 'Receive':
      case 'Empty':
      case 'Ignore':
      case 'Stopped':
      case 'Intercepted':
      case 'Alternatives':
      case 'Parked':
        return node
      case 'Setup':
        behavior = node.factory(host.context())
        break
      case 'WithTimers':
        behavior = node.factory(host.timers())
        break
      case 'WithStash':
        behavior = node.factory(host.newStash(node.capacity))
        break
      case 'Supervise':
        pushFrame(node, layer, unrolling)
        behavior = node.behavior
        break
      case 'Unstash':
        host.beginUnstash(node.buffer, node.count)
        behavior = node.next
        break
      case 'Intercept': {
        const added = addLayer(node.interceptor, layer, host)
        if (added !== undefined) return unrollInside(node.behavior, added, unrolling)
        behavior = node.behavior
        break
      }
      case 'OrElse':
        return unrollBoth(node.first, node.second, layer, unrolling)
      case 'Await':
        return park(node, layer, unrolling)
      case 'Same':
      case 'Unhandled':
        return keep(node._tag, unrolling)
    }
  }
}

/** A frame for a supervise node. Those of a returned behavior take the places of those that earlier ones brought. */
const pushFrame = (node: Supervise, layer: Layer | undefined, unrolling: Unrolling): void => {
  const { host } = unrolling
  if (unrolling.isReturned && unrolling.heirs === undefined) unrolling.heirs = host.releaseFrames(layer?.frames ?? 0)
  host.pushFrame(frameOf(node, layer, unrolling.heirs?.[unrolling.pushed]))
  unrolling.pushed++
}

/** A layer for the interceptor, undefined when it lies around already. */
const addLayer = (interceptor: AnyInterceptor, up: Layer | undefined, host: Host): Layer | undefined => {
  for (let at = up; at !== undefined; at = at.up) if (isSame(interceptor, at.interceptor)) return undefined
  const depth = (up?.depth ?? 0) + 1
  if (depth > host.interceptorDepth())
    throw new TroupeError(
      'IllegalState',
      `${host.where()} has more than ${String(host.interceptorDepth())} interceptors around its behavior, the last of them ` +
        `'${interceptor.name}'. A handler that wraps what it returns in a new interceptor each time adds one with every ` +
        `message: use one interceptor value, give it isSame, or wrap the first behavior only.`,
    )
  return { interceptor, frames: host.frameCount(), depth, up }
}

const isSame = (a: AnyInterceptor, b: AnyInterceptor): boolean => (a.isSame === undefined ? a === b : a.isSame(b))

const unrollInside = (behavior: AnyBehavior, layer: Layer, unrolling: Unrolling): Active => {
  const start = (): Active => unroll(behavior, layer, unrolling)
  return wrap(layer.interceptor.aroundStart === undefined ? start() : aroundStart(layer, start, unrolling), layer)
}

const aroundStart = (layer: Layer, start: () => Active, unrolling: Unrolling): Active => {
  const { host } = unrolling
  const startInside = (): Active => {
    try {
      return start()
    } catch (error) {
      // Not handled here: only the place is noted, for the choice of the frame.
      host.thrownAt(error, host.frameCount())
      throw error
    }
  }
  try {
    const started = layer.interceptor.aroundStart?.(host.context(), () => behaviorOf(startInside()))
    // What is no behavior is refused by unroll.
    return unroll(nodeOf(started as Behavior<never>), layer, unrolling)
  } catch (error) {
    host.thrownAt(error, layer.frames)
    throw error
  }
}

const unrollBoth = (
  first: AnyBehavior,
  second: AnyBehavior,
  layer: Layer | undefined,
  unrolling: Unrolling,
): Active => {
  const before = unrolling.pushed
  const startedFirst = unroll(first, layer, unrolling)
  if (isStopped(startedFirst)) return startedFirst
  const startedSecond = unroll(second, layer, unrolling)
  if (isStopped(startedSecond)) return startedSecond
  if (unrolling.pushed !== before)
    throw new TroupeError(
      'IllegalArgument',
      `${unrolling.host.where()} has a supervise inside orElse, where it could not tell whose failure it sees. ` +
        `Supervise the combination instead: pipe(a, orElse(b), supervise(strategy)).`,
    )
  return { _tag: 'Alternatives', first: startedFirst, second: startedSecond }
}

const park = (node: Await, layer: Layer | undefined, unrolling: Unrolling): Parked => {
  const parked: Parked = {
    _tag: 'Parked',
    task: node.task,
    then: node.then,
    previous: unrolling.current,
    layer,
  }
  unrolling.host.park(parked)
  return parked
}

const keep = (tag: 'Same' | 'Unhandled', unrolling: Unrolling): Active => {
  if (unrolling.current !== undefined) return unrolling.current
  const name = tag === 'Same' ? 'same' : 'unhandled'
  throw new TroupeError(
    'IllegalArgument',
    `${unrolling.host.where()} was given '${name}' as its first behavior, but there is none before it to keep. ` +
      `Return a behavior that handles messages, such as Behaviors.receiveMessage(…), or Behaviors.empty.`,
  )
}

/** Puts the layer around an active behavior; what has stopped needs none. */
export const wrap = (inner: Active, layer: Layer): Active =>
  isStopped(inner) || isWrapped(inner, layer) ? inner : { _tag: 'Intercepted', layer, inner }

/** Puts all layers from `layer` outward around an active behavior. */
export const wrapAll = (inner: Active, layer: Layer | undefined): Active => {
  let wrapped = inner
  for (let at = layer; at !== undefined; at = at.up) wrapped = wrap(wrapped, at)
  return wrapped
}

const isWrapped = (inner: Active, layer: Layer): boolean =>
  typeof inner === 'object' && inner._tag === 'Intercepted' && inner.layer === layer

export const isStopped = (behavior: AnyBehavior): behavior is Stopped =>
  typeof behavior === 'object' && behavior._tag === 'Stopped'
