/**
 * One light thread: a generator that is run from one instruction to the next.
 *
 * A thread waits for one thing at a time. What it waits for settles it, whenever that happens and on whose stack ever; the thread
 * goes on in a turn of its actor. `round` tells a settlement that is still wanted from one that comes too late.
 */
import { TroupeError } from '../../model/index.js'
import { left, right, textOf, type Either } from '../../model/internal.js'
import type { InnerContext } from '../InnerContext.js'
import type { Instruction, Steps } from './Coroutine.js'

/** Whom the threads of one coroutine work for. */
export interface Crew {
  readonly context: InnerContext
  /** The thread shall go on with the result, in a turn of the actor. False when it waits for something else by now. */
  settle(thread: Thread, round: number, result: Either<unknown, unknown>): boolean
  /**
   * Like settle, for what can be had again or is worth nothing to anybody else: that a time is up, that an actor is gone. The thread goes
   * on after those that have something by then, and not at all if it is ended by that.
   */
  settleLast(thread: Thread, round: number, result: Either<unknown, unknown>): void
  /** Like settleLast, when all messages that wait by now have been offered. */
  settleAfterMail(thread: Thread, round: number, result: Either<unknown, unknown>): void
  /** A thread that waits for a message; undefined for any. */
  addReceiver(thread: Thread, isWanted: ((message: unknown) => boolean) | undefined): void
  removeReceiver(thread: Thread): void
  /** Starts a thread for somebody who wants to know what comes of it. */
  start(steps: Steps<unknown>, starter: Starter): Thread
  /** Starts a thread that nobody waits for. What it throws fails the whole coroutine. */
  fork(steps: Steps<unknown>, onValue: (value: unknown) => void): void
}

/** Who has started a thread. */
export interface Starter {
  ended(thread: Thread, result: Either<unknown, unknown>): void
}

const noThreads: readonly Thread[] = []

/** An instruction from the inside. It is immutable; what one execution of it needs is its handle. */
export abstract class Step<T> implements Instruction<T> {
  /** Begins to wait. The answer is the handle. */
  abstract begin(thread: Thread): unknown

  /** The thread goes on with what the wait has brought. */
  accept(_handle: unknown): void {}

  /** Lets go of what the wait holds; it may be over already. */
  release(_thread: Thread, _handle: unknown): void {}

  /** The threads that were started for it. */
  threadsOf(_handle: unknown): readonly Thread[] {
    return noThreads
  }

  [Symbol.iterator](): Iterator<Instruction<unknown>, T, unknown> {
    return new Once(this)
  }
}

/** Yields the step and gives back what is sent for it. */
class Once<T> implements Iterator<Instruction<unknown>, T, unknown> {
  #step: Step<T> | undefined

  constructor(step: Step<T>) {
    this.#step = step
  }

  next(value: unknown): IteratorResult<Instruction<unknown>, T> {
    const step = this.#step
    // What is sent for a step is what it settled with.
    if (step === undefined) return { done: true, value: value as T }
    this.#step = undefined
    return { done: false, value: step }
  }

  throw(error: unknown): never {
    throw error
  }
}

/** How often a block that is being ended is told that it cannot wait any more. */
const mostRefusals = 100

export class Thread {
  readonly crew: Crew
  /** Grows with every wait that ends. */
  round = 0
  readonly #starter: Starter
  /** Undefined when it is done. */
  #iterator: Iterator<unknown, unknown, unknown> | undefined
  #step: Step<unknown> | undefined = undefined
  #handle: unknown = undefined

  constructor(crew: Crew, steps: Steps<unknown>, starter: Starter) {
    this.crew = crew
    this.#iterator = steps[Symbol.iterator]()
    this.#starter = starter
  }

  /** Goes on with the result of its wait, to the next one. */
  proceed(result: Either<unknown, unknown>): void {
    this.#step?.accept(this.#handle)
    this.#endWait()
    const iterator = this.#iterator
    if (iterator === undefined) return
    let stepped: IteratorResult<unknown, unknown>
    try {
      stepped = result._tag === 'Right' ? iterator.next(result.right) : throwInto(iterator, result.left)
    } catch (error) {
      // What a block throws is for whoever started it to see; the first block of all hands it to the actor.
      this.#iterator = undefined
      this.#starter.ended(this, left(error))
      return
    }
    if (stepped.done !== true) this.#begin(stepped.value)
    else {
      this.#iterator = undefined
      this.#starter.ended(this, right(stepped.value))
    }
  }

  /** Lets go of what it and its threads wait for, but leaves them where they are. */
  release(): void {
    this.round++
    const step = this.#step
    if (step === undefined) return
    step.release(this, this.#handle)
    for (const thread of step.threadsOf(this.#handle)) thread.release()
  }

  /** Ends it where it is; its `finally` blocks run. */
  close(): void {
    this.#endWait()
    const iterator = this.#iterator
    this.#iterator = undefined
    try {
      let stepped = iterator?.return?.()
      for (let refusals = 0; stepped?.done === false && refusals < mostRefusals; refusals++)
        stepped = iterator?.throw?.(this.#cannotWait())
    } catch (error) {
      // Nobody waits for it any more, and the others have to be ended, too.
      this.crew.context.log.error('A block of a coroutine failed while it was being ended.', error)
    }
  }

  #begin(value: unknown): void {
    try {
      if (!(value instanceof Step)) throw this.#notAnInstruction(value)
      this.#step = value
      this.#handle = value.begin(this)
    } catch (error) {
      // What is refused is thrown where it was yielded.
      this.crew.settle(this, this.round, left(error))
    }
  }

  #endWait(): void {
    const step = this.#step
    const handle = this.#handle
    this.release()
    this.#step = undefined
    this.#handle = undefined
    for (const thread of step?.threadsOf(handle) ?? noThreads) thread.close()
  }

  #notAnInstruction(value: unknown): TroupeError {
    const what = typeof value === 'object' && value !== null && 'then' in value ? 'a promise' : textOf(value)
    return new TroupeError(
      'IllegalArgument',
      `${this.#where()}: a coroutine yielded ${what}, which is not an instruction. Yield what co.* makes, as in ` +
        `'yield* co.receive()'; a promise waits in 'yield* co.await(() => promise)'.`,
    )
  }

  #cannotWait(): TroupeError {
    return new TroupeError(
      'IllegalState',
      `${this.#where()}: a block that is being ended cannot wait any more: there is a yield in its 'finally'. Clean up without ` +
        `waiting, or send a message to somebody who waits for you.`,
    )
  }

  #where(): string {
    return this.crew.context.self.path.toString()
  }
}

/** An iterator that cannot be thrown into has failed by that. */
const throwInto = (iterator: Iterator<unknown, unknown, unknown>, error: unknown): IteratorResult<unknown, unknown> => {
  if (iterator.throw !== undefined) return iterator.throw(error)
  throw error
}
