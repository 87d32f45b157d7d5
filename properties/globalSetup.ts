/**
 * Decides, once per run, how many cases each property is tried with and from which seed, and says so.
 *
 * `TROUPE_RUNS` is the number of cases (1,000 unless told otherwise); `TROUPE_SEED` repeats an earlier run.
 */
import type { TestProject } from 'vitest/node'

declare module 'vitest' {
  interface ProvidedContext {
    readonly runs: number
    readonly seed: number
  }
}

export function setup(project: TestProject): void {
  const runs = wholeNumber('TROUPE_RUNS') ?? 1_000
  const seed = wholeNumber('TROUPE_SEED') ?? Date.now() | 0

  project.provide('runs', runs)
  project.provide('seed', seed)
  console.log(`properties: ${runs} runs each, seed ${seed} (repeat with TROUPE_RUNS=${runs} TROUPE_SEED=${seed})`)
}

function wholeNumber(name: string): number | undefined {
  const text = process.env[name] ?? ''
  if (text === '') return undefined
  const value = Number(text)
  if (!Number.isSafeInteger(value)) throw new Error(`${name} is "${text}": give a whole number or leave it unset.`)
  return value
}
