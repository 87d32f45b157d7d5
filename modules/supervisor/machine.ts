/**
 * A supervisor as a value: what it knows of its children, and what it does next when something happens. Nothing here starts or stops
 * anything; `shell.ts` carries out what comes out.
 *
 * What takes several steps is a job: stop these, one after the other, then start those, one after the other. There is one at a time; what
 * happens meanwhile and is not part of it waits until it is done.
 *
 * ```
 *   restForOne, b of a b c d has ended:   stop d, stop c · start b, start c, start d
 * ```
 */
import { OrderedMap } from '../base/index.js'
import type { ActorRef } from '../model/index.js'
import { left, none, right, some, type Either, type Option } from '../model/internal.js'
import { clashWith, type ChildShutdown, type Startable } from './ChildSpec.js'
import type { ChildCounts, ChildInfo, SupervisorCommand } from './commands.js'
import type { Flags } from './flags.js'
import * as failures from './failures.js'
import { SupervisorFailure } from './failures.js'
import { countRestart } from './restarts.js'

/** What a supervisor knows of one child. */
export interface Child {
  readonly startable: Startable
  /** Stopping and starting are steps of the job; restarting waits for a try that is due, ended for the job to be done. */
  readonly state: 'running' | 'starting' | 'stopping' | 'ended' | 'restarting' | 'stopped'
  /** The last one it had; undefined before its first start. */
  readonly ref: ActorRef<never> | undefined
}

/** Who wants to know of the end of a job, and how a start that fails is taken. */
type Purpose =
  | { readonly _tag: 'Begin' }
  | { readonly _tag: 'Restart' }
  | Extract<SupervisorCommand, { readonly _tag: 'StartChild' | 'RestartChild' | 'TerminateChild' }>

interface Job {
  readonly stop: readonly string[]
  readonly start: readonly string[]
  /** So many steps are done. */
  readonly done: number
  readonly purpose: Purpose
  /** The child that it started last. */
  readonly last: ActorRef<never> | undefined
}

/** A child that ended while a job went on that it is no part of. */
interface Ended {
  readonly id: string
  readonly cause: Option<unknown>
}

export interface Machine {
  readonly flags: Flags
  /** In the order of their start. */
  readonly children: OrderedMap<Child>
  /** How many of them are significant and not stopped. */
  readonly significant: number
  readonly restartsMs: readonly number[]
  readonly job: Job | undefined
  /** In the order of their end. */
  readonly ended: OrderedMap<Ended>
}

export type Event =
  | { readonly _tag: 'Began' }
  | { readonly _tag: 'Spawned'; readonly id: string; readonly ref: ActorRef<never> }
  /** It could not even be made. */
  | { readonly _tag: 'NotMade'; readonly id: string; readonly cause: unknown }
  | { readonly _tag: 'Started'; readonly ref: ActorRef<never> }
  | { readonly _tag: 'Ended'; readonly ref: ActorRef<never>; readonly cause: Option<unknown> }
  /** It is time to try again; the cause is why the try before failed. */
  | { readonly _tag: 'RetryDue'; readonly id: string; readonly cause: unknown }
  | SupervisorCommand

export type Output =
  | { readonly _tag: 'Start'; readonly startable: Startable }
  | { readonly _tag: 'Stop'; readonly ref: ActorRef<never>; readonly shutdownMs: ChildShutdown }
  | { readonly _tag: 'Reply'; readonly send: () => void }
  | { readonly _tag: 'Retry'; readonly id: string; readonly cause: unknown }
  | { readonly _tag: 'Note'; readonly text: string }
  | { readonly _tag: 'Ready' }
  | { readonly _tag: 'GiveUp'; readonly failure: SupervisorFailure }
  | { readonly _tag: 'ShutDown' }

/** What comes of something that happened. */
export type Step = readonly [Machine, readonly Output[]]

