/**
 * Taking a service down in order.
 */
import type { AbortableTask, ActorRef, ActorSystem, Extension } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { none, period, requireThat, some, type Option } from '../model/internal.js'
import { beforeTermination, portsOf, requireMessage, touchShared } from '../runtime/internal.js'
import { gracefulStop } from './gracefulStop.js'
import { inOrder, type Phase } from './phases.js'
import { whenFired, within } from './within.js'

/**
 * A phase of a shutdown.
 *
 * @category model
 * @since 0.1.0
 */
export interface PhaseOptions {
  /** The phases that have to be over before it begins. Default: none. */
  readonly after?: readonly string[]
  /** The phases that begin when it is over. Default: none. */
  readonly before?: readonly string[]
  /** Milliseconds that its tasks may take together. Above 0. Default: 5,000. */
  readonly timeoutMs?: number
  /** Whether the phases after it come when one of its tasks has failed, or has taken too long. Default: true. */
  readonly goesOn?: boolean
}

/**
 * The phases that every shutdown has, in this order.
 *
 * @category model
 * @since 0.1.0
 */
export type DefaultPhase =
  'beforeServiceUnbind' | 'serviceUnbind' | 'serviceRequestsDone' | 'serviceStop' | 'beforeActorSystemTerminate'

/**
 * Where signals of the operating system come from: Node's `process` is one.
 *
 * @category ports
 * @since 0.1.0
 */
