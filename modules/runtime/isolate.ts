/**
 * Keeps what is sent apart from what the sender still holds: `freeze` makes plain data immutable, `clone` copies it. References
 * and instances of classes pass as they are.
 */
import { TroupeError, type Isolation } from '../model/index.js'

/** Where in a message something is, from the inside out; made into words only when it has to be. */
interface Place {
  readonly up: Place | undefined
  readonly before: string
  readonly key: unknown
}

const root: Place = { up: undefined, before: 'the message', key: '' }

/** A function for messages, undefined when messages are trusted. */
export const isolatorOf = (isolation: Isolation): ((message: unknown) => unknown) | undefined =>
  isolation === 'trust'
    ? undefined
    : (message) => (isAtom(message) ? message : walk(message, root, isolation === 'clone', new Map()))

/** True for what nobody can change. */
const isAtom = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')

/** Freezes the value, or answers a copy. `met` has what was met before and what it became, so that cycles end. */
const walk = (value: unknown, at: Place, isCopy: boolean, met: Map<object, object>): unknown => {
  if (typeof value !== 'object' || value === null) throw refusal(value, at)
  const known = met.get(value)
  if (known !== undefined) return known
  const become = <A extends object>(copy: A): A => {
    met.set(value, copy)
    return copy
  }
  const within = (part: unknown, before: string, key: unknown): unknown =>
    isAtom(part) ? part : walk(part, { up: at, before, key }, isCopy, met)
  if (Array.isArray(value)) {
    const items: unknown[] = become(isCopy ? new Array(value.length) : value)
    for (let index = 0; index < value.length; index++) {
      const item = within(value[index], '[', index)
      if (isCopy) items[index] = item
    }
  } else if (value instanceof Map) {
    const entries: Map<unknown, unknown> = become(isCopy ? new Map() : value)
    for (const [key, item] of value) {
      const ownKey = within(key, ' (a key)', '')
      const ownItem = within(item, '.get(', key)
      if (isCopy) entries.set(ownKey, ownItem)
    }
  } else if (value instanceof Set) {
    const elements: Set<unknown> = become(isCopy ? new Set() : value)
    for (const item of value) {
      const own = within(item, ' (an element)', '')
      if (isCopy) elements.add(own)
    }
  } else if (isPlain(value)) {
    const object: Record<string, unknown> = become(isCopy ? {} : value)
    for (const key of Object.keys(value)) {
      const item = within(value[key], '.', key)
      if (isCopy) put(object, key, item)
    }
  } else
    return isCopy && (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)
      ? become(structuredClone(value))
      : value
  return isCopy ? met.get(value) : freeze(value)
}

const refusal = (value: unknown, at: Place): TroupeError => {
  let where = ''
  for (let place: Place | undefined = at; place !== undefined; place = place.up)
    where = place.before + String(place.key) + (closing[place.before] ?? '') + where
  return new TroupeError(
    'IllegalArgument',
    `${where} is a ${typeof value}, which cannot be kept apart from its sender. Send plain data, references or instances of a ` +
      `class, or set isolation to 'trust'.`,
  )
}

const closing: Readonly<Record<string, string>> = { '[': ']', '.get(': ')' }

const isPlain = (value: object): value is Record<string, unknown> => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** As JSON.parse does it, so that a key named __proto__ is a key. */
const put = (object: Record<string, unknown>, key: string, value: unknown): void => {
  if (key === '__proto__') define(object, key, value)
  else object[key] = value
}

const define = (object: object, key: string, value: unknown): void => {
  Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
}

/** Freezes, and locks the mutators of Maps and Sets, which Object.freeze does not reach. */
const freeze = (value: object): object => {
  if (value instanceof Map || value instanceof Set)
    for (const name of ['set', 'add', 'delete', 'clear'])
      if (name in value && !Object.isFrozen(value)) define(value, name, refuse)
  return Object.freeze(value)
}

const refuse = (): never => {
  throw new TroupeError('UnsupportedOperation', 'This collection was sent as a message and is frozen. Copy it first.')
}
