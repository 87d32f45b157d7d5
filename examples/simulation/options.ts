/**
 * The command line, as data. Pure.
 */
import { parseArgs } from 'node:util'
import { Do, bind, chain, left, map, right, tryCatch, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { programs } from './programs.js'

/** What the user wants. */
export interface Options {
  readonly example: string
  readonly seed: number
  readonly steps: number
  readonly format: 'text' | 'json'
}

/** A request for help is none for a run. */
export type Command = { readonly _tag: 'Help' } | { readonly _tag: 'Run'; readonly options: Options }

const names = Object.keys(programs)

export const help: string = `Runs an example under simulation: real actors in virtual time, in an order that a seed decides.

usage: npm run sim -- --example NAME [options]

  --example NAME         one of ${names.join(', ')}
  --seed N               decides the order, and what crashes, from 0 to 4294967295 (0)
  --steps M              stop after so many steps, from 1 to 10000000 (100000)
  --format text|json     the trace for people, or one JSON object (text)
  --help                 this

The object has the fields example, seed, steps, stepsPerSecond, traceSha256 and outcome. The program is run more
than once: what is measured are runs of half a second together, when the machine is warm, and the trace of the last has to be that of
the first.

Exit code: 0 done or stopped; 1 the example failed, or came to no end; 2 wrong use.
`

const shape = {
  example: { type: 'string' },
  seed: { type: 'string', default: '0' },
  steps: { type: 'string', default: '100000' },
  format: { type: 'string', default: 'text' },
  help: { type: 'boolean', short: 'h' },
} as const

type Values = ReturnType<typeof parseArgs<{ options: typeof shape }>>['values']

/** Understands the arguments; left is a sentence that says what is wrong with them. */
export const parse = (args: readonly string[]): Either<string, Command> =>
  pipe(
    split(args),
    chain((values) => (values.help === true ? right({ _tag: 'Help' }) : runOf(values))),
  )

const split = (args: readonly string[]): Either<string, Values> =>
  tryCatch(
    () => parseArgs({ args: [...args], options: shape }).values,
    // It throws for what users get wrong, and says what in its first sentence.
    (error) =>
      `${/^.*?(?=[.] |[.]?\n|[.]?$)/.exec(error instanceof Error ? error.message : String(error))?.[0] ?? ''}.`,
  )

const runOf = (values: Values): Either<string, Command> =>
  pipe(
    Do,
    bind('example', () => exampleOf(values.example)),
    bind('seed', () => whole('--seed', values.seed, 0, 4_294_967_295)),
    bind('steps', () => whole('--steps', values.steps, 1, 10_000_000)),
    bind('format', () => formatOf(values.format)),
    map((options) => ({ _tag: 'Run', options })),
  )

const exampleOf = (name: string | undefined): Either<string, string> => {
  if (name === undefined) return left(`--example is missing; give one of ${names.join(', ')}.`)
  return names.includes(name) ? right(name) : left(`There is no example '${name}'; give one of ${names.join(', ')}.`)
}

const whole = (name: string, text: string, least: number, most: number): Either<string, number> =>
  /^\d+$/.test(text) && +text >= least && +text <= most
    ? right(+text)
    : left(`${name} is '${text}', but must be a whole number from ${least} to ${most}.`)

const formatOf = (text: string): Either<string, Options['format']> =>
  text === 'text' || text === 'json' ? right(text) : left(`--format is '${text}', but must be text or json.`)
