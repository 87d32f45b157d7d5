/**
 * What the program needs of the world. `main.ts` has the real one; a test makes its own.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import type { ActorSystemOptions } from 'troupe'

/** A log that is being read. */
export interface Input {
  /** The next piece, none at the end. It is asked for one piece at a time. */
  next(): Promise<Option<Uint8Array>>
  /** Ends it; a piece that is being waited for will not come. */
  close(): void
}

/** A place to read from: looked at before anything is opened. */
export interface Log {
  /** For people. */
  readonly name: string
  /** Undefined when it cannot be known. */
  readonly bytes: number | undefined
  open(): Input
  /** A sentence about an error that came up while reading. */
  explain(error: unknown): string
}

/** Shows how far the work has got. */
export interface Progress {
  update(bytes: number, lines: number): void
  stop(): void
}

export interface Surroundings {
  /** Finds a log, `-` being standard input; left is a sentence that says why it cannot be read. */
  readonly find: (file: string) => Promise<Either<string, Log>>
  /** Writes to standard output. */
  readonly write: (text: string) => void
  /** Writes a line to standard error. */
  readonly complain: (line: string) => void
  /** Something that shows progress on a job of so many bytes; none when nobody would see it, or it will not take long. */
  readonly progress: (bytes: number | undefined) => Option<Progress>
  /** Fires when the user wants it to end. */
  readonly interruption: AbortSignal
  /** What the actor system is given beyond its defaults: a test brings a clock, a dispatcher or a probe of its own. */
  readonly system?: Pick<ActorSystemOptions, 'clock' | 'dispatcher' | 'probe'>
}
