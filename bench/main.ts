/**
 * `npm run bench`: troupe beside its peers. See docs/performance.md.
 */
import { run } from './run.js'

run(process.argv.slice(2))
