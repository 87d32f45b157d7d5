/**
 * The results as tables of text, which are Markdown too.
 */
import { floorsPerHop, peers, ratiosOf, type Figures, type Results } from './results.js'
import { workloads } from './workloads.js'

/** 1,234,567 as 1.23M: three digits are as many as a measurement of this kind has. */
export const short = (value: number): string => {
  const [divisor, unit] = value >= 999_500 ? [1e6, 'M'] : value >= 9_995 ? [1e3, 'k'] : [1, '']
  const scaled = value / divisor
  const digits = scaled >= 100 || (unit === '' && scaled >= 10) ? 0 : scaled >= 10 ? 1 : 2
  return scaled.toFixed(digits) + unit
}

const times = (ratio: number | undefined): string =>
  ratio === undefined ? '' : `${ratio.toFixed(ratio < 9.95 ? 1 : 0)}×`

const aligned = (rows: readonly (readonly string[])[]): string => {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  const line = (row: readonly string[]): string =>
    `| ${row.map((cell, column) => (column < 2 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`
  const rule = widths.map((width, column) => (column < 2 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`))
  const [head = [], ...body] = rows
  return [line(head), line(rule), ...body.map(line)].join('\n')
}

const measured = (results: Results): readonly string[] => {
  const names = new Set(Object.values(results.workloads).flatMap(({ arms }) => Object.keys(arms)))
  return ['troupe', ...peers].filter((arm) => names.has(arm))
}

const rowsOf = (results: Results, cell: (figures: Figures) => string): readonly (readonly string[])[] =>
  Object.entries(results.workloads).map(([name, { unit, arms }]) => {
    const cells = measured(results).map((arm) => {
      // The floor stands in the first column: it is what troupe is compared with.
      const figures = arms[arm] ?? (arm === 'troupe' ? arms['floor'] : undefined)
      return figures === undefined ? 'none' : cell(figures)
    })
    return [workloads[name]?.title ?? name, unit, ...cells]
  })

/** Medians, and how many times troupe is better than the best of its peers, than XState's callback actors, and than Erlang. */
export const mediansOf = (results: Results): string => {
  const ratios = Object.values(results.workloads).map((each) => ratiosOf(each))
  const rows = rowsOf(results, ({ median }) => short(median)).map((row, index) => [
    ...row,
    times(ratios[index]?.peers),
    times(ratios[index]?.callbacks),
    times(ratios[index]?.erlang),
  ])
  return aligned([['workload', 'unit', ...measured(results), 'best peer', 'callbacks', 'Erlang'], ...rows])
}

/** The least and the greatest of the rounds. */
const spreadOf = (results: Results): string =>
  aligned([
    ['workload', 'unit', ...measured(results)],
    ...rowsOf(results, ({ min, max }) => `${short(min)} to ${short(max)}`),
  ])

/** What arms do differently, and why some have no figure. */
const notesOf = (results: Results): string =>
  Object.keys(results.workloads)
    .flatMap((name) => {
      const { title = name, notes = {}, none = {} } = workloads[name] ?? {}
      const here = new Set(['floor', ...measured(results)])
      const said = [
        ...Object.entries(notes),
        ...Object.entries(none).map(([arm, reason]): [string, string] => [arm, `none, ${reason}`]),
      ].filter(([arm]) => here.has(arm))
      return said.length === 0 ? [] : [`- ${title}: ${said.map(([arm, note]) => `${arm}: ${note}`).join('; ')}.`]
    })
    .join('\n')

/** Everything that is printed at the end of a run. */
export const reportOf = (results: Results): string => {
  const hop = floorsPerHop(results)
  return [
    `Node ${results.node}, ${results.cpu}, rounds: ${results.rounds}. Medians; at the right how many times troupe is better.`,
    mediansOf(results),
    'From the least to the greatest of the rounds:',
    spreadOf(results),
    'What is different:',
    notesOf(results),
    ...(hop === undefined ? [] : [`A hop of the ring costs ${hop.toFixed(2)} times the floor.`]),
  ].join('\n\n')
}
