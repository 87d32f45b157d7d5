/**
 * Keeps what is sent apart from what the sender still holds: `freeze` makes plain data immutable, `clone` copies it. References
 * and instances of classes pass as they are.
 */
import { TroupeError, type Isolation } from '../model/index.js'

/** A function for messages, undefined when messages are trusted. */
export const isolatorOf = (isolation: Isolation): ((message: unknown) => unknown) | undefined => {
  switch (isolation) {
    case 'trust':
      return undefined
    case 'freeze':
      return (message) => {
        walkFrozen(message, 'message', new Set())
        return message
      }
    case 'clone':
      return (message) => cloneOf(message, 'message', new Map())
  }
}

const isPlain = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

const refuse = (what: string, at: string): never => {
  throw new TroupeError(
    'IllegalArgument',
    `${at} is ${what}, which cannot be kept apart from its sender. Send plain data, references or instances of a class, ` +
      `or set isolation to 'trust'.`,
  )
}

/** Throws for functions and symbols; false for what needs no walk. */
const isWalkable = (value: unknown, at: string): value is object => {
  if (typeof value === 'function') return refuse('a function', at)
  if (typeof value === 'symbol') return refuse('a symbol', at)
  return typeof value === 'object' && value !== null
}

const keyText = (key: unknown): string => (typeof key === 'string' ? key : `[${String(key)}]`)

/** The mutators that a frozen Map or Set is to refuse; Object.freeze does not reach their contents. */
const lockCollection = (collection: Map<unknown, unknown> | Set<unknown>): void => {
  for (const name of ['set', 'add', 'delete', 'clear'])
    if (name in collection)
      Object.defineProperty(collection, name, {
        value: () => {
          throw new TroupeError(
            'UnsupportedOperation',
            `This ${collection.constructor.name} was sent as a message and is frozen. Copy it first.`,
          )
        },
      })
}

const walkFrozen = (value: unknown, at: string, seen: Set<object>): void => {
  if (!isWalkable(value, at) || seen.has(value)) return
  seen.add(value)
  if (Array.isArray(value))
    value.forEach((item, index) => {
      walkFrozen(item, `${at}[${String(index)}]`, seen)
    })
  else if (value instanceof Map) {
    for (const [key, item] of value) {
      walkFrozen(key, `a key of ${at}`, seen)
      walkFrozen(item, `${at}.get(${keyText(key)})`, seen)
    }
    if (!Object.isFrozen(value)) lockCollection(value)
  } else if (value instanceof Set) {
    for (const item of value) walkFrozen(item, `an element of ${at}`, seen)
    if (!Object.isFrozen(value)) lockCollection(value)
  } else if (isPlain(value)) for (const [key, item] of Object.entries(value)) walkFrozen(item, `${at}.${key}`, seen)
  // References, class instances and typed arrays pass as they are.
  else return
  Object.freeze(value)
}

const cloneOf = (value: unknown, at: string, seen: Map<object, unknown>): unknown => {
  if (!isWalkable(value, at)) return value
  if (seen.has(value)) return seen.get(value)
  if (Array.isArray(value)) {
    const copy: unknown[] = []
    seen.set(value, copy)
    value.forEach((item, index) => copy.push(cloneOf(item, `${at}[${String(index)}]`, seen)))
    return copy
  }
  if (value instanceof Map) {
    const copy = new Map<unknown, unknown>()
    seen.set(value, copy)
    for (const [key, item] of value)
      copy.set(cloneOf(key, `a key of ${at}`, seen), cloneOf(item, `${at}.get(${keyText(key)})`, seen))
    return copy
  }
  if (value instanceof Set) {
    const copy = new Set<unknown>()
    seen.set(value, copy)
    for (const item of value) copy.add(cloneOf(item, `an element of ${at}`, seen))
    return copy
  }
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return structuredClone(value)
  if (!isPlain(value)) return value
  const copy: Record<string, unknown> = {}
  seen.set(value, copy)
  for (const [key, item] of Object.entries(value)) copy[key] = cloneOf(item, `${at}.${key}`, seen)
  return copy
}
