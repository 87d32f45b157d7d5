/**
 * Keeps what is sent apart from what the sender still holds: `freeze` makes plain data immutable, `clone` copies it. References
 * and instances of classes pass as they are.
 */
import { TroupeError, type Isolation } from '../model/index.js'

/** A function for messages, undefined when messages are trusted. */
export const isolatorOf = (isolation: Isolation): ((message: unknown) => unknown) | undefined =>
  isolation === 'trust' ? undefined : (message) => walk(message, 'the message', isolation === 'clone', new Map())

/** Freezes the value, or answers a copy. `done` has what was met before, so that cycles end. */
const walk = (value: unknown, at: string, isCopy: boolean, done: Map<object, unknown>): unknown => {
  if (typeof value === 'function' || typeof value === 'symbol')
    throw new TroupeError(
      'IllegalArgument',
      `${at} is a ${typeof value}, which cannot be kept apart from its sender. Send plain data, references or instances of a ` +
        `class, or set isolation to 'trust'.`,
    )
  if (typeof value !== 'object' || value === null) return value
  if (done.has(value)) return done.get(value)
  const into = (copy: object): object => {
    done.set(value, isCopy ? copy : value)
    return copy
  }
  const within = (part: unknown, where: string): unknown => walk(part, at + where, isCopy, done)
  if (Array.isArray(value)) {
    const copy = into([]) as unknown[]
    for (const [index, item] of value.entries()) copy.push(within(item, `[${String(index)}]`))
  } else if (value instanceof Map) {
    const copy = into(new Map()) as Map<unknown, unknown>
    for (const [key, item] of value) copy.set(within(key, ' (a key)'), within(item, `.get(${String(key)})`))
  } else if (value instanceof Set) {
    const copy = into(new Set()) as Set<unknown>
    for (const item of value) copy.add(within(item, ' (an element)'))
  } else if (isPlain(value)) {
    const copy = into({})
    for (const [key, item] of Object.entries(value)) define(copy, key, within(item, `.${key}`))
  } else if (isCopy && (ArrayBuffer.isView(value) || value instanceof ArrayBuffer)) into(structuredClone(value))
  else return value
  return isCopy ? done.get(value) : freeze(value)
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** As JSON.parse does it, so that a key named __proto__ is a key. */
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
