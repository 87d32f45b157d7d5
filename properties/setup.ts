/**
 * Hands the number of cases and the seed of this run to fast-check, in every file of properties. With `TROUPE_WHOLE_ERRORS` a report has
 * the error that a case ended in, with its trace, in its own text, for readers that see nothing else.
 */
import fc from 'fast-check'
import { inject } from 'vitest'

fc.configureGlobal({
  numRuns: inject('runs'),
  seed: inject('seed'),
  includeErrorInReport: 'TROUPE_WHOLE_ERRORS' in process.env,
})
