/**
 * The instructions that run other steps. Each block is a thread of its own; when the wait is over, however it ended, those that
 * still run are ended.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import { none, right, some, type Either } from '../../model/internal.js'
import type { Steps } from './Coroutine.js'
import { Step, type Thread } from './Thread.js'

/** Steps that ran side by side, by their handle: the threads. */
abstract class Threads<T> extends Step<T> {
  protected readonly steps: readonly Steps<unknown>[]

  constructor(steps: readonly Steps<unknown>[]) {
    super()
    this.steps = [...steps]
  }

  override threadsOf(handle: unknown): readonly Thread[] {
    // The handle is what begin of the classes below answered; it is missing when begin threw.
    return (handle as readonly Thread[] | undefined) ?? []
  }
}

export class All<T> extends Threads<T> {
  begin(thread: Thread): readonly Thread[] {
    const { crew, round } = thread
    const results: unknown[] = new Array<unknown>(this.steps.length).fill(undefined)
    let left = results.length
    if (left === 0) crew.settle(thread, round, right(results))
    return this.steps.map((steps, index) =>
      crew.start(steps, {
        ended: (_, result) => {
          if (result._tag === 'Left') crew.settle(thread, round, result)
          else {
            results[index] = result.right
            if (--left === 0) crew.settle(thread, round, right(results))
          }
        },
      }),
    )
  }
}

export class Race<T> extends Threads<T> {
  begin(thread: Thread): readonly Thread[] {
    const { crew, round } = thread
    const ended = (_: Thread, result: Either<unknown, unknown>): void => {
      crew.settle(thread, round, result)
    }
    return this.steps.map((steps) => crew.start(steps, { ended }))
  }
}

/** A block and the timer that may end it; undefined when it has no more time than the messages that wait take. */
interface Timed {
  readonly threads: readonly Thread[]
  readonly timer: unknown
}

export class Timeout<T> extends Step<Option<T>> {
  readonly #timeoutMs: number
  readonly #steps: Steps<T>

  constructor(timeoutMs: number, steps: Steps<T>) {
    super()
    this.#timeoutMs = timeoutMs
    this.#steps = steps
  }

  begin(thread: Thread): Timed {
    const { crew, round } = thread
    const timer =
      this.#timeoutMs === 0
        ? undefined
        : crew.context.clock.setTimer(this.#timeoutMs, () => {
            crew.settleLast(thread, round, right(none))
          })
    const block = crew.start(this.#steps, {
      ended: (_, result) => {
        crew.settle(thread, round, result._tag === 'Left' ? result : right(some(result.right)))
      },
    })
    if (timer === undefined) crew.settleAfterMail(thread, round, right(none))
    return { threads: [block], timer }
  }

  override release(thread: Thread, handle: unknown): void {
    // The handle is what begin answered; it is missing when begin threw.
    const timed = handle as Timed | undefined
    if (timed?.timer !== undefined) thread.crew.context.clock.clearTimer(timed.timer)
  }

  override threadsOf(handle: unknown): readonly Thread[] {
    return (handle as Timed | undefined)?.threads ?? []
  }
}
