/**
 * Writes down what happens: it is the probe of the system, and hears of tasks, asks and time from dispatcher and clock.
 */
import type { ActorRef, Outcome, Probe, Signal, SystemEvent } from '../../model/index.js'
import { isChildFailed } from '../../model/index.js'
import { InjectedCrash } from './InjectedCrash.js'
import type { TimerListener } from './SimClock.js'
import type { FaultKind } from './Schedule.js'
import type { TurnListener } from './SimDispatcher.js'
import type { TraceEvent, WaitingActor } from './Trace.js'
import { TraceDigest } from './TraceDigest.js'
import { show } from '../show.js'

/** An ask that has no answer yet. */
export interface OpenAsk {
  readonly asker: string
  readonly target: string
  readonly request: unknown
}

/** What decides about faults; asked in the turn in which they would happen. */
export interface FaultSource {
  fails(ref: ActorRef<never>, kind: FaultKind): boolean
}

/** Who speaks when no actor does. */
export const outside = 'outside'

/** Each kind of event has a byte in the digest; new ones go to the end. */
const tags: readonly TraceEvent['_tag'][] = [
  'Told',
  'Handled',
  'Turn',
  'Started',
  'Restarted',
  'Stopped',
  'Failed',
  'Injected',
  'Lost',
  'TimePassed',
  'TaskStarted',
  'TaskSettled',
  'AskTimedOut',
  'Carried',
  'Signalled',
]
const byteOf = Object.fromEntries(tags.map((tag, index) => [tag, index])) as Readonly<
  Record<TraceEvent['_tag'], number>
>

type Told = Extract<TraceEvent, { readonly _tag: 'Told' }>

interface Named {
  readonly name: string
  readonly number: number
}

export class Recorder implements Probe, TimerListener, TurnListener {
  /** The number of the step that is being taken; 0 before the first. */
  step: number = 0
  omitted: number = 0
  readonly asks: Map<ActorRef<never>, OpenAsk> = new Map()
  readonly #digest = new TraceDigest((ref) => this.#named(ref).number)
  readonly #history: number
  readonly #faults: FaultSource
  readonly #inner: Probe | undefined
  readonly #actors = new Map<ActorRef<never>, Named>()
  readonly #names = new Set<string>()
  readonly #events: TraceEvent[] = []
  #told = 0
  #isHandling = false
  #speaker: Named = { name: outside, number: 0 }
  /** What was told last: an ask begins right after its request. */
  #last: Told | undefined = undefined
  /** Whose step it is; undefined for a link. */
  actor: ActorRef<never> | undefined = undefined
  /** Who and what was touched in this step: what a search needs to know. */
  readonly touched: Set<object> | undefined
  /** True when this step did something that may concern anybody. */
  isFarReaching: boolean = false
  /** False while the application speaks, or a promise, or the clock. */
  #isStepping = false
  /** True from when a task is started in this step. */
  #startsTask = false
  /** False while nothing is written down and nothing goes wrong. */
  #isOn = false

  constructor(history: number, faults: FaultSource, inner: Probe | undefined, isSearched: boolean) {
    this.touched = isSearched ? new Set() : undefined
    this.#history = history
    this.#faults = faults
    this.#inner = inner
  }

  get events(): readonly TraceEvent[] {
    return this.#events
  }

  /** Stands for all that has happened up to here. */
  mark(): number {
    return this.#digest.mark()
  }

  /** From now on everything is written down. */
  begin(): void {
    if (this.touched !== undefined) this.#digest.mark()
    this.#isOn = true
  }

  /** Nothing is written down any more, and nothing goes wrong. */
  end(): string {
    this.#isOn = false
    return this.#digest.digest()
  }

  nameOf(ref: ActorRef<never>): string {
    return this.#named(ref).name
  }

  // ——— steps ———

  /** From now on `ref` speaks. */
  beginStep(ref: ActorRef<never> | undefined): void {
    this.step++
    this.#isHandling = false
    this.#isStepping = true
    this.#startsTask = false
    this.touched?.clear()
    this.isFarReaching = false
    this.actor = ref
    if (ref === undefined) return
    this.#speaker = this.#named(ref)
    this.touched?.add(ref)
  }

  /** What promises touch after a step they may have touched because of it; in another order they would have at another time. */
  #touch(what: object): void {
    if (this.touched === undefined) return
    this.touched.add(what)
    if (!this.#isStepping) this.isFarReaching = true
  }