export const machineOf = (flags: Flags, startables: readonly Startable[]): Machine => ({
  flags,
  children: startables.reduce(
    (children, startable) => children.with(startable.spec.id, newChild(startable)),
    OrderedMap.empty<Child>(),
  ),
  significant: 0,
  restartsMs: [],
  job: undefined,
  ended: OrderedMap.empty(),
})

const newChild = (startable: Startable): Child => ({ startable, state: 'stopped', ref: undefined })

/** True when a command, or a try that is due, can be taken. */
export const isIdle = ({ job }: Machine): boolean => job === undefined

/** What the machine becomes by an event, and what there is to do. Commands and tries are for an idle machine. */
export const step = (machine: Machine, event: Event, nowMs: number): Step => {
  switch (event._tag) {
    case 'Began':
      return proceed(withJob(machine, [], machine.children.keys(), { _tag: 'Begin' }), nowMs)
    case 'Spawned':
      return [spawned(machine, event.id, event.ref), []]
    case 'NotMade':
      return startFailed(machine, event.id, event.cause, nowMs)
    case 'Started':
      return started(machine, event.ref, nowMs)
    case 'Ended':
      return childEnded(machine, event, nowMs)
    case 'RetryDue':
      return retry(machine, event, nowMs)
    default:
      return command(machine, event, nowMs)
  }
}

// ——— what a job goes through ———

/** Goes on until there is something to do, or nothing any more. A loop: there may be many who need nothing. */
const proceed = (machine: Machine, nowMs: number): Step => {
  let before = machine
  let next = proceedOnce(before, nowMs)
  while (next[1].length === 0 && next[0] !== before) {
    before = next[0]
    next = proceedOnce(before, nowMs)
  }
  return next
}

/** Takes the next step of the job; without one, turns to children that ended meanwhile. */
const proceedOnce = (machine: Machine, nowMs: number): Step => {
  const { job } = machine
  if (job === undefined) return nextEnded(machine, nowMs)
  const toStop = job.stop[job.done]
  if (toStop !== undefined) return stopNext(machine, toStop)
  const toStart = job.start[job.done - job.stop.length]
  if (toStart === undefined) return finish(machine, job, nowMs)
  const child = find(machine, toStart)
  // A temporary one may have gone with the stops before.
  if (child === undefined) return [stepDone(machine), []]
  return [machine, [{ _tag: 'Start', startable: child.startable }]]
}

const stopNext = (machine: Machine, id: string): Step => {
  const child = find(machine, id)
  const ref = child?.ref
  if (child?.state !== 'running' || ref === undefined) return [laidOff(machine, id), []]
  const { shutdownMs } = child.startable.spec
  return [change(machine, id, { state: 'stopping' }), [{ _tag: 'Stop', ref, shutdownMs }]]
}

/** A child has stopped, or need not. */
const laidOff = (machine: Machine, id: string): Machine =>
  stepDone(settled({ ...machine, ended: machine.ended.without(id) }, id))

const spawned = (machine: Machine, id: string, ref: ActorRef<never>): Machine => {
  const { job, ...rest } = change(machine, id, { state: 'starting', ref })
  return { ...rest, job: job && { ...job, last: ref } }
}

const started = (machine: Machine, ref: ActorRef<never>, nowMs: number): Step => {
  const child = byRef(machine, ref)
  if (child?.state !== 'starting') return [machine, []]
  const id = idOf(child)
  return proceed(stepDone(change(machine, id, { state: 'running' })), nowMs)
}

