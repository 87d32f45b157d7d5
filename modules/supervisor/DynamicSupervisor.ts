/**
 * A supervisor of children that are all alike and come and go: OTP's simple_one_for_one.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, Behavior, Cancellable, Clock } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { left, none, right, some, type Either, type Option } from '../model/internal.js'
import { isTerminated, kill, portsOf, spawnWithNotice, stopChildrenBy } from '../runtime/internal.js'
import { clashWith, requireFunction, specOf, type ChildOptions, type ChildSpec } from './ChildSpec.js'
import type { ChildCounts, ChildInfo } from './commands.js'
import { notFound, startFailed, SupervisorFailure, type ChildNotFound, type ChildStartFailed } from './failures.js'
import { flagsOf, type Flags, type RestartLimits } from './flags.js'
import { countRestart } from './restarts.js'

/**
 * What a dynamic supervisor handles. Administration never waits for a child: children start and stop side by side.
 *
 * @category model
 * @since 0.1.0
 */
export type DynamicSupervisorCommand<Args, A> =
  | {
      readonly _tag: 'StartChild'
      readonly args: Args
      readonly replyTo: ActorRef<Either<ChildStartFailed, ActorRef<A>>>
    }
  | {
      readonly _tag: 'TerminateChild'
      readonly ref: ActorRef<never>
      readonly replyTo: ActorRef<Either<ChildNotFound, void>>
    }
  | { readonly _tag: 'WhichChildren'; readonly replyTo: ActorRef<readonly ChildInfo[]> }
  | { readonly _tag: 'CountChildren'; readonly replyTo: ActorRef<ChildCounts> }

/**
 * How a dynamic supervisor treats itself, and each of its children.
 *
 * @category model
 * @since 0.1.0
 */
export interface DynamicSupervisorOptions extends RestartLimits, ChildOptions {}

/** One child, from its first start to its end for good. */
interface Entry<Args, A> {
  readonly args: Args
  /** The last one it had. */
  ref: ActorRef<A> | undefined
  /** The last one that had started: the one that others know. */
  known: ActorRef<A> | undefined
  state: 'starting' | 'running' | 'restarting' | 'stopping'
  /** Why the last try to restart it failed. */
  cause: Option<unknown>
  /** Who waits to hear of its first start. */
  startedBy: ActorRef<Either<ChildStartFailed, ActorRef<A>>> | undefined
  /** Who waits to hear of its end. */
  readonly stoppedBy: ActorRef<Either<ChildNotFound, void>>[]
  /** When a stop is over with it. */
  deadline: Cancellable | undefined
}

const newEntry = <Args, A>(args: Args, startedBy: Entry<Args, A>['startedBy']): Entry<Args, A> => ({
  args,
  ref: undefined,
  known: undefined,
  state: 'starting',
  cause: none,
  startedBy,
  stoppedBy: [],
  deadline: undefined,
})

/** News of a child. */
class News<Args, A> {
  readonly _tag = 'News'
  readonly what: 'started' | 'retry'
  readonly entry: Entry<Args, A>

  constructor(what: News<Args, A>['what'], entry: Entry<Args, A>) {
    this.what = what
    this.entry = entry
  }
}

type Message<Args, A> = DynamicSupervisorCommand<Args, A> | News<Args, A>

class Shell<Args, A> {
  readonly #context: ActorContext<Message<Args, A>>
  readonly #make: (args: Args) => Behavior<A>
  readonly #flags: Flags
  readonly #spec: ChildSpec
  readonly #options: DynamicSupervisorOptions
  readonly #clock: Clock
  /** By their current reference. */
  readonly #entries = new Map<ActorRef<never>, Entry<Args, A>>()
  /** Between two tries to start. */
  readonly #restarting = new Set<Entry<Args, A>>()
  #restartsMs: readonly number[] = []
  /** When the stop of the supervisor is over with its children. */
  #deadline: Cancellable | undefined = undefined
  #isStopping = false

  constructor(
    context: ActorContext<Message<Args, A>>,
    make: (args: Args) => Behavior<A>,
    flags: Flags,
    spec: ChildSpec,
    options: DynamicSupervisorOptions,
  ) {
    this.#context = context
    this.#make = make
    this.#flags = flags
    this.#spec = spec
    this.#options = options
    this.#clock = portsOf(context.system).clock
    stopChildrenBy(context, () => {
      this.#stopAll()
    })
  }

  behavior(): Behavior<Message<Args, A>> {
    return Behaviors.receive<Message<Args, A>>(
      (_, message) => this.#receive(message),
      (_, signal) => {
        if (signal._tag === 'PostStop') this.#deadline?.cancel()
        const entry = signal._tag === 'Terminated' ? this.#entries.get(signal.ref) : undefined
        if (signal._tag !== 'Terminated' || entry === undefined) return Behaviors.same
        this.#entries.delete(signal.ref)
        entry.deadline?.cancel()
        return this.#ended(entry, signal.ref, signal.cause)
      },
    )
  }

