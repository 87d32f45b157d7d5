/**
 * Shows that the tests of the semantic cases and the laws under simulation test something: applies to the sources, one by one, the changes
 * listed in `test/scenarios/mutations.json` and `properties/mutations.json`, and runs the tests whose titles begin with the case, or the
 * property whose title contains the law. A change that leaves them green is reported and fails the run. With `--write` the lists, with what
 * was seen, go into `docs/quality.md`. Names of cases, and words of laws, choose some of them.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { runTests } from './vitest.js'

interface Change {
  readonly file: string
  readonly line: string
  readonly becomes: string
}

/** A change that breaks what a case or a law promises. */
interface Mutation extends Change {
  readonly promise: string
}

/** A list of changes, and the tests that they shall turn red. */
interface List {
  readonly what: string
  readonly mutations: readonly Mutation[]
  readonly folder: string
  readonly ending: string
  readonly project: string
  /** What the title of a test of this promise has in it. */
  readonly titleOf: (promise: string) => string
  /** Where the table of `docs/quality.md` is. */
  readonly mark: string
  readonly head: string
}

interface Seen extends Mutation {
  readonly red: number
}

/** Long enough for a thousand runs of a property. */
const longestMs = 120_000
/** The same programs each time. */
const surroundings = { ...process.env, TROUPE_RUNS: '1000', TROUPE_SEED: '1' }

const words = process.argv.slice(2)
const isWriting = words.includes('--write')
const chosen = words.filter((word) => !word.startsWith('--'))

// The files are ours, and their shapes are these.
const read = <T>(file: string): readonly T[] => JSON.parse(readFileSync(file, 'utf8')) as readonly T[]

const lists: readonly List[] = [
  {
    what: 'case',
    mutations: read<Change & { readonly case: string }>('test/scenarios/mutations.json').map((change) => ({
      ...change,
      promise: change.case,
    })),
    folder: 'test',
    ending: '.test.ts',
    project: 'unit',
    titleOf: (name) => `${name}: `,
    mark: 'cases',
    head: 'Case',
  },
  {
    what: 'law',
    mutations: read<Change & { readonly law: string }>('properties/mutations.json').map((change) => ({
      ...change,
      promise: change.law,
    })),
    folder: 'properties',
    ending: '.prop.ts',
    project: 'properties',
    titleOf: (law) => law,
    mark: 'laws',
    head: 'Law',
  },
]

const isChosen = ({ promise }: Mutation): boolean =>
  chosen.length === 0 || chosen.some((word) => promise === word || (word.length > 3 && promise.includes(word)))

/** How many tests of the promise are red; the sources are as they were when it returns. */
function redTests({ what, folder, ending, project, titleOf }: List, mutation: Mutation): number {
  const { promise, file, line, becomes } = mutation
  const source = readFileSync(file, 'utf8')
  if (source.split(line).length !== 2)
    throw new Error(`${promise}: the line to change is not there exactly once in ${file}:\n${line}`)
  const title = titleOf(promise)
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => join(folder, name))
    .filter((name) => readFileSync(name, 'utf8').includes(title))
  if (files.length === 0) throw new Error(`No test is named for the ${what} '${promise}'.`)
  writeFileSync(
    file,
    source.replace(line, () => becomes),
  )
  try {
    const pattern = title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
    const { report } = runTests({
      words: [`--project=${project}`, '-t', pattern, ...files],
      longestMs,
      env: surroundings,
    })
    // A run that does not come to an end has no report; the change made it hang.
    return report === undefined ? 1 : (report as { readonly numFailedTests: number }).numFailedTests
  } finally {
    writeFileSync(file, source)
  }
}

const seen = lists.map((list) => {
  const rows = list.mutations.filter(isChosen).map((mutation): Seen => {
    const red = redTests(list, mutation)
    console.log(`${red > 0 ? 'red  ' : 'GREEN'} ${mutation.promise} ${mutation.file}`)
    return { ...mutation, red }
  })
  if (isWriting && rows.length === list.mutations.length) writeTable(list, rows)
  return rows
})
const all = seen.flat()
const green = all.filter(({ red }) => red === 0)
console.log(`${all.length - green.length} of ${all.length} changes turned their case or law red.`)
process.exitCode = green.length === 0 ? 0 : 1

function writeTable({ mark, head }: List, rows: readonly Seen[]): void {
  const page = readFileSync('docs/quality.md', 'utf8')
  const [before, rest] = page.split(`<!-- ${mark} -->\n`)
  const after = rest?.split(`<!-- end of ${mark} -->`)[1]
  if (before === undefined || after === undefined) throw new Error('docs/quality.md has lost the marks of its tables.')
  const cell = (code: string): string =>
    `\`${code.trim().replaceAll(/\s+/g, ' ').replaceAll('|', '\\|') || '(removed)'}\``
  const lines = rows.map(
    ({ promise, file, line, becomes, red }) =>
      `| ${promise} | ${file.replace('modules/', '')} | ${cell(line)} | ${cell(becomes)} | ${red} |`,
  )
  const table = [`| ${head} | File | Line | becomes | red tests |`, '| --- | --- | --- | --- | --- |', ...lines].join(
    '\n',
  )
  writeFileSync('docs/quality.md', `${before}<!-- ${mark} -->\n\n${table}\n\n<!-- end of ${mark} -->${after}`)
}
