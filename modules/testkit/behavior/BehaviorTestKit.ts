/**
 * One behavior on the stack of the test: no system, no time, no other actors; what it does is a list of effects.
 */
import {
  behaviorOf,
  Frames,
  interpretLast,
  arriving,
  interpretMessage,
  interpretSignal,
  isStopped,
  isUnhandled,
  judge,
  nodeOf,
  postponed,
  same,
  signalPreRestart,
  startFirst,
  startNext,
  unmarked,
  unpark,
  unparkWith,
  wrapAll,
  type Active,
  type AnyBehavior,
  type AnyInterceptor,
  type Await,
  type InnerContext,
} from '../../behavior/internal.js'
import type {
  ActorPath,
  ActorRef,
  Behavior,
  LogRecord,
  Signal,
  StashBuffer,
  Terminated,
  TimerScheduler,
} from '../../model/index.js'
import { defaultSettings, TroupeError } from '../../model/index.js'
import { messageAdaptionFailure, postStop, type Either } from '../../model/internal.js'
import { childPath, Readings, requireFirst, requireMessage } from '../../runtime/internal.js'
import { ExpectationFailed } from '../ExpectationFailed.js'
import type { Effect } from './Effect.js'
import { childOf, KitContext, type Child, type ContextHost } from './KitContext.js'
import { KitMailroom } from './KitMailroom.js'
import { KitStash } from './KitStash.js'
import { KitTimers } from './KitTimers.js'
import { Sealed } from './Sealed.js'
import { Inbox, type TestInbox } from './TestInbox.js'

/**
 * Runs one behavior, message by message, and tells what it did.
 *
 * @category testing
 * @since 0.1.0
 */
export interface BehaviorTestKit<A> {
  /** The reference that the behavior knows as itself. What is told to it waits in `selfInbox`. */
  readonly ref: ActorRef<A>
  /** Adapters and replies that come in its own turn lead here, too. */
  readonly selfInbox: TestInbox<A>
  /** What it would handle the next message with; never `Behaviors.same`. */
  readonly currentBehavior: Behavior<A>
  /** What the last handler returned, as it returned it. */
  readonly returnedBehavior: Behavior<A>
  /** False when it has stopped. */
  readonly isAlive: boolean
  /**
   * Lets it handle a message. A failure goes to its supervisors; when they stop it, it sees PostStop, and the failure is thrown here.
   *
   * @throws TroupeError IllegalState when it has stopped
   */
  run(message: A): void
  /** Lets it handle the oldest message that it has told itself. @throws ExpectationFailed when there is none */
  runOne(): void
  /** Lets it handle a request with a reference to reply to; the answer is where replies arrive. */
  runAsk<R>(make: (replyTo: ActorRef<R>) => A): TestInbox<R>
  /**
   * Lets it see a signal.
   *
   * Terminated frees the name of a child, ends a watch, and arrives as the message of `watchWith` where there is one; unhandled it throws, as
   * it ends an actor. One that has returned `stopped` sees PostStop when the test gives it here, and does its last act.
   */
  signal(signal: Signal): void
  /** The inbox of a living child, by name or reference. @throws ExpectationFailed when there is no such child */
  childInbox<B>(child: string | ActorRef<B>): TestInbox<B>
  /** The kit of a living child, whose behavior it starts: its `ref` is the child and its `selfInbox` the child's inbox. @throws ExpectationFailed when there is no such child */
  childKit<B>(child: string | ActorRef<B>): BehaviorTestKit<B>
  /** What it has done since the last call, in order. */
  effects(): readonly Effect[]
  /** Takes the next effect, which has to be of this kind. @throws ExpectationFailed otherwise */
  expectEffect<T extends Effect['_tag']>(tag: T): Extract<Effect, { readonly _tag: T }>
  /** What it has logged since the last call. */
  logEntries(): readonly LogRecord[]
  /** Messages that it left unhandled since the last call. */
  unhandled(): readonly A[]
}

/** What the behavior waits for. */
interface Wait {
  /** Whether messages are handled meanwhile. */
  readonly takesMail: boolean
  result: Either<unknown, unknown> | undefined
}