/** A child failed before it had started: what that means is for the purpose of its start to say. */
const startFailed = (machine: Machine, id: string, cause: unknown, nowMs: number): Step => {
  const purpose = machine.job?.purpose
  const idle = { ...machine, job: undefined }
  switch (purpose?._tag) {
    case 'StartChild':
      return answer(proceed(remove(idle, id), nowMs), purpose.replyTo, left(failures.startFailed(id, cause)))
    case 'RestartChild':
      return answer(proceed(settled(idle, id), nowMs), purpose.replyTo, left(failures.startFailed(id, cause)))
    case 'Restart':
      return first({ _tag: 'Retry', id, cause }, proceed(change(idle, id, { state: 'restarting' }), nowMs))
    default: {
      const sentence = `${failures.startFailed(id, cause).message}. The supervisor cannot start without it.`
      return [idle, [{ _tag: 'GiveUp', failure: new SupervisorFailure('ChildStartFailed', id, sentence, cause) }]]
    }
  }
}

const finish = (machine: Machine, { purpose, last }: Job, nowMs: number): Step => {
  const next = proceed({ ...machine, job: undefined }, nowMs)
  switch (purpose._tag) {
    case 'Begin':
      return first({ _tag: 'Ready' }, next)
    case 'Restart':
      return next
    case 'TerminateChild':
      return answer(next, purpose.replyTo, right(undefined))
    case 'StartChild':
    case 'RestartChild':
      // Whoever asked for a start knows what the child handles; it was spawned, or the job would have failed.
      return answer(next, purpose.replyTo, right(last as ActorRef<unknown>))
  }
}

// ——— children that end ———

const childEnded = (
  machine: Machine,
  { ref, cause }: Extract<Event, { readonly _tag: 'Ended' }>,
  nowMs: number,
): Step => {
  const child = byRef(machine, ref)
  if (child === undefined) return [machine, []]
  const id = idOf(child)
  switch (child.state) {
    case 'stopping':
      return proceed(laidOff(machine, id), nowMs)
    case 'starting':
      // Without a cause it has decided not to run, which is no failure.
      return cause._tag === 'Some'
        ? startFailed(machine, id, cause.value, nowMs)
        : proceed(stepDone(settled(machine, id)), nowMs)
    default: {
      const noted = change(machine, id, { state: 'ended' })
      const next = { ...noted, ended: noted.ended.with(id, { id, cause }) }
      return machine.job === undefined ? proceed(next, nowMs) : [next, []]
    }
  }
}

/** Turns to the first child that ended while there was something else to do. */
const nextEnded = (machine: Machine, nowMs: number): Step => {
  const next = machine.ended.first()
  if (next === undefined) return [machine, []]
  const rest = { ...machine, ended: machine.ended.without(next.id) }
  const child = find(rest, next.id)
  return child === undefined ? [rest, []] : endedByItself(rest, child, next.cause, nowMs)
}

const endedByItself = (machine: Machine, child: Child, cause: Option<unknown>, nowMs: number): Step => {
  const { id, restart, significant } = child.startable.spec
  if (restart === 'permanent' || (restart === 'transient' && isFailure(cause)))
    return restartFor(change(machine, id, { state: 'stopped' }), id, cause, nowMs)
  const without = settled(machine, id)
  return significant && shutsDown(without) ? [without, [{ _tag: 'ShutDown' }]] : [without, []]
}

/** A supervisor that has given up counts as one that was shut down. */
const isFailure = (cause: Option<unknown>): boolean =>
  cause._tag === 'Some' && !(cause.value instanceof SupervisorFailure)

/** Whether the supervisor stops, now that a significant child has ended by itself. */
const shutsDown = ({ flags, significant }: Machine): boolean =>
  flags.autoShutdown === 'anySignificant' || significant === 0

const retry = (machine: Machine, { id, cause }: Extract<Event, { _tag: 'RetryDue' }>, nowMs: number): Step => {
  if (find(machine, id)?.state !== 'restarting') return [machine, []]
  // This try is used up: should the job not come to this child, nothing would ever start it but a command.
  return restartFor(change(machine, id, { state: 'stopped' }), id, some(cause), nowMs)
}

