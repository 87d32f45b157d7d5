/**
 * Runs a random program on the real runtime and keeps its own books: who was sent what, what became of it, who lives, who watches
 * whom. The laws are about these books; `complaints` holds what broke a law while the program ran.
 */
import { pipe } from 'fp-ts/lib/function.js'
import {
  Behaviors,
  SupervisorStrategy,
  boundedMailbox,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type Probe,
  type Props,
  type Signal,
  type StashBuffer,
  type SystemEvent,
  type Terminated,
} from 'troupe'
import type { Act } from './programs.js'

/** One message. Stashed, it is sent a second time under the same number. */
export interface Letter {
  readonly id: number
  /** The number of the sender; undefined when it came from outside. */
  readonly from: number | undefined
  readonly to: number
  readonly acts: readonly Act[]
  /** Whose end it tells, when it is what a watch sends in place of the signal. */
  readonly endOf: Entry | undefined
}

/** What the books say of one actor. */
export interface Entry {
  readonly number: number
  readonly parent: Entry | undefined
  readonly kind: Kind
  readonly failingStarts: number
  ref: ActorRef<Letter> | undefined
  starts: number
  /** True from a start of its behavior until that sees PreRestart or PostStop. */
  isAlive: boolean
  isGone: boolean
  /** True when it has seen PostStop. */
  isEnded: boolean
  /** True when a failure or a stop of its own may have changed it. */
  isShaken: boolean
  /** True when somebody above may have stopped it, and with it all below it. */
  isDoomed: boolean
  /** Messages after which its behavior counted one further since it started. */
  counted: number
  readonly watching: Set<Entry>
  /** True when its stash lies outside of its supervise, and so survives a restart. */
  readonly keepsStash: boolean
  stash: StashBuffer<Letter> | undefined
  /** The letters in it, the oldest first. */
  stashed: number[]
  /** So many of them come before anything else. */
  reading: number
}

/** How an actor is supervised and where its stash lies. */
interface Kind {
  readonly supervised: (behavior: Behavior<Letter>) => Behavior<Letter>
  readonly resumes: boolean
  readonly keepsChildren: boolean
}

class Crash extends Error {}

const mostActors = 40
const stashCapacity = 4

const { restart, resume, stop, restartWithBackoff, withLimit, withMaxRestarts, withStashCapacity, withStopChildren } =
  SupervisorStrategy

const backoff = pipe(restartWithBackoff({ minMs: 5, maxMs: 40, randomFactor: 0 }), withMaxRestarts(4))

const kindOf = (supervised: Kind['supervised'], rest: Partial<Kind> = {}): Kind => ({
  supervised,
  resumes: false,
  keepsChildren: false,
  ...rest,
})

const resuming = kindOf(Behaviors.supervise(resume), { resumes: true })

const kinds: readonly Kind[] = [
  kindOf((behavior) => behavior),
  resuming,
  kindOf(Behaviors.supervise(pipe(restart, withLimit(3, 1_000)))),
  kindOf(Behaviors.supervise(backoff)),
  kindOf(Behaviors.supervise(pipe(backoff, withStashCapacity(2)))),
  kindOf(Behaviors.supervise(pipe(restart, withLimit(5, 1_000), withStopChildren(false))), { keepsChildren: true }),
  kindOf(Behaviors.supervise(stop)),
  // The inner one decides.
  kindOf((behavior) => pipe(behavior, Behaviors.supervise(resume), Behaviors.supervise(stop)), { resumes: true }),
]

const mailboxes: readonly Props[] = [
  {},
  {},
  { mailbox: boundedMailbox(2) },
  { mailbox: boundedMailbox(3, 'dropOldest') },
  { mailbox: boundedMailbox(20) },
]

const outcomes = ['handled', 'unhandled', 'dropped', 'deadLetter'] as const

type Counts = Record<'sent' | (typeof outcomes)[number], number>

const noCounts = (): Counts => ({ sent: 0, handled: 0, unhandled: 0, dropped: 0, deadLetter: 0 })

const isLetter = (message: unknown): message is Letter =>
  typeof message === 'object' && message !== null && 'acts' in message

/** Which of these a number picks; the lists are never empty. */
const at = <A>(items: readonly A[], index: number): A => items[index % items.length] as A

export class World {
  readonly entries: Entry[] = []
  readonly complaints: string[] = []
  /** What the runtime counted, and what the books say. */
  readonly counted: Counts = noCounts()
  readonly booked: Counts = noCounts()
  readonly #letters: Letter[] = []
  /** By number of the letter: how often it is on its way. */
  readonly #waiting: number[] = []
  readonly #seen = new Set<number>()
  readonly #stashed = new Set<number>()
  readonly #lastOfPair = new Map<string, number>()
  readonly #byUid = new Map<number, Entry>()
  readonly probe: Probe = {
    enqueued: (_, message) => {
      if (isLetter(message)) this.counted.sent++
      return undefined
    },
    settled: (_, message, outcome) => {
      if (isLetter(message)) this.counted[outcome]++
    },
    event: (event) => {
      this.#note(event)
    },
  }
  #isRunning = false

