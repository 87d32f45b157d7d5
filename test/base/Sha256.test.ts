/** The digest against the one of Node. */
import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { Sha256, seededRandom } from '../../modules/base/index.js'

const bytesOf = (length: number): Uint8Array => {
  const random = seededRandom(length)
  return Uint8Array.from({ length }, () => Math.floor(random() * 256))
}

describe('Sha256', () => {
  it('digests any number of bytes as the standard says', () => {
    for (let length = 0; length < 300; length++) {
      const bytes = bytesOf(length)
      const sha = new Sha256()
      sha.update(bytes)

      expect(sha.digest()).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })

  it('takes no notice of where the pieces begin and end', () => {
    const bytes = bytesOf(1_000)
    for (const size of [1, 7, 63, 64, 65, 200]) {
      const sha = new Sha256()
      for (let at = 0; at < bytes.length; at += size) sha.update(bytes.subarray(at, at + size))

      expect(sha.digest()).toBe(createHash('sha256').update(bytes).digest('hex'))
    }
  })
})
