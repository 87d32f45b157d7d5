/**
 * Runs every arm of every workload in a process of its own, in turns, so that what the machine does besides hits all alike.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Options } from './options.js'
import { figuresOf, type Results, type WorkloadResult } from './results.js'
import { short } from './table.js'
import { armsOf, workloads } from './workloads.js'

const folder = fileURLToPath(new URL('.', import.meta.url))
const patienceMs = 300_000

interface Sample {
  readonly value: number
  readonly completed: number
}

/** A directory with the compiled module; undefined when there is no Erlang here. */
const compileErlang = (): string | undefined => {
  const out = mkdtempSync(join(tmpdir(), 'troupe-bench-'))
  const { status, error } = spawnSync('erlc', ['-o', out, join(folder, 'arms', 'troupe_bench.erl')], {
    stdio: ['ignore', 'inherit', 'inherit'],
  })
  if (error === undefined && status === 0) return out
  rmSync(out, { recursive: true })
  return undefined
}

const commandOf = (arm: string, name: string, erlang: string): readonly [string, readonly string[]] => {
  if (arm !== 'erlang') {
    // XState runs receivers on the stack of the sender; a ring is deeper than the stack that Node has by default.
    const flags = arm.startsWith('xstate') ? ['--expose-gc', '--stack-size=3900'] : ['--expose-gc']
    return [process.execPath, [...flags, join(folder, 'arm.js'), arm, name]]
  }
  const { first, most, step, exact = false } = workloads[name] ?? { first: 1, most: 1, step: 1 }
  const sizes = [first, most, step, exact].map(String)
  return [
    'erl',
    ['-noshell', '+S', '1:1', '+P', '4000000', '-pa', erlang, '-run', 'troupe_bench', 'main', name, ...sizes],
  ]
}

const sampleOf = (arm: string, name: string, erlang: string, clock: Options['clock']): Sample => {
  const [command, args] = commandOf(arm, name, erlang)
  const { stdout, stderr, error } = spawnSync(command, args, {
    cwd: folder,
    encoding: 'utf8',
    env: { ...process.env, TROUPE_BENCH_CLOCK: clock },
    timeout: patienceMs,
    killSignal: 'SIGKILL',
  })
  const last = stdout.trimEnd().split('\n').at(-1) ?? ''
  // The arm prints nothing after it.
  if (last.startsWith('{"value":')) return JSON.parse(last) as Sample
  throw new Error(`${name}, ${arm}: no result. ${error?.message ?? ''}\n${stderr.slice(-2_000)}`)
}

/** Measures; what failed is told to `log`, has no figure, and is counted. */
export const measure = (
  options: Options,
  log: (line: string) => void,
): { readonly results: Results; readonly failures: number } => {
  const erlang = options.peers.includes('erlang') ? compileErlang() : undefined
  const peers = options.peers.filter((peer) => peer !== 'erlang' || erlang !== undefined)
  if (peers.length < options.peers.length) log('Erlang is not on the path (erl, erlc) and is left out.')

  const samples = new Map<string, number[]>()
  const failed = new Set<string>()
  for (let round = 1; round <= options.rounds; round += 1)
    for (const name of options.workloads)
      for (const arm of armsOf(name, peers)) {
        const key = `${name} ${arm}`
        if (failed.has(key)) continue
        try {
          const { value, completed } = sampleOf(arm, name, erlang ?? '', options.clock)
          samples.set(key, [...(samples.get(key) ?? []), value])
          const unit = workloads[name]?.unit ?? ''
          log(`round ${round}  ${key}: ${short(value)} ${unit}, ${completed.toLocaleString('en')} completed`)
        } catch (error) {
          failed.add(key)
          samples.delete(key)
          log(String(error))
        }
      }
  if (erlang !== undefined) rmSync(erlang, { recursive: true })

  const resultOf = (name: string): WorkloadResult => {
    const { unit = '', better = 'higher' } = workloads[name] ?? {}
    const arms = armsOf(name, peers).flatMap((arm) => {
      const values = samples.get(`${name} ${arm}`)
      return values === undefined ? [] : [[arm, figuresOf(values)] as const]
    })
    return { unit, better, arms: Object.fromEntries(arms) }
  }
  const [{ model } = { model: 'unknown' }] = cpus()
  const results = {
    node: process.versions.node,
    cpu: `${model.trim()}, ${cpus().length} cores`,
    rounds: options.rounds,
    workloads: Object.fromEntries(options.workloads.map((name) => [name, resultOf(name)])),
  }
  return { results, failures: failed.size }
}
