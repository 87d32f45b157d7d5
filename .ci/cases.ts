/**
 * Shows that the tests of the semantic cases test something: applies to the sources, one by one, the changes listed in
 * `test/scenarios/mutations.json`, and runs the tests whose titles begin with the case. A change that leaves them green is reported and
 * fails the run. With `--write` the list, with what was seen, goes into `docs/quality.md`. Names of cases choose some of them.
 */
import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

interface Mutation {
  readonly case: string
  readonly file: string
  readonly line: string
  readonly becomes: string
}

interface Seen extends Mutation {
  readonly red: number
}

const words = process.argv.slice(2)
const isWriting = words.includes('--write')
const chosen = words.filter((word) => !word.startsWith('--'))

// The file is ours, and its shape is the one above.
const all = JSON.parse(readFileSync('test/scenarios/mutations.json', 'utf8')) as readonly Mutation[]
const mutations = all.filter((mutation) => chosen.length === 0 || chosen.includes(mutation.case))

const testFiles = readdirSync('test', { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.test.ts'))
  .map((name) => join('test', name))

/** How many tests of the case are red; the sources are as they were when it returns. */
function redTests(mutation: Mutation): number {
  const source = readFileSync(mutation.file, 'utf8')
  if (source.split(mutation.line).length !== 2)
    throw new Error(
      `${mutation.case}: the line to change is not there exactly once in ${mutation.file}:\n${mutation.line}`,
    )
  const files = testFiles.filter((file) => readFileSync(file, 'utf8').includes(`${mutation.case}: `))
  if (files.length === 0) throw new Error(`No test is named for ${mutation.case}.`)
  writeFileSync(
    mutation.file,
    source.replace(mutation.line, () => mutation.becomes),
  )
  try {
    const vitest = [
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project=unit',
      '--reporter=json',
      '-t',
      `${mutation.case}: `,
    ]
    const { stdout } = spawnSync(process.execPath, [...vitest, ...files], { encoding: 'utf8', timeout: 60_000 })
    // A run that does not come to an end has no report; the change made it hang.
    const report = /\{"numTotalTestSuites".*/.exec(stdout)?.[0]
    return report === undefined ? 1 : (JSON.parse(report) as { readonly numFailedTests: number }).numFailedTests
  } finally {
    writeFileSync(mutation.file, source)
  }
}

const seen: Seen[] = []
for (const mutation of mutations) {
  const red = redTests(mutation)
  seen.push({ ...mutation, red })
  console.log(`${red > 0 ? 'red  ' : 'GREEN'} ${mutation.case} ${mutation.file}`)
}

if (isWriting) writeTable(seen)
const green = seen.filter(({ red }) => red === 0)
console.log(`${seen.length - green.length} of ${seen.length} changes turned their case red.`)
process.exitCode = green.length === 0 ? 0 : 1

function writeTable(rows: readonly Seen[]): void {
  const page = readFileSync('docs/quality.md', 'utf8')
  const [before, rest] = page.split('<!-- cases -->\n')
  const after = rest?.split('<!-- end of cases -->')[1]
  if (before === undefined || after === undefined) throw new Error('docs/quality.md has lost the marks of its table.')
  const cell = (code: string): string =>
    `\`${code.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|') || '(removed)'}\``
  const lines = rows.map(
    ({ case: name, file, line, becomes, red }) =>
      `| ${name} | ${file.replace('modules/', '')} | ${cell(line)} | ${cell(becomes)} | ${red} |`,
  )
  const table = ['| Case | File | Line | becomes | red tests |', '| --- | --- | --- | --- | --- |', ...lines].join('\n')
  writeFileSync('docs/quality.md', `${before}<!-- cases -->\n\n${table}\n\n<!-- end of cases -->${after}`)
}
