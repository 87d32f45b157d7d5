/**
 * An actor that waits for something else than mail: for a task, as a rule.
 *
 * While user messages wait as well, the end of the wait wakes the actor past its mailbox. While they are handled, the end takes its
 * place among them, so that what was sent before a time was up is seen before it.
 */
import { unparkWith } from '../behavior/internal.js'
import type { Abortable, Active, Await, OpenWait, Waiting } from '../behavior/internal.js'
import type { AbortableTask, RunningTask } from '../model/index.js'
import { left, right, type Either } from '../model/internal.js'
import type { Actor, Wait } from './Actor.js'
import { WakeUp } from './envelopes.js'
import { AWAITING } from './flags.js'

/** Starts a task; `done` gets its end through the dispatcher. What the task throws at once is a rejection, too. */
export const runTask = (
  actor: Actor,
  task: AbortableTask<unknown>,
  done: (result: Either<unknown, unknown>) => void,
): Abortable => {
  const controller = new AbortController()
  const running: RunningTask = actor.runtime.dispatcher.taskStarted(actor.ref)
  const settle = (result: Either<unknown, unknown>): void => {
    running.settled(() => {
      done(result)
    })
  }
  // An async function turns a synchronous throw into a rejection.
  const start = async (): Promise<unknown> => task(controller.signal)
  start().then(
    (value) => {
      settle(right(value))
    },
    (error: unknown) => {
      settle(left(error))
    },
  )
  return {
    abort: () => {
      controller.abort()
      running.abandoned?.()
    },
  }
}

/** A task that somebody waits for. Who is woken goes on in a turn to come, and may be ended before: the result waits until then. */
export class AwaitedTask implements OpenWait {
  readonly #actor: Actor
  /** Undefined when it is over. */
  #running: Abortable | undefined
  #result: Either<unknown, unknown> | undefined = undefined

  constructor(actor: Actor, task: AbortableTask<unknown>, waiting: Waiting) {
    this.#actor = actor
    this.#running = runTask(actor, task, (result) => {
      this.#running = undefined
      if (waiting.wake(result)) this.#result = result
      else noteLate(actor, result)
    })
  }

  accept(): void {
    this.#result = undefined
  }

  abort(): void {
    this.#running?.abort()
    const result = this.#result
    this.#result = undefined
    if (result !== undefined) noteLate(this.#actor, result)
  }
}

/** Lets the actor wait; user messages wait, too, unless they are handled meanwhile. */
export const beginWait = (actor: Actor, node: Await): void => {
  const wait = new CellWait(actor, node.takesMail)
  actor.need().wait = wait
  if (!node.takesMail) actor.flags |= AWAITING
  wait.work = node.begin(actor.context(), wait)
}

class CellWait implements Wait {
  work: OpenWait | undefined = undefined
  result: Either<unknown, unknown> | undefined = undefined
  readonly #actor: Actor
  readonly #takesMail: boolean

  constructor(actor: Actor, takesMail: boolean) {
    this.#actor = actor
    this.#takesMail = takesMail
  }

  wake(result: Either<unknown, unknown>): boolean {
    const actor = this.#actor
    if (actor.extra?.wait !== this || this.result !== undefined) return false
    this.result = result
    if (this.#takesMail) actor.post(new WakeUp(() => actor.extra?.wait === this))
    else actor.wake()
    return true
  }
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
  wait.work?.accept()
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
  wait?.work?.abort()
  const pipes = extra.pipes
  extra.pipes = undefined
  if (pipes !== undefined) for (const abort of pipes) abort.abort()
}
