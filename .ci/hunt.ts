/**
 * Hunts for a bug in the sources that lie here: tries the laws that are checked under simulation, all suites in turn, and prints what it has
 * found as one JSON object. `.ci/plant.ts` runs it on a copy of the sources that has a bug planted.
 */
import { suites } from '../properties/runtime/support/suites.js'

// The sources could be loaded: from here on whatever goes wrong is what the hunt is for.
console.log('hunting')
const [seedText = '1', mostText = '3000'] = process.argv.slice(2)
const seed = Number(seedText)
const most = Number(mostText)
/** So many of a suite before it is the turn of the next one. */
const batch = 100

let schedules = 0
let found:
  | {
      readonly suite: string
      readonly steps: number
      readonly text: string
      readonly outcome: string
      readonly drawn: unknown
    }
  | undefined
for (let round = 0; schedules < most && found === undefined; round++)
  for (const suite of suites) {
    const { cases, trace, drawn } = await suite.search({ seed: seed + round, numRuns: batch })
    schedules += cases
    if (trace === undefined) continue
    found = {
      suite: suite.name,
      steps: trace.steps,
      text: `${trace.toString()}\n\n${trace.toMermaid()}`,
      outcome: trace.outcome,
      drawn,
    }
    break
  }
console.log(JSON.stringify({ schedules, found: found ?? null }))
