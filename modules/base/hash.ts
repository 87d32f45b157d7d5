/**
 * A hash of texts: the same on every machine, and spread evenly.
 */

/** FNV-1a begins with this. */
export const fnvBasis = 0x811c9dc5

/**
 * FNV-1a with one value more.
 *
 * @see http://www.isthe.com/chongo/tech/comp/fnv/
 */
export const fnv1a = (mark: number, value: number): number => Math.imul(mark ^ value, 0x01000193)

/** A whole number from 0 up to but not including 2³²: FNV-1a, then the finisher of MurmurHash3, which spreads what is alike. */
export const hash = (text: string): number => {
  let h = fnvBasis
  for (let i = 0; i < text.length; i++) h = fnv1a(h, text.charCodeAt(i))
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
