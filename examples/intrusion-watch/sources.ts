/**
 * The registry: an actor for each source that is heard of, for as long as it is.
 *
 * It keeps what the sources have handed over, and the failures that they have not counted yet. An actor that crashed or left gets both
 * back. Everything it does happens once, in the order of the lines: what the parser says again is known by its line, and so is what a
 * source says again.
 *
 * ```
 *   asleep ──failure──► waking ──SourceReady──► awake ──idle, or too many awake──► leaving ──gone──► asleep
 * ```
 */
import { Behaviors, type ActorContext, type ActorRef, type Behavior } from 'troupe'
import type { Chaos } from './chaos.js'
import type { Failure } from './parser.js'
import type { Counted } from './report.js'
import { Roster, type Member } from './Roster.js'
import { source, type SourceCommand, type SourceReply } from './source.js'
import { detached } from './syslog.js'
import { emptyTally, type Alert, type Rule, type Tally } from './window.js'

export type SourcesCommand =
  | Failure
  | SourceReply
  /** All is counted: send the actors home, hand the tallies over and stop. */
  | { readonly _tag: 'Close'; readonly replyTo: ActorRef<Tallied> }

/** What it is told by others, and that an actor has left. */
type Protocol = SourcesCommand | { readonly _tag: 'Gone'; readonly source: string }

/** One failure has been counted, once. */
export interface FailureCounted {
  readonly _tag: 'FailureCounted'
  readonly line: number
}

/** A source has met the rule. */
export interface Alarm {
  readonly _tag: 'Alarm'
  readonly alert: Alert
}

/** All that is known of the sources. */
export interface Tallied {
  readonly _tag: 'Tallied'
  readonly tallies: readonly Counted[]
}

export interface SourcesProps {
  readonly reader: ActorRef<FailureCounted>
  readonly reporter: ActorRef<Alarm>
  readonly rule: Rule
  readonly chaos: Chaos
  readonly idleMs: number
  /** Actors that may be awake; when there are more, the one that has had nothing to do for longest leaves. */
  readonly awake: number
}

/** What the registry knows of a source. */
interface Entry {
  readonly source: string
  /** As it was handed over last. */
  tally: Tally
  /** How often the actors of this source have crashed. */
  crashes: number
  /** Undefined while it is asleep. */
  actor: SourceActor | undefined
}

/** A source's actor, and what it has to do. */
class SourceActor implements Member {
  readonly ref: ActorRef<SourceCommand>
  /** Failures that the tally does not contain, in order. */
  readonly uncounted: Failure[]
  phase: 'waking' | 'awake' | 'leaving' = 'waking'
  wasBusy = true

  constructor(ref: ActorRef<SourceCommand>, uncounted: Failure[]) {
    this.ref = ref
    this.uncounted = uncounted
  }

  get isBusy(): boolean {
    return this.phase !== 'awake' || this.uncounted.length > 0
  }

  get isLeaving(): boolean {
    return this.phase === 'leaving'
  }
}

/** Gives each failure to the actor of its source. */
export const sources = (props: SourcesProps): Behavior<SourcesCommand> =>
  Behaviors.setup<Protocol>((context) => {
    const registry = new Registry(context, props)
    return Behaviors.receiveMessage((command) => {
      switch (command._tag) {
        case 'Failure':
          registry.take(command)
          return Behaviors.same
        case 'SourceReady':
          registry.restore(command.source)
          return Behaviors.same
        case 'Counted':
          registry.settle(command.source, command.line, command.tally)
          return Behaviors.same
        case 'LeaveRequest':
          registry.letGo(command.source)
          return Behaviors.same
        case 'Gone':
          return registry.noteGone(command.source)
        case 'Close':
          return registry.close(command.replyTo)
      }
    })
  })

/** The state of one registry and the steps that change it; it lives in one actor and is used in its turns only. */
class Registry {
  readonly #context: ActorContext<Protocol>
  readonly #props: SourcesProps
  readonly #entries = new Map<string, Entry>()
  readonly #roster = new Roster<SourceActor>()
  /** Actors that are waking or awake, and those together with the ones that are leaving. */
  #awake = 0
  #living = 0
  #spawned = 0
  #lastLine = 0
  #closing: ActorRef<Tallied> | undefined = undefined

