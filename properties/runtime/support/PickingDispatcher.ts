/**
 * A dispatcher that gives the next turn to any actor that wants one, as chance has it, and for as many messages as chance has it.
 */
import type { Dispatcher, Runnable, RunningTask } from 'troupe'

const longestTurn = 4

export class PickingDispatcher implements Dispatcher {
  readonly #random: () => number
  readonly #runnables: Runnable[] = []

  /** `random` gives numbers from 0 up to but not including 1. */
  constructor(random: () => number) {
    this.#random = random
  }

  schedule(runnable: Runnable): void {
    this.#runnables.push(runnable)
  }

  taskStarted(): RunningTask {
    return {
      settled: (deliver) => {
        deliver()
      },
    }
  }

  /** Gives up to so many turns; answers false when nobody wants one any more. */
  run(turns: number): boolean {
    for (let turn = 0; turn < turns; turn++) {
      const index = Math.floor(this.#random() * this.#runnables.length)
      const [next] = this.#runnables.splice(index, 1)
      if (next === undefined) return false
      next.run(1 + Math.floor(this.#random() * longestTurn))
    }
    return true
  }
}
