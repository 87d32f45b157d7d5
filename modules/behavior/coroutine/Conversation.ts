/**
 * A running coroutine: the threads of one actor, and what its cell sees of them.
 *
 * To the cell it is a wait (`Await`): while no thread wants a message, messages wait in the mailbox; while one does, they are handled
 * one by one, and those that no thread wants are postponed. Whatever settles a thread queues it here and wakes the cell; threads
 * go on in a turn of the actor, first come, first served, and when all wait again the cell gets its answer. What only tells that a
 * time is up, or that an actor is gone, comes last: a reply that is there by then is not lost to it.
 *
 * ```
 *   start ──► running ──► over        it has returned or thrown; after a throw that supervision resumes, `then` starts it afresh
 *                └──────► ended       the actor stops or restarts
 * ```
 */
import type { ActorContext, Signal } from '../../model/index.js'
import { TroupeError } from '../../model/index.js'
import { right, textOf, type Either } from '../../model/internal.js'
import type { InnerContext, OpenWait, Waiting } from '../InnerContext.js'
import { isBehavior, isVerdict, postponed, same, unhandled, type AnyBehavior, type Await } from '../nodes.js'
import type { Steps } from './Coroutine.js'
import { Co } from './Co.js'
import { Thread, type Crew, type Starter } from './Thread.js'

/** Makes the generator of a fresh start. */
export type Make = (co: Co) => Steps<unknown>

interface Receiver {
  readonly thread: Thread
  readonly isWanted: ((message: unknown) => boolean) | undefined
}

/** A thread that can go on, with what its wait has come to. */
interface Ready {
  readonly thread: Thread
  readonly round: number
  readonly result: Either<unknown, unknown>
}

const nothing: Either<never, unknown> = right(undefined)
const noneReady: readonly Ready[] = []

export class Conversation implements Await, Crew, Starter, OpenWait {
  readonly context: InnerContext
  readonly #make: Make
  readonly #co: Co
  #waiting: Waiting | undefined = undefined
  #main: Thread | undefined = undefined
  /** Threads that were forked and run still. */
  #forked: Set<Thread> | undefined = undefined
  // Idle threads are many: lists are made when there is something to put in them.
  #receivers: Receiver[] | undefined = undefined
  #ready: Ready[] | undefined = undefined
  /** Threads that were settled from outside; their turn comes with the wake-up, behind the messages that came before it. */
  #arrived: Ready[] | undefined = undefined
  /** Those of them that go on last. */
  #arrivedLast: Ready[] | undefined = undefined
  /** Those that go on when the messages that wait have been offered: behind these comes the wake-up of a wait that begins now. */
  #afterMail: Ready[] | undefined = undefined
  #isRunning = false
  /** What the coroutine has come to, undefined while it runs. */
  #outcome: Either<unknown, unknown> | undefined = undefined
  /** Messages were postponed since they were last offered. */
  #hasPostponed = false
  /** A thread wants messages that has not been offered the postponed ones. */
  #hasNewReceiver = false

  constructor(context: InnerContext, make: Make) {
    this.context = context
    this.#make = make
    this.#co = new Co(context)
  }

  get _tag(): 'Await' {
    return 'Await'
  }

  // ——— what the cell sees ———

  /** Runs to the first wait. The answer is what the actor becomes. */
  open(): AnyBehavior {
    this.#outcome = undefined
    this.#ready = undefined
    this.#main = this.start(this.#requireSteps(this.#make(this.#co)), this)
    return this.#goOn(noneReady)
  }

