/** Hands the number of cases and the seed of this run to fast-check, in every file of properties. */
import fc from 'fast-check'
import { inject } from 'vitest'

fc.configureGlobal({ numRuns: inject('runs'), seed: inject('seed') })
