/**
 * A source: counts the failures of one remote host and raises the alarm. Supervised; it crashes on request.
 *
 * It hands its tally over with each failure that it has counted. So it can crash at any moment, or leave when it has been idle: the
 * next incarnation is given the tally and goes on.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, type ActorContext, type ActorRef, type Behavior } from 'troupe'
import { fateOf, strike, type Chaos } from './chaos.js'
import type { Failure } from './parser.js'
import { restarting } from './supervision.js'
import { detached } from './syslog.js'
import { emptyWindow, isReached, slide, type Alert, type Rule, type Tally } from './window.js'

export type SourceCommand =
  /** Go on from here. The failures that follow are those that are not counted yet. */
  { readonly _tag: 'Restore'; readonly attempt: number; readonly tally: Tally } | Failure | { readonly _tag: 'Leave' }

/** Told to itself when nothing has come for a while. */
interface Idle {
  readonly _tag: 'Idle'
}

/** What it tells the registry. */
export type SourceReply =
  /** It runs, and knows nothing. */
  | { readonly _tag: 'SourceReady'; readonly source: string }
  /** The failure of this line is in the tally. */
  | { readonly _tag: 'Counted'; readonly source: string; readonly line: number; readonly tally: Tally }
  /** It has been idle and would leave: its tally has been handed over. The registry knows whether more is on its way. */
  | { readonly _tag: 'LeaveRequest'; readonly source: string }

export interface SourceProps {
  readonly source: string
  readonly registry: ActorRef<SourceReply>
  readonly rule: Rule
  readonly chaos: Chaos
  /** Milliseconds without a message after which it asks for leave. */
  readonly idleMs: number
}

/** Counts failures for as long as it is needed. */
export const source = (props: SourceProps): Behavior<SourceCommand> =>
  pipe(
    Behaviors.setup<SourceCommand | Idle>((context) => {
      props.registry.tell({ _tag: 'SourceReady', source: props.source })
      return waiting(context, props)
    }),
    restarting,
  )

/** Knows nothing yet. Failures that come now were sent to the incarnation before; they will come again. */
const waiting = (context: ActorContext<SourceCommand | Idle>, props: SourceProps): Behavior<SourceCommand | Idle> =>
  Behaviors.receiveMessage((command) => {
    switch (command._tag) {
      case 'Restore':
        context.setReceiveTimeout(props.idleMs, { _tag: 'Idle' })
        return counting(props, command.attempt, command.tally)
      case 'Failure':
      case 'Idle':
        return Behaviors.same
      case 'Leave':
        return Behaviors.stopped
    }
  })

const counting = (props: SourceProps, attempt: number, restored: Tally): Behavior<SourceCommand | Idle> => {
  const { source, registry, rule, chaos } = props
  let { count, window, alert } = restored
  return Behaviors.receiveMessage((command) => {
    switch (command._tag) {
      case 'Restore':
        return counting(props, command.attempt, command.tally)
      case 'Failure': {
        const { line, seconds, at } = command
        const fate = fateOf(chaos, 'source', line, attempt)
        strike(fate, 'before', line)
        count += 1
        // The count has gone up and the window does not know.
        strike(fate, 'middle', line)
        if (alert === undefined) {
          window = slide(window, seconds, rule)
          if (isReached(window, rule)) {
            alert = raised(source, line, at, window.length)
            window = emptyWindow
          }
        }
        registry.tell({ _tag: 'Counted', source, line, tally: { count, window, alert } })
        strike(fate, 'after', line)
        return Behaviors.same
      }
      case 'Idle':
        registry.tell({ _tag: 'LeaveRequest', source })
        return Behaviors.same
      case 'Leave':
        return Behaviors.stopped
    }
  })
}

const raised = (source: string, line: number, at: string, failuresInWindow: number): Alert => ({
  source,
  line,
  at: detached(at),
  failuresInWindow,
})
