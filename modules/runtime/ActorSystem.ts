/**
 * The system: the roots of the tree and what all actors share.
 */
import type {
  ActorPath,
  ActorRef,
  ActorSystem as ActorSystemFace,
  Behavior,
  Clock,
  Dispatcher,
  EventStream,
  Extensions,
  Logger,
  Probe,
  Random,
  Scheduler,
  Settings,
  TerminateOptions,
  TimerHandle,
} from '../model/index.js'
import { ActorPath as Path, TroupeError } from '../model/index.js'
import { checkSettings, period, quoted, requireThat, type Either, type Option } from '../model/internal.js'
import { Cell } from './Cell.js'
import { ExtensionRegistry } from './Extensions.js'
import type { Inbox } from './Inbox.js'
import { Ref } from './Ref.js'
import { consoleLogger } from './loggers.js'
import { LoopDispatcher } from './LoopDispatcher.js'
import { hold, randomUnit, release } from './platform.js'
import { printTree } from './printTree.js'
import { Runtime } from './Runtime.js'
import { requireFirst } from './spawning.js'
import { deadLettersRef, ignoreRef } from './specialRefs.js'
import { systemClock } from './SystemClock.js'
import { SystemScheduler } from './SystemScheduler.js'

/**
 * What a system can be given in place of the defaults.
 *
 * @category model
 * @since 0.1.0
 */
export interface ActorSystemOptions {
  /** Any part of the settings; the rest is `defaultSettings`. */
  readonly settings?: Partial<Settings>
  /** Default: the clock of the machine. */
  readonly clock?: Clock
  /** Default: one that runs actors on the event loop. */
  readonly dispatcher?: Dispatcher
  /** Default: `Math.random`. */
  readonly random?: Random
  /** Default: `consoleLogger`. */
  readonly logger?: Logger
  /** Sees everything that happens; default: none. */
  readonly probe?: Probe
  /** Keeps the process alive until the system has terminated, even when it is idle. Default: false. */
  readonly keepAlive?: boolean
}

const nameShape = /^[A-Za-z0-9][-\w]*$/

/** @internal */
export class System extends Ref implements ActorSystemFace<unknown> {
  readonly name: string
  readonly settings: Settings
  readonly eventStream: EventStream
  readonly deadLetters: ActorRef<unknown>
  readonly ignoreRef: ActorRef<unknown>
  readonly extensions: Extensions
  readonly whenStarted: Promise<Either<unknown, void>>
  readonly whenTerminated: Promise<Option<unknown>>
  readonly runtime: Runtime
  /** The guardian, and later one for the actors of extensions, which ends after the guardian. */
  readonly roots: [Cell, ...Cell[]]
  readonly #guardian: Ref
  readonly #scheduler: SystemScheduler
  #deadline: TimerHandle = undefined
  #isTerminating = false
  /** What comes before the end; undefined when there is nothing, or it has begun. */
  #farewell: (() => Promise<void>) | undefined = undefined
  #isHeld = false
  #cause: Option<unknown> | undefined = undefined
  #resolve: ((cause: Option<unknown>) => void) | undefined = undefined

  constructor(guardian: Behavior<never>, name: string, options: ActorSystemOptions) {
    super()
    const settings = checkSettings(options.settings ?? {})
    const path = new Path(requireSystemName(name), 0, undefined)
    const runtime = new Runtime(name, path, settings, {
      clock: options.clock ?? systemClock,
      dispatcher: options.dispatcher ?? new LoopDispatcher(settings),
      random: options.random ?? { next: randomUnit },
      logger: options.logger ?? consoleLogger,
      probe: options.probe,
    })
    const first = requireFirst(guardian, { path })
    this.name = name
    this.settings = settings
    this.eventStream = runtime.eventStream
    this.deadLetters = deadLettersRef(runtime)
    this.ignoreRef = ignoreRef(runtime)
    this.extensions = new ExtensionRegistry(this, runtime)
    this.runtime = runtime
    this.#scheduler = new SystemScheduler(runtime)
    const root = new Cell(runtime, undefined, { name: 'user', uid: runtime.nextUid() }, first, undefined)
    this.roots = [root]
    this.#guardian = root.ref
    this.whenStarted = new Promise((resolve) => {
      root.need().startNotice = resolve
    })
    this.whenTerminated = new Promise((resolve) => {
      this.#resolve = resolve
    })
    runtime.serve(this, (stopped, cause) => {
      this.#rootStopped(stopped, cause)
    })
    if (options.keepAlive === true) this.#keepAlive()
    root.launch()
  }

