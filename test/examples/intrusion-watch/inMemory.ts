/**
 * Surroundings without a process: logs are texts, and what is written is kept.
 */
import { left, right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import type { Options } from '../../../examples/intrusion-watch/options.js'
import type { Input, Surroundings } from '../../../examples/intrusion-watch/surroundings.js'

export interface InMemory extends Surroundings {
  readonly written: string[]
  readonly complaints: string[]
  /** Pieces that have been asked for. */
  readonly piecesRead: () => number
}

/** A log that is read in these pieces; an error in place of a piece is thrown when it comes up. */
export type Pieces = readonly (Uint8Array | Error)[]

export const inMemory = (logs: Readonly<Record<string, Pieces>>, rest: Partial<Surroundings> = {}): InMemory => {
  const written: string[] = []
  const complaints: string[] = []
  let read = 0

  const open = (pieces: Pieces) => (): Input => {
    const left = [...pieces]
    return {
      next: () => {
        const piece = left.shift()
        read++
        if (piece instanceof Error) return Promise.reject(piece)
        return Promise.resolve(piece === undefined ? none : some(piece))
      },
      close: () => {},
    }
  }
  return {
    find: (file) => {
      const pieces = logs[file]
      const explain = (error: unknown): string => `${file} broke off: ${(error as Error).message}`
      return Promise.resolve(
        pieces === undefined
          ? left(`no ${file}`)
          : right({ name: file, bytes: undefined, open: open(pieces), explain }),
      )
    },
    write: (text) => written.push(text),
    complain: (line) => complaints.push(line),
    progress: () => none,
    interruption: new AbortController().signal,
    written,
    complaints,
    piecesRead: () => read,
    ...rest,
  }
}

/** The defaults of the command line, for JSON. */
export const options: Options = {
  files: ['log'],
  rule: { threshold: 5, windowSeconds: 600 },
  chaos: { rate: 0, seed: 1 },
  format: 'json',
}

/** A text as one piece. */
export const piece = (text: string): Uint8Array => new TextEncoder().encode(text)

/** What `--format json` prints. */
export interface JsonReport {
  readonly linesRead: number
  readonly linesParsed: number
  readonly linesUnparsed: number
  readonly byProgram: Readonly<Record<string, number>>
  readonly authFailures: {
    readonly total: number
    readonly bySource: readonly { readonly source: string; readonly count: number }[]
  }
  readonly alerts: readonly { readonly source: string; readonly at: string; readonly failuresInWindow: number }[]
  readonly crashes: number
  readonly restarts: number
  readonly deadLetters: number
}