class Kit implements BehaviorTestKit<unknown>, ContextHost {
  readonly mailroom: KitMailroom
  readonly path: ActorPath
  readonly interceptorDepth: number = defaultSettings.interceptorDepth
  readonly children: Map<string, Child> = new Map()
  within: AnyInterceptor | undefined = undefined
  readonly selfInbox: Inbox<unknown>
  readonly #context = new KitContext(this)
  readonly #frames = new Frames()
  readonly #timers = new KitTimers(this)
  readonly #kits = new WeakMap<Child, Kit>()
  #effects: Effect[] = []
  #log: LogRecord[] = []
  #unhandled: unknown[] = []
  readonly #readings = new Readings()
  /** Messages that wait for a task. */
  readonly #parked: unknown[] = []
  /** Messages that keep their place until they are offered again. */
  readonly #postponed: unknown[] = []
  readonly #later: (() => void)[] = []
  #wait: Wait | undefined = undefined
  #isInTurn = false
  #hasStarted = false
  /** What has returned `stopped`: it has PostStop to see still. */
  #last: Active | undefined = undefined
  #active: Active
  #returned: AnyBehavior

  constructor(behavior: Behavior<never>, inbox: Inbox<unknown>, mailroom: KitMailroom) {
    const node = requireFirst(behavior, { path: mailroom.root })
    this.mailroom = mailroom
    this.selfInbox = inbox
    this.path = inbox.ref.path
    this.#returned = node
    this.#active = this.#inTurn(() => startFirst(node, this, undefined))
    this.#hasStarted = true
    if (!this.isAlive) this.#timers.forget()
    this.#frames.base = this.#frames.list.length
    this.#readOn()
  }

  get ref(): ActorRef<unknown> {
    return this.selfInbox.ref
  }

  get self(): ActorRef<unknown> {
    return this.ref
  }

  get behavior(): Active {
    return this.#active
  }

