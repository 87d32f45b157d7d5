/**
 * What all actors of one system share.
 */
import { RingBuffer } from '../base/index.js'
import type { AnyInterceptor } from '../behavior/internal.js'
import type {
  ActorPath,
  ActorRef,
  ActorSystem,
  Clock,
  DeadLetter,
  Dispatcher,
  Dropped,
  Logger,
  LogLevel,
  Outcome,
  Probe,
  Random,
  Settings,
  SystemEvent,
} from '../model/index.js'
import { rankOf, tagOf, type Option } from '../model/internal.js'
import { TaggedEventStream } from './EventStream.js'
import { isolatorOf } from './isolate.js'
import type { Mailroom } from './Inbox.js'
import { isRef, type Ref } from './Ref.js'
import { reportError } from './platform.js'
import { RateLimit } from './RateLimit.js'

/** Told when a root of the tree has stopped. */
export type OnRootStopped = (root: Ref, cause: Option<unknown>) => void

/** The parts that a system is made of. */
export interface Ports {
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly random: Random
  readonly logger: Logger
  readonly probe: Probe | undefined
}

const smallRing = 8
/**
 * A mailbox that filled once will fill again: rings are kept as they have grown, up to so many slots in all (8 bytes each). One that has grown
 * past the mark of warnings is not kept: it would never have to grow, and to warn, again.
 */
const pooledSlots = 65_536

export class Runtime implements Mailroom {
  readonly name: string
  readonly root: ActorPath
  readonly settings: Settings
  readonly clock: Clock
  readonly dispatcher: Dispatcher
  readonly random: Random
  readonly probe: Probe | undefined
  readonly eventStream: TaggedEventStream = new TaggedEventStream(this)
  /** Applied to messages when they are told; undefined when they are trusted. */
  readonly isolate: ((message: unknown) => unknown) | undefined
  /** Whose turn it is: what a context is checked against. */
  current: object | undefined = undefined
  /** Within which interceptor that translates it works at the moment. */
  within: AnyInterceptor | undefined = undefined
  /** The message or signal being handled, for the report of a failure. */
  handling: unknown = undefined
  readonly #logger: Logger
  readonly #logRank: number
  #isLoggerReported = false
  #isReportingLoss = false
  readonly #lost: RateLimit
  readonly #rings: RingBuffer<unknown>[] = []
  /** The most slots that a mailbox has whose growth was not worth a warning. */
  readonly #largestRing: number
  #freeSlots = pooledSlots
  #lastUid = 0
  #system: ActorSystem<never> | undefined = undefined
  #onRootStopped: OnRootStopped | undefined = undefined

  constructor(name: string, root: ActorPath, settings: Settings, ports: Ports) {
    this.name = name
    this.root = root
    this.settings = settings
    this.clock = ports.clock
    this.dispatcher = ports.dispatcher
    this.random = ports.random
    this.probe = ports.probe
    this.isolate = isolatorOf(settings.isolation)
    this.#logger = ports.logger
    this.#logRank = rankOf[settings.logLevel]
    this.#largestRing = Math.max(smallRing, 2 * settings.mailboxHighWater - 1)
    this.#lost = new RateLimit(settings.deadLettersLogged, settings.deadLettersWindowMs)
  }

  /** The system, once it is complete. */
  get system(): ActorSystem<never> {
    // Set by the system's constructor, before any actor runs.
    return this.#system as ActorSystem<never>
  }

  /** Completes it: from now on there are actors. */
  serve(system: ActorSystem<never>, onRootStopped: OnRootStopped): void {
    this.#system = system
    this.#onRootStopped = onRootStopped
  }

  rootStopped(root: Ref, cause: Option<unknown>): void {
    this.#onRootStopped?.(root, cause)
  }

  nextUid(): number {
    return ++this.#lastUid
  }

  /** A ring for a mailbox in which more than one message waits. */
  takeRing(): RingBuffer<unknown> {
    const ring = this.#rings.pop()
    if (ring === undefined) return new RingBuffer(smallRing)
    this.#freeSlots += ring.capacity
    return ring
  }

