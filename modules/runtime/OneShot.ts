/**
 * The reference that an ask replies to: it lives under `/temp` until it has an answer, or the time is up, or its target dies.
 */
import type { ActorPath, ActorRef, AskError, TimerHandle } from '../model/index.js'
import { ActorPath as Path } from '../model/index.js'
import { left, none, period, requireThat, right, type Either } from '../model/internal.js'
import type { Inbox, Mailroom, Watcher } from './Inbox.js'
import { Ref, refOf } from './Ref.js'
import { requireMessage } from './Tombstone.js'

/** Gets the answer, once. */
export type Complete = (result: Either<AskError, unknown>) => void

class OneShot extends Ref implements Inbox, Watcher {
  readonly mailroom: Mailroom
  readonly #target: Ref
  readonly #timeoutMs: number
  readonly #complete: Complete
  readonly #timer: TimerHandle
  readonly #uid: number
  /** What was asked; for the sentence of a timeout. */
  #request: unknown = undefined
  #watchers: Map<Watcher, ActorRef<never>> | undefined = undefined
  #isDone = false

  constructor(mailroom: Mailroom, target: Ref, timeoutMs: number, complete: Complete) {
    super()
    this.mailroom = mailroom
    this.#target = target
    this.#timeoutMs = timeoutMs
    this.#complete = complete
    this.#uid = mailroom.nextUid()
    const expire = (): void => {
      this.expire()
    }
    this.#timer = mailroom.clock.setTimer(timeoutMs, expire, this)
  }

  get path(): ActorPath {
    return new Path(`$${this.#uid.toString(36)}`, this.#uid, new Path('temp', 0, this.mailroom.root))
  }

  get inbox(): Inbox {
    return this
  }

  get identity(): object {
    return this
  }

  get isTerminated(): boolean {
    return this.#isDone
  }

  /** Sends the request, and hears of the target's death from now on. */
  ask(request: unknown): void {
    this.#request = request
    const { inbox } = this.#target
    // A dead target says so at once; the request still goes there, to be published as a dead letter.
    this.#target.tell(request)
    inbox.watchedBy(this, this.#target)
  }

  tell(message: unknown): void {
    requireMessage(message, this)
    const { isolate } = this.mailroom
    const reply = isolate === undefined ? message : isolate(message)
    this.mailroom.enqueued(this, reply)
    if (this.#isDone) {
      this.mailroom.deadLetter(this, reply)
      return
    }
    this.mailroom.settle(this, reply, 'handled')
    this.end(right(reply))
  }

  watchedTerminated(): void {
    if (this.#isDone) return
    const target = this.#target.path.toString()
    this.end(
      left({
        _tag: 'AskTargetTerminated',
        message: `Asked ${target}, but it has terminated and will not reply. Watch it, or ask its parent for a living one.`,
        target: this.#target,
      }),
    )
  }

  stopBy(): boolean {
    return false
  }

  watchedBy(watcher: Watcher, as: ActorRef<never>): void {
    if (this.#isDone) watcher.watchedTerminated(as, none)
    else {
      this.#watchers ??= new Map()
      this.#watchers.set(watcher, as)
    }
  }

  unwatchedBy(watcher: Watcher): void {
    this.#watchers?.delete(watcher)
  }

  /** Nothing was asked after all. */
  abandon(): void {
    this.#isDone = true
    this.mailroom.clock.clearTimer(this.#timer)
  }

  private expire(): void {
    if (this.#isDone) return
    const target = this.#target.path.toString()
    this.end(
      left({
        _tag: 'AskTimeout',
        message:
          `Ask timed out on ${target} after ${String(this.#timeoutMs)} ms: no reply to ${describeRequest(this.#request)}. ` +
          `Does its handler reply in every case? If it is only slow, raise timeoutMs.`,
        target: this.#target,
        timeoutMs: this.#timeoutMs,
      }),
    )
  }

  private end(result: Either<AskError, unknown>): void {
    this.#isDone = true
    this.mailroom.clock.clearTimer(this.#timer)
    this.#target.inbox.unwatchedBy(this)
    const watchers = this.#watchers
    this.#watchers = undefined
    if (watchers !== undefined) for (const [watcher, as] of watchers) watcher.watchedTerminated(as, none)
    this.#complete(result)
  }
}

/** The type of a request, as far as it can be told. */
const describeRequest = (request: unknown): string => {
  if (typeof request !== 'object' || request === null) return `a ${typeof request}`
  if ('_tag' in request && typeof request._tag === 'string') return `the message '${request._tag}'`
  return `a message of type ${request.constructor.name}`
}

/** Makes a request with a reference to reply to; what it is replied is for the types outside to know. */
export type MakeRequest<R> = (replyTo: ActorRef<R>) => unknown

/** Asks: makes the request with a reference to reply to, and sends it. */
export const askOnce = <R>(
  target: ActorRef<never>,
  make: MakeRequest<R>,
  timeoutMs: number,
  complete: Complete,
): void => {
  requireThat('timeoutMs of an ask', timeoutMs, period, target)
  const internal = refOf(target)
  const oneShot = new OneShot(internal.inbox.mailroom, internal, timeoutMs, complete)
  try {
    oneShot.ask(make(oneShot))
  } catch (error) {
    // The sender is told at once; nobody shall be told of a timeout as well.
    oneShot.abandon()
    throw error
  }
}
