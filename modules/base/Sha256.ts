/**
 * SHA-256 of bytes that come in pieces, wherever JavaScript runs.
 */

/** The first 32 bits of the fractional parts of `root` of the first primes: the constants of the standard, calculated. */
const fractions = (count: number, root: (prime: number) => number): Int32Array => {
  const words = new Int32Array(count)
  for (let candidate = 2, found = 0; found < count; candidate++) {
    if (!isPrime(candidate)) continue
    // Of the product only the lowest 32 bits stay, and they are those of the fraction.
    words[found++] = (root(candidate) * 4_294_967_296) | 0
  }
  return words
}

const isPrime = (candidate: number): boolean => {
  for (let divisor = 2; divisor * divisor <= candidate; divisor++) if (candidate % divisor === 0) return false
  return true
}

const initial = /* @__PURE__ */ fractions(8, Math.sqrt)
const rounds = /* @__PURE__ */ fractions(64, Math.cbrt)

const blockBytes = 64
const lengthBytes = 8

/**
 * A running digest.
 *
 * @see https://csrc.nist.gov/pubs/fips/180-4/upd1/final
 * @internal
 */
export class Sha256 {
  readonly #state = Int32Array.from(initial)
  readonly #words = new Int32Array(64)
  /** What does not fill a block yet. */
  readonly #rest = new Uint8Array(blockBytes)
  #restBytes = 0
  #totalBytes = 0

  /** Takes the first `count` bytes of the piece. */
  update(piece: Uint8Array, count: number = piece.length): void {
    this.#totalBytes += count
    let at = 0
    if (this.#restBytes > 0) {
      at = Math.min(count, blockBytes - this.#restBytes)
      this.#rest.set(piece.subarray(0, at), this.#restBytes)
      this.#restBytes += at
      if (this.#restBytes < blockBytes) return
      this.#block(this.#rest, 0)
      this.#restBytes = 0
    }
    for (; at + blockBytes <= count; at += blockBytes) this.#block(piece, at)
    this.#rest.set(piece.subarray(at, count))
    this.#restBytes = count - at
  }

  /** Ends the digest, as 64 hexadecimal digits. */
  digest(): string {
    const bits = this.#totalBytes * 8
    const room = blockBytes - (this.#restBytes % blockBytes)
    const padding = new Uint8Array(room > lengthBytes ? room : room + blockBytes)
    padding[0] = 0x80
    const view = new DataView(padding.buffer)
    view.setUint32(padding.length - 8, Math.floor(bits / 4_294_967_296))
    view.setUint32(padding.length - 4, bits >>> 0)
    this.update(padding)
    return [...this.#state].map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  // Indices stay within arrays of known length; `| 0` says so to the compiler of types and of machine code alike.
  #block(bytes: Uint8Array, at: number): void {
    const words = this.#words
    for (let i = 0, from = at; i < 16; i++, from += 4)
      words[i] =
        ((bytes[from] as number) << 24) |
        ((bytes[from + 1] as number) << 16) |
        ((bytes[from + 2] as number) << 8) |
        (bytes[from + 3] as number)
    for (let i = 16; i < 64; i++) {
      const x = words[i - 15] as number
      const y = words[i - 2] as number
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      words[i] = ((words[i - 16] as number) + s0 + (words[i - 7] as number) + s1) | 0
    }
    const state = this.#state
    let a = state[0] as number
    let b = state[1] as number
    let c = state[2] as number
    let d = state[3] as number
    let e = state[4] as number
    let f = state[5] as number
    let g = state[6] as number
    let h = state[7] as number
    for (let i = 0; i < 64; i++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + (rounds[i] as number) + (words[i] as number)) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    state[0] = ((state[0] as number) + a) | 0
    state[1] = ((state[1] as number) + b) | 0
    state[2] = ((state[2] as number) + c) | 0
    state[3] = ((state[3] as number) + d) | 0
    state[4] = ((state[4] as number) + e) | 0
    state[5] = ((state[5] as number) + f) | 0
    state[6] = ((state[6] as number) + g) | 0
    state[7] = ((state[7] as number) + h) | 0
  }
}
