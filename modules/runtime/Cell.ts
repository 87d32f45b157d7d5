/**
 * An actor, from the inside: its mailbox, its behavior of the moment, its place in the tree, and the loop that brings them together.
 *
 * ## How a cell runs
 *
 * A cell is scheduled when there is something to do and never twice at a time. `run` handles messages until its budget is spent. As
 * long as nothing special is going on, a message costs a take, a call and a comparison; every special state is a bit, and one test
 * of all of them (`SLOW`) sends the cell into `slowTurn`, where each state has its step:
 *
 * ```
 *   STARTING ──► running ──► RESTARTING ──► running      PreRestart, children stop, pause, start again
 *                   │            │
 *                   ▼            ▼
 *               STOPPING ◄───────┘                       children stop, PostStop, last act, gone
 * ```
 *
 * There is one `catch` around behavior code, in `run`. Steps that call behavior code note first that they have done so, so that a
 * throw leads on to the next step and not into the same one again.
 *
 * ## Who is armed
 *
 * `ARMED` means that `tell` need not schedule: the cell is scheduled already, or running, or in a state in which messages wait (a
 * task, a restart, a stop: then it is `PARKED` as well). What ends such a state calls `wake`.
 *
 * ## Why children and stops never recurse
 *
 * A stop is a flag and a turn of its own for every cell, going down; a death is one call to the parent, which takes a turn of its
 * own when it was the last child. A tree may be as deep as memory allows.
 */
import type { RingBuffer } from '../base/index.js'
import {
  arriving,
  interpretMessage,
  interpretSignal,
  isStopped,
  isUnhandled,
  Frames,
  postponed,
  Receive,
  same,
  startFirst,
  startNext,
  stoppedValue,
  unmarked,
  type AnyInterceptor,
  type Await,
} from '../behavior/internal.js'
import type { ActorRef, Clock, MailboxFactory, Props, Runnable } from '../model/index.js'
import type { StashBuffer } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { messageAdaptionFailure, none, some, terminated, type Option } from '../model/internal.js'
import { Extra, type Active, type Actor, type AnyBehavior, type StartNotice } from './Actor.js'
import type { ActorId } from './ActorId.js'
import { linkChild, unlinkChild } from './Children.js'
import { Context, type ContextHost } from './Context.js'
import { CustomMail } from './CustomMail.js'
import { Envelope, Kept, Traced, type Recipient, type Watched } from './envelopes.js'
import { failed } from './failing.js'
import {
  ARMED,
  ASIDE,
  AWAITING,
  CUSTOM,
  DEAD,
  DETOUR,
  ENVELOPES,
  KILLED,
  PARKED,
  RESTARTING,
  RING,
  SLOW,
  STARTED,
  STARTING,
  STOP,
  STOPPING,
  TIMEOUT,
  UNDER_WAY,
  WATCHED,
} from './flags.js'
import type { Inbox } from './Inbox.js'
import { LocalRef } from './LocalRef.js'
import type { Ref } from './Ref.js'
import { loseMail } from './loseMail.js'
import { offerAgain, postpone } from './postponing.js'
import { bare, noteStart, proceedRestart } from './restarting.js'
import type { Runtime } from './Runtime.js'
import { Stash } from './Stash.js'
import { beginStop, proceedStop } from './stopping.js'
import { Timers } from './Timers.js'
import { requireMessage } from './requireMessage.js'
import { beginUnstash, takeAside } from './unstashing.js'
import { beginWait, proceedWait } from './waiting.js'
import { endWatch } from './watching.js'
import { WatchList, type Watch } from './WatchList.js'

export class Cell extends LocalRef implements ContextHost, Inbox, Recipient, Runnable {
  #behavior: Active | AnyBehavior
  #mail: unknown = undefined
  #context: Context | undefined = undefined

  constructor(
    runtime: Runtime,
    parent: Actor | undefined,
    id: ActorId,
    behavior: AnyBehavior,
    mailbox: MailboxFactory | undefined,
  ) {
    super(runtime, parent, id, runtime.probe === undefined && runtime.isolate === undefined ? 0 : WATCHED)
    this.#behavior = behavior
    if (mailbox !== undefined) this.useMailbox(mailbox)
  }

  get behavior(): Active | AnyBehavior {
    return this.#behavior
  }

  set behavior(behavior: Active | AnyBehavior) {
    this.#behavior = behavior
  }

  get extra(): Extra | undefined {
    return this.#context?.extra
  }

  get clock(): Clock {
    return this.runtime.clock
  }

  get within(): AnyInterceptor | undefined {
    return this.runtime.current === this ? this.runtime.within : undefined
  }

  set within(interceptor: AnyInterceptor | undefined) {
    this.runtime.within = interceptor
  }

