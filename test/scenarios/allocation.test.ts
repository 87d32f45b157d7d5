/**
 * What messages and actors may allocate. Bytes are the same on a slow machine and on a fast one, so that they can be guarded with every
 * run of the tests; `npm run bench` tells what they are worth in time.
 */
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { beforeAll, describe, expect, it } from 'vitest'

/** Bytes that each operation may allocate: what was measured, and about a tenth for the compiler, which allocates now and then. */
const bounds = { tell: 4, supervised: 4, pingPong: 4, ask: 540, living: 520 }

const measured = async (): Promise<typeof bounds> => {
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--max-semi-space-size=512',
    '--expose-gc',
    '--conditions=troupe-source',
    '--import',
    './.ci/typescript.mjs',
    'test/scenarios/allocation/measure.ts',
  ])
  // The script prints nothing else.
  return JSON.parse(stdout) as typeof bounds
}

describe('bytes allocated', () => {
  let bytes: typeof bounds
  beforeAll(async () => {
    bytes = await measured()
  }, 60_000)

  const cases: readonly (readonly [keyof typeof bounds, string])[] = [
    [
      'tell',
      'a message told and handled allocates nothing: less than half a word, for the clock that is read now and then',
    ],
    ['supervised', 'nor does one to a supervised actor'],
    ['pingPong', 'nor does a wake-up'],
    ['ask', 'an ask, with its promise, its timeout, its question and its answer'],
    ['living', 'an actor spawned, told once, and stopped'],
  ]
  for (const [name, title] of cases)
    it(title, () => {
      expect(bytes[name]).toBeGreaterThanOrEqual(0)
      expect(bytes[name]).toBeLessThanOrEqual(bounds[name])
    })
})
