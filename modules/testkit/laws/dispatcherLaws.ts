/**
 * What a dispatcher has to keep to.
 */
import type { ActorRef, Dispatcher, Runnable } from '../../model/index.js'
import { ActorPath } from '../../model/index.js'
import { KitMailroom } from '../behavior/KitMailroom.js'
import { Inbox } from '../behavior/TestInbox.js'
import { turnOfTheLoop } from '../turnOfTheLoop.js'
import { lawOnce, type Law } from './Law.js'

/**
 * A dispatcher to be held to the laws.
 *
 * @category testing
 * @since 0.1.0
 */
export interface DispatcherUnderTest {
  readonly dispatcher: Dispatcher
  /** Lets it work for a while; called until what is expected has happened. Default: the event loop gets a turn. */
  readonly drive?: () => void | Promise<void>
}

/** How often a dispatcher is driven before it is taken for one that does not work. */
const mostDrives = 1_000

/** So many turns one gets that always wants another. */
const manyTurns = 100

/** So many actors make another one each before whoever still waits for a turn is taken to wait for ever. */
const manyGenerations = 100_000

const until = async ({ drive = turnOfTheLoop }: DispatcherUnderTest, isThere: () => boolean): Promise<boolean> => {
  for (let drives = 0; drives < mostDrives && !isThere(); drives++) await drive()
  return isThere()
}

const mailroom = new KitMailroom()
const someRef = (): ActorRef<never> => new Inbox<never>(mailroom, new ActorPath('laws', 0, undefined), undefined).ref

/** Somebody who wants turns, and notes whether two of them run at a time. */
class Worker implements Runnable {
  static running = 0
  readonly ref: ActorRef<never> = someRef()
  readonly #onTurn: (budget: number) => void
  turns = 0
  hasOverlapped = false

  constructor(onTurn: (budget: number) => void = () => undefined) {
    this.#onTurn = onTurn
  }

  run(budget: number): number {
    this.turns++
    this.hasOverlapped ||= Worker.running > 0
    Worker.running++
    try {
      this.#onTurn(budget)
    } finally {
      Worker.running--
    }
    return 1
  }
}

/** How a runnable comes to a dispatcher. */
type Enter = (dispatcher: Dispatcher, worker: Worker) => void

const schedule: Enter = (dispatcher, worker) => {
  dispatcher.schedule(worker)
}

const launch: Enter = (dispatcher, worker) => {
  if (dispatcher.launch === undefined) dispatcher.schedule(worker)
  else dispatcher.launch(worker)
}

const neverAtOnce = async (made: DispatcherUnderTest, enter: Enter): Promise<string | undefined> => {
  const worker = new Worker()
  enter(made.dispatcher, worker)
  const ranAtOnce = worker.turns > 0
  await until(made, () => worker.turns > 0)
  return ranAtOnce ? 'it ran before the call returned' : undefined
}

const oneTurnEach = async (made: DispatcherUnderTest, enter: Enter): Promise<string | undefined> => {
  const workers = Array.from({ length: 500 }, () => new Worker())
  for (const worker of workers) enter(made.dispatcher, worker)
  if (!(await until(made, () => workers.every(({ turns }) => turns > 0)))) return 'somebody never got a turn'
  for (let more = 0; more < 3; more++) await (made.drive ?? turnOfTheLoop)()
  return workers.some(({ turns }) => turns > 1) ? 'somebody got two turns' : undefined
}