  /** `start` begins the first actor of the tree, and lets `probe` see what happens. */
  constructor(start: (behavior: Behavior<Letter>, probe: Probe) => ActorRef<Letter>) {
    const first = this.#enter(undefined, resuming, 0, false)
    this.#register(first, start(this.#behavior(first), this.probe))
  }

  /** Sends from outside of the tree. */
  tell(to: number, acts: readonly Act[]): void {
    this.#send(undefined, to, acts)
  }

  /** The whole tree is going to be stopped: afterwards nothing waits anywhere. */
  doom(): void {
    for (const entry of this.entries) entry.isDoomed = true
  }

  /** Complains when the runtime's counts are not those of the books. Called between turns. */
  compareCounts(): void {
    for (const outcome of ['sent', ...outcomes] as const)
      if (this.counted[outcome] !== this.booked[outcome])
        this.complain(`${outcome}: ${String(this.counted[outcome])} counted, ${String(this.booked[outcome])} booked`)
  }

  complain(what: string): void {
    this.complaints.push(what)
  }

  /** How many sends have not come to an end, by the books. */
  get waiting(): number {
    return this.#waiting.reduce((sum, count) => sum + count, 0)
  }

  /** Whether anything that has happened may have restarted or ended it. */
  isChangeable(entry: Entry): boolean {
    if (entry.isShaken) return true
    for (let here: Entry | undefined = entry; here !== undefined; here = here.parent) if (here.isDoomed) return true
    return false
  }