  get currentBehavior(): Behavior<unknown> {
    return behaviorOf(this.#active)
  }

  get returnedBehavior(): Behavior<unknown> {
    return behaviorOf(this.#returned)
  }

  get isAlive(): boolean {
    return !isStopped(this.#active)
  }

  run(message: unknown): void {
    requireMessage(message, this)
    this.#requireAlive()
    this.#take(message)
  }

  runOne(): void {
    this.#requireAlive()
    this.#take(this.selfInbox.takeMail())
  }

  runAsk<R>(make: (replyTo: ActorRef<R>) => unknown): TestInbox<R> {
    const inbox = new Inbox<R>(this.mailroom, this.path, undefined)
    this.run(make(inbox.ref))
    return inbox
  }

  signal(signal: Signal): void {
    if (signal._tag === 'PostStop' && !this.isAlive) this.#end()
    else if (signal._tag === 'PostStop' || signal._tag === 'PreRestart')
      this.#inTurn(() => {
        interpretLast(this.#active, signal, this)
      })
    else {
      this.#requireAlive()
      if (signal._tag === 'Terminated') this.#terminated(signal)
      else this.#notice(signal)
    }
  }

  /** Its name is free again, and whoever watched it is told in the way that was chosen. */
  #terminated(signal: Terminated): void {
    const { ref } = signal
    if (childOf(this.children, ref) !== undefined) this.children.delete(ref.path.name)
    const message = this.#context.endWatch(ref)
    if (message?._tag === 'Some') this.#take(message.value)
    else this.#notice(signal)
  }

  #notice(signal: Signal): void {
    this.#attempt(() => {
      if (!this.#see(signal) && signal._tag === 'Terminated')
        throw new TroupeError(
          'DeathPact',
          `${this.path.toString()} does not handle that ${signal.ref.path.toString()} has terminated. Handle Terminated in its ` +
            `signal handler, or use watchWith.`,
        )
    })
    this.#readOn()
  }

  childInbox<B>(child: string | ActorRef<B>): TestInbox<B> {
    // The caller names the protocol of the child.
    return this.#child(child).inbox as unknown as TestInbox<B>
  }

  childKit<B>(child: string | ActorRef<B>): BehaviorTestKit<B> {
    const found = this.#child(child)
    const kit = this.#kits.get(found) ?? new Kit(found.behavior, found.inbox, this.mailroom)
    this.#kits.set(found, kit)
    return kit as BehaviorTestKit<unknown> as BehaviorTestKit<B>
  }

  effects(): readonly Effect[] {
    const effects = this.#effects
    this.#effects = []
    return effects
  }

  expectEffect<T extends Effect['_tag']>(tag: T): Extract<Effect, { readonly _tag: T }> {
    const effect = this.#effects[0]
    if (effect?._tag !== tag)
      throw new ExpectationFailed(
        `${this.path.toString()} was expected to have the effect ${tag}, but the next one is ${effect?._tag ?? 'none'}.`,
      )
    this.#effects.shift()
    return effect as Extract<Effect, { readonly _tag: T }>
  }

  logEntries(): readonly LogRecord[] {
    const entries = this.#log
    this.#log = []
    return entries
  }

  unhandled(): readonly unknown[] {
    const messages = this.#unhandled
    this.#unhandled = []
    return messages
  }

  // ——— what the interpreter and the context need ———

  context(): InnerContext {
    // Its methods take what the generic ones of the interface take; in here a reply is whatever arrives.
    return this.#context
  }

  frames(): Frames {
    return this.#frames
  }

  timers(): TimerScheduler<unknown> {
    return this.#timers
  }

  newStash(capacity: number): StashBuffer<unknown> {
    return new KitStash(this, capacity)
  }

  beginUnstash(buffer: StashBuffer<unknown>, count: number): void {
    // Only newStash above makes buffers.
    if (count > 0) this.#readings.begin(buffer as KitStash, count)
  }

  postpone(message: unknown): void {
    this.#postponed.push(message)
  }

  offerAgain(): void {
    this.#parked.unshift(...this.#postponed.splice(0))
  }

  park(node: Await): void {
    const wait: Wait = { takesMail: node.takesMail, result: undefined }
    this.#wait = wait
    node.begin(this.#context, {
      wake: (result) => {
        if (this.#wait !== wait || wait.result !== undefined) return false
        wait.result = result
        return true
      },
    })
  }

  goOn(): void {
    if (!this.#isInTurn) this.#readOn()
  }

  later(run: () => void): void {
    this.#later.push(run)
  }

  record(effect: Effect): void {
    this.#effects.push(effect)
  }

  write(record: LogRecord): void {
    this.#log.push(record)
  }

  post(mail: Sealed): void {
    this.selfInbox.put(mail)
  }

  deliver(mail: unknown): void {
    if (!this.isAlive) return
    if (this.#isInTurn) this.selfInbox.put(mail)
    else this.#take(mail)
  }

  requireTurn(operation: string): void {
    if (this.#isInTurn) return
    throw new TroupeError(
      'UnsupportedOperation',
      `Unsupported access to ActorContext of ${this.path.toString()}: '${operation}' was called outside of its turn.`,
    )
  }

  // ——— turns ———

  /** Lets it handle mail, unless mail waits. */
  #take(mail: unknown): void {
    if (this.#wait?.takesMail === false) {
      this.#parked.push(mail)
      return
    }
    this.#handle(mail)
    this.#readOn()
  }

  #handle(mail: unknown): void {
    this.#attempt(() => {
      const given = mail instanceof Sealed ? this.#open(mail) : mail
      if (given === undefined) return
      const next = interpretMessage(this.#active, arriving(given, this.#active), this)
      this.#returned = next
      if (isUnhandled(next)) this.#unhandled.push(unmarked(given))
      else if (next === postponed) this.postpone(given)
      else this.#become(next)
    })
  }

  /** The message that is made of it; undefined when the behavior was told that it cannot be adapted. */
  #open(mail: Sealed): unknown {
    let message: unknown
    try {
      message = mail.open()
    } catch (error) {
      // A signal of its own, so that a behavior can tell a bad translation from a failure of its own.
      if (!mail.isAdapted || !this.#see(messageAdaptionFailure(error, mail.sent))) throw error
      return undefined
    }
    requireMessage(unmarked(message), this)
    return message
  }

  /** Lets it see a signal. False when it was left unhandled. */
  #see(signal: Signal): boolean {
    const next = interpretSignal(this.#active, signal, this)
    this.#returned = next
    if (isUnhandled(next)) return false
    this.#become(next)
    return true
  }

  #become(next: AnyBehavior): void {
    if (next !== same) this.#enter(startNext(next, this, this.#active, undefined))
  }

  #enter(active: Active): void {
    if (isStopped(active)) {
      this.#last = this.#active
      this.#timers.forget()
    }
    this.#active = active
  }

  /** What a stop comes to when the test says so: PostStop, then the last act, once. */
  #end(): void {
    const last = this.#last
    if (last === undefined) return
    this.#last = undefined
    const onStopped = isStopped(this.#active) ? this.#active.onStopped : undefined
    this.#inTurn(() => {
      interpretLast(last, postStop, this)
      onStopped?.()
    })
  }

  /** Goes on with what a wait has brought, and handles what a stash or a wait has held up. */
  #readOn(): void {
    while (this.isAlive) {
      this.#later.shift()?.()
      const wait = this.#wait
      // The end of a wait comes behind the messages that are there, unless they wait for it.
      const message =
        wait?.takesMail === false || this.#later.length > 0
          ? undefined
          : (this.#readings.next() ?? this.#parked.shift())
      if (message !== undefined) this.#handle(message)
      else if (wait?.result !== undefined) this.#wake(wait.result)
      else if (this.#later.length === 0) return
    }
  }

  #wake(result: Either<unknown, unknown>): void {
    this.#wait = undefined
    this.#attempt(() => {
      if (result._tag === 'Left') throw result.left
      this.#enter(unparkWith(this.#active, result.right, this))
    })
  }

  #inTurn<T>(run: () => T): T {
    const outer = this.#isInTurn
    this.#isInTurn = true
    try {
      return run()
    } finally {
      this.#isInTurn = outer
    }
  }

  #attempt(run: () => void): void {
    try {
      this.#inTurn(run)
    } catch (error) {
      // The supervisors of the behavior decide; without one the test gets the failure.
      this.#readings.end()
      this.#wait = undefined
      this.offerAgain()
      this.#fail(error)
    }
  }

  #fail(error: unknown): void {
    const frames = this.#frames
    const verdict = judge(frames.list, frames.outsideOf(error), error, 0, !this.#hasStarted)
    const { decision } = verdict
    const resumed = decision._tag === 'Resume' ? unpark(this.#active, this) : undefined
    if (resumed !== undefined) this.#active = resumed
    else if (decision._tag === 'Restart' && verdict.frame !== undefined) {
      const frame = frames.list[verdict.frame]
      if (frame !== undefined) frame.log = decision.log
      this.#restart(verdict.frame)
    } else this.#stop(error)
  }

  /** At once: there is no time to wait for. */
  #restart(index: number): void {
    this.#inTurn(() => {
      signalPreRestart(this.#active, index, this)
      const frame = this.#frames.list[index]
      if (frame === undefined) return
      this.#timers.forget()
      if (!('stopChildren' in frame.strategy) || frame.strategy.stopChildren) this.#stopChildren()
      this.#frames.list.length = index + 1
      this.#enter(wrapAll(startFirst(frame.initial, this, frame.layer), frame.layer))
    })
  }

  #stopChildren(): void {
    for (const { inbox } of this.children.values()) {
      // The new behavior shall not hear of children that it never had.
      this.#context.endWatch(inbox.ref)
      this.record({ _tag: 'Stopped', ref: inbox.ref })
    }
    this.children.clear()
  }

  #stop(error: unknown): never {
    const last = this.#active
    this.#timers.forget()
    this.#active = { _tag: 'Stopped', onStopped: undefined }
    this.#inTurn(() => {
      interpretLast(last, postStop, this)
    })
    throw error
  }

  #requireAlive(): void {
    if (this.isAlive) return
    throw new TroupeError('IllegalState', `${this.path.toString()} has stopped, and handles nothing any more.`)
  }

  #child(child: string | ActorRef<never>): Child {
    const found = typeof child === 'string' ? this.children.get(child) : childOf(this.children, child)
    if (found !== undefined) return found
    const wanted = typeof child === 'string' ? `'${child}'` : child.toString()
    const names = [...this.children.values()].map(({ inbox: { ref } }) =>
      typeof child === 'string' ? ref.path.name : ref.toString(),
    )
    throw new ExpectationFailed(
      `${this.path.toString()} has no child ${wanted}; it has ${names.length === 0 ? 'none' : names.join(', ')}.`,
    )
  }
}