/**
 * The laws of dispatchers, for your own `Dispatcher`.
 *
 * @example
 * ```ts
 * import type { Dispatcher, Runnable } from 'troupe'
 * import { dispatcherLaws } from 'troupe/testkit'
 *
 * const microtasks: Dispatcher = {
 *   schedule: (runnable: Runnable) => { queueMicrotask(() => { runnable.run(1) }) },
 *   taskStarted: () => ({ settled: (deliver) => { deliver() } }),
 * }
 * for (const { check } of dispatcherLaws(() => ({ dispatcher: microtasks }))) await check()
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const dispatcherLaws = (make: () => DispatcherUnderTest): readonly Law[] => [
  lawOnce('nobody runs on the stack of who schedules it', () => neverAtOnce(make(), schedule)),
  lawOnce('nobody runs on the stack of who launches it', () => neverAtOnce(make(), launch)),
  lawOnce('whoever is scheduled gets one turn for it', () => oneTurnEach(make(), schedule)),
  lawOnce('whoever is launched gets one turn for it', () => oneTurnEach(make(), launch)),
  lawOnce('one has a turn at a time, whoever is scheduled meanwhile', async () => {
    const made = make()
    const second = new Worker()
    const first = new Worker(() => {
      made.dispatcher.schedule(second)
    })
    made.dispatcher.schedule(first)
    if (!(await until(made, () => second.turns > 0))) return 'who was scheduled in a turn never got one'
    return second.hasOverlapped ? 'a turn began inside of another' : undefined
  }),
  lawOnce('whoever always wants another turn leaves turns to others', async () => {
    const made = make()
    let isOver = false
    const greedy: Worker = new Worker(() => {
      if (!isOver) made.dispatcher.schedule(greedy)
    })
    const modest = new Worker()
    made.dispatcher.schedule(greedy)
    made.dispatcher.schedule(modest)
    // A dispatcher that is driven until it is quiet would never come back without this.
    const enough = new Worker(() => {
      isOver = true
    })
    made.dispatcher.schedule(enough)
    const gotTurn = await until(made, () => modest.turns > 0 && enough.turns > 0)
    isOver = true
    return gotTurn ? undefined : 'the others never got one'
  }),
  lawOnce('whoever always launches another one leaves turns to those who came before', async () => {
    const made = make()
    const [waiting, before, after] = [new Worker(), new Worker(), new Worker()]
    const areServed = (): boolean => [waiting, before, after].every(({ turns }) => turns > 0)
    let generations = 0
    const another = (): Worker =>
      new Worker(() => {
        if (!areServed() && ++generations < manyGenerations) launch(made.dispatcher, another())
      })
    schedule(made.dispatcher, waiting)
    for (const worker of [before, another(), after]) launch(made.dispatcher, worker)
    await until(made, areServed)
    return areServed() && generations < manyGenerations ? undefined : 'they got none as long as it went on'
  }),
  lawOnce('whoever is scheduled in its own turn gets another one, each time', async () => {
    const made = make()
    const worker: Worker = new Worker(() => {
      if (worker.turns < manyTurns) made.dispatcher.schedule(worker)
    })
    made.dispatcher.schedule(worker)
    await until(made, () => worker.turns >= manyTurns)
    for (let more = 0; more < 3; more++) await (made.drive ?? turnOfTheLoop)()
    if (worker.turns === manyTurns) return undefined
    return `it was scheduled ${String(manyTurns)} times and got ${String(worker.turns)} turns`
  }),
  lawOnce('a turn has room for at least one message, and an end', async () => {
    const made = make()
    let given: number | undefined
    const worker = new Worker((budget) => {
      given = budget
    })
    made.dispatcher.schedule(worker)
    if (!(await until(made, () => worker.turns > 0))) return 'it never got a turn'
    return given !== undefined && given >= 1 && given < Infinity ? undefined : `a turn had a budget of ${String(given)}`
  }),
  lawOnce('the end of a task is delivered however late it comes', async () => {
    const made = make()
    let delivered = 0
    const task = made.dispatcher.taskStarted(someRef())
    for (let turns = 0; turns < 3; turns++) {
      await turnOfTheLoop()
      await made.drive?.()
    }
    task.settled(() => {
      delivered++
    })
    return (await until(made, () => delivered > 0)) ? undefined : 'it was never delivered'
  }),
  lawOnce('the end of a task is delivered once', async () => {
    const made = make()
    const delivered = [0, 0, 0]
    const tasks = delivered.map(() => made.dispatcher.taskStarted(someRef()))
    tasks.forEach((task, index) => {
      task.settled(() => {
        delivered[index] = (delivered[index] ?? 0) + 1
      })
    })
    if (!(await until(made, () => delivered.every((times) => times > 0)))) return 'one was never delivered'
    for (let more = 0; more < 3; more++) await (made.drive ?? turnOfTheLoop)()
    return delivered.some((times) => times > 1) ? 'one was delivered twice' : undefined
  }),
]
