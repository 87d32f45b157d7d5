/**
 * The laws of tasks and adapters, under simulation: each piped task has one result, which is handled or a dead letter; while an actor
 * awaits a task it handles nothing else; a stop aborts what runs for it; a message to an adapter is translated by the function of the moment.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import {
  Behaviors,
  SupervisorStrategy,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type Probe,
  type StashBuffer,
} from 'troupe'
import { Simulation } from 'troupe/testkit/fast-check'
import type { Schedule, SimulatedWorld, Trace } from 'troupe/testkit'
import { suiteOf, type Suite } from './Suite.js'

/** How a task goes. */
interface Plan {
  readonly ms: number
  readonly isRejected: boolean
}

type Act =
  | ({ readonly _tag: 'Pipe' } & Plan)
  | ({ readonly _tag: 'Await' } & Plan)
  | { readonly _tag: 'Adapt'; readonly isBroken: boolean }
  | { readonly _tag: 'Foreign' }
  | { readonly _tag: 'Stash' }
  | { readonly _tag: 'Unstash' }
  | { readonly _tag: 'Crash' }

type Message =
  | { readonly _tag: 'Do'; readonly id: number; readonly acts: readonly Act[] }
  | { readonly _tag: 'Piped'; readonly id: number; readonly isRejected: boolean }
  | { readonly _tag: 'Adapted'; readonly version: number }
  | { readonly _tag: 'Stop' }

/** What comes from outside, and how long to wait before it. */
interface Command {
  readonly afterMs: number
  readonly acts: readonly Act[]
}

const planned = <T extends 'Pipe' | 'Await'>(tag: T): fc.Arbitrary<{ readonly _tag: T } & Plan> =>
  fc.record({ _tag: fc.constant(tag), ms: fc.nat({ max: 4 }), isRejected: fc.boolean() })

const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 3, arbitrary: planned('Pipe') },
  { weight: 2, arbitrary: planned('Await') },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant('Adapt' as const), isBroken: fc.boolean() }) },
  { weight: 2, arbitrary: fc.constant<Act>({ _tag: 'Foreign' }) },
  { weight: 2, arbitrary: fc.constantFrom<Act>({ _tag: 'Stash' }, { _tag: 'Unstash' }, { _tag: 'Crash' }) },
)

const commands: fc.Arbitrary<readonly Command[]> = fc.array(
  fc.record({ afterMs: fc.nat({ max: 5 }), acts: fc.array(act, { maxLength: 3 }) }),
  { maxLength: 8 },
)

/** What is known of the tasks and of the adapter of one actor. */
class Books {
  readonly #sim: SimulatedWorld
  /** By number of the task: how many results it has had. */
  readonly #results: number[] = []
  readonly #signals: AbortSignal[] = []
  readonly #settled = new Set<number>()
  #isAwaiting = false
  version = 0
  isBroken = false

  constructor(sim: SimulatedWorld) {
    this.#sim = sim
  }

  /** A task that is carried out as planned. */
  task({ ms, isRejected }: Plan): { readonly id: number; readonly run: (signal: AbortSignal) => Promise<number> } {
    const id = this.#results.push(0) - 1
    const run = async (signal: AbortSignal): Promise<number> => {
      this.#signals[id] = signal
      await this.#sim.sleep(ms)
      this.#settled.add(id)
      if (isRejected) throw new Error('rejected')
      return id
    }
    return { id, run }
  }

  awaits(): void {
    this.#isAwaiting = true
  }

  goesOn(): void {
    this.#isAwaiting = false
  }