  #receive(message: Message<Args, A>): Behavior<Message<Args, A>> {
    switch (message._tag) {
      case 'StartChild':
        return this.#start(newEntry(message.args, message.replyTo))
      case 'TerminateChild':
        this.#terminate(message.ref, message.replyTo)
        return Behaviors.same
      case 'WhichChildren':
        message.replyTo.tell([...this.#entries.values(), ...this.#restarting].map((entry) => this.#infoOf(entry)))
        return Behaviors.same
      case 'CountChildren':
        message.replyTo.tell(this.#counts())
        return Behaviors.same
      case 'News':
        return this.#hear(message)
    }
  }

  #hear({ what, entry }: News<Args, A>): Behavior<Message<Args, A>> {
    if (what === 'retry') return this.#restarting.delete(entry) ? this.#restart(entry, entry.cause) : Behaviors.same
    if (entry.state === 'starting') entry.state = 'running'
    entry.known = entry.ref
    this.#tellStarted(entry)
    return Behaviors.same
  }

  #start(entry: Entry<Args, A>): Behavior<Message<Args, A>> {
    let ref: ActorRef<A>
    try {
      ref = spawnWithNotice(this.#context, this.#make(entry.args), undefined, this.#options.props, () => {
        if (!isTerminated(ref)) this.#context.self.tell(new News('started', entry))
      })
    } catch (cause) {
      // A child that cannot be made is a start that failed; it must not fail its supervisor and its siblings.
      return this.#startFailed(entry, '(not made)', cause)
    }
    entry.ref = ref
    entry.state = 'starting'
    this.#entries.set(ref, entry)
    this.#context.watch(ref)
    return Behaviors.same
  }

  #startFailed(entry: Entry<Args, A>, id: string, cause: unknown): Behavior<Message<Args, A>> {
    if (entry.startedBy !== undefined) {
      entry.startedBy.tell(left(startFailed(id, cause)))
      return Behaviors.same
    }
    entry.state = 'restarting'
    entry.cause = some(cause)
    this.#restarting.add(entry)
    this.#context.self.tell(new News('retry', entry))
    return Behaviors.same
  }

  #ended(entry: Entry<Args, A>, ref: ActorRef<never>, cause: Option<unknown>): Behavior<Message<Args, A>> {
    const { state } = entry
    if (state === 'stopping') {
      this.#tellStarted(entry)
      for (const replyTo of entry.stoppedBy) replyTo.tell(right(undefined))
      return Behaviors.same
    }
    if (state === 'starting' && cause._tag === 'Some') return this.#startFailed(entry, ref.path.name, cause.value)
    this.#tellStarted(entry)
    // One that ended in its start without a cause has decided not to run.
    if (state === 'starting') return Behaviors.same
    const isFailure = cause._tag === 'Some' && !(cause.value instanceof SupervisorFailure)
    if (this.#spec.restart === 'permanent' || (this.#spec.restart === 'transient' && isFailure))
      return this.#restart(entry, cause)
    return this.#spec.significant && this.#shutsDown() ? Behaviors.stopped : Behaviors.same
  }

  #restart(entry: Entry<Args, A>, cause: Option<unknown>): Behavior<Message<Args, A>> {
    const restartsMs = countRestart(this.#restartsMs, this.#clock.now(), this.#flags)
    if (restartsMs === undefined) throw tooMany(this.#flags, entry.ref, cause)
    this.#restartsMs = restartsMs
    return this.#start(entry)
  }

  #terminate(ref: ActorRef<never>, replyTo: ActorRef<Either<ChildNotFound, void>>): void {
    const [key, entry] = this.#find(ref)
    if (entry === undefined) replyTo.tell(left(notFound(ref.path.name)))
    else if (key === undefined) {
      this.#restarting.delete(entry)
      replyTo.tell(right(undefined))
    } else {
      entry.stoppedBy.push(replyTo)
      if (entry.state !== 'stopping') entry.deadline = this.#stop([key])
      entry.state = 'stopping'
    }
  }

  /** A child by any reference that equals the one it is known by; the key is there unless it is between two tries to start. */
  #find(ref: ActorRef<never>): readonly [ActorRef<never> | undefined, Entry<Args, A> | undefined] {
    const direct = this.#entries.get(ref)
    if (direct !== undefined) return [ref, direct]
    for (const [key, entry] of this.#entries)
      if (key.equals(ref) || (entry.state === 'starting' && entry.known?.equals(ref) === true)) return [key, entry]
    for (const entry of this.#restarting) if (entry.known?.equals(ref) === true) return [undefined, entry]
    return [undefined, undefined]
  }

  /** The supervisor itself is stopping: children that are all alike stop all at once. */
  #stopAll(): void {
    if (this.#isStopping) return
    this.#isStopping = true
    for (const entry of this.#entries.values()) entry.deadline?.cancel()
    this.#deadline = this.#stop([...this.#entries.keys()])
  }

  #stop(refs: readonly ActorRef<never>[]): Cancellable | undefined {
    const { shutdownMs } = this.#spec
    if (shutdownMs === 'brutalKill') {
      refs.forEach(kill)
      return undefined
    }
    for (const ref of refs) this.#context.stop(ref)
    if (shutdownMs === 'infinity') return undefined
    return this.#context.system.scheduler.scheduleOnce(shutdownMs, () => {
      refs.forEach(kill)
    })
  }

  #tellStarted(entry: Entry<Args, A>): void {
    // Whoever waits for a start waits for one that was spawned.
    if (entry.ref !== undefined) entry.startedBy?.tell(right(entry.ref))
    entry.startedBy = undefined
  }

  #shutsDown(): boolean {
    return this.#flags.autoShutdown === 'anySignificant' || (this.#entries.size === 0 && this.#restarting.size === 0)
  }

  #infoOf({ ref, known, state }: Entry<Args, A>): ChildInfo {
    const isRestarting = state === 'starting' && known !== undefined
    return {
      id: ref?.path.name ?? '',
      ref: state === 'running' && ref !== undefined ? some(ref) : none,
      state: isRestarting ? 'restarting' : state === 'stopping' ? 'stopped' : state,
      restart: this.#spec.restart,
      type: this.#spec.type,
    }
  }

  #counts(): ChildCounts {
    const specs = this.#entries.size + this.#restarting.size
    const active = [...this.#entries.values()].filter(({ state }) => state === 'running').length
    const isWorker = this.#spec.type === 'worker'
    return { specs, active, supervisors: isWorker ? 0 : specs, workers: isWorker ? specs : 0 }
  }
}

