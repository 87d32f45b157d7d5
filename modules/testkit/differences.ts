/**
 * Deep equality, as a list of where two values differ.
 */
import { isRef } from '../runtime/internal.js'
import { isDate, ownText, rawBytes, show } from './show.js'

/** Where `actual` is not what was expected, a line for each place; none when they are equal. */
export const differences = (expected: unknown, actual: unknown): readonly string[] => {
  const found: string[] = []
  compare(expected, actual, 'message', { found, pairs: new Map() })
  return found
}

interface Comparison {
  readonly found: string[]
  /** What is being compared already: a cycle is equal as long as nothing else differs. */
  readonly pairs: Map<object, object>
}

const areEqual = (expected: unknown, actual: unknown): boolean => differences(expected, actual).length === 0

const compare = (expected: unknown, actual: unknown, at: string, comparison: Comparison): void => {
  if (Object.is(expected, actual)) return
  if (!isObject(expected) || !isObject(actual) || !isAlike(expected, actual)) {
    const [wanted, given] = [show(expected, '    '), show(actual, '    ')]
    const why = wanted === given ? ', another one of which nothing can be seen; expect it with a predicate' : ''
    comparison.found.push(`${at}: expected ${wanted}, got ${given}${why}`)
    return
  }
  if (isRef(expected) || comparison.pairs.get(expected) === actual) return
  comparison.pairs.set(expected, actual)
  compareParts(expected, actual, at, comparison)
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null

/** Whether it is worth looking inside. */
const isAlike = (expected: object, actual: object): boolean => {
  if (isRef(expected)) return isRef(actual) && expected.equals(actual)
  if (Object.getPrototypeOf(expected) !== Object.getPrototypeOf(actual)) return false
  if (isDate(expected)) return expected.getTime() === (actual as Date).getTime()
  if (expected instanceof RegExp) return expected.toString() === (actual as RegExp).toString()
  if (expected instanceof Error) return areSameErrors(expected, actual as Error)
  const bytes = rawBytes(expected)
  if (bytes !== undefined) return String(bytes) === String(rawBytes(actual))
  return isOpen(expected) || isOpen(actual) || areSameText(expected, actual)
}

const areSameErrors = (expected: Error, actual: Error): boolean =>
  expected.message === actual.message && expected.name === actual.name

/** Whether its parts are all that it is. What has no field that can be seen keeps its parts elsewhere: in private fields, or in the machine. */
const isOpen = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  const isPlain = prototype === null || prototype === Object.prototype
  return isPlain || Array.isArray(value) || value instanceof Map || value instanceof Set || fieldsOf(value).length > 0
}

/** Of what cannot be looked into only a text of its own tells one from another: that of a URL, for instance. */
const areSameText = (expected: object, actual: object): boolean => {
  const [wanted, given] = [ownText(expected), ownText(actual)]
  return wanted !== undefined && wanted === given
}

/** Both have the same prototype. */
const compareParts = (expected: object, actual: object, at: string, comparison: Comparison): void => {
  if (rawBytes(expected) !== undefined) return
  if (Array.isArray(expected)) compareArrays(expected, actual as unknown[], at, comparison)
  else if (expected instanceof Map) compareMaps(expected, actual as Map<unknown, unknown>, at, comparison)
  else if (expected instanceof Set) compareSets(expected, actual as Set<unknown>, at, comparison)
  else compareFields(expected, actual, at, comparison)
}

const compareArrays = (expected: unknown[], actual: unknown[], at: string, comparison: Comparison): void => {
  for (let index = 0; index < Math.max(expected.length, actual.length); index++) {
    const place = `${at}[${String(index)}]`
    if (index >= actual.length) comparison.found.push(`${place}: expected ${show(expected[index])}, but it is missing`)
    else if (index >= expected.length) comparison.found.push(`${place}: ${show(actual[index])} was not expected`)
    else compare(expected[index], actual[index], place, comparison)
  }
}

const compareMaps = (
  expected: Map<unknown, unknown>,
  actual: Map<unknown, unknown>,
  at: string,
  comparison: Comparison,
): void => {
  const left = new Map(actual)
  for (const [key, item] of expected) {
    const found = keyIn(left, key)
    if (found === undefined) comparison.found.push(`${at}.get(${show(key)}): expected ${show(item)}, but it is missing`)
    else {
      left.delete(found.key)
      compare(item, actual.get(found.key), `${at}.get(${show(key)})`, comparison)
    }
  }
  for (const [key, item] of left) comparison.found.push(`${at}.get(${show(key)}): ${show(item)} was not expected`)
}

const keyIn = (map: Map<unknown, unknown>, key: unknown): { readonly key: unknown } | undefined => {
  if (map.has(key)) return { key }
  for (const other of map.keys()) if (areEqual(key, other)) return { key: other }
  return undefined
}

const compareSets = (expected: Set<unknown>, actual: Set<unknown>, at: string, comparison: Comparison): void => {
  const left = [...actual]
  for (const item of expected) {
    const index = left.findIndex((other) => areEqual(item, other))
    if (index < 0) comparison.found.push(`${at}: expected the element ${show(item)}, but it is missing`)
    else left.splice(index, 1)
  }
  for (const item of left) comparison.found.push(`${at}: the element ${show(item)} was not expected`)
}

const compareFields = (expected: object, actual: object, at: string, comparison: Comparison): void => {
  const wanted = new Map(fieldsOf(expected))
  const given = new Map(fieldsOf(actual))
  for (const [key, item] of wanted) {
    const place = placeOf(at, key)
    if (given.has(key)) compare(item, given.get(key), place, comparison)
    else comparison.found.push(`${place}: expected ${show(item)}, but it is missing`)
  }
  for (const [key, item] of given)
    if (!wanted.has(key)) comparison.found.push(`${placeOf(at, key)}: ${show(item)} was not expected`)
}

const placeOf = (at: string, key: string | symbol): string =>
  typeof key === 'symbol' ? `${at}[${String(key)}]` : `${at}.${key}`

/** What an error says beside its message, though it does not list it. */
const hiddenOfErrors = ['cause', 'errors'] as const

/** Everything that it has to show, symbols included. */
const fieldsOf = (value: object): readonly (readonly [string | symbol, unknown])[] => {
  const isShown = (key: string | symbol): boolean =>
    Object.prototype.propertyIsEnumerable.call(value, key) ||
    (value instanceof Error && hiddenOfErrors.some((hidden) => hidden === key))
  return Reflect.ownKeys(value)
    .filter(isShown)
    .map((key) => [key, Reflect.get(value, key)])
}
