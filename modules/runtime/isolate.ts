/**
 * Keeps what is sent apart from what the sender still holds: `freeze` makes plain data immutable, `clone` copies it, with the bytes of
 * buffers. References and instances of classes pass as they are, also those of classes that extend Array, Map or Set.
 */
import { TroupeError, type Isolation } from '../model/index.js'
import { textOf } from '../model/internal.js'

/** A part of a message that holds others. Where it is is known from the inside out, and made into words only when it has to be. */
interface Part {
  readonly up: Part | undefined
  readonly before: string
  readonly key: unknown
  readonly sent: object
  /** What arrives: a copy, or what was sent. */
  readonly own: object
}

/** A function for messages, undefined when messages are trusted. */
export const isolatorOf = (isolation: Isolation): ((message: unknown) => unknown) | undefined =>
  isolation === 'trust' ? undefined : (message) => (isAtom(message) ? message : isolate(message, isolation === 'clone'))

/** True for what nobody can change. */
const isAtom = (value: unknown): boolean =>
  value === null || (typeof value !== 'object' && typeof value !== 'function' && typeof value !== 'symbol')

/** Part by part, and not by recursion: no list is too long for it. What was met before is not met again, so that cycles end. */
const isolate = (message: unknown, isCopy: boolean): unknown => {
  const met = new Map<object, object>()
  const parts: Part[] = []
  const enter = (sent: unknown, up: Part | undefined, before: string, key: unknown): unknown => {
    if (isAtom(sent)) return sent
    if (typeof sent !== 'object' || sent === null) throw refusal(sent, up, before, key)
    const known = met.get(sent)
    if (known !== undefined) return known
    const isPart = plain.has(Object.getPrototypeOf(sent))
    const own = !isCopy ? sent : isPart ? layerOf(sent) : bytesOf(sent)
    met.set(sent, own)
    if (isPart) parts.push({ up, before, key, sent, own })
    return own
  }
  const whole = enter(message, undefined, 'the message', '')
  for (const part of parts) enterParts(part, enter)
  // Only when nothing can be refused any more: a message that is not sent stays as it is.
  if (!isCopy) for (const { own } of parts) freeze(own)
  return whole
}

const enterParts = (part: Part, enter: (sent: unknown, up: Part, before: string, key: unknown) => unknown): void => {
  const { sent, own } = part
  if (sent instanceof Map)
    for (const [key, item] of sent) {
      const ownKey = enter(key, part, ' (a key)', '')
      const ownItem = enter(item, part, '.get(', key)
      if (own !== sent) (own as Map<unknown, unknown>).set(ownKey, ownItem)
    }
  else if (sent instanceof Set)
    for (const item of sent) {
      const ownItem = enter(item, part, ' (an element)', '')
      if (own !== sent) (own as Set<unknown>).add(ownItem)
    }
  else if (Array.isArray(own))
    for (let index = 0; index < own.length; index++) {
      const item: unknown = own[index]
      const ownItem = enter(item, part, '[', index)
      if (own !== sent && ownItem !== item) own[index] = ownItem
    }
  else {
    const fields = own as Record<PropertyKey, unknown>
    for (const key of keysOf(own)) {
      const item = fields[key]
      const ownItem = enter(item, part, '.', key)
      if (own !== sent && ownItem !== item) fields[key] = ownItem
    }
  }
}

/** What a spread copies. */
const keysOf = (object: object): readonly PropertyKey[] => {
  const symbols = Object.getOwnPropertySymbols(object)
  const names = Object.keys(object)
  return symbols.length === 0
    ? names
    : [...names, ...symbols.filter((symbol) => Object.getOwnPropertyDescriptor(object, symbol)?.enumerable)]
}

const plain = new Set<unknown>([Object.prototype, null, Array.prototype, Map.prototype, Set.prototype])

/** A copy of the outermost layer; Maps and Sets are filled later. */
const layerOf = (value: object): object => {
  if (Array.isArray(value)) return value.slice() as unknown[]
  if (value instanceof Map) return new Map()
  if (value instanceof Set) return new Set()
  return Object.getPrototypeOf(value) === null ? { __proto__: null, ...value } : { ...value }
}

/** A copy of what holds bytes, and of no more of them than it shows; anything else passes as it is. */
const bytesOf = (value: object): object => {
  if (value instanceof ArrayBuffer) return value.slice(0)
  // What lies in shared memory is meant to be shared.
  if (!ArrayBuffer.isView(value) || !(value.buffer instanceof ArrayBuffer)) return value
  const { buffer, byteOffset, byteLength } = value
  if (value instanceof DataView) return new DataView(buffer.slice(byteOffset, byteOffset + byteLength))
  // It is the same for all arrays of numbers and makes one of the same class; Buffer hides it behind a slice that does not copy.
  return Uint8Array.prototype.slice.call(value)
}

const refusal = (value: unknown, up: Part | undefined, before: string, key: unknown): TroupeError => {
  let where = placeOf(before, key)
  for (let part = up; part !== undefined; part = part.up) where = placeOf(part.before, part.key) + where
  return new TroupeError(
    'IllegalArgument',
    `${where} is a ${typeof value}, which cannot be kept apart from its sender. Send plain data, references or instances of a ` +
      `class, or set isolation to 'trust'.`,
  )
}

const closing: Readonly<Record<string, string>> = { '[': ']', '.get(': ')' }

const placeOf = (before: string, key: unknown): string => before + textOf(key) + (closing[before] ?? '')

/** Freezes, and locks the mutators of Maps and Sets, which Object.freeze does not reach. */
const freeze = (value: object): void => {
  if (value instanceof Map || value instanceof Set)
    for (const name of ['set', 'add', 'delete', 'clear'])
      if (name in value) Reflect.defineProperty(value, name, { value: refuse })
  Object.freeze(value)
}

const refuse = (): never => {
  throw new TroupeError('UnsupportedOperation', 'This collection was sent as a message and is frozen. Copy it first.')
}
