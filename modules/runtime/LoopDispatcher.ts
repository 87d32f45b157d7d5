/**
 * Runs actors on the event loop without starving it.
 *
 * Work runs in slices. When a slice is spent, `setImmediate` lets timers and sockets have a turn before the next. From idle the
 * first wake-up goes by microtask, which is twice as quick for a lone question and answer; but microtasks alone starve the loop, so
 * after a number of them, or when the slice that they share is spent, the next one goes by `setImmediate` too.
 *
 * The clock costs more than a message, so it is read once per quantum of messages. The quantum adapts: heavy handlers shrink it
 * to one message, light ones let it grow.
 */
import type { ActorRef, Dispatcher, Runnable, RunningTask, Settings } from '../model/index.js'
import { hold, monotonicMs, nextTurn, release, reportError, soon } from './platform.js'
import { RunQueue } from './RunQueue.js'

const largestQuantum = 64

/** A task that keeps the process alive until it has settled, or nobody wants it any more. */
class HeldTask implements RunningTask {
  #isHeld = true

  constructor() {
    hold()
  }

  settled(deliver: () => void): void {
    this.abandoned()
    deliver()
  }

  abandoned(): void {
    if (this.#isHeld) release()
    this.#isHeld = false
  }
}

export class LoopDispatcher implements Dispatcher {
  readonly #queue = new RunQueue()
  readonly #sliceMs: number
  readonly #throughput: number
  readonly #wakeUpsPerTurn: number
  #isArmed = false
  #wakeUps = 0
  /** When the slice began in which microtask wake-ups run. */
  #sliceStart = 0
  #quantum = 1

  constructor(settings: Settings) {
    this.#sliceMs = settings.sliceMs
    this.#throughput = settings.throughput
    this.#wakeUpsPerTurn = settings.wakeUpsPerTurn
  }

  schedule(runnable: Runnable): void {
    this.#queue.push(runnable)
    if (!this.#isArmed) this.arm()
  }

  launch(runnable: Runnable): void {
    this.#queue.pushYoung(runnable)
    if (!this.#isArmed) this.arm()
  }

  taskStarted(_owner: ActorRef<never>): RunningTask {
    return new HeldTask()
  }

  private arm(): void {
    this.#isArmed = true
    if (this.#wakeUps++ < this.#wakeUpsPerTurn) soon(this.#wakeUp)
    else nextTurn(this.#takeTurn)
  }

  readonly #wakeUp = (): void => {
    const now = monotonicMs()
    if (now - this.#sliceStart < this.#sliceMs) this.drain(now)
    else nextTurn(this.#takeTurn)
  }

  readonly #takeTurn = (): void => {
    this.#wakeUps = 0
    this.#sliceStart = monotonicMs()
    this.drain(this.#sliceStart)
  }

  private drain(start: number): void {
    const deadline = this.#sliceStart + this.#sliceMs
    let looked = start
    let left = this.#quantum
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      left -= this.run(next, left < this.#throughput ? left : this.#throughput)
      if (left > 0) continue
      const now = monotonicMs()
      this.adapt(now - looked)
      if (now >= deadline) {
        nextTurn(this.#takeTurn)
        return
      }
      looked = now
      left = this.#quantum
    }
    this.#isArmed = false
  }

  private run(runnable: Runnable, budget: number): number {
    try {
      return runnable.run(budget)
    } catch (error) {
      // Actors catch what behaviors throw; what arrives here is a defect of the runtime, and others shall go on.
      reportError(`troupe: a defect while running ${runnable.ref.toString()}. Please report it.`, error)
      return 1
    }
  }

  /** Aims at looking at the clock some ten times in a slice. */
  private adapt(elapsedMs: number): void {
    if (elapsedMs > this.#sliceMs / 4) this.#quantum = 1
    else if (elapsedMs < this.#sliceMs / 16 && this.#quantum < largestQuantum) this.#quantum *= 2
  }
}