/** Restarts the child that ended, and those that its strategy wants restarted with it. */
const restartFor = (machine: Machine, id: string, cause: Option<unknown>, nowMs: number): Step => {
  const { flags, children } = machine
  const restartsMs = countRestart(machine.restartsMs, nowMs, flags)
  if (restartsMs === undefined) return [machine, [{ _tag: 'GiveUp', failure: tooMany(flags, id, cause) }]]
  const scope = inScope(flags, children, id)
  const stop = scope.filter((each) => each !== id).reverse()
  const next = proceed(withJob({ ...machine, restartsMs }, stop, scope, { _tag: 'Restart' }), nowMs)
  return first({ _tag: 'Note', text: restartNote(machine.flags, restartsMs, scope, id) }, next)
}

/** The children that are restarted with this one, in the order of their start. */
const inScope = ({ strategy }: Flags, children: OrderedMap<Child>, id: string): readonly string[] => {
  switch (strategy) {
    case 'oneForOne':
      return [id]
    case 'oneForAll':
      return children.keys()
    case 'restForOne':
      return children.keys(id)
  }
}

const restartNote = (
  { intensity, periodMs }: Flags,
  restartsMs: readonly number[],
  scope: readonly string[],
  id: string,
): string =>
  `The child '${id}' has ended; ${scope.join(', ')} ${scope.length === 1 ? 'is' : 'are'} started again ` +
  `(restart ${String(restartsMs.length)} of ${String(intensity)} within ${String(periodMs)} ms).`

const tooMany = ({ intensity, periodMs }: Flags, id: string, cause: Option<unknown>): SupervisorFailure =>
  new SupervisorFailure(
    'RestartIntensityReached',
    id,
    `The child '${id}' ended once more after ${String(intensity)} restarts within ${String(periodMs)} ms, the limit of its supervisor, which gives up.`,
    cause._tag === 'Some' ? cause.value : undefined,
  )

// ——— administration ———

const command = (machine: Machine, asked: SupervisorCommand, nowMs: number): Step => {
  switch (asked._tag) {
    case 'StartChild':
      return startChild(machine, asked, nowMs)
    case 'TerminateChild':
      if (find(machine, asked.id) === undefined) return refuse(machine, asked.replyTo, failures.notFound(asked.id))
      return proceed(withJob(machine, [asked.id], [], asked), nowMs)
    case 'RestartChild':
      return restartChild(machine, asked, nowMs)
    case 'DeleteChild': {
      const refusal = whyNotStopped(machine, asked.id)
      if (refusal !== undefined) return refuse(machine, asked.replyTo, refusal)
      return answer([remove(machine, asked.id), []], asked.replyTo, right(undefined))
    }
    case 'GetChildSpec': {
      const child = find(machine, asked.id)
      if (child === undefined) return refuse(machine, asked.replyTo, failures.notFound(asked.id))
      return answer([machine, []], asked.replyTo, right(child.startable.spec))
    }
    case 'WhichChildren':
      return answer([machine, []], asked.replyTo, machine.children.values().map(infoOf))
    case 'CountChildren':
      return answer([machine, []], asked.replyTo, countsOf(machine.children.values()))
  }
}

const startChild = (
  machine: Machine,
  asked: Extract<SupervisorCommand, { readonly _tag: 'StartChild' }>,
  nowMs: number,
): Step => {
  const { spec } = asked.child
  const { id } = spec
  const known = find(machine, id)
  const clash = clashWith(machine.flags.autoShutdown, spec, `The child '${id}'`)
  if (clash !== undefined) return refuse(machine, asked.replyTo, failures.specRefused(id, clash))
  if (known?.state === 'running' && known.ref !== undefined)
    return refuse(machine, asked.replyTo, failures.alreadyStarted(id, known.ref))
  if (known !== undefined) return refuse(machine, asked.replyTo, failures.alreadyPresent(id))
  return proceed(withJob(put(machine, id, newChild(asked.child)), [], [id], asked), nowMs)
}

