/**
 * The results as a picture: a group of bars for each workload, on a logarithmic scale.
 */
import { short } from './table.js'
import { peers, type Results, type WorkloadResult } from './results.js'
import { workloads } from './workloads.js'

const colors: Readonly<Record<string, string>> = {
  troupe: '#0b6e4f',
  nact: '#8a8d91',
  xstate: '#4878a8',
  'xstate-transition': '#9db8d2',
  effect: '#b5651d',
  comedy: '#c9a227',
  erlang: '#a23b72',
}

const width = 860
const left = 250
const right = 70
const bar = 11
const gap = 16

const text = (x: number, y: number, words: string, more = ''): string =>
  `<text x="${x}" y="${y}" ${more}>${words.replaceAll('&', '&amp;').replaceAll('<', '&lt;')}</text>`

/** Where a value lies on the scale that all workloads of one kind share. */
const scaleOf = (results: readonly WorkloadResult[]): ((value: number) => number) => {
  const medians = results.flatMap(({ arms }) => Object.values(arms).map(({ median }) => median))
  const low = Math.floor(Math.log10(Math.min(...medians)))
  const high = Math.max(low + 1, Math.ceil(Math.log10(Math.max(...medians))))
  return (value) => Math.max(1, ((Math.log10(value) - low) / (high - low)) * (width - left - right))
}

/** An SVG of its own, with nothing loaded from elsewhere. */
export const chartOf = (results: Results): string => {
  const arms = ['troupe', ...peers]
  const shown = Object.entries(results.workloads).filter(([, { arms: found }]) => found['troupe'] !== undefined)
  const lines: string[] = []
  let y = 24
  lines.push(text(12, y, 'troupe and its peers, logarithmic scale', 'font-size="15" font-weight="bold"'))
  y += 22
  arms.forEach((arm, index) => {
    const x = 12 + index * 90
    lines.push(`<rect x="${x}" y="${y - 9}" width="10" height="10" fill="${colors[arm] ?? 'black'}"/>`)
    lines.push(text(x + 15, y, arm))
  })
  for (const better of ['higher', 'lower'] as const) {
    const part = shown.filter(([, result]) => result.better === better)
    if (part.length === 0) continue
    const scale = scaleOf(part.map(([, result]) => result))
    y += 34
    lines.push(text(12, y, `${better} is better`, 'font-weight="bold"'))
    y += 10
    for (const [name, { unit, arms: found }] of part) {
      lines.push(text(12, y + 12, workloads[name]?.title ?? name))
      lines.push(text(12, y + 25, unit, 'fill="#777"'))
      const start = y
      for (const arm of arms) {
        const median = found[arm]?.median
        if (median === undefined) continue
        const length = Number(scale(median).toFixed(1))
        lines.push(
          `<rect x="${left}" y="${y}" width="${length}" height="${bar - 1}" fill="${colors[arm] ?? 'black'}"/>`,
        )
        lines.push(text(Number((left + length + 4).toFixed(1)), y + 9, short(median), 'font-size="9"'))
        y += bar
      }
      y = Math.max(y, start + 28) + gap
    }
  }
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${y}" font-family="sans-serif" font-size="11">`,
    `<rect width="${width}" height="${y}" fill="white"/>`,
    ...lines,
    '</svg>\n',
  ].join('\n')
}
