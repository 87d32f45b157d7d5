/**
 * A trace for reading: as lines, and as a sequence diagram.
 */
import { show } from '../show.js'
import type { SimulationOutcome, Trace, TraceEvent } from './Trace.js'

/** A line for each step, and below it what the step brought about. */
export const textOf = (trace: Trace): string =>
  [headingOf(trace), ...omissionOf(trace.omitted), ...trace.events.map(lineOf), ...endOf(trace)].join('\n')

/** More than anybody reads in a report of failed tests. */
const mostEvents = 200
const mostWaiting = 20

/** The message of a failure: how it ended comes first, and of a long trace only the end is shown, as lines and as a diagram. */
export const reportOf = (trace: Trace): string => {
  const hidden = Math.max(0, trace.events.length - mostEvents)
  const events = trace.events.slice(hidden)
  const { waiting } = trace
  const lines = [
    headingOf(trace),
    ...endOf({ ...trace, waiting: waiting.slice(0, mostWaiting) }),
    ...(waiting.length > mostWaiting ? [`And ${String(waiting.length - mostWaiting)} more wait.`] : []),
    ...omissionOf(trace.omitted + hidden),
    ...(hidden > 0 ? ['  (the trace of this error has more of them: error.trace.toString())'] : []),
    ...events.map(lineOf),
  ]
  return `${lines.join('\n')}\n\n${mermaidOf({ ...trace, events })}`
}

const headingOf = (trace: Trace): string =>
  `Simulation with seed ${String(trace.seed)}: ${describeOutcome(trace)} after ${count(trace.steps, 'step')} and ` +
  `${String(trace.elapsedMs)} ms of virtual time.`

const omissionOf = (omitted: number): readonly string[] =>
  omitted > 0 ? [`  (the first ${count(omitted, 'event')} are not shown)`] : []

const words: Readonly<Record<SimulationOutcome, string>> = {
  done: 'done',
  deadlock: 'deadlock',
  livelock: 'livelock, the bound of steps is reached',
  realWorld: 'somebody waits for the real world',
  failed: 'failed',
  stopped: 'stopped as asked',
  cut: 'given up by the search',
}

const describeOutcome = ({ outcome }: Trace): string => words[outcome]

const count = (number: number, noun: string): string => `${String(number)} ${noun}${number === 1 ? '' : 's'}`

const deeper = '        '

const lineOf = (event: TraceEvent): string => {
  const step = `${`#${String(event.step)}`.padStart(6)}  `
  switch (event._tag) {
    case 'Told':
      return `${deeper}  ${event.from} tells ${event.to} ${show(event.message, deeper)}`
    case 'Handled':
      return `${step}${event.actor} handles ${show(event.message, deeper)}${originOf(event)}`
    case 'Signalled':
      return `${step}${event.actor} sees ${signalOf(event, deeper)}`
    case 'Turn':
      return `${step}${event.actor} has a turn without message or signal`
    case 'Started':
      return `${step}${event.actor} starts`
    case 'Restarted':
      return `${step}${event.actor} starts again`
    case 'Stopped':
      return `${step}${event.actor} has stopped`
    case 'Failed':
      return `${deeper}  ${event.actor} FAILS with ${show(event.cause, deeper)}: ${event.outcome}`
    case 'Injected':
      return `${deeper}  fault: ${event.fault} of ${event.actor}`
    case 'Lost':
      return `${deeper}  ${show(event.message, deeper)} to ${event.actor} is ${event.how}`
    case 'TimePassed':
      return `${deeper}it is ${String(event.nowMs)} ms`
    case 'TaskStarted':
      return `${deeper}  ${event.actor} starts a task`
    case 'TaskSettled':
      return `${step}the task of ${event.actor} has ended`
    case 'AskTimedOut':
      return `${deeper}  the ask of ${event.actor} has run out of time`
    case 'Carried':
      return `${step}${event.link} carries what is next`
  }
}

const originOf = ({ number, from }: Extract<TraceEvent, { readonly _tag: 'Handled' }>): string =>
  number === undefined ? '' : ` from ${from}`

/** Its name, whom it is about, and why. */
const signalOf = (
  { name, of, signal }: Extract<TraceEvent, { readonly _tag: 'Signalled' }>,
  indent?: string,
): string => {
  const about = of === undefined ? name : `${name} of ${of}`
  switch (signal._tag) {
    case 'Terminated':
      return signal.cause._tag === 'None' ? about : `${about}, ${show(signal.cause.value, indent)}`
    case 'MessageAdaptionFailure':
      return `${about} of ${show(signal.message, indent)}, ${show(signal.cause, indent)}`
    case 'PreRestart':
    case 'PostStop':
      return about
  }
}

const endOf = (trace: Trace): readonly string[] => [
  ...trace.waiting.map(({ actor, waitsFor }) => `${actor} waits for ${waitsFor}.`),
  ...(trace.outcome === 'failed' ? [describeFailure(trace.failure)] : []),
]

const describeFailure = (failure: unknown): string =>
  failure instanceof Error ? `${failure.name}: ${failure.message}` : show(failure)

/** Only what goes from one to another, and what changes a life. */
export const mermaidOf = (trace: Trace): string => {
  const names = new Map<string, string>()
  const lines = trace.events.flatMap((event) => {
    const line = arrowOf(event, (name) => {
      const known = names.get(name)
      if (known !== undefined) return known
      const made = `p${String(names.size)}`
      names.set(name, made)
      return made
    })
    return line === undefined ? [] : [line]
  })
  return [
    'sequenceDiagram',
    ...[...names].map(([name, id]) => `  participant ${id} as ${plain(name)}`),
    ...lines.map((line) => `  ${line}`),
    ...(names.size === 0 ? [] : [`  Note over p0: ${plain([describeOutcome(trace), ...endOf(trace)].join(', '))}`]),
  ].join('\n')
}

type IdOf = (name: string) => string

const arrowOf = (event: TraceEvent, idOf: IdOf): string | undefined => {
  switch (event._tag) {
    case 'Handled':
      return `${idOf(event.from)}->>${idOf(event.actor)}: ${plain(show(event.message))}`
    case 'Signalled':
      return `Note over ${idOf(event.actor)}: sees ${plain(signalOf(event))}`
    case 'Lost':
      return `Note over ${idOf(event.actor)}: ${plain(show(event.message))} is ${event.how}`
    case 'Failed':
      return `Note over ${idOf(event.actor)}: fails, ${event.outcome}`
    case 'Injected':
      return `Note over ${idOf(event.actor)}: fault ${event.fault}`
    case 'Restarted':
      return `Note over ${idOf(event.actor)}: starts again`
    case 'Stopped':
      return `Note over ${idOf(event.actor)}: stopped`
    case 'AskTimedOut':
      return `Note over ${idOf(event.actor)}: ask timed out`
    case 'TimePassed':
    case 'Told':
    case 'Turn':
    case 'Started':
    case 'TaskStarted':
    case 'TaskSettled':
    case 'Carried':
      return undefined
  }
}

const longest = 60

/** Text that ends no line of a diagram: short, on one line, without the signs that mean something there. */
const plain = (text: string): string => {
  const flat = text.replaceAll(/\s+/g, ' ').replaceAll(/[;#%<>]/g, ',')
  return flat.length > longest ? `${flat.slice(0, longest)}…` : flat
}
