/**
 * A digest of everything that happens, fed while it happens: values go in as bytes, and no text is made for it.
 */
import { fnv1a, fnvBasis, Sha256 } from '../../base/index.js'
import { isRef } from '../../runtime/internal.js'
import type { ActorRef } from '../../model/index.js'
import { bytesOf, isDate } from '../show.js'

const bufferBytes = 8_192
const deepest = 8
/** Parts of one message that are looked at; what lies behind is taken as equal. */
const mostParts = 10_000

const longestKnown = 32
const mostKnown = 4_096

/** What a value is, ahead of what is in it. */
const NULL = 0
const UNDEFINED = 1
const FALSE = 2
const TRUE = 3
const INTEGER = 4
const FLOAT = 5
const TEXT = 6
const BIGINT = 7
const SYMBOL = 8
const FUNCTION = 9
const REF = 10
const ARRAY = 11
const MAP = 12
const SET = 13
const BYTES = 14
const DATE = 15
const ERROR = 16
const OBJECT = 17
const CUT = 18

export class TraceDigest {
  readonly #sha = new Sha256()
  readonly #buffer = new Uint8Array(bufferBytes)
  readonly #float = new Float64Array(1)
  readonly #floatBytes = new Uint8Array(this.#float.buffer)
  readonly #numberOf: (ref: ActorRef<never>) => number
  readonly #known = new Map<string, number>()
  #at = 0
  /** Up to where the buffer is in the mark; undefined as long as nobody has asked for one. */
  #markedTo: number | undefined = undefined
  #mark = fnvBasis
  #partsLeft = 0

  /** `numberOf` tells actors apart by numbers that are the same in each run. */
  constructor(numberOf: (ref: ActorRef<never>) => number) {
    this.#numberOf = numberOf
  }

  byte(value: number): void {
    if (this.#at === bufferBytes) this.#flush()
    this.#buffer[this.#at++] = value
  }

  /** A whole number from 0 up. */
  count(value: number): void {
    let rest = value
    // Beyond 31 bits the shift would lose some.
    for (; rest > 0x7fffffff; rest = Math.floor(rest / 128)) this.byte((rest % 128) | 128)
    for (; rest > 127; rest >>>= 7) this.byte((rest & 127) | 128)
    this.byte(rest)
  }

  /** A short text goes in once; from then on its number stands for it, as names and tags come again and again. */
  text(value: string): void {
    const { length } = value
    if (length <= longestKnown) {
      const number = this.#known.get(value)
      if (number !== undefined) {
        this.count(number)
        return
      }
      if (this.#known.size < mostKnown) this.#known.set(value, this.#known.size + 1)
    }
    this.byte(0)
    this.count(length)
    for (let at = 0; at < length; at++) this.count(value.charCodeAt(at))
  }

  float(value: number): void {
    this.#float[0] = value
    for (let at = 0; at < 8; at++) this.byte(this.#floatBytes[at] as number)
  }

  value(value: unknown): void {
    this.#partsLeft = mostParts
    this.#part(value, 0)
  }

  digest(): string {
    this.#flush()
    return this.#sha.digest()
  }

  /** A number for all that went in since the first one was asked for: cheap, and good enough to notice that two runs differ. */
  mark(): number {
    let mark = this.#mark
    for (let at = this.#markedTo ?? this.#at; at < this.#at; at++) mark = fnv1a(mark, this.#buffer[at] as number)
    this.#markedTo = this.#at
    this.#mark = mark
    return mark
  }

  #flush(): void {
    if (this.#markedTo !== undefined) {
      this.mark()
      this.#markedTo = 0
    }
    this.#sha.update(this.#buffer, this.#at)
    this.#at = 0
  }

  #part(value: unknown, depth: number): void {
    switch (typeof value) {
      case 'string':
        this.byte(TEXT)
        this.text(value)
        break
      case 'number':
        this.#number(value)
        break
      case 'boolean':
        this.byte(value ? TRUE : FALSE)
        break
      case 'undefined':
        this.byte(UNDEFINED)
        break
      case 'bigint':
        this.byte(BIGINT)
        this.text(String(value))
        break
      case 'symbol':
        this.byte(SYMBOL)
        this.text(String(value))
        break
      case 'function':
        this.byte(FUNCTION)
        this.text(value.name)
        break
      case 'object':
        if (value === null) this.byte(NULL)
        else if (isRef(value)) this.#ref(value)
        else if (depth >= deepest || --this.#partsLeft < 0) this.byte(CUT)
        else this.#object(value, depth + 1)
    }
  }

  #number(value: number): void {
    if (Number.isSafeInteger(value) && value >= 0 && !Object.is(value, -0)) {
      this.byte(INTEGER)
      this.count(value)
    } else {
      this.byte(FLOAT)
      this.float(value)
    }
  }

  #ref(ref: ActorRef<never>): void {
    const number = this.#numberOf(ref)
    this.byte(REF)
    this.count(number)
  }

  #object(value: object, depth: number): void {
    if (Array.isArray(value)) this.#items(ARRAY, value.length, value, depth)
    else if (value instanceof Map) {
      this.byte(MAP)
      this.count(value.size)
      for (const [key, item] of value) {
        this.#part(key, depth)
        this.#part(item, depth)
      }
    } else if (value instanceof Set) this.#items(SET, value.size, value, depth)
    else if (ArrayBuffer.isView(value)) {
      this.byte(BYTES)
      this.count(value.byteLength)
      for (const byte of bytesOf(value)) this.byte(byte)
    } else if (isDate(value)) {
      this.byte(DATE)
      this.float(value.getTime())
    } else if (value instanceof Error) {
      this.byte(ERROR)
      this.text(value.name)
      this.text(value.message)
    } else this.#fields(value, depth)
  }

  #items(kind: number, count: number, items: Iterable<unknown>, depth: number): void {
    this.byte(kind)
    this.count(count)
    for (const item of items) this.#part(item, depth)
  }

  #fields(value: object, depth: number): void {
    const keys = Object.keys(value)
    this.byte(OBJECT)
    this.count(keys.length)
    for (const key of keys) {
      this.text(key)
      this.#part((value as Readonly<Record<string, unknown>>)[key], depth)
    }
  }
}