const tooMany = (
  { intensity, periodMs }: Flags,
  ref: ActorRef<never> | undefined,
  cause: Option<unknown>,
): SupervisorFailure => {
  const id = ref?.path.name ?? ''
  return new SupervisorFailure(
    'RestartIntensityReached',
    id,
    `The child '${id}' ended once more after ${String(intensity)} restarts within ${String(periodMs)} ms, the limit of its supervisor, which gives up.`,
    cause._tag === 'Some' ? cause.value : undefined,
  )
}

/**
 * Makes supervisors of children that are all alike and come and go: OTP's `simple_one_for_one`.
 *
 * Every child is made by the same function, from the arguments that came with the request for it. A child that is restarted is made from its
 * arguments anew. Children stop all at once, and when the supervisor itself is restarted they are not there any more.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, ask } from 'troupe'
 * import { DynamicSupervisor } from 'troupe/supervisor'
 *
 * const session = (user: string) => Behaviors.receiveMessageWithSame<string>((text) => console.log(`${user}: ${text}`))
 *
 * const system = ActorSystem.create(DynamicSupervisor.behavior(session, { restart: 'transient' }), 'chat')
 * const started = await pipe(
 *   system,
 *   ask((replyTo) => ({ _tag: 'StartChild', args: 'ada', replyTo }), { timeoutMs: 1_000 }))()
 * if (started._tag === 'Right' && started.right._tag === 'Right') started.right.right.tell('hello')
 * ```
 *
 * @see https://www.erlang.org/doc/apps/stdlib/supervisor.html
 * @category constructors
 * @since 0.1.0
 */
export const DynamicSupervisor: {
  /**
   * The behavior of such a supervisor; `make` is called at each start of a child.
   *
   * @throws TroupeError IllegalArgument for a flag or an option that is out of range
   */
  readonly behavior: <Args, A>(
    make: (args: Args) => Behavior<A>,
    options?: DynamicSupervisorOptions,
  ) => Behavior<DynamicSupervisorCommand<Args, A>>
} = {
  behavior: <Args, A>(make: (args: Args) => Behavior<A>, options: DynamicSupervisorOptions = {}) => {
    const where = 'DynamicSupervisor.behavior'
    const flags = flagsOf(options, where)
    const spec = specOf('', options, where)
    const clash = clashWith(flags.autoShutdown, spec, where)
    if (clash !== undefined) throw new TroupeError('IllegalArgument', clash)
    requireFunction(make, where)
    return Behaviors.setup<Message<Args, A>>((context) => new Shell(context, make, flags, spec, options).behavior())
  },
}
