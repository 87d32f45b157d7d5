/**
 * Keeps all that could happen next, in the order in which it became possible, and lets somebody else choose.
 */
import { RankedList } from '../../base/index.js'
import type { ActorRef, Dispatcher, Runnable, RunningTask } from '../../model/index.js'

/** One thing that could happen next: an actor's turn, the end of a task, the arrival of what a link carries. */
export interface Choice {
  /** Whose turn it is, or for whom the task ran; undefined for a link. */
  readonly ref: ActorRef<never> | undefined
  /** Handles one message. */
  run(budget: number): number
}

/** Told when tasks begin and end, and who has been given something to do. */
export interface TurnListener {
  scheduled(ref: ActorRef<never>): void
  taskStarted(owner: ActorRef<never>): void
  taskDelivered(owner: ActorRef<never>): void
}

class SimTask implements RunningTask, Choice {
  readonly ref: ActorRef<never>
  readonly #dispatcher: SimDispatcher
  #deliver: (() => void) | undefined = undefined

  constructor(dispatcher: SimDispatcher, owner: ActorRef<never>) {
    this.#dispatcher = dispatcher
    this.ref = owner
  }

  settled(deliver: () => void): void {
    this.#deliver = deliver
    this.#dispatcher.taskSettled(this)
  }

  run(): number {
    this.#dispatcher.listener.taskDelivered(this.ref)
    this.#deliver?.()
    return 1
  }
}

/** More than most simulations need; the list grows by itself. */
const firstSlots = 64

export class SimDispatcher implements Dispatcher {
  readonly listener: TurnListener
  #choices = new RankedList<Choice>(firstSlots)
  readonly #pending = new Set<SimTask>()

  constructor(listener: TurnListener) {
    this.listener = listener
  }

  /** For whom tasks run that have not settled, in the order in which they were started. */
  get pendingTasks(): readonly ActorRef<never>[] {
    return [...this.#pending].map((task) => task.ref)
  }

  /** How many things could happen next. */
  get count(): number {
    return this.#choices.size
  }

  /** What could happen next, what has waited longest first. */
  get choices(): readonly Choice[] {
    return this.#choices.toArray()
  }

  get hasPendingTasks(): boolean {
    return this.#pending.size > 0
  }

  schedule(runnable: Runnable | Choice): void {
    this.#choices.push(runnable)
    if (runnable.ref !== undefined) this.listener.scheduled(runnable.ref)
  }

  taskStarted(owner: ActorRef<never>): RunningTask {
    const task = new SimTask(this, owner)
    this.#pending.add(task)
    this.listener.taskStarted(owner)
    return task
  }

  taskSettled(task: SimTask): void {
    this.#pending.delete(task)
    this.#choices.push(task)
  }

  /** Takes everything out, and answers which of it were actors. */
  takeActors(): readonly Runnable[] {
    const taken = this.#choices.toArray()
    this.#choices = new RankedList(firstSlots)
    return taken.filter((choice): choice is Runnable => choice.ref !== undefined && !(choice instanceof SimTask))
  }

  /** Takes one out; the others keep their order. */
  take(index: number): Choice {
    // The caller has counted them.
    return this.#choices.take(index) as Choice
  }
}
