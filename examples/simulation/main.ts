/**
 * Runs an example under simulation: `npm run sim -- --help`.
 */
import { Simulation, type Trace } from 'troupe/testkit'
import { help, parse, type Options } from './options.js'
import { programs, type Program } from './programs.js'

/** How much of a long trace people are shown. */
const shownEvents = 1_000

/** Steps after which the machine has seen all that it is going to see. */
const warmUpSteps = 300_000

const play = (program: Program, seed: number, steps: number): Promise<Trace> =>
  Simulation.run({ ...program.options, seed, stopAfter: steps, maxSteps: Infinity, history: shownEvents }, program.app)

const run = async (options: Options): Promise<number> => {
  // The name was looked up when the options were read.
  const program = programs[options.example] as Program
  const { seed, steps } = options
  const first = await play(program, seed, steps)
  if (options.format === 'json' && steps < warmUpSteps) await play(program, seed, warmUpSteps - steps)
  const startMs = performance.now()
  const trace = await play(program, seed, steps)
  const seconds = (performance.now() - startMs) / 1_000
  if (trace.sha256 !== first.sha256) {
    process.stderr.write('sim: the same seed gave two different traces; the example is not the same in each run.\n')
    return 1
  }
  process.stdout.write(options.format === 'text' ? `${trace.toString()}\n` : `${jsonOf(trace, options, seconds)}\n`)
  return trace.outcome === 'done' || trace.outcome === 'stopped' ? 0 : 1
}

const jsonOf = (trace: Trace, { example, seed }: Options, seconds: number): string =>
  JSON.stringify({
    example,
    seed,
    steps: trace.steps,
    stepsPerSecond: Math.round(trace.steps / seconds),
    traceSha256: trace.sha256,
    outcome: trace.outcome,
  })

const command = parse(process.argv.slice(2))
if (command._tag === 'Left') {
  process.stderr.write(`sim: ${command.left}\nnpm run sim -- --help lists the options.\n`)
  process.exitCode = 2
} else if (command.right._tag === 'Help') process.stdout.write(help)
else process.exitCode = await run(command.right.options)