  get path(): ActorPath {
    return this.#guardian.path
  }

  get inbox(): Inbox {
    return this.#guardian.inbox
  }

  override get identity(): Ref {
    return this.#guardian
  }

  get scheduler(): Scheduler {
    return this.#scheduler
  }

  tell(message: unknown): void {
    this.#guardian.tell(message)
  }

  printTree(): string {
    this.runtime.touchShared()
    const living = this.roots.filter((root) => !root.ref.inbox.isTerminated)
    return printTree(`troupe://${this.name}`, living)
  }

  terminate(options?: TerminateOptions): Promise<Option<unknown>> {
    if (this.#isTerminating || this.#cause !== undefined) return this.whenTerminated
    const timeoutMs = options?.timeoutMs ?? this.settings.terminateTimeoutMs
    requireThat('timeoutMs of terminate', timeoutMs, period)
    this.#isTerminating = true
    this.#afterFarewell(() => {
      this.#deadline = this.runtime.clock.setTimer(timeoutMs, () => {
        this.#endByForce(timeoutMs)
      })
      this.#stopRoots()
    })
    return this.whenTerminated
  }

  /** Puts something before the end: the guardian, or what is left when it has ended by itself, stops when the promise has resolved. */
  holdBack(farewell: () => Promise<void>): void {
    this.#farewell = farewell
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.terminate()
  }

  #keepAlive(): void {
    hold()
    void this.whenTerminated.then(release)
  }

  #endByForce(timeoutMs: number): void {
    this.runtime.log(
      'error',
      undefined,
      `Not every actor has stopped within ${timeoutMs} ms; the rest is ended without PostStop:\n${this.printTree()}`,
    )
    for (const root of this.roots) root.kill()
  }

  #afterFarewell(goOn: () => void): void {
    const farewell = this.#farewell
    this.#farewell = undefined
    if (farewell === undefined) {
      goOn()
      return
    }
    this.#isHeld = true
    void farewell().then(() => {
      this.#isHeld = false
      goOn()
    })
  }

  #rootStopped(stopped: Ref, cause: Option<unknown>): void {
    if (stopped === this.identity) this.#cause = cause
    // Held back, the end goes on from there; and without the end of the guardian there is none.
    if (this.#isHeld || this.#cause === undefined) return
    this.#isTerminating = true
    this.#afterFarewell(() => {
      this.#stopRoots()
    })
  }

  /** The guardian first; when it has ended, the others; when all have, the system has terminated. */
  #stopRoots(): void {
    if (this.#cause === undefined) {
      this.roots[0].requestStop()
      return
    }
    const rest = this.roots.filter((root) => !root.ref.inbox.isTerminated)
    for (const root of rest) root.requestStop()
    if (rest.length > 0) return
    this.runtime.clock.clearTimer(this.#deadline)
    this.#scheduler.end()
    this.runtime.end()
    this.#resolve?.(this.#cause)
  }
}

const requireSystemName = (name: string): string => {
  if (typeof name === 'string' && nameShape.test(name)) return name
  throw new TroupeError(
    'InvalidActorName',
    `${quoted(name)} cannot be the name of a system. A name begins with a letter or digit and goes on with letters, digits, - and _.`,
  )
}

/**
 * Makes actor systems.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 *
 * const counter = (count: number): Behavior<'increment'> => Behaviors.receiveMessage(() => counter(count + 1))
 *
 * const system = ActorSystem.create(counter(0), 'demo', { settings: { logLevel: 'warn' } })
 * system.tell('increment')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/actor-lifecycle.html
 * @category running
 * @since 0.1.0
 */
export const ActorSystem: {
  /**
   * Starts a system. Its guardian is the root of the tree; when the guardian stops, the system has terminated.
   *
   * @throws TroupeError IllegalArgument for a setting out of range or a first behavior that is `same` or `unhandled`; InvalidActorName
   * for a name that is malformed
   */
  readonly create: <A>(guardian: Behavior<A>, name: string, options?: ActorSystemOptions) => ActorSystem<A>
} = {
  create: (guardian, name, options) => new System(guardian, name, options ?? {}),
}

/**
 * A tree of actors, and the reference of its root, the guardian.
 *
 * @category model
 * @since 0.1.0
 */
export interface ActorSystem<in A> extends ActorSystemFace<A> {}