const restartChild = (
  machine: Machine,
  asked: Extract<SupervisorCommand, { readonly _tag: 'RestartChild' }>,
  nowMs: number,
): Step => {
  const refusal = whyNotStopped(machine, asked.id)
  if (refusal !== undefined) return refuse(machine, asked.replyTo, refusal)
  return proceed(withJob(machine, [], [asked.id], asked), nowMs)
}

/** Why a child can be neither deleted nor started; undefined when it can. */
const whyNotStopped = (machine: Machine, id: string): failures.DeleteChildError | undefined => {
  const child = find(machine, id)
  if (child === undefined) return failures.notFound(id)
  if (child.state === 'restarting') return failures.restarting(id)
  return child.state === 'running' && child.ref !== undefined ? failures.running(id, child.ref) : undefined
}

const infoOf = ({ startable, state, ref }: Child): ChildInfo => ({
  id: startable.spec.id,
  ref: state === 'running' && ref !== undefined ? some(ref) : none,
  // Commands are for an idle machine: nothing is starting or stopping.
  state: state === 'running' || state === 'restarting' ? state : 'stopped',
  restart: startable.spec.restart,
  type: startable.spec.type,
})

const countsOf = (children: readonly Child[]): ChildCounts => {
  const count = (holds: (child: Child) => boolean): number => children.filter(holds).length
  return {
    specs: children.length,
    active: count(({ state }) => state === 'running'),
    supervisors: count(({ startable }) => startable.spec.type === 'supervisor'),
    workers: count(({ startable }) => startable.spec.type === 'worker'),
  }
}

// ——— small changes ———

const idOf = (child: Child): string => child.startable.spec.id

const find = (machine: Machine, id: string): Child | undefined => machine.children.get(id)

/** The child that this is the current reference of; its id is its name. */
const byRef = (machine: Machine, ref: ActorRef<never>): Child | undefined => {
  const child = find(machine, ref.path.name)
  return child?.ref !== ref || child.state === 'stopped' || child.state === 'restarting' ? undefined : child
}

const withJob = (machine: Machine, stop: readonly string[], start: readonly string[], purpose: Purpose): Machine => ({
  ...machine,
  job: { stop, start, done: 0, purpose, last: undefined },
})

const stepDone = (machine: Machine): Machine => {
  const { job } = machine
  return { ...machine, job: job && { ...job, done: job.done + 1 } }
}

const change = (machine: Machine, id: string, to: Partial<Child>): Machine => {
  const child = find(machine, id)
  return child === undefined ? machine : put(machine, id, { ...child, ...to })
}

const put = (machine: Machine, id: string, child: Child): Machine => ({
  ...machine,
  children: machine.children.with(id, child),
  significant: machine.significant - weightOf(find(machine, id)) + weightOf(child),
})

const remove = (machine: Machine, id: string): Machine => ({
  ...machine,
  children: machine.children.without(id),
  significant: machine.significant - weightOf(find(machine, id)),
})

/** What a child counts for among those that are significant and not stopped. */
const weightOf = (child: Child | undefined): number =>
  child?.startable.spec.significant === true && child.state !== 'stopped' ? 1 : 0

/** A child that runs no more: a temporary one is forgotten. */
const settled = (machine: Machine, id: string): Machine =>
  find(machine, id)?.startable.spec.restart === 'temporary'
    ? remove(machine, id)
    : change(machine, id, { state: 'stopped' })

const first = (output: Output, [machine, outputs]: Step): Step => [machine, [output, ...outputs]]

/** Replies before anything else is done. */
const answer = <R>(next: Step, replyTo: ActorRef<R>, reply: R): Step =>
  first(
    {
      _tag: 'Reply',
      send: () => {
        replyTo.tell(reply)
      },
    },
    next,
  )

const refuse = <E>(machine: Machine, replyTo: ActorRef<Either<E, never>>, error: E): Step =>
  answer([machine, []], replyTo, left(error))