  handles(message: Message): void {
    if (this.#isAwaiting) this.#sim.fail(new Error(`a message was handled while a task was awaited: ${message._tag}`))
  }

  adapted(version: number): void {
    if (version !== this.version)
      this.#sim.fail(new Error(`adapted by version ${String(version)}, not by ${String(this.version)}`))
  }

  result(id: number): void {
    const count = (this.#results[id] ?? 0) + 1
    this.#results[id] = count
    if (count > 1) this.#sim.fail(new Error(`task ${String(id)} had ${String(count)} results`))
  }

  /** The actor has ended: what has not settled is to know of it. */
  end(): void {
    this.#signals.forEach((signal, id) => {
      if (!this.#settled.has(id) && !signal.aborted) this.#sim.fail(new Error(`task ${String(id)} was not aborted`))
    })
  }

  /** Piped tasks that have settled without anybody having heard of it. */
  unheard(piped: ReadonlySet<number>): readonly number[] {
    return [...piped].filter((id) => this.#results[id] === 0)
  }
}

class Worker {
  readonly #books: Books
  readonly #piped: Set<number>

  constructor(books: Books, piped: Set<number>) {
    this.#books = books
    this.#piped = piped
  }

  /** Its stash lies outside of what is restarted, so that nothing is dropped. */
  behavior(strategy: SupervisorStrategy): Behavior<Message> {
    return Behaviors.withStash<Message>(100, (stash) =>
      pipe(
        Behaviors.setup<Message>((context) => {
          this.#books.goesOn()
          return this.#receive(context, stash)
        }),
        Behaviors.supervise(strategy),
      ),
    )
  }

  #receive(context: ActorContext<Message>, stash: StashBuffer<Message>): Behavior<Message> {
    return Behaviors.receiveMessage<Message>(
      (message) => {
        this.#books.handles(message)
        switch (message._tag) {
          case 'Piped':
            this.#books.result(message.id)
            return Behaviors.same
          case 'Adapted':
            this.#books.adapted(message.version)
            return Behaviors.same
          case 'Stop':
            return Behaviors.stopped
          case 'Do':
            return this.#perform(context, stash, message)
        }
      },
      (_, signal) => {
        if (signal._tag === 'PostStop') this.#books.goesOn()
        return Behaviors.same
      },
    )
  }

  #perform(
    context: ActorContext<Message>,
    stash: StashBuffer<Message>,
    message: Extract<Message, { readonly _tag: 'Do' }>,
  ): Behavior<Message> {
    const books = this.#books
    for (const each of message.acts)
      switch (each._tag) {
        case 'Pipe': {
          const { id, run } = books.task(each)
          this.#piped.add(id)
          context.pipeToSelf(run, ({ _tag }) => ({ _tag: 'Piped', id, isRejected: _tag === 'Left' }))
          break
        }
        case 'Await': {
          const { run } = books.task(each)
          books.awaits()
          return Behaviors.awaiting(run, (): Behavior<Message> => {
            books.goesOn()
            return this.#receive(context, stash)
          })
        }
        case 'Adapt': {
          const version = ++books.version
          books.isBroken = each.isBroken
          this.#adapter(context, version, each.isBroken)
          break
        }
        case 'Foreign':
          this.#adapter(context, books.version, books.isBroken).tell('foreign')
          break
        case 'Stash':
          stash.stash({ ...message, acts: [] })
          break
        case 'Unstash':
          return stash.unstashAll(Behaviors.same)
        case 'Crash':
          throw new Error('crash')
      }
    return Behaviors.same
  }

  #adapter(context: ActorContext<Message>, version: number, isBroken: boolean): ActorRef<string> {
    return context.messageAdapter(
      (): Message => {
        if (isBroken) throw new Error('no translation')
        return { _tag: 'Adapted', version }
      },
      { key: 'foreign' },
    )
  }
}

const { restart, restartWithBackoff, resume } = SupervisorStrategy

const strategies: readonly SupervisorStrategy[] = [
  resume,
  restart,
  restartWithBackoff({ minMs: 3, maxMs: 6, randomFactor: 0 }),
]

const play = (kind: number, program: readonly Command[], schedule: Schedule): Promise<Trace> => {
  const piped = new Set<number>()
  let books: Books | undefined
  const probe: Probe = {
    event: (event) => {
      // Whatever it waited for, it waits no more.
      if (event._tag === 'ActorFailed') books?.goesOn()
      if (event._tag === 'ActorStopped' && event.ref.path.name === 'worker') books?.end()
      // A result that comes too late; only those of tasks that went well say which.
      if (event._tag === 'DeadLetter' && isResult(event.message)) books?.result(event.message.right)
    },
  }
  return Simulation.run({ schedule, probe, faults: { delayMs: 3 }, maxSteps: 5_000 }, async (sim) => {
    const made = new Books(sim)
    books = made
    const strategy = strategies[kind % strategies.length] ?? resume
    const worker = sim.spawn(new Worker(made, piped).behavior(strategy), 'worker')
    let ids = 0
    for (const { afterMs, acts } of program) {
      if (afterMs > 0) await sim.sleep(afterMs)
      worker.tell({ _tag: 'Do', id: ids++, acts })
    }
    await sim.sleep(200)
    for (const id of made.unheard(piped)) sim.fail(new Error(`nobody heard of the end of task ${String(id)}`))
    worker.tell({ _tag: 'Do', id: ids, acts: [{ _tag: 'Pipe', ms: 5, isRejected: false }] })
    worker.tell({ _tag: 'Do', id: ids, acts: [{ _tag: 'Await', ms: 5, isRejected: false }] })
    await sim.sleep(2)
    // The worker awaits its last task, and is stopped from outside.
    void sim.system.terminate()
  })
}

const isResult = (message: unknown): message is { readonly right: number } =>
  typeof message === 'object' && message !== null && 'right' in message && typeof message.right === 'number'

export const taskSuite: Suite = suiteOf(
  'tasks and adapters',
  fc.tuple(fc.nat({ max: 2 }), commands, Simulation.schedules({ steps: 60, faults: ['delay'], maxFaults: 4 })),
  ([kind, program, schedule]) => play(kind, program, schedule),
)
