/**
 * The reference that an ask replies to: it lives under `/temp` until it has an answer, or the time is up, or its target dies.
 */
import type { Abortable, OpenWait } from '../behavior/internal.js'
import type { ActorPath, ActorRef, AskError, TimerHandle } from '../model/index.js'
import { ActorPath as Path } from '../model/index.js'
import { left, period, requireThat, right, tagOf, type Either } from '../model/internal.js'
import { childPath } from './ActorId.js'
import { refOf, type Ref } from './Ref.js'
import { VirtualRef } from './VirtualRef.js'

/** Gets the answer, once. */
export type Complete = (result: Either<AskError, unknown>) => void

class OneShot extends VirtualRef implements Abortable {
  readonly #target: Ref
  readonly #timeoutMs: number
  readonly #complete: Complete
  readonly #uid: number
  /** What was asked; for the sentence of a timeout. */
  #request: unknown = undefined
  #timer: TimerHandle = undefined

  constructor(target: Ref, timeoutMs: number, complete: Complete) {
    super(target.inbox.mailroom)
    this.#target = target
    this.#timeoutMs = timeoutMs
    this.#complete = complete
    this.#uid = this.mailroom.nextUid()
  }

  get path(): ActorPath {
    return childPath(new Path('temp', 0, this.mailroom.root), this.#uid)
  }

  /** Sends the request; from now on time runs, and the target's death counts. */
  ask<R>(make: MakeRequest<R>): void {
    const { inbox } = this.#target
    try {
      this.#request = make(this)
      // A dead target says so at once; the request still goes there, to be published as a dead letter.
      this.#target.tell(this.#request)
    } catch (error) {
      // The sender is told at once; nobody shall be told a second time.
      this.abort()
      throw error
    }
    if (this.isTerminated) return
    const expire = (): void => {
      this.#expire()
    }
    this.#timer = this.mailroom.clock.setTimer(this.#timeoutMs, expire, this)
    inbox.addWatch(this)
  }

  protected receive(reply: unknown): void {
    this.mailroom.enqueued(this, reply)
    if (this.isTerminated) this.mailroom.deadLetter(this, reply)
    else this.take(reply)
  }

  /** The one reply that it waits for. */
  protected take(reply: unknown): void {
    this.mailroom.settle(this, reply, 'handled')
    this.finish(right(reply))
  }

  override watchedTerminated(): void {
    const target = this.#target.path.toString()
    const message = `Asked ${target}, but it has terminated and will not reply. Watch it, or ask its parent for a living one.`
    this.finish(left({ _tag: 'AskTargetTerminated', message, target: this.#target }))
  }

  #expire(): void {
    const timeoutMs = this.#timeoutMs
    const message =
      `Ask timed out on ${this.#target.path.toString()} after ${timeoutMs} ms: no reply to ${describeRequest(this.#request)}. ` +
      `Does its handler reply in every case? If it is only slow, raise timeoutMs.`
    this.finish(left({ _tag: 'AskTimeout', message, target: this.#target, timeoutMs }))
  }

  protected finish(result: Either<AskError, unknown>): void {
    if (this.isTerminated) return
    this.#close()
    this.#complete(result)
  }

  /** Nobody wants the reply any more: one that comes is a dead letter. */
  abort(): void {
    this.#close()
  }

  #close(): void {
    this.mailroom.clock.clearTimer(this.#timer)
    this.#target.inbox.removeWatch(this)
    this.end()
  }
}

/** Its reply waits until somebody goes on with it. */
class HoldingOneShot extends OneShot implements OpenWait {
  /** Undefined when there is none. */
  #held: unknown = undefined

  protected override take(reply: unknown): void {
    this.#held = reply
    this.finish(right(reply))
  }

  accept(): void {
    const reply = this.#takeHeld()
    if (reply !== undefined) this.mailroom.settle(this, reply, 'handled')
  }

  /** Nor does anybody want the one that waits. */
  override abort(): void {
    super.abort()
    const reply = this.#takeHeld()
    if (reply !== undefined) this.mailroom.deadLetter(this, reply)
  }

  #takeHeld(): unknown {
    const reply = this.#held
    this.#held = undefined
    return reply
  }
}

/** The type of a request, as far as it can be told. */
const describeRequest = (request: unknown): string => {
  if (typeof request !== 'object') return `a ${typeof request}`
  const tag = tagOf(request)
  return typeof tag === 'string' ? `the message '${tag}'` : `a message of type ${classNameOf(request)}`
}

/** An object without a prototype has no constructor, any object may call a field so, and a class its own name. */
const classNameOf = (request: unknown): string => {
  try {
    const constructor: unknown = request?.constructor
    const name: unknown = typeof constructor === 'function' ? constructor.name : ''
    if (typeof name === 'string' && name !== '') return name
  } catch {
    // There is none to be had.
  }
  return 'object'
}

/** Makes a request with a reference to reply to; what it is replied is for the types outside to know. */
export type MakeRequest<R> = (replyTo: ActorRef<R>) => unknown

/** Asks: makes the request with a reference to reply to, and sends it. `complete` has the reply at once. */
export const askOnce = <R>(
  target: ActorRef<never>,
  make: MakeRequest<R>,
  timeoutMs: number,
  complete: Complete,
): void => {
  requireThat('timeoutMs of an ask', timeoutMs, period, target)
  new OneShot(refOf(target), timeoutMs, complete).ask(make)
}

/** Asks for somebody who goes on later: `complete` hears of the reply, which waits until it is accepted. */
export const askAndHold = <R>(
  target: ActorRef<never>,
  make: MakeRequest<R>,
  timeoutMs: number,
  complete: Complete,
): OpenWait => {
  requireThat('timeoutMs of an ask', timeoutMs, period, target)
  const oneShot = new HoldingOneShot(refOf(target), timeoutMs, complete)
  oneShot.ask(make)
  return oneShot
}
