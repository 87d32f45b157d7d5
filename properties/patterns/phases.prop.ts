/**
 * The order of the phases of a shutdown.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inOrder, type Phase } from '../../modules/patterns/phases.js'

/** Some phases; each may come after any of the others, or of those before it when there shall be no circle. */
const phases = (mayCircle: boolean): fc.Arbitrary<readonly Phase[]> =>
  fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 1, maxLength: 12 }).map((all) =>
    all.map((after, i) => ({
      name: String(i),
      after: after.filter((other) => (mayCircle ? other < all.length : other < i)).map(String),
      timeoutMs: 1,
      goesOn: true,
    })),
  )

describe('phases', () => {
  it('come each after those that it wants before it, all of them once', () => {
    fc.assert(
      fc.property(
        phases(false).chain((given) => fc.shuffledSubarray([...given], { minLength: given.length })),
        (given) => {
          const ordered = inOrder(given)
          const names = ordered._tag === 'Right' ? ordered.right.map(({ name }) => name) : []

          expect([...names].sort()).toEqual(given.map(({ name }) => name).sort())
          for (const { name, after } of given)
            for (const other of after) expect(names.indexOf(other)).toBeLessThan(names.indexOf(name))
        },
      ),
    )
  })

  it('that cannot be ordered each wait for another one of them', () => {
    fc.assert(
      fc.property(phases(true), (given) => {
        const ordered = inOrder(given)
        if (ordered._tag === 'Right') return
        for (const name of ordered.left)
          expect(given.find((phase) => phase.name === name)?.after.some((other) => ordered.left.includes(other))).toBe(
            true,
          )
      }),
    )
  })
})