  /** Takes an empty ring back. */
  giveRing(ring: RingBuffer<unknown>): void {
    if (ring.capacity > this.#freeSlots || ring.capacity > this.#largestRing) return
    this.#freeSlots -= ring.capacity
    this.#rings.push(ring)
  }

  /** Whether records of this level are made at all. */
  logs(level: LogLevel): boolean {
    return rankOf[level] >= this.#logRank && level !== 'off'
  }

  /** Logs; the path is read only if the record is made. */
  log(
    level: LogLevel,
    at: { readonly path: ActorPath } | undefined,
    message: string,
    cause?: unknown,
    fields?: Readonly<Record<string, unknown>>,
  ): void {
    if (!this.logs(level) || level === 'off') return
    try {
      this.#logger.log({ level, timeMs: this.clock.now(), system: this.name, path: at?.path, message, cause, fields })
    } catch (error) {
      // A logger that throws must not harm the actor whose record it was. It will throw again: once is enough to know it.
      if (!this.#isLoggerReported)
        reportError(
          `troupe: the logger of system '${this.name}' threw at the record '${message}'. This is reported once.`,
          error,
        )
      this.#isLoggerReported = true
    }
  }

  /** Publishes to probe and subscribers. */
  publish(event: SystemEvent): void {
    this.#tellProbe(event)
    this.eventStream.publish(event)
  }

  #tellProbe(event: SystemEvent): void {
    if (this.probe?.event !== undefined) this.guardProbe(() => this.probe?.event?.(event))
  }

  /** Whether anyone would see an event of this tag. */
  hasAudience(tag: SystemEvent['_tag']): boolean {
    return this.probe?.event !== undefined || this.eventStream.hasSubscribers(tag)
  }

  /** Whether somebody is told when an actor has started. */
  get watchesStarts(): boolean {
    return this.probe?.beforeStarted !== undefined || this.hasAudience('ActorStarted')
  }

  /** A send that has reached nobody. */
  deadLetter(recipient: Ref, message: unknown): void {
    this.settle(recipient, message, 'deadLetter')
    this.#reportLoss({ _tag: 'DeadLetter', recipient, message }, 'is a dead letter: it has terminated')
  }

  /** A send that was let go. */
  drop(recipient: Ref, message: unknown, reason: string): void {
    this.settle(recipient, message, 'dropped')
    this.#reportLoss({ _tag: 'Dropped', recipient, message, reason }, `was dropped: ${reason}`)
  }

  /** A message that its recipient did not handle. */
  unhandled(recipient: Ref, message: unknown, report: unknown): void {
    this.log('debug', recipient, 'It did not handle a message.', undefined, { message })
    if (!isReport(message)) this.publish({ _tag: 'UnhandledMessage', recipient, message, report })
  }

  /** What is lost on its way to those who want to know of a loss, in whatever shape, is not reported again. */
  #reportLoss(event: DeadLetter | Dropped, what: string): void {
    const { recipient, message } = event
    if (this.#isReportingLoss || isReport(message)) return
    this.#tellProbe(event)
    this.#isReportingLoss = true
    try {
      this.eventStream.publish(event)
    } finally {
      this.#isReportingLoss = false
    }
    this.#logLost(recipient, `A message to it ${what}.`, message)
  }

  /** The system has ended: what was counted in the last window is told, since no later loss may ever tell it. */
  end(): void {
    this.#logSuppressed(this.#lost.takeSuppressed())
  }

  /** Tells the probe of a send; the answer is the trace context. */
  enqueued(ref: ActorRef<never>, message: unknown): unknown {
    const probe = this.probe
    if (probe?.enqueued === undefined) return undefined
    let trace: unknown
    this.guardProbe(() => (trace = probe.enqueued?.(ref, message)))
    return trace
  }

  /** Tells the probe how a send ended. */
  settle(ref: ActorRef<never>, message: unknown, outcome: Outcome): void {
    const probe = this.probe
    if (probe?.settled !== undefined) this.guardProbe(() => probe.settled?.(ref, message, outcome))
  }

  refused(subscriber: Ref, tag: string, error: unknown): void {
    this.log('error', subscriber, `It could not be told of an event that it subscribed to, '${tag}'.`, error)
  }

  /** Tells the probe that state which all share is looked at or changed. */
  touchShared(): void {
    const probe = this.probe
    if (probe?.sharedState !== undefined) this.guardProbe(() => probe.sharedState?.())
  }

  guardProbe(call: () => void): void {
    try {
      call()
    } catch (error) {
      // A probe looks on; what it throws, but in beforeHandle, must not change what happens.
      reportError(`troupe: the probe of system '${this.name}' threw.`, error)
    }
  }

  #logLost(recipient: ActorRef<never>, text: string, message: unknown): void {
    if (!this.logs('info')) return
    const verdict = this.#lost.admit(this.clock.now())
    this.#logSuppressed(verdict.suppressed)
    if (verdict.isAdmitted) this.log('info', recipient, text, undefined, { message })
  }

  #logSuppressed(count: number): void {
    if (count > 0) this.log('info', undefined, `${String(count)} more messages were lost and not logged one by one.`)
  }
}

const reports = new Set<unknown>(['DeadLetter', 'Dropped', 'UnhandledMessage'] satisfies SystemEvent['_tag'][])

/** A report that is lost or left unhandled itself is not reported again: it would never end. */
const isReport = (message: unknown): boolean =>
  // What has such a tag is an object, and what is not ours may have it as well.
  reports.has(tagOf(message)) && isRef((message as { readonly recipient?: unknown }).recipient)
