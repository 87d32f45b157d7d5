/**
 * Runs actors when it is told to, first come, first served, on the stack of the test.
 */
import { RingBuffer } from '../base/index.js'
import type { ActorRef, Dispatcher, Runnable, RunningTask } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { ExpectationFailed } from './ExpectationFailed.js'

/** Messages after which a run is taken for one that never ends. */
const endlessMessages = 1_000_000

/** A task that some actor has started and that has not settled. */
class PendingTask implements RunningTask {
  readonly owner: ActorRef<never>
  readonly #dispatcher: ManualDispatcher

  constructor(dispatcher: ManualDispatcher, owner: ActorRef<never>) {
    this.#dispatcher = dispatcher
    this.owner = owner
  }

  settled(deliver: () => void): void {
    this.#dispatcher.taskSettled(this, deliver)
  }
}

export class ManualDispatcher implements Dispatcher {
  readonly #throughput: number
  readonly #runnables = new RingBuffer<Runnable>(64)
  /** Results of tasks, to be delivered at the next run. */
  readonly #results = new RingBuffer<() => void>(8)
  readonly #pending = new Set<PendingTask>()
  readonly #onSettled = new Set<() => void>()
  #isRunning = false

  constructor(throughput: number) {
    this.#throughput = throughput
  }

  /** True while an actor has its turn. */
  get isRunning(): boolean {
    return this.#isRunning
  }

  /** Who waits for a task, in the order in which the tasks were started. */
  get pendingTasks(): readonly ActorRef<never>[] {
    return [...this.#pending].map((task) => task.owner)
  }

  schedule(runnable: Runnable): void {
    this.#runnables.push(runnable)
  }

  taskStarted(owner: ActorRef<never>): RunningTask {
    const task = new PendingTask(this, owner)
    this.#pending.add(task)
    return task
  }

  taskSettled(task: PendingTask, deliver: () => void): void {
    this.#pending.delete(task)
    this.#results.push(deliver)
    const waiting = [...this.#onSettled]
    this.#onSettled.clear()
    for (const tell of waiting) tell()
  }

  /** Calls `done` when the next task settles. What this answers takes it back. */
  onceSettled(done: () => void): () => void {
    const tell = (): void => {
      done()
    }
    this.#onSettled.add(tell)
    return () => {
      this.#onSettled.delete(tell)
    }
  }

  /** Runs until no actor has anything to do. */
  runUntilQuiet(): void {
    if (this.#isRunning)
      throw new TroupeError(
        'IllegalState',
        'An expectation of the test kit was called inside an actor. Let the actor tell a probe, and expect it in the test.',
      )
    this.#isRunning = true
    try {
      this.#run()
    } finally {
      this.#isRunning = false
    }
  }

  #run(): void {
    let messages = 0
    for (;;) {
      const deliver = this.#results.shift()
      if (deliver !== undefined) {
        deliver()
        continue
      }
      const next = this.#runnables.shift()
      if (next === undefined) return
      messages += next.run(this.#throughput)
      if (messages > endlessMessages) throw new ExpectationFailed(this.#endless(next))
    }
  }

  #endless(last: Runnable): string {
    return (
      `After ${String(endlessMessages)} messages the system is still not quiet; the last to run was ${last.ref.path.toString()}. ` +
      `Does an actor answer its own messages? Let it wait for a timer, which only clock.timePasses fires.`
    )
  }
}
