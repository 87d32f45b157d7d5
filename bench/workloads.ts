/**
 * The workloads, as `workloads.json` lists them for the runner and the arms.
 */
import { readFileSync } from 'node:fs'

export interface Workload {
  readonly title: string
  readonly unit: string
  readonly better: 'higher' | 'lower'
  /** How much work the first run does, and how much the longest. */
  readonly first: number
  readonly most: number
  /** Work comes in multiples of this. */
  readonly step: number
  /** What is measured is exactly `most`. */
  readonly exact?: boolean
  /** By arm: what it does otherwise than the others. */
  readonly notes: Readonly<Record<string, string>>
  /** By arm: why it has no figure. */
  readonly none: Readonly<Record<string, string>>
}

const file = new URL('workloads.json', import.meta.url)

export const workloads: Readonly<Record<string, Workload>> = JSON.parse(readFileSync(file, 'utf8')) as Record<
  string,
  Workload
>

/** Those that are run for a workload, troupe first. The floor is no actor library and has a workload of its own. */
export const armsOf = (name: string, peers: readonly string[]): readonly string[] =>
  name === 'floor' ? ['floor'] : ['troupe', ...peers.filter((peer) => workloads[name]?.none[peer] === undefined)]
