/**
 * A system on the stack of a test: the real runtime, a clock and a dispatcher that do nothing unless the test makes them.
 */
import { seededRandom } from '../base/index.js'
import { Behaviors } from '../behavior/index.js'
import type {
  ActorRef,
  ActorSystem as System,
  Behavior,
  Clock,
  DeadLetter,
  Dropped,
  Logger,
  LogRecord,
  Probe as RuntimeProbe,
  Props,
  Random,
  Settings,
  SystemEvent,
  UnhandledMessage,
} from '../model/index.js'
import { TroupeError, defaultSettings } from '../model/index.js'
import { delay, requireThat } from '../model/internal.js'
import { ActorSystem } from '../runtime/index.js'
import { kill, spawnBelowGuardian, spawnSystemActor, stopTopLevel } from '../runtime/internal.js'
import { ManualDispatcher } from './ManualDispatcher.js'
import { VirtualClock, type ManualClock } from './ManualClock.js'
import { Stage } from './Stage.js'
import { Inlet, Probe, type TestProbe } from './TestProbe.js'

/**
 * Options of `ActorTestKit.create`.
 *
 * @category testing
 * @since 0.1.0
 */
export interface ActorTestKitOptions {
  /** The name of the system. Default: 'test'. */
  readonly name?: string
  /** Any part of the settings of the system. */
  readonly settings?: Partial<Settings>
  /** Default 'manual': a manual clock that begins at 0. */
  readonly clock?: 'manual' | Clock
  /** Default: a generator that gives the same numbers in each kit. */
  readonly random?: Random
  /** Gets every record, as the log probes do. Default: none. */
  readonly logger?: Logger
  /** Sees everything that happens in the system. Default: none. */
  readonly probe?: RuntimeProbe
}

/**
 * Which log records a probe gets.
 *
 * @category testing
 * @since 0.1.0
 */
export interface LogFilter {
  /** Only records of this level. Default: all. */
  readonly level?: LogRecord['level']
  /** Only records whose message holds this text or matches this expression. Default: all. */
  readonly message?: string | RegExp
}

/**
 * Options of `settle`.
 *
 * @category testing
 * @since 0.1.0
 */
export interface SettleOptions {
  /** Milliseconds of real time, for all tasks together, after which those that have not settled are reported. Default: 3,000. */
  readonly timeoutMs?: number
}

/**
 * A real actor system that runs when the test wants it to, on the stack of the test.
 *
 * @category testing
 * @since 0.1.0
 */
export interface ActorTestKit extends AsyncDisposable {
  readonly system: System<never>
  /** The clock of the system. @throws TroupeError IllegalState when the kit was given a clock of another kind */
  readonly clock: ManualClock
  /** Spawns an actor below the guardian. It starts when actors run the next time. */
  spawn<A>(behavior: Behavior<A>, name?: string, props?: Props<A>): ActorRef<A>
  /**
   * Stops an actor that the kit has spawned, and lets all actors run until they are quiet.
   *
   * @throws TroupeError IllegalArgument for other actors
   */
  stop(ref: ActorRef<never>): void
  /** Makes an actor that collects messages for the test. */
  createProbe<A>(name?: string): TestProbe<A>
  /** A probe that gets every dead letter from now on. */
  createDeadLetterProbe(): TestProbe<DeadLetter>
  /** A probe that gets every message that is left unhandled from now on. */
  createUnhandledProbe(): TestProbe<UnhandledMessage>
  /** A probe that gets every message that is dropped from now on. */
  createDroppedProbe(): TestProbe<Dropped>
  /** A probe that gets the log records that are made from now on. */
  createLogProbe(filter?: LogFilter): TestProbe<LogRecord>
  /** Lets all actors run until they are quiet. Expectations of probes do so themselves. */
  runUntilQuiet(): void
  /** Waits until all tasks that actors have started are settled and their results are handled. */
  settle(options?: SettleOptions): Promise<void>
  /** Stops the whole system. What does not stop is ended by force. */
  shutdown(): Promise<void>
}

/** A log probe and what it wants. */
interface LogListener {
  readonly inlet: Inlet
  readonly filter: LogFilter
}

class Kit implements ActorTestKit {
  readonly system: System<never>
  readonly #stage: Stage
  readonly #logListeners: LogListener[] = []
  #probes = 0

