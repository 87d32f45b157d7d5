/**
 * The options of the command line, and what is said when they are wrong.
 */
import { peers as knownPeers } from './results.js'
import { workloads as knownWorkloads } from './workloads.js'

export interface Options {
  /** File to write the results to. */
  readonly json: string | undefined
  /** File to draw the chart into. */
  readonly chart: string | undefined
  /** File with results to show; nothing is measured then. */
  readonly from: string | undefined
  /** What time is counted: that on the wall, or that of the processor, for a machine that others use too. */
  readonly clock: 'wall' | 'cpu'
  readonly rounds: number
  readonly workloads: readonly string[]
  readonly peers: readonly string[]
}

const usage = '--json FILE, --chart FILE, --from FILE, --rounds N, --workloads a,b, --peers x,y, --clock wall|cpu'

/** The options, or a sentence that says which one is wrong. */
export const parseOptions = (args: readonly string[]): Options | string => {
  let options: Options = {
    json: undefined,
    chart: undefined,
    from: undefined,
    clock: 'wall',
    rounds: 3,
    workloads: Object.keys(knownWorkloads),
    peers: knownPeers,
  }
  for (let index = 0; index < args.length; index += 2) {
    const [name = '', value] = args.slice(index)
    if (!['--json', '--chart', '--from', '--rounds', '--workloads', '--peers', '--clock'].includes(name))
      return `There is no option '${name}'. The options are: ${usage}.`
    if (value === undefined || value === '') return `The option ${name} needs a value: ${usage}.`
    switch (name) {
      case '--rounds':
        if (!/^[1-9]\d{0,3}$/.test(value)) return `--rounds is '${value}', but must be a whole number from 1 up.`
        options = { ...options, rounds: Number(value) }
        break
      case '--clock':
        if (value !== 'wall' && value !== 'cpu') return `--clock is '${value}', but must be wall or cpu.`
        options = { ...options, clock: value }
        break
      case '--workloads':
      case '--peers': {
        const key = name === '--peers' ? 'peers' : 'workloads'
        const known = name === '--peers' ? knownPeers : Object.keys(knownWorkloads)
        const names = [...new Set(value.split(','))]
        const stranger = names.find((each) => !known.includes(each))
        if (stranger !== undefined)
          return `There is no ${key.slice(0, -1)} '${stranger}'. The ${key} are: ${known.join(', ')}.`
        options = { ...options, [key]: names }
        break
      }
      default:
        options = { ...options, [name.slice(2)]: value }
    }
  }
  return options
}
