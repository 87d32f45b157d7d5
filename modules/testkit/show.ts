/**
 * Values as a reader of a failed test wants to see them: on one line if it is short, references as their paths.
 */
import { isRef } from '../runtime/internal.js'

const widest = 100
const deepest = 8

/** The value as text; lines after the first begin with `indent`. */
export const show = (value: unknown, indent = ''): string => {
  const flat = render(value, undefined, [])
  return flat.length + indent.length <= widest ? flat : render(value, indent, [])
}

/** Without an indent everything goes on one line. */
const render = (value: unknown, indent: string | undefined, above: readonly object[]): string => {
  if (typeof value === 'string')
    return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
  if (typeof value === 'bigint') return `${String(value)}n`
  if (typeof value === 'function') return `[function ${value.name}]`
  if (typeof value !== 'object' || value === null) return Object.is(value, -0) ? '-0' : String(value)
  if (isRef(value)) return value.toString()
  if (isDate(value)) return `Date(${String(value.getTime())})`
  if (value instanceof RegExp) return String(value)
  if (value instanceof Error) return `${value.name}('${value.message}')`
  if (above.includes(value)) return '[circular]'
  if (above.length >= deepest) return '…'
  return renderParts(value, indent, [...above, value])
}

const renderParts = (value: object, indent: string | undefined, above: readonly object[]): string => {
  const inner = indent === undefined ? undefined : `${indent}  `
  // A part that is short enough stays on its line.
  const part = (item: unknown): string => {
    const flat = render(item, undefined, above)
    return inner === undefined || flat.length + inner.length <= widest ? flat : render(item, inner, above)
  }
  const [open, parts, close] = partsOf(value, part)
  if (parts.length === 0) return `${open}${close}`
  if (inner !== undefined)
    return `${open}\n${parts.map((text) => `${inner}${text},\n`).join('')}${indent ?? ''}${close}`
  const space = close.startsWith('}') ? ' ' : ''
  return `${open}${space}${parts.join(', ')}${space}${close}`
}

type Parts = readonly [open: string, parts: readonly string[], close: string]

const partsOf = (value: object, part: (item: unknown) => string): Parts => {
  if (Array.isArray(value)) return ['[', value.map(part), ']']
  if (value instanceof Map) return ['Map {', [...value].map(([key, item]) => `${part(key)} => ${part(item)}`), '}']
  if (value instanceof Set) return ['Set {', [...value].map(part), '}']
  const bytes = rawBytes(value)
  if (bytes !== undefined) return [`${classOf(value)}[`, [...bytes].map(String), ']']
  const name = classOf(value)
  const fields = Object.entries(value).map(([key, item]) => `${keyText(key)}: ${part(item)}`)
  const text = fields.length === 0 ? ownText(value) : undefined
  if (text !== undefined) return [`${name}(`, [text], ')']
  return [name === 'Object' ? '{' : `${name} {`, fields, '}']
}

// eslint-disable-next-line no-restricted-globals -- it asks what a value is, not what time it is
export const isDate = (value: object): value is Date => value instanceof Date

/** The bytes under a typed array. */
export const bytesOf = (view: ArrayBufferView): Uint8Array =>
  new Uint8Array(view.buffer, view.byteOffset, view.byteLength)

/** The bytes of an array buffer, and those under a typed array; undefined for other values. */
export const rawBytes = (value: object): Uint8Array | undefined => {
  if (ArrayBuffer.isView(value)) return bytesOf(value)
  return value instanceof ArrayBuffer ? new Uint8Array(value) : undefined
}

/** What a class says of its value in words of its own, as that of URLs does. */
export const ownText = (value: object): string | undefined => {
  const { toString } = value as { readonly toString?: unknown }
  if (typeof toString !== 'function' || toString === Object.prototype.toString) return undefined
  return String((toString as () => unknown).call(value))
}

const classOf = (value: object): string => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null ? 'Object' : value.constructor.name
}

const keyText = (key: string): string => (/^[\w$]+$/.test(key) ? key : `'${key}'`)