  get isParked(): boolean {
    return (this.flags & AWAITING) !== 0
  }

  /** Schedules the first start. A plain handler has nothing to start, and nobody can tell. */
  launch(): void {
    const behavior = this.#behavior
    const isPlain = typeof behavior === 'function' ? behavior !== stoppedValue : isSilentReceive(behavior)
    if (isPlain && this.extra === undefined && !this.runtime.watchesStarts) this.flags |= STARTED
    else {
      this.flags |= STARTING | ARMED
      const { dispatcher } = this.runtime
      if (dispatcher.launch === undefined) dispatcher.schedule(this)
      else dispatcher.launch(this)
    }
  }

  // ——— mail ———

  tell(message: unknown): void {
    if (message === undefined || message === null) requireMessage(message, this)
    const { flags } = this
    if ((flags & (DETOUR | ARMED)) === 0) {
      // A cell at rest has no mail.
      this.#mail = message
      this.flags = flags | ARMED
      this.runtime.dispatcher.schedule(this)
    } else if ((flags & DETOUR) === 0) this.put(message)
    else this.tellByDetour(message)
  }

  post(envelope: Envelope): void {
    if ((this.flags & CUSTOM) === 0) {
      this.flags |= ENVELOPES
      this.put(envelope)
    } else this.putCustom(envelope)
  }

