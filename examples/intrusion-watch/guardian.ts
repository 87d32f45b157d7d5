/**
 * The guardian: sets the others up, and has them stop one by one, in the order in which work passes through them, so that no message is
 * on its way to one that is gone.
 *
 * ```
 *   reader ──lines──► parser ──failures──► sources ──► a source each
 *     ▲                 │  └──── what a line is ────► reporter ◄── alarms
 *     └── done with it ─┘                                      ◄── crashes and restarts
 * ```
 */
import type { Option } from 'fp-ts/lib/Option.js'
import { Behaviors, isChildFailed, type ActorContext, type ActorRef, type Behavior, type Signal } from 'troupe'
import type { Chaos } from './chaos.js'
import { parser, type ParserCommand } from './parser.js'
import { reader, type AllSettled, type ReaderCommand } from './reader.js'
import type { Outcome } from './report.js'
import { reporter, type Calm, type ReporterCommand, type ReporterProps } from './reporter.js'
import { sources, type SourcesCommand, type Tallied } from './sources.js'
import type { Log } from './surroundings.js'
import type { Rule } from './window.js'

export type GuardianCommand =
  /** Read everything, then reply. */
  | { readonly _tag: 'Watch'; readonly replyTo: ActorRef<Outcome> }
  /** Come to an end with what has been read so far. */
  | { readonly _tag: 'Interrupt' }

export interface GuardianProps extends ReporterProps {
  readonly logs: readonly Log[]
  readonly rule: Rule
  readonly chaos: Chaos
  /** Lines on their way. */
  readonly inFlight: number
  /** Milliseconds after which a source without work leaves. */
  readonly idleMs: number
  /** Sources that may be awake. */
  readonly awake: number
}

type Protocol = GuardianCommand | AllSettled | Calm | Tallied

/** The others, in the order in which work passes through them. */
interface Crew {
  readonly reader: ActorRef<ReaderCommand>
  readonly parser: ActorRef<ParserCommand>
  readonly sources: ActorRef<SourcesCommand>
  readonly reporter: ActorRef<ReporterCommand>
}

/** Waits to be told to watch. */
export const guardian = (props: GuardianProps): Behavior<GuardianCommand> =>
  Behaviors.receive<Protocol>((context, command) =>
    command._tag === 'Watch' ? watching(crewOf(context, props), command.replyTo) : Behaviors.unhandled,
  )

const crewOf = (context: ActorContext<Protocol>, props: GuardianProps): Crew => {
  const { logs, inFlight, chaos } = props
  const reporting = context.spawn(reporter(props), 'reporter')
  const reading = context.spawn(reader({ logs, inFlight, guardian: context.self, reporter: reporting }), 'reader')
  const counting = context.spawn(sources({ ...props, reader: reading, reporter: reporting }), 'sources')
  const parsing = context.spawn(parser({ reader: reading, sources: counting, reporter: reporting, chaos }), 'parser')
  for (const each of [reporting, reading, counting, parsing]) context.watch(each)
  return { reader: reading, parser: parsing, sources: counting, reporter: reporting }
}

const watching = (crew: Crew, replyTo: ActorRef<Outcome>): Behavior<Protocol> =>
  Behaviors.receive<Protocol>((context, command) => {
    switch (command._tag) {
      case 'Interrupt':
        crew.reader.tell({ _tag: 'Interrupt' })
        return Behaviors.same
      case 'AllSettled':
        crew.reporter.tell({ _tag: 'AwaitCalm', replyTo: context.self })
        return calming(crew, command.trouble, replyTo)
      default:
        return Behaviors.unhandled
    }
  }, escalate)

/** All is counted; an actor whose last act was to crash may still be on its way up. */
const calming = (crew: Crew, trouble: Option<string>, replyTo: ActorRef<Outcome>): Behavior<Protocol> =>
  Behaviors.receive<Protocol>((context, command) => {
    switch (command._tag) {
      case 'Interrupt':
        return Behaviors.same
      case 'Calm':
        crew.reader.tell({ _tag: 'Close' })
        return closing(crew, { tree: context.system.printTree(), tallies: [], trouble, replyTo })
      default:
        return Behaviors.unhandled
    }
  }, escalate)

type Finish = Extract<ReporterCommand, { readonly _tag: 'Finish' }>

/** Closes each when the one before it has stopped. */
const closing = (crew: Crew, known: Omit<Finish, '_tag'>): Behavior<Protocol> =>
  Behaviors.receive<Protocol>(
    (_, command) => {
      switch (command._tag) {
        case 'Interrupt':
          return Behaviors.same
        case 'Tallied':
          return closing(crew, { ...known, tallies: command.tallies })
        default:
          return Behaviors.unhandled
      }
    },
    (context, signal) => {
      if (signal._tag !== 'Terminated' || isChildFailed(signal)) return escalate(context, signal)
      if (signal.ref.equals(crew.reader)) crew.parser.tell({ _tag: 'Close' })
      if (signal.ref.equals(crew.parser)) crew.sources.tell({ _tag: 'Close', replyTo: context.self })
      if (signal.ref.equals(crew.sources)) crew.reporter.tell({ _tag: 'Finish', ...known })
      return signal.ref.equals(crew.reporter) ? Behaviors.stopped : Behaviors.same
    },
  )

/** One of the crew has given up: there is no going on without it. */
const escalate = (_: ActorContext<Protocol>, signal: Signal): Behavior<Protocol> => {
  if (signal._tag !== 'Terminated') return Behaviors.same
  throw isChildFailed(signal) ? signal.cause.value : new Error(`${signal.ref.toString()} has stopped before its time.`)
}
