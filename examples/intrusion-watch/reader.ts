/**
 * The reader: cuts the logs into numbered lines and gives them to the parser, never more than so many at a time.
 *
 * It reads on only when all that it has read is on its way, and sends a line only when an earlier one is settled: that is the back-pressure.
 * A parser that has crashed says that it is ready again, and gets the state back that came with the last line it was done with, and every
 * line after that one.
 */
import type { Either } from 'fp-ts/lib/Either.js'
import { none, some, type Option } from 'fp-ts/lib/Option.js'
import { Behaviors, type ActorContext, type ActorRef, type Behavior, type TaskRejected } from 'troupe'
import type { Calendar } from './calendar.js'
import { InFlight } from './InFlight.js'
import { LineSplitter } from './LineSplitter.js'
import type { ParserCommand, ParserReply } from './parser.js'
import type { FailureCounted } from './sources.js'
import type { Input, Log } from './surroundings.js'

export type ReaderCommand =
  | ParserReply
  | FailureCounted
  /** Read no more, finish what has been sent. */
  | { readonly _tag: 'Interrupt' }
  | { readonly _tag: 'Close' }

interface PieceRead {
  readonly _tag: 'PieceRead'
  readonly piece: Either<TaskRejected, Option<Uint8Array>>
}

/** The logs are at their end and every line is settled. */
export interface AllSettled {
  readonly _tag: 'AllSettled'
  /** A sentence about a log that could not be read to its end. */
  readonly trouble: Option<string>
}

/** How far it has got. */
export interface Advanced {
  readonly _tag: 'Advanced'
  readonly bytes: number
  readonly lines: number
}

export interface ReaderProps {
  readonly logs: readonly Log[]
  readonly guardian: ActorRef<AllSettled>
  readonly reporter: ActorRef<Advanced>
  /** Lines that may be on their way. */
  readonly inFlight: number
}

/** Reads the logs, one after the other. */
export const reader = (props: ReaderProps): Behavior<ReaderCommand> =>
  Behaviors.setup<ReaderCommand | PieceRead>((context) => {
    const reading = new Reading(context, props)
    return Behaviors.receiveMessage(
      (command) => {
        switch (command._tag) {
          case 'ParserReady':
            reading.restore(command.parser)
            return Behaviors.same
          case 'Parsed':
            reading.noteParsed(command.line, command.calendar, command.isFailure)
            return Behaviors.same
          case 'FailureCounted':
            reading.noteCounted()
            return Behaviors.same
          case 'PieceRead':
            reading.take(command.piece)
            return Behaviors.same
          case 'Interrupt':
            reading.end()
            return Behaviors.same
          case 'Close':
            return Behaviors.stopped
        }
      },
      (_, signal) => {
        if (signal._tag === 'PostStop') reading.release()
        return Behaviors.same
      },
    )
  })

/** The state of one reader and the steps that change it; it lives in one actor and is used in its turns only. */
class Reading {
  readonly #context: ActorContext<ReaderCommand | PieceRead>
  readonly #props: ReaderProps
  readonly #inFlight: InFlight
  readonly #splitter = new LineSplitter()
  #parser: ActorRef<ParserCommand> | undefined = undefined
  /** How often a parser has begun. */
  #attempts = 0
  /** The log that is being read, and how many have been begun. */
  #input: Input | undefined = undefined
  #begun = 0
  #isWaiting = false
  #bytes = 0
  /** Lines that were read last; those from `#next` on have not been sent yet. */
  #lines: readonly string[] = []
  #next = 0
  #hasEnded = false
  #hasReported = false
  #trouble: Option<string> = none

  constructor(context: ActorContext<ReaderCommand | PieceRead>, props: ReaderProps) {
    this.#context = context
    this.#props = props
    this.#inFlight = new InFlight(props.inFlight)
  }

  /** A parser begins, or begins again: it is given what the one before it had not confirmed. */
  restore(parser: ActorRef<ParserCommand>): void {
    this.#parser = parser
    this.#attempts++
    parser.tell({ _tag: 'Restore', attempt: this.#attempts, calendar: this.#inFlight.calendar })
    for (const { line, text } of this.#inFlight.unparsed()) parser.tell({ _tag: 'Line', line, text })
    this.#goOn()
  }

  noteParsed(line: number, calendar: Calendar, isFailure: boolean): void {
    this.#inFlight.parsed(line, calendar, isFailure)
    this.#goOn()
  }

  noteCounted(): void {
    this.#inFlight.counted()
    this.#goOn()
  }

  take(piece: Either<TaskRejected, Option<Uint8Array>>): void {
    this.#isWaiting = false
    if (!this.#hasEnded) {
      if (piece._tag === 'Left') this.#fail(piece.left.cause)
      else if (piece.right._tag === 'None') this.#finishLog()
      else this.#split(piece.right.value)
    }
    this.#goOn()
  }

  /** Reads no more, and forgets what has not been sent. */
  end(): void {
    this.#hasEnded = true
    this.#supply([])
    this.release()
    this.#goOn()
  }

  /** Closes what is open. */
  release(): void {
    this.#input?.close()
    this.#input = undefined
  }

  #goOn(): void {
    this.#send()
    if (this.#next < this.#lines.length || this.#isWaiting) return
    if (!this.#hasEnded) this.#readOn()
    else if (this.#inFlight.isSettled) this.#report()
  }

  #send(): void {
    const parser = this.#parser
    if (parser === undefined) return
    while (this.#next < this.#lines.length && this.#inFlight.hasRoom) {
      // The index has just been compared.
      const { line, text } = this.#inFlight.add(this.#lines[this.#next++] as string)
      parser.tell({ _tag: 'Line', line, text })
    }
  }

  #readOn(): void {
    this.#input ??= this.#props.logs[this.#begun++]?.open()
    const input = this.#input
    if (input === undefined) {
      this.#hasEnded = true
      this.#goOn()
      return
    }
    this.#isWaiting = true
    this.#context.pipeToSelf(
      () => input.next(),
      (piece) => ({ _tag: 'PieceRead', piece }),
    )
  }

  #split(piece: Uint8Array): void {
    this.#supply(this.#splitter.push(piece))
    this.#bytes += piece.byteLength
    this.#props.reporter.tell({ _tag: 'Advanced', bytes: this.#bytes, lines: this.#inFlight.sent })
  }

  #finishLog(): void {
    this.#supply(this.#splitter.end())
    this.release()
  }

  #fail(cause: unknown): void {
    const log = this.#props.logs[this.#begun - 1]
    this.#trouble = log === undefined ? none : some(log.explain(cause))
    this.end()
  }

  #supply(lines: readonly string[]): void {
    this.#lines = lines
    this.#next = 0
  }

  #report(): void {
    if (this.#hasReported) return
    this.#hasReported = true
    this.#props.guardian.tell({ _tag: 'AllSettled', trouble: this.#trouble })
  }
}
