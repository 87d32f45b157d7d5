/**
 * What the commands share: options read, library built, work measured or read from a file, files written.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { chartOf } from './chart.js'
import { measure } from './measure.js'
import { parseOptions } from './options.js'
import { prepare } from './prepare.js'
import type { Results } from './results.js'
import { reportOf } from './table.js'

/** Prints the table and gives the results. A wrong option ends the process with 2, a failed arm makes its exit code 1. */
export const run = (args: readonly string[]): Results => {
  const options = parseOptions(args)
  if (typeof options === 'string') {
    console.error(options)
    process.exit(2)
  }
  const { from, json, chart } = options
  let results: Results
  if (from === undefined) {
    prepare(options.peers.some((peer) => peer !== 'erlang'))
    const measured = measure(options, (line) => console.error(line))
    results = measured.results
    if (measured.failures > 0) process.exitCode = 1
  } else {
    // Written by a run before.
    results = JSON.parse(readFileSync(from, 'utf8')) as Results
  }
  if (json !== undefined) writeFileSync(json, `${JSON.stringify(results, undefined, 2)}\n`)
  if (chart !== undefined) writeFileSync(chart, chartOf(results))
  console.log(reportOf(results))
  return results
}
