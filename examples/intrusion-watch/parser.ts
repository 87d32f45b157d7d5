/**
 * The parser: understands lines. Supervised; it crashes on request.
 *
 * All it knows is how far the log has got in the years. It hands that to the reader with each line that it is done with, and a
 * restarted parser asks for it back.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, type ActorRef, type Behavior } from 'troupe'
import { advance, secondsAt, type Calendar } from './calendar.js'
import { fateOf, strike, type Chaos } from './chaos.js'
import { restarting } from './supervision.js'
import { failedSource, parseLine } from './syslog.js'

export type ParserCommand =
  /** Go on from here. The lines that follow are those that nobody has confirmed. */
  | { readonly _tag: 'Restore'; readonly attempt: number; readonly calendar: Calendar }
  | { readonly _tag: 'Line'; readonly line: number; readonly text: string }
  | { readonly _tag: 'Close' }

/** What it tells the reader. */
export type ParserReply =
  /** It runs, and knows nothing. */
  | { readonly _tag: 'ParserReady'; readonly parser: ActorRef<ParserCommand> }
  /** It is done with a line; a failure is in the hands of the sources now. */
  | { readonly _tag: 'Parsed'; readonly line: number; readonly calendar: Calendar; readonly isFailure: boolean }

/** A failed attempt to log in. */
export interface Failure {
  readonly _tag: 'Failure'
  readonly line: number
  readonly source: string
  /** On the calendar of the log. */
  readonly seconds: number
  /** The time as it stands in the log. */
  readonly at: string
}

/** What became of a line. */
export interface Recorded {
  readonly _tag: 'Recorded'
  readonly line: number
  /** Undefined for a line that is none of a system log. */
  readonly program: string | undefined
}

/** Who a parser works with. */
export interface ParserProps {
  readonly reader: ActorRef<ParserReply>
  readonly sources: ActorRef<Failure>
  readonly reporter: ActorRef<Recorded>
  readonly chaos: Chaos
}

/** Tells a line's program to the reporter, a failure in it to the sources, and that it is done with it to the reader. */
export const parser = (props: ParserProps): Behavior<ParserCommand> =>
  pipe(
    Behaviors.setup<ParserCommand>((context) => {
      props.reader.tell({ _tag: 'ParserReady', parser: context.self })
      return waiting(props)
    }),
    restarting,
  )

/** Knows nothing yet. Lines that come now were sent to the incarnation before; they will come again. */
const waiting = (props: ParserProps): Behavior<ParserCommand> =>
  Behaviors.receiveMessage((command) => {
    switch (command._tag) {
      case 'Restore':
        return parsing(props, command.attempt, command.calendar)
      case 'Line':
        return Behaviors.same
      case 'Close':
        return Behaviors.stopped
    }
  })

const parsing = (props: ParserProps, attempt: number, restored: Calendar): Behavior<ParserCommand> => {
  const { reader, sources, reporter, chaos } = props
  let calendar = restored
  return Behaviors.receiveMessage((command) => {
    switch (command._tag) {
      case 'Restore':
        return parsing(props, command.attempt, command.calendar)
      case 'Line': {
        const { line, text } = command
        const fate = fateOf(chaos, 'parser', line, attempt)
        strike(fate, 'before', line)
        const parsed = parseLine(text)
        if (parsed._tag === 'None') {
          reporter.tell({ _tag: 'Recorded', line, program: undefined })
          strike(fate, 'middle', line)
          reader.tell({ _tag: 'Parsed', line, calendar, isFailure: false })
        } else {
          const { time, program, text } = parsed.value
          calendar = advance(calendar, time)
          reporter.tell({ _tag: 'Recorded', line, program })
          const source = failedSource(text)
          if (source._tag === 'Some') {
            const seconds = secondsAt(calendar, time)
            sources.tell({ _tag: 'Failure', line, source: source.value, seconds, at: time.text })
          }
          // The calendar has moved on, and others have heard of the line. The reader has not: it will send it again.
          strike(fate, 'middle', line)
          reader.tell({ _tag: 'Parsed', line, calendar, isFailure: source._tag === 'Some' })
        }
        strike(fate, 'after', line)
        return Behaviors.same
      }
      case 'Close':
        return Behaviors.stopped
    }
  })
}
