/**
 * Runs an example under simulation: `npm run sim -- --help`.
 */
import { Simulation, type Trace } from 'troupe/testkit'
import { help, parse, type Options } from './options.js'
import { programs, type Program } from './programs.js'

/** How much of a long trace people are shown. */
const shownEvents = 1_000

/** Steps after which the machine has seen all that it is going to see. */
const warmUpSteps = 200_000

/** For so long at least the program is played to tell how fast it is. */
const measuredMs = 400

interface Measured {
  readonly trace: Trace
  readonly stepsPerSecond: number
}

const play = (program: Program, seed: number, steps: number): Promise<Trace> =>
  Simulation.run({ ...program.options, seed, stopAfter: steps, maxSteps: Infinity, history: shownEvents }, program.app)

const run = async (options: Options): Promise<number> => {
  // The name was looked up when the options were read.
  const program = programs[options.example] as Program
  const { seed, steps } = options
  const first = await play(program, seed, steps)
  if (options.format === 'json' && steps < warmUpSteps) await play(program, seed, warmUpSteps - steps)
  const again = (): Promise<Trace> => play(program, seed, steps)
  const { trace, stepsPerSecond } = await (options.format === 'json' ? measured(again) : once(again))
  if (trace.sha256 !== first.sha256) {
    process.stderr.write('sim: the same seed gave two different traces; the example is not the same in each run.\n')
    return 1
  }
  process.stdout.write(
    options.format === 'text' ? `${trace.toString()}\n` : `${jsonOf(trace, options, stepsPerSecond)}\n`,
  )
  return trace.outcome === 'done' || trace.outcome === 'stopped' ? 0 : 1
}

const once = async (play: () => Promise<Trace>): Promise<Measured> => ({ trace: await play(), stepsPerSecond: 0 })

/** Plays again and again, for a run of a few steps is over before a clock can tell how fast it was. */
const measured = async (play: () => Promise<Trace>): Promise<Measured> => {
  const startMs = performance.now()
  let steps = 0
  for (;;) {
    const trace = await play()
    steps += trace.steps
    const elapsedMs = performance.now() - startMs
    if (elapsedMs >= measuredMs) return { trace, stepsPerSecond: Math.round((steps * 1_000) / elapsedMs) }
  }
}

const jsonOf = (trace: Trace, { example, seed }: Options, stepsPerSecond: number): string =>
  JSON.stringify({
    example,
    seed,
    steps: trace.steps,
    stepsPerSecond,
    traceSha256: trace.sha256,
    outcome: trace.outcome,
  })

// Whoever reads the trace may have had enough of it: `npm run sim -- --example bank | head -3`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  process.stderr.write(`sim: The trace could not be written: ${error.message}\n`)
  process.exitCode = 1
})

const command = parse(process.argv.slice(2))
if (command._tag === 'Left') {
  process.stderr.write(`sim: ${command.left}\nnpm run sim -- --help lists the options.\n`)
  process.exitCode = 2
} else if (command.right._tag === 'Help') process.stdout.write(help)
else process.exitCode = await run(command.right.options)