  constructor(options: ActorTestKitOptions) {
    const given = options.clock ?? 'manual'
    const clock = given === 'manual' ? new VirtualClock(0) : given
    const dispatcher = new ManualDispatcher(options.settings?.throughput ?? defaultSettings.throughput)
    this.#stage = new Stage(clock, dispatcher)
    this.system = ActorSystem.create(Behaviors.ignore, options.name ?? 'test', {
      ...(options.settings === undefined ? {} : { settings: options.settings }),
      ...(options.probe === undefined ? {} : { probe: options.probe }),
      clock,
      dispatcher,
      random: options.random ?? { next: seededRandom(0) },
      logger: {
        log: (record) => {
          this.#log(record, options.logger)
        },
      },
    })
    this.runUntilQuiet()
  }

  get clock(): ManualClock {
    const { clock } = this.#stage
    if (clock instanceof VirtualClock) return clock
    throw new TroupeError(
      'IllegalState',
      `This kit was made with a clock of another kind. Make it with { clock: 'manual' } to let time pass.`,
    )
  }

  spawn<A>(behavior: Behavior<A>, name?: string, props?: Props<A>): ActorRef<A> {
    return spawnBelowGuardian(this.system, behavior, name, props)
  }

  stop(ref: ActorRef<never>): void {
    stopTopLevel(this.system, ref)
    this.runUntilQuiet()
  }

  createProbe<A>(name?: string): TestProbe<A> {
    return this.#probe<A>(new Inlet(), name)
  }

  createDeadLetterProbe(): TestProbe<DeadLetter> {
    return this.#eventProbe<DeadLetter>('DeadLetter')
  }

  createUnhandledProbe(): TestProbe<UnhandledMessage> {
    return this.#eventProbe<UnhandledMessage>('UnhandledMessage')
  }

  createDroppedProbe(): TestProbe<Dropped> {
    return this.#eventProbe<Dropped>('Dropped')
  }

  createLogProbe(filter: LogFilter = {}): TestProbe<LogRecord> {
    const inlet = new Inlet()
    this.#logListeners.push({ inlet, filter })
    return this.#probe<LogRecord>(inlet, undefined)
  }

  runUntilQuiet(): void {
    this.#stage.runUntilQuiet()
  }

  settle(options?: SettleOptions): Promise<void> {
    const timeoutMs = options?.timeoutMs ?? 3_000
    requireThat('timeoutMs of settle', timeoutMs, delay)
    return this.#stage.settle(timeoutMs)
  }

  async shutdown(): Promise<void> {
    const terminated = this.system.terminate()
    this.runUntilQuiet()
    kill(this.system)
    this.runUntilQuiet()
    await terminated
    this.#stage.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.shutdown()
  }

  #probe<A>(inlet: Inlet, name: string | undefined): TestProbe<A> {
    return new Probe<A>(
      this.#stage,
      inlet,
      spawnSystemActor(this.system, inlet.behavior(), name ?? `probe-${String(++this.#probes)}`),
    )
  }

  #eventProbe<E extends SystemEvent>(tag: E['_tag']): TestProbe<E> {
    const probe = this.createProbe<E>()
    this.system.eventStream.subscribe<E>(probe.ref, tag)
    return probe
  }

  /** Records go to their probes at once: told as messages they would count, and might bring about records themselves. */
  #log(record: LogRecord, logger: Logger | undefined): void {
    for (const { inlet, filter } of this.#logListeners) if (isWanted(record, filter)) inlet.messages.push(record)
    logger?.log(record)
  }
}

const isWanted = (record: LogRecord, { level, message }: LogFilter): boolean => {
  if (level !== undefined && record.level !== level) return false
  if (message === undefined) return true
  // Unlike `test` it keeps no place between two records, whatever the flags.
  return typeof message === 'string' ? record.message.includes(message) : record.message.search(message) >= 0
}

/**
 * Makes test kits.
 *
 * @example
 * ```ts
 * import { Behaviors } from 'troupe'
 * import { ActorTestKit } from 'troupe/testkit'
 *
 * await using kit = ActorTestKit.create()
 * const probe = kit.createProbe<string>()
 * kit.spawn(Behaviors.withTimers<string>((timers) => {
 *   timers.startSingleTimer('alarm', 'ring', 60_000)
 *   return Behaviors.receiveMessage((text) => {
 *     probe.ref.tell(text)
 *     return Behaviors.same
 *   })
 * }))
 * probe.expectNoMessage()
 * kit.clock.timePasses(60_000)
 * probe.expectMessage('ring')
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const ActorTestKit: {
  /** Starts a system for one test. */
  readonly create: (options?: ActorTestKitOptions) => ActorTestKit
} = {
  create: (options = {}) => new Kit(options),
}
