/**
 * Large messages in pieces.
 */
import { TroupeError } from '../model/index.js'
import { left, right, textOf, type Either } from '../model/internal.js'
import type { Payload } from './messages.js'

/**
 * How messages become bytes and come back.
 *
 * @category codecs
 * @since 0.1.0
 */
export interface ChunkCodec<A> {
  readonly encode: (message: A) => Uint8Array
  /** The left says why these bytes are no message. */
  readonly decode: (bytes: Uint8Array) => Either<string, A>
}

/**
 * Makes codecs for messages that are sent in pieces.
 *
 * @example
 * ```ts
 * import { right } from 'fp-ts/lib/Either.js'
 * import { ChunkCodec } from 'troupe/delivery'
 *
 * const plain = ChunkCodec.ofText<string>({ encode: (text) => text, decode: right })
 * console.log(plain.encode('abc').length) // 3
 * ```
 *
 * @category codecs
 * @since 0.1.0
 */
export const ChunkCodec: {
  /** A codec for messages that are written as text, which travels as UTF-8. */
  readonly ofText: <A>(codec: {
    readonly encode: (message: A) => string
    readonly decode: (text: string) => Either<string, A>
  }) => ChunkCodec<A>
} = {
  ofText: ({ encode, decode }) => ({
    encode: (message) => new TextEncoder().encode(encode(message)),
    decode: (bytes) => {
      const text = utf8(bytes)
      return text._tag === 'Right' ? decode(text.right) : text
    },
  }),
}

const utf8 = (bytes: Uint8Array): Either<string, string> => {
  try {
    // A byte order mark is part of the text that was sent.
    return right(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes))
  } catch {
    // The platform's error says no more than that.
    return left('they are not UTF-8')
  }
}

/** The pieces of a message, at least one. */
export const split = (bytes: Uint8Array, chunkBytes: number): readonly Payload<never>[] => {
  const count = Math.max(1, Math.ceil(bytes.length / chunkBytes))
  return Array.from({ length: count }, (_, i) => ({
    _tag: 'Chunk',
    bytes: bytes.slice(i * chunkBytes, (i + 1) * chunkBytes),
    isFirst: i === 0,
    isLast: i === count - 1,
  }))
}

/** The message that arrived in these pieces. */
export const join = <A>(parts: readonly Payload<A>[], codec: ChunkCodec<A> | undefined, where: string): A => {
  const [first] = parts
  if (first?._tag === 'Whole') return first.message
  if (codec === undefined)
    throw new TroupeError(
      'IllegalState',
      `${where}: a message came in pieces, and there is nothing to put it together with. Give ConsumerController.of the codec of the producer.`,
    )
  const decoded = codec.decode(concat(parts.flatMap((part) => (part._tag === 'Chunk' ? [part.bytes] : []))))
  if (decoded._tag === 'Right') return decoded.right
  throw new TroupeError(
    'IllegalState',
    `${where}: the bytes of a message cannot be decoded: ${textOf(decoded.left)}. Give the consumer controller the codec of the producer.`,
  )
}

const concat = (pieces: readonly Uint8Array[]): Uint8Array => {
  const all = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const piece of pieces) {
    all.set(piece, at)
    at += piece.length
  }
  return all
}
