/**
 * A hash of texts: the same on every machine, and spread evenly.
 */

/** A whole number from 0 up to but not including 2³²: FNV-1a, then the finisher of MurmurHash3, which spreads what is alike. */
export const hash = (text: string): number => {
  let h = 0x811c9dc5
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return (h ^ (h >>> 16)) >>> 0
}