export interface SignalSource {
  once(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
  off(signal: 'SIGTERM' | 'SIGINT', listener: () => void): unknown
}

/**
 * The shutdown of one system: phases in order, and in each of them tasks side by side. When all are over, the actors stop.
 *
 * @category model
 * @since 0.1.0
 */
export interface CoordinatedShutdown {
  /** Why the system goes down; none before it does. */
  readonly reason: Option<string>
  /**
   * Adds a phase of one's own.
   *
   * @throws TroupeError IllegalArgument for a name that is there, for one that is not, and for an order that goes in a circle; IllegalState
   * once the shutdown has begun
   */
  addPhase(name: string, options?: PhaseOptions): void
  /**
   * Adds a task to a phase. It gets the reason and a signal that fires when its time is up. The answer takes it out again.
   *
   * @throws TroupeError IllegalArgument for a phase that is not there; IllegalState once the shutdown has begun
   */
  addTask(phase: DefaultPhase | (string & {}), name: string, task: ShutdownTask): () => void
  /** Adds a task that sends an actor the message that makes it stop, and waits until it has. */
  addActorTask<A>(phase: DefaultPhase | (string & {}), ref: ActorRef<A>, message: A): () => void
  /**
   * How long all phases may take together, in milliseconds; what is left of them then is left out. Default: 30,000.
   *
   * @throws TroupeError IllegalArgument when it is not above 0
   */
  setDeadline(deadlineMs: number): void
  /** Begins the shutdown, for a reason, and terminates the system; the answer is `whenTerminated`. It runs once: a second call only waits. */
  run(reason: string): Promise<Option<unknown>>
  /** Lets signals of the operating system begin it; by default SIGTERM and SIGINT, each the reason by its name. The answer takes that back. */
  onSignals(source: SignalSource, signals?: readonly ('SIGTERM' | 'SIGINT')[]): () => void
}

/**
 * What a shutdown waits for.
 *
 * @category model
 * @since 0.1.0
 */
export type ShutdownTask = (reason: string, signal: AbortSignal) => Promise<unknown>

interface Task {
  readonly phase: string
  readonly name: string
  readonly run: ShutdownTask
}

const defaultPhases: readonly DefaultPhase[] = [
  'beforeServiceUnbind',
  'serviceUnbind',
  'serviceRequestsDone',
  'serviceStop',
  'beforeActorSystemTerminate',
]

class Shutdown implements CoordinatedShutdown {
  readonly #system: ActorSystem<never>
  #phases: readonly Phase[] = defaultPhases.map((name, i) => ({
    name,
    after: defaultPhases.slice(0, i).slice(-1),
    timeoutMs: 5_000,
    goesOn: true,
  }))
  readonly #tasks = new Set<Task>()
  #deadlineMs = 30_000
  #reason: string | undefined = undefined
  #hasBegun = false

  constructor(system: ActorSystem<never>) {
    this.#system = system
    beforeTermination(system, () => this.#farewell())
  }

  get reason(): Option<string> {
    return this.#hasBegun && this.#reason !== undefined ? some(this.#reason) : none
  }

  addPhase(name: string, options: PhaseOptions = {}): void {
    const { after = [], before = [], timeoutMs = 5_000, goesOn = true } = options
    this.#requireNotBegun(`phase '${name}'`)
    requireThat(`timeoutMs of the phase '${name}'`, timeoutMs, period)
    if (this.#phases.some((phase) => phase.name === name))
      throw new TroupeError(
        'IllegalArgument',
        `The phase '${name}' is there already. Add tasks to it, or take another name.`,
      )
    for (const other of [...after, ...before]) this.#requirePhase(other)
    const phases = this.#phases.map((phase) =>
      before.includes(phase.name) ? { ...phase, after: [...phase.after, name] } : phase,
    )
    const ordered = inOrder([...phases, { name, after, timeoutMs, goesOn }])
    if (ordered._tag === 'Left')
      throw new TroupeError(
        'IllegalArgument',
        `The phase '${name}' would have these wait for each other: ${ordered.left.join(', ')}. Leave one of its after or before out.`,
      )
    this.#phases = ordered.right
  }

  addTask(phase: string, name: string, run: ShutdownTask): () => void {
    this.#requireNotBegun(`task '${name}'`)
    this.#requirePhase(phase)
    const task: Task = { phase, name, run }
    this.#tasks.add(task)
    return () => {
      this.#tasks.delete(task)
    }
  }

  addActorTask<A>(phase: string, ref: ActorRef<A>, message: A): () => void {
    // Here it is told to whoever makes the mistake; in the shutdown nobody is left to mend it.
    requireMessage(message, ref)
    return this.addTask(phase, `stop ${ref.path.toString()}`, async () => {
      // Its phase ends the waiting; the time here only has to be longer.
      const stopped = await gracefulStop(this.#system, ref, { message, timeoutMs: this.#deadlineMs })()
      if (stopped._tag === 'Left') throw new Error(stopped.left.message)
    })
  }

  setDeadline(deadlineMs: number): void {
    requireThat('deadlineMs of a shutdown', deadlineMs, period)
    this.#deadlineMs = deadlineMs
  }

  run(reason: string): Promise<Option<unknown>> {
    if (!this.#hasBegun) this.#reason ??= reason
    return this.#system.terminate()
  }

  onSignals(source: SignalSource, signals: readonly ('SIGTERM' | 'SIGINT')[] = ['SIGTERM', 'SIGINT']): () => void {
    const listeners = signals.map((signal) => {
      const listener = (): void => {
        void this.run(signal)
      }
      source.once(signal, listener)
      return () => {
        source.off(signal, listener)
      }
    })
    const stop = (): void => {
      for (const off of listeners) off()
    }
    void this.#system.whenTerminated.then(stop)
    return stop
  }

  /** What comes before the end of the system, however that was begun. Never rejects. */
  async #farewell(): Promise<void> {
    const reason = (this.#reason ??= 'ActorSystemTerminate')
    this.#hasBegun = true
    const inTime = await within(this.#system, this.#deadlineMs, (signal) => this.#runPhases(reason, signal), undefined)
    if (inTime === undefined)
      this.#warn(`The shutdown was to take ${String(this.#deadlineMs)} ms. What is left of its phases is left out.`)
  }

  async #runPhases(reason: string, signal: AbortSignal): Promise<true> {
    for (const phase of this.#phases) {
      if (signal.aborted) return true
      const isWell = await this.#runPhase(phase, reason, signal)
      if (isWell || phase.goesOn) continue
      this.#warn(`The phase '${phase.name}' has failed and is not to be passed over: the phases after it are left out.`)
      return true
    }
    return true
  }

  async #runPhase({ name, timeoutMs }: Phase, reason: string, deadline: AbortSignal): Promise<boolean> {
    const open = new Set([...this.#tasks].filter((task) => task.phase === name))
    if (open.size === 0) return true
    const all: AbortableTask<readonly boolean[]> = (signal) =>
      Promise.all(
        [...open].map(async (task) => {
          const isWell = await this.#runTask(task, reason, signal)
          open.delete(task)
          return isWell
        }),
      )
    // At the deadline the phase is over, too: its own time shall not keep the process alive, nor be told of.
    const cutOff = new Promise<readonly boolean[]>((resolve) => {
      whenFired(deadline, () => {
        resolve([])
      })
    })
    const results = await within(this.#system, timeoutMs, (signal) => Promise.race([all(signal), cutOff]), deadline)
    if (results !== undefined) return results.every((isWell) => isWell)
    const late = [...open].map((task) => `'${task.name}'`).join(', ')
    this.#warn(`The phase '${name}' was to take ${String(timeoutMs)} ms. It is left without ${late}.`)
    return false
  }

  async #runTask({ phase, name, run }: Task, reason: string, signal: AbortSignal): Promise<boolean> {
    try {
      await run(reason, signal)
      return true
    } catch (error) {
      // The others of its phase shall be run all the same.
      this.#warn(`The task '${name}' of the phase '${phase}' has failed.`, error)
      return false
    }
  }

  #requireNotBegun(what: string): void {
    // Whoever adds something does it for all.
    touchShared(this.#system)
    if (!this.#hasBegun) return
    throw new TroupeError(
      'IllegalState',
      `The shutdown of system '${this.#system.name}' has begun: the ${what} cannot be added any more. Add it when the service starts.`,
    )
  }

  #requirePhase(name: string): void {
    if (this.#phases.some((phase) => phase.name === name)) return
    const known = this.#phases.map((phase) => phase.name).join(', ')
    throw new TroupeError('IllegalArgument', `There is no phase '${name}'. There are ${known}; addPhase adds one.`)
  }

  #warn(message: string, cause?: unknown): void {
    portsOf(this.#system).log('warn', undefined, message, cause)
  }
}

const extension: Extension<CoordinatedShutdown> = {
  name: 'coordinatedShutdown',
  create: (system) => new Shutdown(system),
}

/**
 * Takes a service down in order: stop taking requests, finish those that are there, close what they needed, stop the actors.
 *
 * Phases follow each other in the order of their dependencies; the tasks of a phase run side by side. Each phase has its time, and all of
 * them together have a deadline. It runs once, whether by `run`, by a signal, by `system.terminate()` or when the guardian has stopped.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { CoordinatedShutdown } from 'troupe/patterns'
 *
 * const system = ActorSystem.create(Behaviors.ignore, 'demo')
 * const shutdown = CoordinatedShutdown.get(system)
 * shutdown.addTask('serviceUnbind', 'close the port', () => Promise.resolve(console.log('port closed')))
 * shutdown.addTask('serviceStop', 'close the pool', (reason) => Promise.resolve(console.log('pool closed for', reason)))
 * const takeBack = shutdown.onSignals(process)
 *
 * await system.terminate() // port closed, pool closed for ActorSystemTerminate
 * takeBack()
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/coordinated-shutdown.html
 * @category running
 * @since 0.1.0
 */
export const CoordinatedShutdown: {
  /** The shutdown of this system. */
  readonly get: (system: ActorSystem<never>) => CoordinatedShutdown
} = {
  get: (system) => system.extensions.get(extension),
}