  /** Nobody speaks any more but the application. */
  endStep(): void {
    const speaker = this.#speaker
    this.#speaker = theOutside
    this.#isStepping = false
    if (this.#isHandling) return
    this.#note('Turn', speaker)
    this.#keep({ _tag: 'Turn', step: this.step, actor: speaker.name })
  }

  timePassed(nowMs: number): void {
    this.#digest.byte(byteOf.TimePassed)
    this.#digest.float(nowMs)
    this.#keep({ _tag: 'TimePassed', step: this.step, nowMs })
    this.#speaker = theClock
  }

  timersFired(): void {
    this.#speaker = theOutside
  }

  injected(ref: ActorRef<never>, fault: FaultKind): void {
    const actor = this.#named(ref)
    this.isFarReaching = true
    this.#note('Injected', actor)
    this.#digest.text(fault)
    this.#keep({ _tag: 'Injected', step: this.step, actor: actor.name, fault })
  }

  carried(link: string, fault: FaultKind | undefined): void {
    this.#isHandling = true
    this.isFarReaching = true
    this.#speaker = { name: link, number: 0 }
    this.#digest.byte(byteOf.Carried)
    this.#digest.text(link)
    this.#keep({ _tag: 'Carried', step: this.step, link })
    if (fault === undefined) return
    this.#digest.text(fault)
    this.#keep({ _tag: 'Injected', step: this.step, actor: link, fault })
  }

  // ——— the probe ———

  enqueued(ref: ActorRef<never>, message: unknown): unknown {
    this.#inner?.enqueued?.(ref, message)
    if (!this.#isOn) return undefined
    const to = this.#named(ref)
    this.#touch(ref)
    const from = this.#speaker
    const number = ++this.#told
    this.#note('Told', from)
    this.#digest.count(to.number)
    this.#digest.value(message)
    const told: Told = { _tag: 'Told', step: this.step, number, from: from.name, to: to.name, message }
    this.#last = told
    this.#keep(told)
    return told
  }

  beforeStarted(ref: ActorRef<never>): void {
    this.#isHandling = true
    this.#inner?.beforeStarted?.(ref)
    if (!this.#isOn || !this.#faults.fails(ref, 'crashInSetup')) return
    this.injected(ref, 'crashInSetup')
    throw new InjectedCrash('crashInSetup')
  }

  beforeHandle(ref: ActorRef<never>, message: unknown, trace: unknown): void {
    this.#inner?.beforeHandle?.(ref, message, trace)
    if (!this.#isOn) return
    this.#isHandling = true
    const actor = this.#named(ref)
    // Only enqueued above makes traces.
    const told = trace as Told | undefined
    const number = told?.number
    this.#note('Handled', actor)
    this.#digest.count(number ?? 0)
    this.#keep({
      _tag: 'Handled',
      step: this.step,
      actor: actor.name,
      message,
      number,
      from: told?.from ?? actor.name,
    })
    if (!this.#faults.fails(ref, 'crash')) return
    this.injected(ref, 'crash')
    throw new InjectedCrash('crash')
  }

  beforeSignal(ref: ActorRef<never>, signal: Signal): void {
    this.#inner?.beforeSignal?.(ref, signal)
    if (!this.#isOn) return
    this.#isHandling = true
    const actor = this.#named(ref)
    const of = signal._tag === 'Terminated' ? this.#named(signal.ref).name : undefined
    this.#note('Signalled', actor)
    this.#digest.value(signal)
    const name = isChildFailed(signal) ? 'ChildFailed' : signal._tag
    this.#keep({ _tag: 'Signalled', step: this.step, actor: actor.name, signal, name, of })
  }

  sharedState(): void {
    this.#inner?.sharedState?.()
    this.isFarReaching = true
  }

  settled(ref: ActorRef<never>, message: unknown, outcome: Outcome): void {
    this.#inner?.settled?.(ref, message, outcome)
  }

  event(event: SystemEvent): void {
    this.#inner?.event?.(event)
    if (!this.#isOn) return
    switch (event._tag) {
      case 'ActorStarted':
        this.#life('Started', event.ref)
        break
      case 'ActorRestarted':
        this.#life('Restarted', event.ref)
        break
      case 'ActorStopped':
        this.#life('Stopped', event.ref)
        break
      case 'ActorFailed':
        this.#failed(event.ref, event.cause, event.outcome)
        break
      case 'UnhandledMessage':
        this.#lost(event.recipient, event.message, 'unhandled')
        break
      case 'Dropped':
        this.#lost(event.recipient, event.message, 'dropped')
        break
      case 'DeadLetter':
        this.#lost(event.recipient, event.message, 'dead letter')
        break
      case 'MailboxHighWater':
        break
    }
  }

  #life(tag: 'Started' | 'Restarted' | 'Stopped', ref: ActorRef<never>): void {
    const actor = this.#named(ref)
    if (tag === 'Stopped') this.isFarReaching = true
    this.#note(tag, actor)
    this.#keep({ _tag: tag, step: this.step, actor: actor.name })
  }

  #failed(ref: ActorRef<never>, cause: unknown, outcome: 'resumed' | 'restarted' | 'backoff' | 'stopped'): void {
    const actor = this.#named(ref)
    this.isFarReaching = true
    this.#note('Failed', actor)
    this.#digest.value(cause)
    this.#digest.text(outcome)
    this.#keep({ _tag: 'Failed', step: this.step, actor: actor.name, cause, outcome })
  }

  #lost(ref: ActorRef<never>, message: unknown, how: 'unhandled' | 'dropped' | 'dead letter'): void {
    const actor = this.#named(ref)
    this.#note('Lost', actor)
    this.#digest.text(how)
    this.#digest.value(message)
    this.#keep({ _tag: 'Lost', step: this.step, actor: actor.name, message, how })
  }

  // ——— tasks and asks ———

  taskStarted(owner: ActorRef<never>): void {
    this.#startsTask = true
    this.#task('TaskStarted', owner)
  }

  taskDelivered(owner: ActorRef<never>): void {
    this.#isHandling = true
    this.#task('TaskSettled', owner)
    const { name, number } = this.#named(owner)
    this.#speaker = { name: `task of ${name}`, number }
  }

  #task(tag: 'TaskStarted' | 'TaskSettled', owner: ActorRef<never>): void {
    if (!this.#isOn) return
    const actor = this.#named(owner)
    this.isFarReaching = true
    this.#note(tag, actor)
    this.#keep({ _tag: tag, step: this.step, actor: actor.name })
  }

  /**
   * Timers of actors are armed in their turns, and again when they fire. A promise may wait for all others, and for those of actors that the
   * library spawns for it.
   */
  armed(): boolean {
    this.#touch(theClock)
    if (this.#speaker === theClock) return false
    return !this.#isStepping || this.#startsTask || this.actor?.path.elements[0] === 'system'
  }

  /** Somebody has drawn a random number. */
  drawn(): void {
    this.#touch(theChance)
  }

  scheduled(ref: ActorRef<never>): void {
    this.#touch(ref)
  }

  asked(replyTo: ActorRef<never>): void {
    // From here on it has a number, the same for all who may reply.
    this.#touch(replyTo)
    if (!this.#isOn) return
    const { to: target = outside, message: request } = this.#last ?? {}
    this.asks.set(replyTo, { asker: this.#speaker.name, target, request })
  }

  askEnded(replyTo: ActorRef<never>, hasTimedOut: boolean): void {
    const ask = this.asks.get(replyTo)
    this.asks.delete(replyTo)
    this.#touch(replyTo)
    // Promises that wait for answers go on in the order of these.
    this.#touch(thePromises)
    if (!hasTimedOut || ask === undefined || !this.#isOn) return
    this.#note('AskTimedOut', this.#named(replyTo))
    this.#keep({ _tag: 'AskTimedOut', step: this.step, actor: ask.asker })
  }

  /** Who has asked and has no answer. */
  get askers(): readonly WaitingActor[] {
    return [...this.asks.values()].map(({ asker, target, request }) => ({
      actor: asker,
      waitsFor: `the answer of ${target} to ${show(request)}`,
    }))
  }

  // ——— names ———

  #named(ref: ActorRef<never>): Named {
    return this.#actors.get(ref) ?? this.#enter(ref, shortName(ref, this.#speaker.name))
  }

  /** Gives it a name of its own: an actor that has the name of a dead one gets its uid as well. */
  #enter(ref: ActorRef<never>, wanted: string): Named {
    const number = this.#actors.size + firstNumber
    const name = this.#names.has(wanted) ? `${wanted}#${String(number)}` : wanted
    const named = { name, number }
    this.#names.add(name)
    this.#actors.set(ref, named)
    this.#digest.text(name)
    return named
  }

  #note(tag: TraceEvent['_tag'], who: Named): void {
    this.#digest.byte(byteOf[tag])
    this.#digest.count(who.number)
  }

  /** Keeps the event, and of very many only the later half. */
  #keep(event: TraceEvent): void {
    const events = this.#events
    if (!this.#isOn) return
    if (events.length >= 2 * this.#history) {
      events.splice(0, this.#history)
      this.omitted += this.#history
    }
    events.push(event)
  }
}

const theOutside: Named = { name: outside, number: 0 }
const theClock: Named = { name: 'clock', number: 1 }
/** Randomness is shared, as time is. */
const theChance: Named = { name: 'chance', number: 2 }
const firstNumber = 3
const thePromises = {}

/** What can be touched and is no actor: it is there from the beginning. */
export const neverActors: readonly object[] = [theClock, theChance, thePromises]

/** The path below `/user`; what an ask is replied to is called after who asks. */
const shortName = (ref: ActorRef<never>, speaker: string): string => {
  const [root, ...below] = ref.path.elements
  if (root === 'temp') return `ask of ${speaker}`
  if (root !== 'user') return [root, ...below].join('/')
  return below.length === 0 ? 'guardian' : below.join('/')
}
