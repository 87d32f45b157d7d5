/**
 * Runs tests from a script, and gives up on those that come to no end: what is planted in the sources may run for ever.
 */
import { spawnSync, type SpawnSyncOptionsWithStringEncoding } from 'node:child_process'

/** Words for the command line of vitest, and where, with what surroundings, and for how long it may run. */
export interface Tests extends Pick<SpawnSyncOptionsWithStringEncoding, 'cwd' | 'env'> {
  readonly words: readonly string[]
  readonly longestMs: number
}

/** The report of vitest, whose shape is for the caller to know; undefined, with what was said instead, when the run came to no end. */
export const runTests = ({ words, longestMs, ...surroundings }: Tests): { report: unknown; said: string } => {
  // Threads, and a signal that cannot be waited for: a process of its own for each file would run on when this one is ended.
  const vitest = ['node_modules/vitest/vitest.mjs', 'run', '--pool=threads', '--reporter=json', ...words]
  const { stdout, stderr } = spawnSync(process.execPath, vitest, {
    ...surroundings,
    encoding: 'utf8',
    timeout: longestMs,
    killSignal: 'SIGKILL',
    maxBuffer: 1 << 28,
  })
  const report = /\{"numTotalTestSuites".*/.exec(stdout)?.[0]
  return { report: report === undefined ? undefined : JSON.parse(report), said: stderr }
}