  takeMail(): unknown {
    const { flags } = this
    if ((flags & (RING | CUSTOM)) === 0) {
      const mail = this.#mail
      this.#mail = undefined
      this.flags = flags & ~ENVELOPES
      return mail
    }
    // The flags tell what the mail is.
    return (flags & CUSTOM) !== 0 ? (this.#mail as CustomMail).take() : this.takeFromRing()
  }

  private takeFromRing(): unknown {
    const ring = this.#mail as RingBuffer<unknown>
    const mail = ring.shift()
    if (ring.size === 0) {
      this.#mail = undefined
      this.flags &= ~(RING | ENVELOPES)
      this.runtime.giveRing(ring)
    }
    return mail
  }

  private put(mail: unknown): void {
    const { flags } = this
    if ((flags & RING) !== 0) {
      const ring = this.#mail as RingBuffer<unknown>
      if (ring.push(mail)) this.noteGrowth(ring.size)
    } else if (this.#mail === undefined) this.#mail = mail
    else this.spill(mail)
    if ((flags & ARMED) === 0) {
      this.flags |= ARMED
      this.runtime.dispatcher.schedule(this)
    }
  }

  /** A second message waits: from one inline slot to a ring. */
  private spill(mail: unknown): void {
    const ring = this.runtime.takeRing()
    ring.push(this.#mail)
    ring.push(mail)
    this.#mail = ring
    this.flags |= RING
  }

  private putCustom(mail: unknown): void {
    ;(this.#mail as CustomMail).put(mail)
    if ((this.flags & ARMED) === 0) this.wake()
  }

  private tellByDetour(told: unknown): void {
    const { runtime } = this
    if (this.isTerminated) {
      runtime.enqueued(this.ref, told)
      runtime.deadLetter(this.ref, told)
      return
    }
    const message = runtime.isolate === undefined ? told : runtime.isolate(told)
    const trace = runtime.enqueued(this.ref, message)
    const mail = trace === undefined ? message : new Traced(message, trace)
    if ((this.flags & CUSTOM) !== 0) this.putCustom(mail)
    else if (Envelope.isOne(mail)) this.post(mail)
    else this.put(mail)
  }

  private useMailbox(factory: MailboxFactory): void {
    this.#mail = new CustomMail(factory(), (mail, reason) => {
      loseMail(this, mail, reason)
    })
    this.flags |= CUSTOM
  }

  noteGrowth(size: number): void {
    const { runtime, ref } = this
    if (size <= runtime.settings.mailboxHighWater) return
    runtime.log('warn', ref, `Its mailbox has grown to ${size} messages: it is told more than it handles.`, undefined, {
      size,
    })
    runtime.publish({ _tag: 'MailboxHighWater', ref, size })
  }

  // ——— turns ———

  wake(): void {
    const { flags } = this
    // Queued or running: it will see for itself what there is to do.
    if ((flags & (ARMED | PARKED)) === ARMED || (flags & DEAD) !== 0) return
    this.flags = (flags | ARMED) & ~PARKED
    this.runtime.dispatcher.schedule(this)
  }

  run(budget: number): number {
    const { runtime } = this
    let left = budget
    let message: unknown
    runtime.current = this
    while (left > 0) {
      try {
        while (left > 0) {
          const { flags } = this
          if ((flags & SLOW) !== 0) {
            message = undefined
            runtime.handling = undefined
            left--
            if (this.slowTurn()) continue
            this.rest()
            // What has nothing to do has had a turn all the same.
            return Math.max(1, budget - left - 1)
          }
          const mail = this.#mail
          if (mail === undefined) {
            this.flags = flags & ~ARMED
            runtime.current = undefined
            return budget - left
          }
          if ((flags & RING) === 0) {
            this.#mail = undefined
            message = mail
          } else message = this.takeFromRing()
          left--
          const behavior = this.#behavior
          // A cell that is not STARTING holds an active behavior.
          const next =
            typeof behavior === 'function' ? behavior(message) : interpretMessage(behavior as Active, message, this)
          if (next !== same) this.become(next, message)
        }
      } catch (error) {
        this.fail(error, message ?? runtime.handling)
      }
    }
    this.pause()
    return budget
  }

  /** Where not even its failure can be dealt with, by a port that throws for instance, the actor ends at once. */
  private fail(error: unknown, message: unknown): void {
    try {
      failed(this, error, message)
    } catch (another) {
      this.runtime.log('error', this.ref, 'Its failure could not be dealt with, so it is killed.', another)
      this.need().cause = some(error)
      this.flags |= STOP | KILLED
    }
  }

  /** Nothing to do for now: only what ends a wait, or else any mail, schedules it. */
  private rest(): void {
    const { flags, runtime } = this
    runtime.current = undefined
    const isWaiting = (flags & (STOPPING | AWAITING)) !== 0 || ((flags & RESTARTING) !== 0 && !this.isHolding())
    this.flags = isWaiting ? flags | PARKED : flags & ~ARMED
  }

  /** The budget is spent: it takes another turn when there may be something to do. */
  private pause(): void {
    this.runtime.current = undefined
    if ((this.flags & UNDER_WAY) !== 0 || this.hasMail()) this.runtime.dispatcher.schedule(this)
    else this.rest()
  }

  private hasMail(): boolean {
    return (this.flags & CUSTOM) === 0 ? this.#mail !== undefined : !(this.#mail as CustomMail).isEmpty
  }

  /** Whether messages that come during a restart are counted against a capacity. */
  private isHolding(): boolean {
    return this.extra?.restart?.room !== undefined
  }

  /** One step of whatever is special. False when there is nothing to do for now. */
  private slowTurn(): boolean {
    const { flags } = this
    if ((flags & DEAD) !== 0) return false
    if ((flags & STOPPING) !== 0) return proceedStop(this)
    if ((flags & STOP) !== 0) beginStop(this, undefined)
    else if ((flags & STARTING) !== 0) this.start()
    else if ((flags & RESTARTING) !== 0) return proceedRestart(this)
    else if ((flags & AWAITING) !== 0) return this.goOn()
    else return this.handleNext()
    return true
  }

  private handleNext(): boolean {
    const mail = ((this.flags & ASIDE) === 0 ? undefined : takeAside(this)) ?? this.takeMail()
    if (mail === undefined) return false
    if (Envelope.isOne(mail)) mail.open(this)
    else this.handle(mail, mail, undefined)
    return true
  }

  private start(): void {
    this.flags &= ~STARTING
    const started = startFirst(this.#behavior, this, undefined)
    this.runtime.probe?.beforeStarted?.(this.ref)
    const frames = this.extra?.frames
    if (frames !== undefined) frames.base = frames.list.length
    noteStart(this, started)
    this.enter(started)
  }

  goOn(): boolean {
    const active = proceedWait(this)
    if (active === undefined) return false
    this.enter(active)
    return true
  }

  // ——— behavior ———

  handle(given: unknown, original: unknown, trace: unknown): void {
    const { runtime } = this
    const message = unmarked(given)
    const sent = original === given ? message : original
    this.begin(sent)
    if (message !== sent) requireMessage(message, this)
    runtime.probe?.beforeHandle?.(this.ref, message, trace)
    try {
      const behavior = this.#behavior as Active
      const next = interpretMessage(behavior, message === given ? message : arriving(given, behavior), this)
      if (next === postponed) postpone(this, new Kept(given, sent, trace))
      else runtime.settle(this.ref, sent, this.become(next, sent) ? 'handled' : 'unhandled')
      runtime.handling = undefined
    } finally {
      // A message that fails is activity, too.
      if ((this.flags & TIMEOUT) !== 0) this.extra?.timeout?.touch(message)
    }
  }

  begin(sent: unknown): void {
    this.runtime.handling = sent
  }

  sendNow(message: unknown): void {
    this.handle(message, message, this.runtime.enqueued(this.ref, unmarked(message)))
  }

  handleTerminated(watch: Watched, cause: Option<unknown>): void {
    endWatch(this, watch.ref)
    if (watch.message !== undefined) this.sendNow(watch.message)
    else if (!this.signal(terminated(watch.ref, cause)))
      throw new TroupeError(
        'DeathPact',
        `${this.path.toString()} watches ${watch.ref.path.toString()}, which has terminated, and does not handle the signal. ` +
          `Handle Terminated in its signal handler, or use watchWith.`,
      )
  }

  handleAdaptionFailure(cause: unknown, sent: unknown): void {
    this.begin(sent)
    if (!this.signal(messageAdaptionFailure(cause, sent))) throw cause
    this.runtime.settle(this.ref, sent, 'handled')
    this.runtime.handling = undefined
  }

  enter(active: Active): void {
    if (isStopped(active)) beginStop(this, active.onStopped)
    else this.#behavior = active
  }

  /** Takes the answer of a handler on. False when it was `unhandled`, which is published. */
  private become(next: AnyBehavior, message: unknown): boolean {
    if (typeof next === 'function' && next !== stoppedValue) this.#behavior = next
    else if (next instanceof Receive) this.#behavior = next
    else return this.adopt(next, message)
    return true
  }

  private adopt(next: AnyBehavior, message: unknown): boolean {
    if (isUnhandled(next)) {
      this.runtime.unhandled(this, message, next.report)
      return false
    }
    if (next === postponed) postpone(this, message)
    else this.takeOn(next)
    return true
  }

  private takeOn(next: AnyBehavior): void {
    if (next !== same) this.enter(startNext(next, this, this.#behavior as Active, undefined))
  }

  /** False when the signal was not handled. */
  private signal(signal: Parameters<typeof interpretSignal>[1]): boolean {
    this.runtime.probe?.beforeSignal?.(this.ref, signal)
    const next = interpretSignal(this.#behavior as Active, signal, this)
    if (isUnhandled(next)) return false
    this.takeOn(next)
    return true
  }

  // ——— what the interpreter, timers and stashes need ———

  requireTurn(operation: string): void {
    if (this.runtime.current === this) return
    throw new TroupeError(
      'UnsupportedOperation',
      `Unsupported access to ActorContext of ${this.path.toString()}: '${operation}' was called outside of its turn, for ` +
        `instance from a promise callback or another actor. Send it a message, or bring a result in by context.pipeToSelf.`,
    )
  }

  need(): Extra {
    const context = this.context()
    return (context.extra ??= new Extra())
  }

  context(): Context {
    return (this.#context ??= new Context(this))
  }

  frames(): Frames {
    return (this.need().frames ??= new Frames())
  }

  timers(): Timers {
    return (this.need().timers ??= new Timers(this))
  }

  stashes(): Set<Stash> {
    return (this.need().stashes ??= new Set())
  }

  get interceptorDepth(): number {
    return this.runtime.settings.interceptorDepth
  }

  newStash(capacity: number): StashBuffer<unknown> {
    return new Stash(this, capacity, this.frames().list.length)
  }

  beginUnstash(buffer: StashBuffer<unknown>, count: number): void {
    // Only this room makes buffers.
    beginUnstash(this, buffer as Stash, count)
  }

  offerAgain(): void {
    offerAgain(this)
  }

  park(wait: Await): void {
    beginWait(this, wait)
  }

  // ——— life and death ———

  requestStop(): void {
    this.flags |= STOP
    this.wake()
  }

  kill(): void {
    this.flags |= STOP | KILLED
    this.wake()
  }

  childGone(child: Actor): void {
    unlinkChild(this, child)
    const isAwaited = this.firstChild === undefined || this.extra?.stopNext !== undefined
    if (isAwaited && (this.flags & (STOPPING | RESTARTING)) !== 0) this.wake()
  }

  stopBy(parent: Ref): boolean {
    if (this.parent?.ref !== parent) return false
    this.requestStop()
    return true
  }

  spawnChild(
    behavior: AnyBehavior,
    id: ActorId,
    props: Props | undefined,
    notice: StartNotice | undefined,
  ): ActorRef<never> {
    const child = new Cell(this.runtime, this, id, behavior, props?.mailbox)
    if (notice !== undefined) child.need().startNotice = notice
    linkChild(this, child)
    child.launch()
    // Who is going takes nobody new along; a context refuses, and what rooms above spawn ends without starting.
    if ((this.flags & STOPPING) !== 0) child.requestStop()
    return child.ref
  }

  bury(): void {
    this.flags &= ~CUSTOM
    this.#behavior = bare
    this.#mail = undefined
    this.#context = undefined
  }

  addWatch(watch: Watch): void {
    if (this.isTerminated) {
      watch.watchedTerminated(none)
      return
    }
    const extra = this.need()
    extra.watches ??= new WatchList()
    extra.watches.add(watch)
  }

  removeWatch(watch: Watch): void {
    this.extra?.watches?.remove(watch)
  }
}

const isSilentReceive = (behavior: AnyBehavior): boolean =>
  behavior instanceof Receive && behavior.onSignal === undefined
