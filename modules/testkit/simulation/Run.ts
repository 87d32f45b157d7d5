/**
 * One simulation, from its first step to its trace.
 *
 * Steps are taken on the stack as long as nothing else can happen. While a task is under way, or the application itself is, promises
 * get their turn between steps: a fixed number of rounds of microtasks, so that what they do is the same in each run. Nothing else of the
 * event loop gets a turn, so a socket or a timer of the machine cannot change what happens.
 */
import { seededRandom } from '../../base/index.js'
import { Behaviors } from '../../behavior/index.js'
import type { ActorRef, ActorSystem as System, Behavior, Props, Random } from '../../model/index.js'
import { TroupeError } from '../../model/index.js'
import { ActorSystem } from '../../runtime/index.js'
import { kill, spawnBelowGuardian } from '../../runtime/internal.js'
import { Link, type LinkHost, type SimulatedLink } from './Link.js'
import { outside, Recorder, type FaultSource } from './Recorder.js'
import { mermaidOf, textOf } from './render.js'
import { DecisionLog, scheduledDecider, seededDecider } from './Schedule.js'
import type { Decider, FaultKind, FaultRates } from './Schedule.js'
import { SimClock } from './SimClock.js'
import { SimDispatcher, type Choice } from './SimDispatcher.js'
import type { Faults, SimulatedApp, SimulatedWorld, SimulationOptions } from './SimulatedWorld.js'
import type { SimulationOutcome, Trace, WaitingActor } from './Trace.js'

/** Rounds of microtasks between two steps, before time passes, and before somebody is said to wait for the real world. */
const roundsBetweenSteps = 32
const roundsBeforeTimePasses = 512
const roundsAtTheEnd = 8_192
const defaultMaxSteps = 100_000
const defaultHistory = 100_000
const defaultDelayMs = 100
/** Turns that a system gets to end after its trace has ended. */
const mostTurnsToEnd = 1_000_000

/** Told of every step: what a search needs to know. */
export interface StepListener {
  /** What is there to choose from; asked before the choice. */
  choosing(choices: readonly Choice[]): void
  stepped(recorder: Recorder): void
}

interface Ending {
  readonly outcome: SimulationOutcome
  readonly failure: unknown
  readonly waiting: readonly WaitingActor[]
}

const ending = (outcome: SimulationOutcome, waiting: readonly WaitingActor[] = [], failure?: unknown): Ending => ({
  outcome,
  failure,
  waiting,
})

export class Run implements SimulatedWorld, FaultSource, LinkHost {
  readonly system: System<never>
  readonly random: Random
  readonly #options: SimulationOptions
  readonly #seed: number
  readonly #faults: Faults
  readonly #decisions: DecisionLog
  readonly #listener: StepListener | undefined
  readonly #recorder: Recorder
  readonly #clock: SimClock
  readonly #dispatcher: SimDispatcher
  readonly #checks: (() => void)[] = []
  readonly #lastChecks: (() => void)[] = []
  #onQuiet: (() => void)[] = []
  readonly #mayFail = new Map<ActorRef<never>, boolean>()
  #hasFailed = false
  #failure: unknown = undefined
  /** True while the application's own promise is pending. */
  /** How often time has passed since the last step. */
  #idlePasses = 0
  #isAppRunning = false