  begin(_: InnerContext, waiting: Waiting): OpenWait {
    this.#waiting = waiting
    if (this.#afterMail !== undefined) {
      this.#arrivedLast = [...(this.#arrivedLast ?? noneReady), ...this.#afterMail]
      this.#afterMail = undefined
    }
    if (this.#arrived !== undefined || this.#arrivedLast !== undefined || this.#outcome !== undefined)
      waiting.wake(nothing)
    return this
  }

  then(): AnyBehavior {
    if (this.#outcome === undefined) {
      const arrived = [...(this.#arrived ?? noneReady), ...(this.#arrivedLast ?? noneReady)]
      this.#arrived = this.#arrivedLast = undefined
      return this.#goOn(arrived)
    }
    this.context.log.warn('A coroutine that has failed cannot be continued: it starts afresh.')
    return this.open()
  }

  get takesMail(): boolean {
    return this.#receivers !== undefined
  }

  /** Gives a message to the first thread that wants it. */
  onMessage(message: unknown): AnyBehavior {
    const receiver = this.#receivers?.find(({ isWanted }) => isWanted === undefined || isWanted(message))
    if (receiver === undefined) {
      this.#hasPostponed = true
      return postponed
    }
    const { thread } = receiver
    const next = this.#goOn([{ thread, round: thread.round, result: right(message) }])
    if (!this.takesMail) return next
    // While it goes on to handle messages nothing changes for the cell.
    return next === this ? same : { _tag: 'OfferAgain', next: same }
  }

  onSignal(_: ActorContext<unknown>, signal: Signal): AnyBehavior {
    if (signal._tag !== 'PostStop' && signal._tag !== 'PreRestart') return unhandled
    this.#close()
    return same
  }

  /** What has come is with the threads, each of which accepts what it goes on with. */
  accept(): void {}

  /** The actor stops: nothing that runs for it is wanted any more. */
  abort(): void {
    this.#main?.release()
    for (const thread of this.#forked ?? []) thread.release()
  }

  // ——— what the threads see ———

  settle(thread: Thread, round: number, result: Either<unknown, unknown>): boolean {
    if (thread.round !== round) return false
    const ready: Ready = { thread, round, result }
    if (this.#isRunning) (this.#ready ??= []).push(ready)
    else {
      ;(this.#arrived ??= []).push(ready)
      this.#waiting?.wake(nothing)
    }
    return true
  }

  settleLast(thread: Thread, round: number, result: Either<unknown, unknown>): void {
    if (this.#isRunning) this.settle(thread, round, result)
    else if (thread.round === round) {
      ;(this.#arrivedLast ??= []).push({ thread, round, result })
      this.#waiting?.wake(nothing)
    }
  }

  settleAfterMail(thread: Thread, round: number, result: Either<unknown, unknown>): void {
    ;(this.#afterMail ??= []).push({ thread, round, result })
    // A wake-up that is on its way may come before messages that wait; it leads to a wait that begins.
    this.#waiting?.wake(nothing)
  }

  addReceiver(thread: Thread, isWanted: ((message: unknown) => boolean) | undefined): void {
    ;(this.#receivers ??= []).push({ thread, isWanted })
    this.#hasNewReceiver = true
  }

  removeReceiver(thread: Thread): void {
    const others = this.#receivers?.filter((receiver) => receiver.thread !== thread)
    this.#receivers = others?.length === 0 ? undefined : others
  }

  start(steps: Steps<unknown>, starter: Starter): Thread {
    const thread = new Thread(this, steps, starter)
    ;(this.#ready ??= []).push({ thread, round: thread.round, result: nothing })
    return thread
  }

  /** The first thread has ended, and with it the coroutine. */
  ended(_: Thread, result: Either<unknown, unknown>): void {
    this.#outcome ??= result
  }

  fork(steps: Steps<unknown>, onValue: (value: unknown) => void): void {
    const ended = (thread: Thread, result: Either<unknown, unknown>): void => {
      this.#forked?.delete(thread)
      if (result._tag === 'Left') this.#outcome ??= result
      else onValue(result.right)
    }
    this.#forked ??= new Set()
    this.#forked.add(this.start(steps, { ended }))
  }

  // ——— one turn ———

  /**
   * Lets all threads go on that can. What follows from one comes before the next, so that who has lost by it gets nothing any more. The
   * answer is what the actor becomes.
   */
  #goOn(arrived: readonly Ready[]): AnyBehavior {
    this.#isRunning = true
    const ready = (this.#ready ??= [])
    this.#proceedAll(ready)
    for (const each of arrived) {
      ready.push(each)
      this.#proceedAll(ready)
    }
    this.#ready = undefined
    this.#isRunning = false
    if (this.#outcome !== undefined) return this.#finish(this.#outcome)
    const isToOffer = this.#hasNewReceiver && this.#hasPostponed
    this.#hasNewReceiver = false
    if (!isToOffer) return this
    this.#hasPostponed = false
    return { _tag: 'OfferAgain', next: this }
  }

  /** Threads that go on may let others go on: the list grows meanwhile. */
  #proceedAll(ready: Ready[]): void {
    for (const { thread, round, result } of ready) {
      if (this.#outcome !== undefined) break
      if (thread.round === round) thread.proceed(result)
    }
    ready.length = 0
  }

  #finish(outcome: Either<unknown, unknown>): AnyBehavior {
    this.#close()
    if (outcome._tag === 'Left') throw outcome.left
    const next = outcome.right
    if (!isBehavior(next) || isVerdict(next)) {
      const what = isVerdict(next) ? `Behaviors.${next._tag.toLowerCase()}` : textOf(next)
      throw new TroupeError(
        'IllegalState',
        `${this.context.self.path.toString()}: a coroutine returned ${what}, which is nothing to go on with. Return the next ` +
          `behavior, Behaviors.stopped at the end, or keep it running in a loop.`,
      )
    }
    return { _tag: 'OfferAgain', next }
  }

  #requireSteps(made: Steps<unknown>): Steps<unknown> {
    if (typeof made === 'object' && made !== null && Symbol.iterator in made) return made
    throw new TroupeError(
      'IllegalArgument',
      `${this.context.self.path.toString()}: Behaviors.coroutine was given a function that returned ${textOf(made)}. Give it a ` +
        `generator function: Behaviors.coroutine(function* (co) { … }).`,
    )
  }

  /** Ends all threads: what settles them from now on comes too late. */
  #close(): void {
    this.#main?.close()
    for (const thread of this.#forked ?? []) thread.close()
    this.#forked = undefined
  }
}