  #send(from: Entry | undefined, to: number, acts: readonly Act[]): void {
    const { ref, number } = at(this.entries, to)
    const letter = this.#write(from, number, acts, undefined)
    this.#bookSend(letter)
    ref?.tell(letter)
  }

  #write(from: Entry | undefined, to: number, acts: readonly Act[], endOf: Entry | undefined): Letter {
    const letter: Letter = { id: this.#letters.length, from: from?.number, to, acts, endOf }
    this.#letters.push(letter)
    this.#waiting.push(0)
    return letter
  }

  // ——— the books ———

  #enter(parent: Entry | undefined, kind: Kind, failingStarts: number, keepsStash: boolean): Entry {
    const entry: Entry = {
      number: this.entries.length,
      parent,
      kind,
      failingStarts,
      ref: undefined,
      starts: 0,
      isAlive: false,
      isGone: false,
      isEnded: false,
      isShaken: false,
      isDoomed: false,
      counted: 0,
      watching: new Set(),
      keepsStash,
      stash: undefined,
      stashed: [],
      reading: 0,
    }
    this.entries.push(entry)
    return entry
  }

  #register(entry: Entry, ref: ActorRef<Letter>): void {
    entry.ref = ref
    this.#byUid.set(ref.path.uid, entry)
  }

  #bookSend(letter: Letter): void {
    this.booked.sent++
    this.#waiting[letter.id] = (this.#waiting[letter.id] ?? 0) + 1
  }

  #bookEnd(letter: Letter, outcome: (typeof outcomes)[number]): void {
    this.booked[outcome]++
    const left = (this.#waiting[letter.id] ?? 0) - 1
    this.#waiting[letter.id] = left
    if (left < 0) this.complain(`letter ${String(letter.id)} came to an end more often than it was sent`)
  }

  #note(event: SystemEvent): void {
    switch (event._tag) {
      case 'DeadLetter':
        if (isLetter(event.message)) this.#bookEnd(event.message, 'deadLetter')
        break
      case 'Dropped':
        if (isLetter(event.message)) this.#bookEnd(event.message, 'dropped')
        break
      case 'UnhandledMessage':
        if (isLetter(event.message)) this.#bookEnd(event.message, 'unhandled')
        break
      case 'ActorFailed':
        if (event.cause instanceof Crash && event.cause.message !== String((event.message as Letter).id))
          this.complain(`the crash at letter ${event.cause.message} was published with another message`)
        break
      case 'ActorStopped': {
        const entry = this.#byUid.get(event.ref.path.uid)
        if (entry !== undefined) entry.isGone = true
        break
      }
      case 'ActorStarted':
      case 'ActorRestarted':
      case 'MailboxHighWater':
        break
    }
  }

  // ——— what the actors do ———

  #behavior(entry: Entry): Behavior<Letter> {
    const inside = (stash: StashBuffer<Letter>): Behavior<Letter> =>
      Behaviors.setup((context) => this.#start(entry, context, stash))
    return entry.keepsStash
      ? Behaviors.withStash(stashCapacity, (stash) => entry.kind.supervised(inside(stash)))
      : entry.kind.supervised(Behaviors.withStash(stashCapacity, inside))
  }

  #start(entry: Entry, context: ActorContext<Letter>, stash: StashBuffer<Letter>): Behavior<Letter> {
    if (!entry.kind.keepsChildren && entry.starts > 0)
      for (const child of this.entries)
        if (child.parent === entry && child.isAlive)
          this.complain(`${name(entry)} started again before ${name(child)} had stopped`)
    if (entry.isAlive) this.complain(`${name(entry)} started twice`)
    if (!entry.keepsStash && entry.stash !== undefined && !entry.stash.isEmpty)
      this.complain(`${name(entry)} started again, and its stash had kept ${String(entry.stash.size)} messages`)
    entry.stash = stash
    if (!entry.keepsStash) entry.stashed = []
    entry.starts++
    if (entry.starts <= entry.failingStarts) {
      this.#shake(entry)
      throw new Error('failing start')
    }
    entry.isAlive = true
    entry.counted = 0
    return this.#receive(entry, context, stash, 0)
  }

  #receive(entry: Entry, context: ActorContext<Letter>, stash: StashBuffer<Letter>, count: number): Behavior<Letter> {
    return Behaviors.receiveMessage<Letter>(
      (letter) => {
        this.#arrive(entry, letter, count)
        this.#isRunning = true
        try {
          const next = this.#receive(entry, context, stash, count + 1)
          const answer = this.#perform(entry, context, stash, letter, next)
          if (answer === Behaviors.unhandled) return answer
          this.#bookEnd(letter, 'handled')
          entry.counted++
          return answer
        } catch (error) {
          this.#bookEnd(letter, 'handled')
          throw error
        } finally {
          this.#isRunning = false
        }
      },
      (_, signal) => {
        this.#hear(entry, signal)
        return Behaviors.same
      },
    )
  }

  /** Order within a pair, one message at a time, a state that nobody else has touched. */
  #arrive(entry: Entry, letter: Letter, count: number): void {
    if (this.#isRunning) this.complain(`${name(entry)} ran while another was running`)
    if (!entry.isAlive) this.complain(`${name(entry)} handled a message while it was not alive`)
    if (letter.to !== entry.number) this.complain(`${name(entry)} got a letter to another`)
    if (count !== entry.counted)
      this.complain(`${name(entry)} has counted ${String(count)} messages, not ${String(entry.counted)}`)
    if (entry.reading > 0 && !this.#seen.has(letter.id))
      this.complain(`${name(entry)} got letter ${String(letter.id)} before what it had unstashed`)
    if (letter.endOf !== undefined) {
      // It counts as sent when it is handled.
      this.#bookSend(letter)
      this.#hearEnd(entry, letter.endOf)
      return
    }
    if (this.#seen.has(letter.id)) {
      entry.reading--
      if (entry.stashed.shift() !== letter.id)
        this.complain(
          `${name(entry)} read letter ${String(letter.id)} out of the order in which it was put into the stash`,
        )
      return
    }
    this.#seen.add(letter.id)
    const pair = `${String(letter.from)} to ${String(letter.to)}`
    const last = this.#lastOfPair.get(pair) ?? -1
    if (letter.id < last) this.complain(`from ${pair}: letter ${String(letter.id)} came after ${String(last)}`)
    this.#lastOfPair.set(pair, letter.id)
  }

  #perform(
    entry: Entry,
    context: ActorContext<Letter>,
    stash: StashBuffer<Letter>,
    letter: Letter,
    next: Behavior<Letter>,
  ): Behavior<Letter> {
    let answer = next
    let reading = entry.reading
    for (const act of letter.acts) {
      switch (act._tag) {
        case 'Send':
          this.#send(entry, act.to, act.acts)
          break
        case 'Spawn':
          this.#spawn(entry, context, act)
          break
        case 'Watch':
        case 'WatchWith':
          this.#watch(entry, context, at(this.entries, act.whom), act._tag === 'WatchWith')
          break
        case 'Unwatch': {
          const target = at(this.entries, act.whom)
          if (target.ref !== undefined) context.unwatch(target.ref)
          entry.watching.delete(target)
          break
        }
        case 'StopChild':
          this.#stopChild(entry, context, act.which)
          break
        case 'Stash':
          this.#stash(entry, letter, stash)
          break
        case 'Unstash':
          answer = stash.unstashAll(next)
          reading = entry.stashed.length
          break
        case 'Clear':
          stash.clear()
          entry.stashed = []
          entry.reading = reading = 0
          break
        case 'Unhandled':
          answer = Behaviors.unhandled
          reading = entry.reading
          break
        case 'Crash':
          if (!entry.kind.resumes) this.#shake(entry)
          entry.reading = 0
          throw new Crash(String(letter.id))
        case 'Stop':
          if (entry.parent === undefined) break
          this.#shake(entry)
          return Behaviors.stopped
      }
    }
    entry.reading = reading
    return answer
  }

  #spawn(entry: Entry, context: ActorContext<Letter>, act: Extract<Act, { readonly _tag: 'Spawn' }>): void {
    if (this.entries.length >= mostActors) return
    const child = this.#enter(entry, at(kinds, act.strategy), act.failingStarts, act.mailbox > 6)
    this.#register(child, context.spawn(this.#behavior(child), undefined, at(mailboxes, act.mailbox)))
  }

  #watch(entry: Entry, context: ActorContext<Letter>, target: Entry, isByLetter: boolean): void {
    // To watch in another way than before is refused.
    if (target.ref === undefined || entry.watching.has(target)) return
    if (isByLetter) context.watchWith(target.ref, this.#write(target, entry.number, [], target))
    else context.watch(target.ref)
    if (target !== entry) entry.watching.add(target)
  }

  #stopChild(entry: Entry, context: ActorContext<Letter>, which: number): void {
    const children = this.entries.filter((child) => child.parent === entry)
    if (children.length === 0) return
    const child = at(children, which)
    child.isDoomed = true
    if (child.ref !== undefined) context.stop(child.ref)
  }

  /** A letter is put aside the first time only, so that reading the stash comes to an end. */
  #stash(entry: Entry, letter: Letter, stash: StashBuffer<Letter>): void {
    if (stash.isFull || this.#stashed.has(letter.id)) return
    this.#stashed.add(letter.id)
    this.#bookSend(letter)
    stash.stash(letter)
    entry.stashed.push(letter.id)
  }

  /** Its failure or stop may change itself and end its children. */
  #shake(entry: Entry): void {
    entry.isShaken = true
    for (const child of this.entries) if (child.parent === entry) child.isDoomed = true
  }

  #hear(entry: Entry, signal: Signal): void {
    switch (signal._tag) {
      case 'PreRestart':
        this.#expectChangeable(entry, signal)
        if (!entry.isAlive) this.complain(`${name(entry)} saw PreRestart while it was not alive`)
        entry.isAlive = false
        if (!entry.kind.keepsChildren)
          for (const target of [...entry.watching]) if (target.parent === entry) entry.watching.delete(target)
        break
      case 'PostStop':
        this.#expectChangeable(entry, signal)
        if (entry.isEnded) this.complain(`${name(entry)} saw PostStop although it was not alive any more`)
        entry.isEnded = true
        this.#end(entry)
        break
      case 'Terminated':
        this.#hearTerminated(entry, signal)
        break
      case 'MessageAdaptionFailure':
        this.complain('nothing is adapted here')
    }
  }

  #expectChangeable(entry: Entry, signal: Signal): void {
    if (!this.isChangeable(entry))
      this.complain(`${name(entry)} saw ${signal._tag}, and nobody had failed or been stopped`)
  }

  /** Children are gone, and whoever watches gets a last word before the notice. */
  #end(entry: Entry): void {
    for (const other of this.entries)
      if (other.isAlive && other.parent === entry) this.complain(`${name(entry)} ended before its child ${name(other)}`)
    entry.isAlive = false
    entry.watching.clear()
    const watcher = this.entries.find((other) => other.watching.has(entry))
    if (watcher !== undefined) this.#send(entry, watcher.number, [])
  }

  #hearTerminated(entry: Entry, { ref }: Terminated): void {
    const target = this.#byUid.get(ref.path.uid)
    if (target === undefined) this.complain(`${name(entry)} was told of the end of a stranger`)
    else this.#hearEnd(entry, target)
  }

  #hearEnd(entry: Entry, target: Entry): void {
    if (!entry.watching.delete(target)) {
      this.complain(`${name(entry)} was told of an end that it does not watch, or told twice`)
      return
    }
    if (!target.isGone) this.complain(`${name(entry)} was told of the end of ${name(target)}, which lives`)
    for (const letter of this.#letters)
      if (
        letter.from === target.number &&
        letter.to === entry.number &&
        letter.endOf === undefined &&
        !this.#seen.has(letter.id) &&
        this.#isWaiting(letter)
      )
        this.complain(`${name(entry)} was told of the end of ${name(target)} before its letter ${String(letter.id)}`)
  }

  #isWaiting(letter: Letter): boolean {
    return (this.#waiting[letter.id] ?? 0) > 0
  }
}

const name = (entry: Entry): string => `actor ${String(entry.number)}`
