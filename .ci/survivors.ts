/**
 * What survives mutation testing, each with the reason: `.ci/mutation/survivors.json` has the list, `docs/survivors.md` shows it.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { join, relative } from 'node:path'

interface Position {
  readonly line: number
  readonly column: number
}

export interface Mutant {
  readonly status: 'Killed' | 'Timeout' | 'Survived' | 'NoCoverage'
  readonly replacement?: string
  readonly location: { readonly start: Position; readonly end: Position }
}

export interface MutatedFile {
  readonly source: string
  readonly mutants: readonly Mutant[]
}

/** A change that no test notices: which part of which line becomes what. Line breaks count as a space. */
export interface Change {
  readonly file: string
  readonly line: string
  readonly part: string
  readonly becomes: string
}

interface Explained extends Change {
  /** The name of a reason. */
  readonly why: string
}

interface Explanations {
  readonly reasons: Readonly<Record<string, string>>
  readonly survivors: readonly Explained[]
}

const listFile = join('.ci', 'mutation', 'survivors.json')
const page = join('docs', 'survivors.md')

/** What `writeSurvivors` writes. */
export const survivorFiles: readonly string[] = [page, listFile]

/** Long blocks are told by their beginning. */
const longestPart = 80

// The file is ours, and its shape is the one above.
const read = (): Explanations => JSON.parse(readFileSync(listFile, 'utf8')) as Explanations

const flat = (text: string): string => text.trim().replaceAll(/\s+/g, ' ')

const shortened = (text: string): string => (text.length > longestPart ? `${text.slice(0, longestPart - 1)}…` : text)

/** The text from one position to another; lines and columns count from 1. */
const textBetween = (lines: readonly string[], start: Position, end: Position): string =>
  lines
    .slice(start.line - 1, end.line)
    .map((line, index, chosen) =>
      line.slice(index === 0 ? start.column - 1 : 0, index === chosen.length - 1 ? end.column - 1 : undefined),
    )
    .join('\n')

export const changesOf = (file: string, { source, mutants }: MutatedFile): readonly Change[] => {
  const lines = source.split('\n')
  return mutants
    .filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
    .map(({ replacement, location: { start, end } }) => ({
      file: relative('modules', file),
      line: flat(lines[start.line - 1] ?? ''),
      part: shortened(flat(textBetween(lines, start, end))),
      becomes: shortened(flat(replacement ?? '')),
    }))
}

const keyOf = ({ file, line, part, becomes }: Change): string => JSON.stringify([file, line, part, becomes])

export const show = ({ file, line, part, becomes }: Change): string => `${file}: ${line}\n    ${part} → ${becomes}`

/** Those without a reason in the list. */
export const unexplained = (changes: readonly Change[]): readonly Change[] => {
  const known = new Set(read().survivors.map(keyOf))
  return changes.filter((change) => !known.has(keyOf(change)))
}

const code = (text: string): string => (text === '' ? 'nothing' : `\`${text.replaceAll('`', "'")}\``)

const section = (reason: string, survivors: readonly Explained[]): string => {
  const items = survivors.map(
    ({ file, line, part, becomes }) =>
      `- ${file}: ${code(part)} becomes ${code(becomes)}${line === part ? '' : `, in ${code(line)}`}`,
  )
  return `## ${reason}\n\n${items.join('\n')}\n`
}

/** Keeps of the list what still survives, and writes the page. What has no reason yet stands under the reason of that name. */
export const writeSurvivors = (changes: readonly Change[]): void => {
  const { reasons, survivors } = read()
  const known = new Map(survivors.map((survivor) => [keyOf(survivor), survivor]))
  const kept = changes.map((change): Explained => known.get(keyOf(change)) ?? { ...change, why: 'unexplained' })
  writeFileSync(listFile, JSON.stringify({ reasons, survivors: kept }, undefined, 2))
  const head = [
    '# What survives mutation testing',
    '',
    'Each change of the sources that no test notices, under the reason why. `npm run mutation -- --write` makes this page out of what it saw and',
    'of `.ci/mutation/survivors.json`; the scores are in [the page on quality](quality.md#mutation-testing).',
    '',
  ]
  const sections = Object.entries(reasons)
    .map(([why, reason]) => [reason, kept.filter((survivor) => survivor.why === why)] as const)
    .filter(([, found]) => found.length > 0)
    .map(([reason, found]) => section(reason, found))
  writeFileSync(page, [...head, ...sections].join('\n'))
}
