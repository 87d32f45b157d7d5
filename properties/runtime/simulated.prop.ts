/**
 * The laws of the runtime under simulation: program, order of messages and delays shrink together, and a failure shows its trace.
 */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { suites } from './support/suites.js'

describe('under simulation', () => {
  it.each(suites)('$name keeps its laws in any order of messages', async ({ property }) => {
    await fc.assert(property())
  })
})
