/**
 * The instructions that wait for one thing.
 */
import type { AbortableTask, ActorRef, AskOptions } from '../../model/index.js'
import { TroupeError } from '../../model/index.js'
import { right, type Either } from '../../model/internal.js'
import type { OpenWait, Waiting } from '../InnerContext.js'
import type { LightThread } from './Coroutine.js'
import { Step, type Thread } from './Thread.js'

/** What can be had at once. */
export class Now<T> extends Step<T> {
  readonly #compute: (thread: Thread) => T

  constructor(compute: (thread: Thread) => T) {
    super()
    this.#compute = compute
  }

  begin(thread: Thread): void {
    thread.crew.settle(thread, thread.round, right(this.#compute(thread)))
  }
}

export class Receive<A> extends Step<A> {
  readonly #isWanted: ((message: unknown) => boolean) | undefined

  constructor(isWanted: ((message: unknown) => boolean) | undefined) {
    super()
    this.#isWanted = isWanted
  }

  begin(thread: Thread): void {
    thread.crew.addReceiver(thread, this.#isWanted)
  }

  override release(thread: Thread): void {
    thread.crew.removeReceiver(thread)
  }
}

const slept = right(undefined)

export class Sleep extends Step<void> {
  readonly #delayMs: number

  constructor(delayMs: number) {
    super()
    this.#delayMs = delayMs
  }

  begin(thread: Thread): unknown {
    const { context } = thread.crew
    const { round } = thread
    const wake = (): void => {
      thread.crew.settleLast(thread, round, slept)
    }
    if (this.#delayMs > 0) return context.clock.setTimer(this.#delayMs, wake)
    context.giveWay(wake)
    return undefined
  }

  override release(thread: Thread, handle: unknown): void {
    if (handle !== undefined) thread.crew.context.clock.clearTimer(handle)
  }
}

export class Ask<R, T> extends Step<T> {
  readonly #target: ActorRef<never>
  readonly #make: (replyTo: ActorRef<R>) => unknown
  readonly #options: AskOptions

  constructor(target: ActorRef<never>, make: (replyTo: ActorRef<R>) => unknown, options: AskOptions) {
    super()
    this.#target = target
    this.#make = make
    this.#options = options
  }

  begin(thread: Thread): OpenWait {
    const { crew, round } = thread
    return crew.context.askOnce(this.#target, this.#make, this.#options.timeoutMs, (result) => {
      if (result._tag === 'Right') crew.settle(thread, round, right(result))
      else crew.settleLast(thread, round, right(result))
    })
  }

  override accept(handle: unknown): void {
    // The handle is what begin answered; it is missing when begin threw.
    ;(handle as OpenWait | undefined)?.accept()
  }

  override release(_: Thread, handle: unknown): void {
    ;(handle as OpenWait | undefined)?.abort()
  }
}

/** A task that a thread waits for. */
class Running implements OpenWait, Waiting {
  readonly #thread: Thread
  readonly #round: number
  readonly #work: OpenWait

  constructor(thread: Thread, task: AbortableTask<unknown>) {
    this.#thread = thread
    this.#round = thread.round
    this.#work = thread.crew.context.runTask(task, this)
  }

  wake(result: Either<unknown, unknown>): boolean {
    return this.#thread.crew.settle(this.#thread, this.#round, result)
  }

  accept(): void {
    this.#work.accept()
  }

  /** Fires the signal, unless the task is over; then what came of it is a dead letter, if it was not accepted. */
  abort(): void {
    this.#work.abort()
  }
}

export class Task<T> extends Step<T> {
  readonly #task: AbortableTask<unknown>

  constructor(task: AbortableTask<unknown>) {
    super()
    this.#task = task
  }

  begin(thread: Thread): Running {
    return new Running(thread, this.#task)
  }

  override accept(handle: unknown): void {
    // The handle is what begin answered; it is missing when begin threw.
    ;(handle as Running | undefined)?.accept()
  }

  override release(_: Thread, handle: unknown): void {
    ;(handle as Running | undefined)?.abort()
  }
}

export class JoinActor<T> extends Step<T> {
  readonly #ref: ActorRef<never>

  constructor(ref: ActorRef<never>) {
    super()
    this.#ref = ref
  }

  begin(thread: Thread): () => void {
    const { crew, round } = thread
    const { context } = crew
    if (context.self.equals(this.#ref))
      throw new TroupeError(
        'IllegalArgument',
        `${context.self.path.toString()} cannot join itself: it would wait for its own end. Return Behaviors.stopped to end.`,
      )
    return context.whenTerminated(this.#ref, (cause) => {
      crew.settleLast(thread, round, right(cause))
    })
  }

  override release(_: Thread, handle: unknown): void {
    // The handle is what begin answered; it is missing when begin threw.
    ;(handle as (() => void) | undefined)?.()
  }
}

/** A block that was forked, and who waits for it. */
export class Forked<T> implements LightThread<T> {
  isDone = false
  value: T | undefined = undefined
  readonly #joining = new Map<Thread, number>()

  end(value: T): void {
    this.isDone = true
    this.value = value
    for (const [thread, round] of this.#joining) thread.crew.settle(thread, round, right(value))
    this.#joining.clear()
  }

  add(thread: Thread): void {
    if (this.isDone) thread.crew.settle(thread, thread.round, right(this.value))
    else this.#joining.set(thread, thread.round)
  }

  remove(thread: Thread): void {
    this.#joining.delete(thread)
  }
}

export class JoinThread<T> extends Step<T> {
  readonly #forked: Forked<T>

  constructor(forked: Forked<T>) {
    super()
    this.#forked = forked
  }

  begin(thread: Thread): void {
    this.#forked.add(thread)
  }

  override release(thread: Thread): void {
    this.#forked.remove(thread)
  }
}
