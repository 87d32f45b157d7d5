/**
 * What timers and sockets notice of busy actors.
 */
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

export interface Percentiles {
  readonly p50: number
  readonly p99: number
  readonly max: number
  readonly n: number
}

/** Milliseconds, under one load. */
export interface Fairness {
  readonly load: 'none' | 'flood' | 'asks'
  /** How late timers came. */
  readonly timer: Percentiles
  /** How long a request to a server in the same process took. */
  readonly http: Percentiles
  /** Messages or asks per second meanwhile. */
  readonly perSecond: number
}

/** Measures in a process of its own, on what is built. */
export const measureFairness = (): readonly Fairness[] => {
  const script = fileURLToPath(new URL('fairness-arm.js', import.meta.url))
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: 'utf8', timeout: 120_000 })
  if (status !== 0) throw new Error(`The run for fairness failed.\n${stderr}`)
  return JSON.parse(stdout) as readonly Fairness[]
}
