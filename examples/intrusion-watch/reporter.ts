/**
 * The reporter: hears what became of each line, of the alarms, and from the event stream of every crash and restart, and makes the report.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import { Behaviors, type ActorRef, type Behavior } from 'troupe'
import type { ActorFailed, ActorRestarted, DeadLetter } from 'troupe'
import type { Recorded } from './parser.js'
import type { Advanced } from './reader.js'
import { ranked, type Counted, type Outcome } from './report.js'
import type { Alarm } from './sources.js'
import { detached } from './syslog.js'
import type { Alert } from './window.js'

export type ReporterCommand =
  | Recorded
  | Alarm
  | Advanced
  /** Say when every actor that has crashed is up again. */
  | { readonly _tag: 'AwaitCalm'; readonly replyTo: ActorRef<Calm> }
  /** All others have stopped: make the report. */
  | {
      readonly _tag: 'Finish'
      readonly tallies: readonly Counted[]
      readonly tree: string
      readonly trouble: Option<string>
      readonly replyTo: ActorRef<Outcome>
    }

/** Every actor that has crashed is up again. */
export interface Calm {
  readonly _tag: 'Calm'
}

export interface ReporterProps {
  readonly onProgress: (bytes: number, lines: number) => void
  readonly onAlert: (alert: Alert) => void
}

/** Crashes that are told one by one. */
const crashesTold = 3

/** Counts, and reports in the end. */
export const reporter = (props: ReporterProps): Behavior<ReporterCommand> =>
  Behaviors.setup<ReporterCommand | ActorFailed | ActorRestarted | DeadLetter>((context) => {
    const { eventStream } = context.system
    eventStream.subscribe(context.self, 'ActorFailed')
    eventStream.subscribe(context.self, 'ActorRestarted')
    eventStream.subscribe(context.self, 'DeadLetter')
    return reporting(props)
  })

const reporting = ({ onProgress, onAlert }: ReporterProps) => {
  const byProgram = new Map<string, number>()
  const alerts: Alert[] = []
  const firstCrashes: string[] = []
  let linesRead = 0
  let linesParsed = 0
  let crashes = 0
  let restarts = 0
  let deadLetters = 0
  let awaitingCalm: ActorRef<Calm> | undefined

  const countLine = (line: number, program: string | undefined): void => {
    // A parser that crashed says again what it had said.
    if (line <= linesRead) return
    linesRead = line
    if (program === undefined) return
    linesParsed++
    const count = byProgram.get(program)
    if (count === undefined) byProgram.set(detached(program), 1)
    else byProgram.set(program, count + 1)
  }

  const tellCalm = (): void => {
    if (restarts < crashes) return
    awaitingCalm?.tell({ _tag: 'Calm' })
    awaitingCalm = undefined
  }

  const outcomeOf = (tallies: readonly Counted[], tree: string, trouble: Option<string>): Outcome => ({
    report: {
      linesRead,
      linesParsed,
      linesUnparsed: linesRead - linesParsed,
      byProgram: ranked(Array.from(byProgram, ([name, count]) => ({ name, count }))),
      authFailures: {
        total: tallies.reduce((total, { count }) => total + count, 0),
        bySource: ranked(tallies),
      },
      alerts: alerts.sort((one, other) => one.line - other.line),
      crashes,
      restarts,
      deadLetters,
    },
    tree,
    firstCrashes,
    trouble,
  })

  return Behaviors.receiveMessage<ReporterCommand | ActorFailed | ActorRestarted | DeadLetter>((command) => {
    switch (command._tag) {
      case 'Recorded':
        countLine(command.line, command.program)
        return Behaviors.same
      case 'Alarm':
        alerts.push(command.alert)
        onAlert(command.alert)
        return Behaviors.same
      case 'Advanced':
        onProgress(command.bytes, command.lines)
        return Behaviors.same
      case 'ActorFailed':
        if (crashes++ < crashesTold) firstCrashes.push(`${command.ref.path.toString()}: ${textOf(command.cause)}`)
        return Behaviors.same
      case 'ActorRestarted':
        restarts++
        tellCalm()
        return Behaviors.same
      case 'DeadLetter':
        deadLetters++
        return Behaviors.same
      case 'AwaitCalm':
        awaitingCalm = command.replyTo
        tellCalm()
        return Behaviors.same
      case 'Finish':
        command.replyTo.tell(outcomeOf(command.tallies, command.tree, command.trouble))
        return Behaviors.stopped
    }
  })
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
