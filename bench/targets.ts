/**
 * What troupe promises to reach, and whether results do. The figures are in `targets.json`.
 */
import { readFileSync } from 'node:fs'
import { floorsPerHop, ratiosOf, type Results } from './results.js'

export interface Targets {
  /** The part of a target that a busy machine may take. */
  readonly allowance: number
  readonly againstPeers: Readonly<Record<string, number>>
  readonly againstErlang: Readonly<Record<string, number>>
  /** Bytes; they do not vary, so that nothing is allowed above. */
  readonly atMost: Readonly<Record<string, number>>
  readonly floorsPerHop: number
  readonly timerLatenessP99Ms: number
}

export interface Verdict {
  /** One sentence for each target. */
  readonly lines: readonly string[]
  readonly missed: number
}

const file = new URL('targets.json', import.meta.url)

const targets: Targets = JSON.parse(readFileSync(file, 'utf8')) as Targets

/** Compares results with the targets; what was not measured is said and does not count as missed. */
export const verdictOf = (results: Results, latenessP99Ms: number | undefined, wanted: Targets = targets): Verdict => {
  const lines: string[] = []
  let missed = 0
  const judge = (
    what: string,
    found: number | undefined,
    target: number,
    isReached: (found: number) => boolean,
  ): void => {
    if (found === undefined) lines.push(`not measured  ${what}, target ${target}`)
    else {
      const reached = isReached(found)
      if (!reached) missed += 1
      lines.push(`${reached ? 'reached     ' : 'MISSED      '}  ${what}: ${found.toFixed(2)}, target ${target}`)
    }
  }
  const atLeast = (what: string, found: number | undefined, target: number): void =>
    judge(what, found, target, (value) => value >= target * (1 - wanted.allowance))
  const atMost = (what: string, found: number | undefined, target: number, allowance: number): void =>
    judge(what, found, target, (value) => value <= target * (1 + allowance))
  const ratio = (name: string, against: 'peers' | 'callbacks' | 'erlang'): number | undefined => {
    const result = results.workloads[name]
    return result === undefined ? undefined : ratiosOf(result)[against]
  }

  for (const [name, target] of Object.entries(wanted.againstPeers)) {
    atLeast(`${name}, times the best peer`, ratio(name, 'peers'), target)
    const callbacks = ratio(name, 'callbacks')
    if (callbacks !== undefined)
      lines.push(`not judged    ${name}, times the callback actors of XState: ${callbacks.toFixed(2)}`)
  }
  for (const [name, target] of Object.entries(wanted.againstErlang))
    atLeast(`${name}, times Erlang`, ratio(name, 'erlang'), target)
  for (const [name, target] of Object.entries(wanted.atMost))
    atMost(`${name}, at most bytes`, results.workloads[name]?.arms['troupe']?.median, target, 0)
  atMost('a hop of the ring, at most floors', floorsPerHop(results), wanted.floorsPerHop, wanted.allowance)
  atMost('timer lateness p99 under flood, at most ms', latenessP99Ms, wanted.timerLatenessP99Ms, wanted.allowance)
  return { lines, missed }
}