  constructor(context: ActorContext<Protocol>, props: SourcesProps) {
    this.#context = context
    this.#props = props
  }

  take(failure: Failure): void {
    // A parser that crashed sends again what it had sent.
    if (failure.line <= this.#lastLine) return
    this.#lastLine = failure.line
    const entry = this.#entries.get(failure.source) ?? this.#enter(failure.source)
    const { actor } = entry
    if (actor === undefined) this.#wake(entry, [failure])
    else {
      actor.wasBusy = true
      actor.uncounted.push(failure)
      if (actor.phase === 'awake') actor.ref.tell(failure)
    }
  }

  restore(source: string): void {
    const [entry, actor] = this.#livingOf(source)
    if (actor.phase !== 'waking') entry.crashes++
    // One that crashed just before it was told to leave has no use for a tally.
    if (actor.phase === 'leaving') return
    actor.phase = 'awake'
    actor.ref.tell({ _tag: 'Restore', attempt: entry.crashes, tally: entry.tally })
    for (const failure of actor.uncounted) actor.ref.tell(failure)
  }

  settle(source: string, line: number, tally: Tally): void {
    const [entry, { uncounted }] = this.#livingOf(source)
    // One that was restored twice in a row counts again what it had counted.
    if (uncounted[0]?.line !== line) return
    uncounted.shift()
    entry.tally = tally
    if (tally.alert?.line === line) this.#props.reporter.tell({ _tag: 'Alarm', alert: tally.alert })
    this.#props.reader.tell({ _tag: 'FailureCounted', line })
  }

  letGo(source: string): void {
    const [, actor] = this.#livingOf(source)
    if (!actor.isBusy) this.#dismiss(actor)
  }

  noteGone(source: string): Behavior<Protocol> {
    const [entry, { phase, uncounted }] = this.#livingOf(source)
    if (phase !== 'leaving') throw new Error(`The actor of ${source} has given up.`)
    entry.actor = undefined
    this.#living--
    if (uncounted.length > 0) this.#wake(entry, uncounted)
    return this.#closed()
  }

  close(replyTo: ActorRef<Tallied>): Behavior<Protocol> {
    this.#closing = replyTo
    for (const { actor } of this.#entries.values()) if (actor?.isLeaving === false) this.#dismiss(actor)
    return this.#closed()
  }

  #closed(): Behavior<Protocol> {
    if (this.#closing === undefined || this.#living > 0) return Behaviors.same
    const tallies = Array.from(this.#entries.values(), ({ source, tally }) => ({ name: source, count: tally.count }))
    this.#closing.tell({ _tag: 'Tallied', tallies })
    return Behaviors.stopped
  }

  #enter(cut: string): Entry {
    const source = detached(cut)
    const entry: Entry = { source, tally: emptyTally, crashes: 0, actor: undefined }
    this.#entries.set(source, entry)
    return entry
  }

  /** The entry of a source whose actor lives. */
  #livingOf(source: string): readonly [Entry, SourceActor] {
    const entry = this.#entries.get(source)
    if (entry?.actor === undefined) throw new Error(`No actor lives for ${source}.`)
    return [entry, entry.actor]
  }

  /** The actor begins by saying that it is ready; until then failures wait here. */
  #wake(entry: Entry, uncounted: Failure[]): void {
    const { rule, chaos, idleMs, awake } = this.#props
    const { source: name } = entry
    const behavior = source({ source: name, registry: this.#context.self, rule, chaos, idleMs })
    const ref = this.#context.spawn(behavior, nameOf(name, this.#spawned++))
    this.#context.watchWith(ref, { _tag: 'Gone', source: name })
    entry.actor = new SourceActor(ref, uncounted)
    this.#roster.add(entry.actor)
    this.#living++
    if (++this.#awake <= awake) return
    const idlest = this.#roster.idlest()
    if (idlest !== undefined) this.#dismiss(idlest)
  }

  /** Its tally is here already, and nothing that it would miss is on its way. */
  #dismiss(actor: SourceActor): void {
    actor.phase = 'leaving'
    this.#awake--
    actor.ref.tell({ _tag: 'Leave' })
  }
}

/** Hosts have names that actors may have, but what a log calls a host may be anything; no such name has a `~`. */
const nameOf = (source: string, serial: number): string =>
  /^[\w.:-]{1,80}$/.test(source) ? source : `source~${serial}`
