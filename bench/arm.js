/**
 * One workload of one arm, in a process of its own:
 *
 *     node --expose-gc bench/arm.js troupe tell
 *
 * Prints `{ "value", "completed" }` as its last line. Plain JavaScript, so that no loader comes between.
 */
import { readFileSync } from 'node:fs'
import { measure } from './arms/measure.js'

const [arm, workload] = process.argv.slice(2)
const sizes = JSON.parse(readFileSync(new URL('workloads.json', import.meta.url), 'utf8'))[workload]
const { workloads } = await import(`./arms/${arm}.js`)

const result = await measure(workloads[workload], sizes)
process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit(0))
