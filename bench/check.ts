/**
 * `npm run bench:check`: measures, takes the same options as `npm run bench`, and fails when a target is missed.
 */
import { measureFairness } from './fairness.js'
import { run } from './run.js'
import { verdictOf } from './targets.js'

const results = run(process.argv.slice(2))
const flood = process.argv.includes('--from') ? undefined : measureFairness().find(({ load }) => load === 'flood')
const { lines, missed } = verdictOf(results, flood?.timer.p99)
console.log(
  `\n${lines.join('\n')}\n\n${missed === 0 ? 'Every target that was measured is reached.' : `Targets missed: ${missed}.`}`,
)
if (missed > 0) process.exitCode = 1
