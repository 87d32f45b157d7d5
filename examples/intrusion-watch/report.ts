/**
 * The report: what it says, and how it reads as JSON and as text. Pure.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { Alert, Rule } from './window.js'

/** What was found, and what it took. */
export interface Report {
  readonly linesRead: number
  readonly linesParsed: number
  readonly linesUnparsed: number
  /** Lines of each program, most first. */
  readonly byProgram: readonly Counted[]
  readonly authFailures: {
    readonly total: number
    /** Failures of each source, most first. */
    readonly bySource: readonly Counted[]
  }
  /** In the order of the lines that raised them. */
  readonly alerts: readonly Alert[]
  readonly crashes: number
  readonly restarts: number
  readonly deadLetters: number
}

/** How often a name was there. */
export interface Counted {
  readonly name: string
  readonly count: number
}

/** What there is to tell in the end. */
export interface Outcome {
  readonly report: Report
  /** The actors as they were when the work was done. */
  readonly tree: string
  /** The first few crashes, a sentence each. */
  readonly firstCrashes: readonly string[]
  /** A sentence about a log that could not be read to its end. */
  readonly trouble: Option<string>
}

/** Most first; where counts are equal, by name. */
export const ranked = (counts: readonly Counted[]): readonly Counted[] =>
  [...counts].sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1))

/** One JSON object on one line. */
export const toJson = ({ report }: Outcome): string => {
  const { byProgram, authFailures, alerts, ...numbers } = report
  const { linesRead, linesParsed, linesUnparsed, ...rest } = numbers
  const json = {
    linesRead,
    linesParsed,
    linesUnparsed,
    // Takes any name for a key, `__proto__` too.
    byProgram: Object.fromEntries(byProgram.map(({ name, count }) => [name, count])),
    authFailures: {
      total: authFailures.total,
      bySource: authFailures.bySource.map(({ name, count }) => ({ source: name, count })),
    },
    alerts: alerts.map(({ source, at, failuresInWindow }) => ({ source, at, failuresInWindow })),
    ...rest,
  }
  return `${JSON.stringify(json)}\n`
}

/** What the report is about, for its readers. */
export interface Heading {
  readonly logs: readonly string[]
  readonly rule: Rule
}

const longestTable = 20
const longestList = 50
/** Sources that the tree shows. */
const longestBranch = 10

/** For people: the tree, the programs, the sources, the alerts, the crashes. Long lists are cut, and say so. */
export const toText = ({ report, tree, firstCrashes }: Outcome, { logs, rule }: Heading): string => {
  const { linesRead, linesParsed, linesUnparsed, byProgram, authFailures, alerts } = report
  const { total, bySource } = authFailures
  const alarmed = new Set(alerts.map((alert) => alert.source))
  const sections: readonly (readonly string[])[] = [
    [
      `${logs.map(printable).join(', ')}: ${many(linesRead, 'line')} read, ${whole(linesParsed)} parsed, ` +
        `${whole(linesUnparsed)} not of a system log`,
    ],
    ['The actors when the work was done:', ...pruned(tree)],
    [`${many(byProgram.length, 'program')}:`, ...table(byProgram, () => '')],
    [
      `${many(total, 'authentication failure')} from ${many(bySource.length, 'source')}:`,
      ...table(bySource, (name) => (alarmed.has(name) ? '  alert' : '')),
    ],
    [
      `${many(alerts.length, 'alert')} (${many(rule.threshold, 'failure')} within ${whole(rule.windowSeconds)} s):`,
      ...cut(
        alerts.map(({ at, source }) => `  ${at.padEnd(15)}  ${printable(source)}`),
        longestList,
      ),
    ],
    [
      `${many(report.crashes, 'crash', 'crashes')}, ${many(report.restarts, 'restart')}, ` +
        many(report.deadLetters, 'dead letter'),
      ...cut(
        firstCrashes.map((crash) => `  ${printable(crash)}`),
        firstCrashes.length,
        report.crashes,
      ),
    ],
  ]
  return `${sections.map((section) => section.join('\n')).join('\n\n')}\n`
}

const table = (rows: readonly Counted[], remark: (name: string) => string): readonly string[] =>
  cut(
    rows
      .slice(0, longestTable)
      .map(({ name, count }) => `${whole(count).padStart(11)}  ${printable(name)}${remark(name)}`),
    longestTable,
    rows.length,
  )

/** The first lines of a list, and how many more there are. */
const cut = (lines: readonly string[], longest: number, all: number = lines.length): readonly string[] =>
  all <= longest ? lines : [...lines.slice(0, longest), `  … and ${whole(all - longest)} more`]

/** The tree with the first sources only, so that those who work for all of them stay in sight. */
const pruned = (tree: string): readonly string[] => {
  const lines = tree.split('\n')
  const sources = lines.filter((line) => sourceInTree.test(line))
  const hidden = new Set(sources.slice(longestBranch))
  const rest = hidden.size === 0 ? '' : `\n${indentOf(sources)}… and ${whole(hidden.size)} more`
  return lines
    .filter((line) => !hidden.has(line))
    .map((line) => (line === sources[longestBranch - 1] ? line + rest : line))
}

/** Children of children of the guardian. */
const sourceInTree = /^(?:[│ ] {3}){2}/

const indentOf = ([line = '']: readonly string[]): string => sourceInTree.exec(line)?.[0] ?? ''

const whole = (count: number): string => count.toLocaleString('en')

const many = (count: number, one: string, several: string = `${one}s`): string =>
  `${whole(count)} ${count === 1 ? one : several}`

/** A name from a log may hold anything, even commands to the terminal. */
export const printable = (text: string): string =>
  text.slice(0, longestName).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escaped) + (text.length > longestName ? '…' : '')

const longestName = 100

const escaped = (char: string): string => `\\u{${char.codePointAt(0)?.toString(16) ?? ''}}`
