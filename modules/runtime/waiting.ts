/**
 * An actor that waits for a task: user messages stay where they are until the result is there.
 */
import { unparkWith } from '../behavior/internal.js'
import type { Active } from '../behavior/internal.js'
import type { AbortableTask, RunningTask } from '../model/index.js'
import { left, right, type Either } from '../model/internal.js'
import type { Actor, Wait } from './Actor.js'
import { AWAITING } from './flags.js'

/** Starts a task; `done` gets its end through the dispatcher. What the task throws at once is a rejection, too. */
export const runTask = (
  actor: Actor,
  task: AbortableTask<unknown>,
  abort: AbortController,
  done: (result: Either<unknown, unknown>) => void,
): void => {
  const running: RunningTask = actor.runtime.dispatcher.taskStarted(actor.ref)
  const settle = (result: Either<unknown, unknown>): void => {
    running.settled(() => {
      done(result)
    })
  }
  // An async function turns a synchronous throw into a rejection.
  const start = async (): Promise<unknown> => task(abort.signal)
  start().then(
    (value) => {
      settle(right(value))
    },
    (error: unknown) => {
      settle(left(error))
    },
  )
}

/** Lets user messages wait for a task. */
export const beginWait = (actor: Actor, task: AbortableTask<unknown>): void => {
  const wait: Wait = { abort: new AbortController(), result: undefined }
  actor.need().wait = wait
  actor.flags |= AWAITING
  runTask(actor, task, wait.abort, (result) => {
    if (actor.extra?.wait === wait) {
      wait.result = result
      actor.wake()
    } else noteLate(actor, result)
  })
}

/** Nobody waits any more; the result is a dead letter. */
const noteLate = (actor: Actor, result: Either<unknown, unknown>): void => {
  if (result._tag === 'Left') {
    actor.runtime.log('debug', actor.ref, 'A task that nobody waited for any more was rejected.', result.left)
    return
  }
  actor.runtime.enqueued(actor.ref, result.right)
  actor.runtime.deadLetter(actor.ref, result.right)
}

/** Goes on with the result. Answers what the actor becomes, undefined when there is no result yet; throws what the task threw. */
export const proceedWait = (actor: Actor): Active | undefined => {
  const wait = actor.extra?.wait
  if (wait?.result === undefined) return undefined
  endWait(actor)
  if (wait.result._tag === 'Left') throw wait.result.left
  return unparkWith(actor.behavior as Active, wait.result.right, actor)
}

/** No longer waits; the task, if it still runs, is left alone. */
export const endWait = (actor: Actor): void => {
  actor.flags &= ~AWAITING
  if (actor.extra !== undefined) actor.extra.wait = undefined
}

/** The actor stops: whatever runs for it may stop too. */
export const abortTasks = (actor: Actor): void => {
  const { extra } = actor
  if (extra === undefined) return
  const wait = extra.wait
  endWait(actor)
  wait?.abort.abort()
  const pipes = extra.pipes
  extra.pipes = undefined
  if (pipes !== undefined) for (const abort of pipes) abort.abort()
}
