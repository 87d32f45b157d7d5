/**
 * Plants bugs, and shows that the laws find them: `npm run plant -- FILE.patch` applies a patch to a copy of the sources and hunts there.
 * It says found, with the trace, or not found. `--all` hunts for every bug of `properties/plants/`, and writes what was seen into
 * `docs/quality.md`.
 *
 * Exit code: 0 found; 1 not found; 2 wrong use, or a patch that does not apply or leaves sources that cannot be loaded.
 */
import { spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { runTests } from './vitest.js'

/** What `.ci/hunt.ts` prints. */
interface Hunt {
  readonly schedules: number
  readonly found: {
    readonly suite: string
    readonly steps: number
    readonly text: string
    readonly outcome: string
    /** The smallest case that fails; absent when a property without simulation found it. */
    readonly drawn?: unknown
  } | null
}

const plants = join('properties', 'plants')
const copied = ['modules', 'properties', 'examples', 'test', '.ci', 'package.json', 'tsconfig.json', 'vitest.config.ts']
const longestHuntMs = 600_000

const usage = `usage: npm run plant -- [--seed N] [--schedules N] [--keep FILE.json] FILE.patch
       npm run plant -- --all

  FILE.patch      a patch to the sources, with paths as git diff gives them
  --seed N        where the hunt begins, from 0 to 4294967295 (1)
  --schedules N   how many schedules it tries at least, from 1 to 1000000 (3000)
  --keep FILE     writes the smallest case that was found, to be replayed: see properties/seeds
  --all           every patch of ${plants}; writes the table of docs/quality.md
`

const refuse = (sentence: string): never => {
  process.stderr.write(`plant: ${sentence}\n${usage}`)
  process.exit(2)
}

/** Copies what the hunt needs into a folder of its own, and removes that when it is done. */
const inCopy = <T>(use: (folder: string) => T): T => {
  const folder = mkdtempSync(join(tmpdir(), 'troupe-plant-'))
  try {
    for (const name of copied) cpSync(name, join(folder, name), { recursive: true })
    symlinkSync(resolve('node_modules'), join(folder, 'node_modules'))
    return use(folder)
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Hunts for the bug of a patch; a text says why that cannot be done. */
const hunt = (patch: string, seed: string, schedules: string): Hunt | string =>
  inCopy((folder) => {
    const applied = spawnSync('git', ['apply', '--verbose', resolve(patch)], {
      cwd: folder,
      encoding: 'utf8',
      // The copy belongs to no repository, wherever it lies.
      env: { ...process.env, GIT_CEILING_DIRECTORIES: tmpdir() },
    })
    if (applied.status !== 0) return `does not apply:\n${applied.stderr}`
    const hunted = spawnSync(
      process.execPath,
      ['--conditions=troupe-source', '--import', './.ci/typescript.mjs', '.ci/hunt.ts', seed, schedules],
      { cwd: folder, encoding: 'utf8', timeout: longestHuntMs, maxBuffer: 1 << 28 },
    )
    if (!hunted.stdout.startsWith('hunting')) return `leaves sources that cannot be loaded:\n${hunted.stderr}`
    const line = hunted.stdout.trim().split('\n').at(-1) ?? ''
    if (hunted.status === 0 && line.startsWith('{')) {
      const seen = JSON.parse(line) as Hunt
      return seen.found === null ? { ...seen, found: askTheRest(folder, seed) } : seen
    }
    // A bug that ends the process, or that keeps it from ending, is found as well.
    const text = hunted.stderr === '' ? 'The hunt came to no end.' : hunted.stderr
    return { schedules: 0, found: { suite: 'the hunt itself', steps: 0, text, outcome: 'failed' } }
  })

/** A test of a report of vitest. */
interface Tested {
  readonly status: string
  readonly fullName: string
  readonly failureMessages: readonly string[]
}

/** The properties that need no simulation: those of decisions, data structures, laws and examples. */
const askTheRest = (folder: string, seed: string): Hunt['found'] => {
  const { report, said } = runTests({
    words: ['--project=properties'],
    longestMs: longestHuntMs,
    cwd: folder,
    env: { ...process.env, TROUPE_RUNS: '500', TROUPE_SEED: seed, TROUPE_WHOLE_ERRORS: '1' },
  })
  if (report === undefined) return { suite: 'the properties', steps: 0, text: said, outcome: 'failed' }
  const { testResults } = report as {
    readonly testResults: readonly { readonly assertionResults: readonly Tested[] }[]
  }
  const failed = testResults
    .flatMap(({ assertionResults }) => assertionResults)
    .find(({ status }) => status === 'failed')
  if (failed === undefined) return null
  return { suite: `'${failed.fullName}'`, steps: 0, text: failed.failureMessages.join('\n'), outcome: 'failed' }
}

/** The first line of a patch says what it plants. */
const titleOf = (patch: string): string => readFileSync(patch, 'utf8').split('\n')[0] ?? ''

/** Writes a seed: what went wrong, by which laws it was seen, and the case. */
const keepCase = (file: string, found: string, { suite, drawn }: NonNullable<Hunt['found']>): void => {
  if (drawn === undefined) refuse('only a case that was found under simulation can be kept.')
  writeFileSync(file, `${JSON.stringify({ found, suite, drawn }, undefined, 1)}\n`)
}

const huntOne = (patch: string, seed: string, schedules: string, keep: string | undefined): void => {
  const seen = hunt(patch, seed, schedules)
  if (typeof seen === 'string') refuse(`the patch '${patch}' ${seen}`)
  else if (seen.found === null) {
    console.log(`not found in ${String(seen.schedules)} schedules`)
    process.exitCode = 1
  } else {
    const length = seen.found.steps === 0 ? '' : `; the shortest trace has ${String(seen.found.steps)} steps`
    console.log(`found after ${String(seen.schedules)} schedules, by the laws of ${seen.found.suite}${length}:\n`)
    console.log(seen.found.text)
    if (keep !== undefined) keepCase(keep, titleOf(patch), seen.found)
  }
}

const huntAll = (seed: string, schedules: string): void => {
  const rows = readdirSync(plants)
    .filter((name) => name.endsWith('.patch'))
    .sort()
    .map((name) => {
      const patch = join(plants, name)
      const seen = hunt(patch, seed, schedules)
      if (typeof seen === 'string') return refuse(`the patch '${patch}' ${seen}`)
      console.log(`${seen.found === null ? 'NOT FOUND' : 'found'} ${name} after ${String(seen.schedules)} schedules`)
      if (seen.found === null) process.exitCode = 1
      return `| ${titleOf(patch)} | ${basename(name, '.patch')} | ${seen.found?.suite ?? 'not found'} | ${String(seen.schedules)} | ${String(seen.found?.steps ?? '')} |`
    })
  const page = readFileSync('docs/quality.md', 'utf8')
  const [before, rest] = page.split('<!-- plants -->\n')
  const after = rest?.split('<!-- end of plants -->')[1]
  if (before === undefined || after === undefined) throw new Error('docs/quality.md has lost the marks of its table.')
  const table = [
    '| planted | patch | found by the laws of | schedules | steps of the shortest trace |',
    '| --- | --- | --- | --- | --- |',
    ...rows,
  ]
  writeFileSync('docs/quality.md', `${before}<!-- plants -->\n\n${table.join('\n')}\n\n<!-- end of plants -->${after}`)
}

const read = (): ReturnType<typeof parseArgs<typeof shape>> => {
  try {
    return parseArgs(shape)
  } catch (error) {
    // It throws for what users get wrong.
    return refuse(error instanceof Error ? error.message : String(error))
  }
}

const shape = {
  allowPositionals: true,
  options: {
    seed: { type: 'string', default: '1' },
    schedules: { type: 'string', default: '3000' },
    keep: { type: 'string' },
    all: { type: 'boolean' },
  },
} as const

// Whoever reads only the beginning of a trace closes the pipe.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
})

const { values, positionals } = read()
const [patch] = positionals
const isWhole = (text: string, least: number, most: number): boolean =>
  /^\d+$/.test(text) && +text >= least && +text <= most
if (!isWhole(values.seed, 0, 4_294_967_295))
  refuse(`--seed is '${values.seed}', but must be a whole number from 0 to 4294967295.`)
if (!isWhole(values.schedules, 1, 1_000_000))
  refuse(`--schedules is '${values.schedules}', but must be a whole number from 1 to 1000000.`)
if (values.all === true) huntAll(values.seed, values.schedules)
else if (patch === undefined || positionals.length > 1) refuse('give one patch.')
else if (!existsSync(patch)) refuse(`there is no file '${patch}'.`)
else huntOne(patch, values.seed, values.schedules, values.keep)
