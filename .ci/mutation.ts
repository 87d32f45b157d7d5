/**
 * Mutation testing: Stryker changes the sources one place at a time and runs the tests that reach it. `npm run mutation` takes the files of
 * `.ci/mutation/rooms.json`, room by room; `npm run mutation -- FILE…` takes some of them. What was seen before and has not changed is not
 * run again. `--write` puts the table of all that was seen so far into `docs/quality.md`, and what survived into `docs/survivors.md`.
 *
 * Exit code: 0 when each room that was run has at least 85 %; 1 when one has less.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

import {
  changesOf,
  show,
  survivorFiles,
  unexplained,
  writeSurvivors,
  type Change,
  type Mutant,
  type MutatedFile,
} from './survivors.js'

interface Report {
  readonly files: Readonly<Record<string, MutatedFile>>
}

interface Room {
  /** Cases of each property. */
  readonly runs: number
  readonly files: readonly string[]
}

const least = 85
const tools = join('.ci', 'mutation')
const seen = join('.cache', 'mutation')

// The file is ours, and its shape is the one above.
const rooms = JSON.parse(readFileSync(join(tools, 'rooms.json'), 'utf8')) as Readonly<Record<string, Room>>

const run = (command: string, args: readonly string[], cwd: string, env: Readonly<Record<string, string>>): void => {
  const { status, error } = spawnSync(command, args, { cwd, stdio: 'inherit', env: { ...process.env, ...env } })
  if (error !== undefined) throw error
  if (status !== 0) process.exit(status ?? 1)
}

const mutate = (room: string, { runs }: Room, files: readonly string[]): void => {
  const stryker = join(tools, 'node_modules', '@stryker-mutator', 'core', 'bin', 'stryker.js')
  const options = ['--mutate', files.join(','), '--incrementalFile', join(seen, `${room}.json`)]
  run(process.execPath, [stryker, 'run', join(tools, 'stryker.config.json'), ...options], '.', {
    TROUPE_ROOM: room,
    TROUPE_RUNS: String(runs),
    TROUPE_SEED: '1',
  })
}

const reportOf = (room: string): Report['files'] => {
  const file = join(seen, `${room}.json`)
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Report).files : {}
}

const count = (mutants: readonly Mutant[], ...statuses: readonly Mutant['status'][]): number =>
  mutants.filter(({ status }) => statuses.includes(status)).length

/** In percent: those that a test noticed, an endless loop included. */
const scoreOf = (mutants: readonly Mutant[]): number =>
  mutants.length === 0 ? 100 : (100 * count(mutants, 'Killed', 'Timeout')) / mutants.length

const row = (name: string, mutants: readonly Mutant[]): string =>
  `| ${[
    name,
    count(mutants, 'Killed'),
    count(mutants, 'Timeout'),
    count(mutants, 'Survived'),
    count(mutants, 'NoCoverage'),
    `${scoreOf(mutants).toFixed(1)} %`,
  ].join(' | ')} |`

const survivorsOf = (files: Report['files']): readonly Change[] =>
  Object.entries(files).flatMap(([file, found]) => changesOf(file, found))

/** What nobody noticed and nobody has explained, for those who want to write the test that does. */
const printUnexplained = (files: Report['files']): void => {
  for (const change of unexplained(survivorsOf(files))) console.log(show(change))
}

const writeTable = (): void => {
  const page = readFileSync('docs/quality.md', 'utf8')
  const [before, rest] = page.split('<!-- mutation -->\n')
  const after = rest?.split('<!-- end of mutation -->')[1]
  if (before === undefined || after === undefined) throw new Error('docs/quality.md has lost the marks of its table.')
  const rows = Object.keys(rooms).flatMap((room) => {
    const files = Object.entries(reportOf(room)).sort(([a], [b]) => (a < b ? -1 : 1))
    const whole = row(
      `**${room}**`,
      files.flatMap(([, { mutants }]) => mutants),
    )
    return [...files.map(([file, { mutants }]) => row(relative('modules', file), mutants)), whole]
  })
  const head = ['| file | killed | timeout | survived | no coverage | score |', '| --- | --- | --- | --- | --- | --- |']
  const table = [...head, ...rows].join('\n')
  writeFileSync('docs/quality.md', `${before}<!-- mutation -->\n\n${table}\n\n<!-- end of mutation -->${after}`)
}

const writePages = (): void => {
  writeTable()
  writeSurvivors(Object.keys(rooms).flatMap((room) => survivorsOf(reportOf(room))))
  const prettier = join('node_modules', 'prettier', 'bin', 'prettier.cjs')
  run(process.execPath, [prettier, '--write', 'docs/quality.md', ...survivorFiles], '.', {})
}

const words = process.argv.slice(2)
const chosen = words.filter((word) => !word.startsWith('--'))
const isOnlyWriting = words.includes('--only-write')

if (!isOnlyWriting) {
  if (!existsSync(join(tools, 'node_modules')))
    run('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], tools, {})
  mkdirSync(seen, { recursive: true })
  for (const [room, plan] of Object.entries(rooms)) {
    const all = plan.files.map((name) => `modules/${room}/${name}.ts`)
    const files = all.filter((file) => chosen.length === 0 || chosen.includes(file))
    if (files.length === 0) continue
    mutate(room, plan, files)
    const report = reportOf(room)
    printUnexplained(report)
    const score = scoreOf(Object.values(report).flatMap(({ mutants }) => mutants))
    console.log(`${room}: ${score.toFixed(1)} %, at least ${least} % wanted`)
    if (score < least) process.exitCode = 1
  }
}
if (isOnlyWriting || words.includes('--write')) writePages()
