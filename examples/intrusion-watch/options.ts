/**
 * The command line, as data. Pure.
 */
import { parseArgs } from 'node:util'
import { Do, bind, chain, left, map, right, tryCatch, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Chaos } from './chaos.js'
import type { Rule } from './window.js'

/** What the user wants. */
export interface Options {
  /** In order; `-` is standard input. None: the sample. */
  readonly files: readonly string[]
  readonly rule: Rule
  readonly chaos: Chaos
  readonly format: Format
}

export type Format = 'text' | 'json'

/** A request for help is none for a run. */
export type Command = { readonly _tag: 'Help' } | { readonly _tag: 'Run'; readonly options: Options }

export const help = `Watches system logs for break-in attempts: counts the authentication failures of each remote host, and raises an
alert for a host at its fifth failure within ten minutes.

usage: npm start -- [options] [FILE…]

  FILE…                  logs to read, one after the other; - is standard input.
                         Without a file it reads the sample that lies beside the program.
  --threshold N          failures that raise an alert, from 1 to 1000 (5)
  --window-seconds N     seconds in which they lie, from 0 to 31536000 (600)
  --format text|json     a report for people, or one JSON object (text)
  --chaos P              crash the parser and the sources at random (0), P being from 0 to 0.95: each line that
                         the parser handles and each failure that a source handles ends in a crash with this
                         probability, before, in the middle of or after the change of state that it makes.
                         What was not done is tried again and may crash again. So there are about
                         P × (lines + failures) / (1 − ⅔ P) crashes. What is found is the same without.
  --seed N               which crashes, from 0 to 4294967295 (1)
  --help                 this

A line is parsed when it reads 'Mmm d hh:mm:ss host program…: text'; all others are counted as not parsed. Lines
end in LF or CRLF, and of a line longer than 65,536 characters only those are looked at.

Exit code: 0 done; 1 a defect of the program; 2 wrong use, or a file that cannot be read; 130 interrupted.
`

/** Understands the arguments; left is a sentence that says what is wrong with them. */
export const parse = (args: readonly string[]): Either<string, Command> =>
  pipe(
    split(args),
    chain(({ values, positionals }) => (values.help === true ? right({ _tag: 'Help' }) : runOf(values, positionals))),
  )

const shape = {
  threshold: { type: 'string', default: '5' },
  'window-seconds': { type: 'string', default: '600' },
  format: { type: 'string', default: 'text' },
  chaos: { type: 'string', default: '0' },
  seed: { type: 'string', default: '1' },
  help: { type: 'boolean', short: 'h' },
} as const

type Split = ReturnType<typeof parseArgs<{ options: typeof shape; allowPositionals: true }>>
type Values = Split['values']

const split = (args: readonly string[]): Either<string, Split> =>
  tryCatch(() => parseArgs({ args: [...args], options: shape, allowPositionals: true }), sentenceOf)

/** `parseArgs` throws for what users get wrong, and says what in its first sentence. */
export const sentenceOf = (error: unknown): string =>
  `${/^.*?(?=[.] |[.]?\n|[.]?$)/.exec(error instanceof Error ? error.message : String(error))?.[0] ?? ''}.`

const runOf = (values: Values, files: readonly string[]): Either<string, Command> =>
  pipe(
    Do,
    bind('threshold', () => whole('--threshold', values.threshold, 1, 1_000)),
    bind('windowSeconds', () => whole('--window-seconds', values['window-seconds'], 0, 31_536_000)),
    bind('rate', () => rateOf(values.chaos)),
    bind('seed', () => whole('--seed', values.seed, 0, 4_294_967_295)),
    bind('format', () => formatOf(values.format)),
    bind('files', () => filesOf(files)),
    map(({ threshold, windowSeconds, rate, seed, format, files }) => ({
      _tag: 'Run',
      options: { files, rule: { threshold, windowSeconds }, chaos: { rate, seed }, format },
    })),
  )

/** A number of the command line. */
export const whole = (name: string, text: string, least: number, most: number): Either<string, number> =>
  /^\d+$/.test(text) && +text >= least && +text <= most
    ? right(+text)
    : left(`${name} is '${text}', but must be a whole number from ${least} to ${most}.`)

const rateOf = (text: string): Either<string, number> =>
  /^(?:\d+\.?\d*|\.\d+)$/.test(text) && +text <= highestRate
    ? right(+text)
    : left(`--chaos is '${text}', but must be a number from 0 to ${highestRate}, such as 0.02: the chance of a crash.`)

/** Work that always crashes would never be done. */
const highestRate = 0.95

const formatOf = (text: string): Either<string, Format> =>
  text === 'text' || text === 'json' ? right(text) : left(`--format is '${text}', but must be text or json.`)

const filesOf = (files: readonly string[]): Either<string, readonly string[]> =>
  files.filter((file) => file === '-').length > 1
    ? left('- is given more than once, but standard input can be read only once.')
    : right(files)