/**
 * Makes synchronous test kits.
 *
 * @example
 * ```ts
 * import { Behaviors } from 'troupe'
 * import { BehaviorTestKit } from 'troupe/testkit'
 *
 * const parent = Behaviors.receive<string>((context, name) => {
 *   context.watch(context.spawn(Behaviors.ignore, name))
 *   return Behaviors.same
 * })
 *
 * const kit = BehaviorTestKit.create(parent)
 * kit.run('ann')
 * console.log(kit.effects().map(({ _tag }) => _tag)) // [ 'Spawned', 'Watched' ]
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/testing-sync.html
 * @category testing
 * @since 0.1.0
 */
export const BehaviorTestKit: {
  /** Starts a behavior: its setup runs here. What it throws is thrown. */
  readonly create: <A>(behavior: Behavior<A>, name?: string) => BehaviorTestKit<A>
} = {
  create: <A>(behavior: Behavior<A>, name = 'test'): BehaviorTestKit<A> =>
    // A kit handles what its behavior handles.
    newKit(nodeAsBehavior(behavior), name) as BehaviorTestKit<unknown> as BehaviorTestKit<A>,
}

const newKit = (behavior: Behavior<never>, name: string): Kit => {
  const mailroom = new KitMailroom()
  return new Kit(behavior, new Inbox(mailroom, childPath(mailroom.root, { name: 'user', uid: 0 }), name), mailroom)
}

const nodeAsBehavior = <A>(behavior: Behavior<A>): Behavior<never> => behaviorOf(nodeOf(behavior))