  constructor(options: SimulationOptions, decider?: Decider, listener?: StepListener) {
    const seed = options.schedule?.seed ?? options.seed ?? 0
    this.#options = options
    this.#seed = seed
    this.#faults = options.faults ?? {}
    this.#decisions = new DecisionLog(decider ?? deciderOf(options, seed))
    this.#listener = listener
    this.#recorder = new Recorder(options.history ?? defaultHistory, this, options.probe, listener !== undefined)
    this.#clock = new SimClock(this.#recorder)
    this.#dispatcher = new SimDispatcher(this.#recorder)
    this.random = this.#chance(seed ^ appSalt)
    const { logger } = options
    this.system = ActorSystem.create(Behaviors.ignore, options.name ?? 'simulation', {
      settings: { ...(logger === undefined ? { logLevel: 'off' as const } : {}), ...options.settings },
      clock: this.#clock,
      dispatcher: this.#dispatcher,
      random: this.#chance(seed ^ systemSalt),
      logger: logger ?? { log: () => undefined },
      probe: this.#recorder,
    })
    // The guardian's own start is no choice.
    for (const guardian of this.#dispatcher.takeActors()) guardian.run(1)
    this.#recorder.begin()
  }

  async play(app: SimulatedApp): Promise<Trace> {
    this.#begin(app)
    const { outcome, failure, waiting } = await this.#toTheEnd()
    const recorder = this.#recorder
    const steps = recorder.step
    const elapsedMs = this.#clock.now()
    const sha256 = recorder.end()
    this.#takeDown()
    const trace: Trace = {
      outcome,
      failure,
      waiting,
      steps,
      elapsedMs,
      seed: this.#seed,
      schedule: this.#decisions.schedule(this.#seed),
      events: recorder.events,
      omitted: recorder.omitted,
      sha256,
      toString: () => textOf(trace),
      toMermaid: () => mermaidOf(trace),
    }
    return trace
  }

  // ——— what the application sees ———

  spawn<A>(behavior: Behavior<A>, name?: string, props?: Props<A>): ActorRef<A> {
    return spawnBelowGuardian(this.system, behavior, name, props)
  }

  now(): number {
    return this.#clock.now()
  }

  sleep(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.setTimer(ms, resolve)
    })
  }

  quiet(): Promise<void> {
    return new Promise((resolve) => {
      this.#onQuiet.push(resolve)
    })
  }

  always(check: () => void): void {
    this.#checks.push(check)
  }

  finally(check: () => void): void {
    this.#lastChecks.push(check)
  }

  fail(error: unknown): void {
    // The first failure is the one to look at.
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#failure = error
  }

  link(name: string): SimulatedLink {
    return new Link(this, name)
  }

  /** Numbers of one generator: who draws one changes what the next one gets. */
  #chance(seed: number): Random {
    const next = seededRandom(seed)
    return {
      next: () => {
        this.#recorder.drawn()
        return next()
      },
    }
  }

  // ——— faults ———

  fails(ref: ActorRef<never>, kind: FaultKind): boolean {
    return this.#canFail(ref) && this.#decisions.fails(this.#recorder.step, kind)
  }

  linkFails(kind: FaultKind): boolean {
    return this.#decisions.fails(this.#recorder.step, kind)
  }

  schedule(link: Choice): void {
    this.#dispatcher.schedule(link)
  }

  carried(link: string, fault: FaultKind | undefined): void {
    this.#recorder.carried(link, fault)
  }

  #canFail(ref: ActorRef<never>): boolean {
    const known = this.#mayFail.get(ref)
    if (known !== undefined) return known
    const { path } = ref
    const isBelowGuardian = path.elements[0] === 'user' && path.elements.length > 1
    const may = isBelowGuardian && (this.#faults.only?.(path) ?? true)
    this.#mayFail.set(ref, may)
    return may
  }

  // ——— steps ———

  #begin(app: SimulatedApp): void {
    try {
      const running = app(this)
      if (running === undefined) return
      this.#isAppRunning = true
      running.then(
        () => {
          this.#isAppRunning = false
        },
        (error: unknown) => {
          this.#isAppRunning = false
          this.fail(error)
        },
      )
    } catch (error) {
      // What the application throws is the outcome of the simulation, not a failure of it.
      this.fail(error)
    }
  }

  async #toTheEnd(): Promise<Ending> {
    for (;;) {
      const end = this.#stepOn()
      if (end !== undefined) return end
      if (this.#isPending) {
        await rounds(roundsBetweenSteps)
        if (this.#canStep || this.#hasFailed) continue
        await rounds(roundsBeforeTimePasses)
        if (this.#canStep || this.#hasFailed) continue
      }
      if (this.#onQuiet.length > 0) {
        const waiting = this.#onQuiet
        this.#onQuiet = []
        for (const resolve of waiting) resolve()
        continue
      }
      const last = await this.#pass()
      if (last !== undefined) return last
    }
  }

  get #canStep(): boolean {
    return this.#dispatcher.count > 0
  }

  /** Whether promises have to get a turn. */
  get #isPending(): boolean {
    return this.#isAppRunning || this.#dispatcher.hasPendingTasks
  }

  /** Takes steps on the stack: all there are, or one when promises have to get a turn. Answers how it ended, if it did. */
  #stepOn(): Ending | undefined {
    const { stopAfter = Infinity, maxSteps = defaultMaxSteps } = this.#options
    const recorder = this.#recorder
    while (this.#canStep && !this.#hasFailed) {
      if (recorder.step >= stopAfter) return ending('stopped')
      if (recorder.step >= maxSteps) return ending('livelock', this.#busy())
      if (!this.#step()) return ending('cut')
      if (this.#isPending) break
    }
    return this.#hasFailed ? ending('failed', [], this.#failure) : undefined
  }

  /** One step. False when the search gives up. */
  #step(): boolean {
    const dispatcher = this.#dispatcher
    const recorder = this.#recorder
    if (this.#listener !== undefined) this.#listener.choosing(dispatcher.choices)
    const step = recorder.step + 1
    const index = this.#decisions.pick(step, dispatcher.count)
    if (index < 0) return false
    const choice = dispatcher.take(index)
    const { ref } = choice
    this.#idlePasses = 0
    recorder.beginStep(ref)
    if (ref !== undefined && this.fails(ref, 'delay')) this.#delay(choice, ref)
    else choice.run(1)
    recorder.endStep()
    if (this.#checks.length > 0) this.#check(this.#checks)
    this.#listener?.stepped(recorder)
    return true
  }

  #delay(choice: Choice, ref: ActorRef<never>): void {
    this.#recorder.injected(ref, 'delay')
    this.#clock.setTimer(this.#faults.delayMs ?? defaultDelayMs, () => {
      this.#dispatcher.schedule(choice)
    })
  }

  #check(checks: readonly (() => void)[]): void {
    try {
      for (const check of checks) check()
    } catch (error) {
      // A check that does not hold is what the simulation was run for.
      this.fail(error)
    }
  }

  /** Nobody can run: lets time pass, or answers how it ended. */
  async #pass(): Promise<Ending | undefined> {
    const clock = this.#clock
    const due = clock.nextDueMs
    if (due === undefined || clock.hasOnlyAsks) {
      const stuck = await this.#stuck()
      if (stuck !== undefined) return stuck
      if (this.#canStep || this.#hasFailed) return undefined
    }
    if (due === undefined || due > (this.#options.maxMs ?? Infinity)) return this.#done()
    // Timers that go on and on without giving anybody a turn are no progress either.
    if (this.#idlePasses++ >= (this.#options.maxSteps ?? defaultMaxSteps)) return ending('livelock')
    this.#recorder.timePassed(due)
    clock.jump()
    this.#recorder.timersFired()
    return undefined
  }

  /** Nothing but the end of an ask is armed. Whom does that keep from coming to an end? */
  async #stuck(): Promise<Ending | undefined> {
    const recorder = this.#recorder
    const isAsked = recorder.asks.size > 0
    if (this.#isPending) {
      await rounds(roundsAtTheEnd)
      if (this.#canStep || this.#hasFailed) return undefined
      const waiting = this.#waitingForTheWorld()
      if (waiting.length > 0) return ending('realWorld', waiting)
    }
    if (!isAsked || this.#options.openAsks === 'timeOut') return undefined
    return ending('deadlock', recorder.askers)
  }

  /** Those whose task may not be one that waits for an answer. */
  #waitingForTheWorld(): readonly WaitingActor[] {
    const askers = new Set(this.#recorder.askers.map(({ actor }) => actor))
    // An ask from outside may have been made by any promise.
    if (askers.has(outside)) return []
    const waiting = this.#dispatcher.pendingTasks
      .map((ref) => this.#recorder.nameOf(ref))
      .filter((name) => !askers.has(name) && !askers.has(`task of ${name}`))
    if (waiting.length === 0 && this.#isAppRunning && askers.size === 0) waiting.push(outside)
    return [...new Set(waiting)].map((actor) => ({
      actor,
      waitsFor: 'the real world: a task that neither virtual time nor promises bring to an end',
    }))
  }

  #done(): Ending {
    this.#check(this.#lastChecks)
    return this.#hasFailed ? ending('failed', [], this.#failure) : ending('done')
  }

  /** Who still has something to do. */
  #busy(): readonly WaitingActor[] {
    const names = this.#dispatcher.choices.map(({ ref }) => (ref === undefined ? 'a link' : this.#recorder.nameOf(ref)))
    return [...new Set(names)].map((actor) => ({ actor, waitsFor: 'a turn' }))
  }

  /** Ends the system, unseen, so that tasks hear of it. From the top down: whoever is stopped handles no message any more. */
  #takeDown(): void {
    kill(this.system)
    for (let turns = 0; turns < mostTurnsToEnd;) {
      const actors = this.#dispatcher.takeActors()
      if (actors.length === 0) return
      for (const { actor } of actors.map((actor) => ({ actor, depth: depthOf(actor.ref) })).sort(byDepth)) {
        actor.run(1)
        turns++
      }
    }
  }
}

const depthOf = (ref: ActorRef<never>): number => ref.path.elements.length

const byDepth = (a: { readonly depth: number }, b: { readonly depth: number }): number => a.depth - b.depth

const appSalt = 0x1f3d5b79
const systemSalt = 0x2e4c6a88
const decisionSalt = 0x51a7c0de

const deciderOf = (options: SimulationOptions, seed: number): Decider =>
  options.schedule === undefined
    ? seededDecider(seededRandom(seed ^ decisionSalt), ratesOf(options.faults ?? {}))
    : scheduledDecider(options.schedule)

const ratesOf = (faults: Faults): FaultRates => {
  const rates = {
    crash: faults.crash ?? 0,
    crashInSetup: faults.crashInSetup ?? 0,
    delay: faults.delay ?? 0,
    drop: faults.drop ?? 0,
    duplicate: faults.duplicate ?? 0,
    reorder: faults.reorder ?? 0,
  }
  for (const [kind, rate] of Object.entries(rates))
    if (!(rate >= 0 && rate <= 1))
      throw new TroupeError('IllegalArgument', `The rate of ${kind} is ${String(rate)}. Give a number from 0 to 1.`)
  return rates
}

const rounds = async (count: number): Promise<void> => {
  for (let round = 0; round < count; round++) await Promise.resolve()
}
