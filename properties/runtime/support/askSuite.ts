/**
 * The laws of asking, under simulation: each ask has one result; it is the first reply, and later ones are dead letters. Who asks one that
 * dies hears of that, and does not wait for the time to be up.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type ActorRef, type Behavior, type Probe } from 'troupe'
import { Simulation } from 'troupe/testkit/fast-check'
import type { Schedule, SimulatedWorld, Trace } from 'troupe/testkit'
import { suiteOf, type Suite } from './Suite.js'

/** What the one who is asked does. */
interface Question {
  readonly replies: number
  /** Through another actor, so that replies overtake each other. */
  readonly isForwarded: boolean
  readonly then: 'goOn' | 'crash' | 'stop'
}

interface Request extends Question {
  readonly id: number
  readonly replyTo: ActorRef<Answer>
}

interface Answer {
  readonly id: number
}

interface Result {
  readonly id: number
  readonly isAnswer: boolean
}

const questions: fc.Arbitrary<readonly Question[]> = fc.array(
  fc.record({
    replies: fc.nat({ max: 2 }),
    isForwarded: fc.boolean(),
    then: fc.oneof(
      { weight: 6, arbitrary: fc.constant('goOn' as const) },
      { weight: 1, arbitrary: fc.constantFrom('crash' as const, 'stop' as const) },
    ),
  }),
  { maxLength: 8 },
)

const isAnswer = (message: unknown): boolean => typeof message === 'object' && message !== null && 'id' in message

/** Tells replies of others on. */
const messenger: Behavior<{ readonly to: ActorRef<Answer>; readonly answer: Answer }> =
  Behaviors.receiveMessageWithSame(({ to, answer }) => {
    to.tell(answer)
  })

const oracleOf = (through: ActorRef<{ readonly to: ActorRef<Answer>; readonly answer: Answer }>): Behavior<Request> =>
  pipe(
    Behaviors.receiveMessage<Request>(({ id, replies, isForwarded, then, replyTo }) => {
      for (let left = replies; left > 0; left--)
        if (isForwarded) through.tell({ to: replyTo, answer: { id } })
        else replyTo.tell({ id })
      if (then === 'crash') throw new Error('crash')
      return then === 'stop' ? Behaviors.stopped : Behaviors.same
    }),
    Behaviors.supervise(SupervisorStrategy.restart),
  )

const timeoutMs = 100

/** When the oracle ended; undefined while it lives. */
interface End {
  atMs: number | undefined
}

const askerOf = (
  oracle: ActorRef<Request>,
  results: number[],
  end: End,
  sim: SimulatedWorld,
): Behavior<Question | Result> => {
  let ids = 0
  return Behaviors.receive<Question | Result>((context, message) => {
    if (!('replies' in message)) {
      const count = (results[message.id] ?? 0) + 1
      results[message.id] = count
      if (count > 1) sim.fail(new Error(`ask ${String(message.id)} had ${String(count)} results`))
      return Behaviors.same
    }
    const id = ids++
    results[id] = 0
    const dueMs = sim.now() + timeoutMs
    context.ask(
      oracle,
      (replyTo: ActorRef<Answer>) => ({ ...message, id, replyTo }),
      { timeoutMs },
      (result) => {
        if (result._tag === 'Right' && result.right.id !== id)
          sim.fail(new Error(`ask ${String(id)} got the answer of ${String(result.right.id)}`))
        const hasEnded = end.atMs !== undefined
        if (result._tag === 'Left' && result.left._tag === 'AskTargetTerminated' && !hasEnded)
          sim.fail(new Error(`ask ${String(id)} was told of an end that has not come`))
        if (result._tag === 'Left' && result.left._tag === 'AskTimeout' && (end.atMs ?? dueMs) < dueMs)
          sim.fail(new Error(`ask ${String(id)} waited for one that was dead`))
        return { id, isAnswer: result._tag === 'Right' }
      },
    )
    return Behaviors.same
  })
}

const play = (asked: readonly Question[], schedule: Schedule): Promise<Trace> => {
  const outcomes = { told: 0, handled: 0, deadLetter: 0 }
  const end: End = { atMs: undefined }
  let nowMs = (): number => 0
  const isReply = (ref: ActorRef<never>, message: unknown): boolean =>
    ref.path.elements[0] === 'temp' && isAnswer(message)
  const probe: Probe = {
    enqueued: (ref, message) => {
      if (isReply(ref, message)) outcomes.told++
      return undefined
    },
    settled: (ref, message, outcome) => {
      if (isReply(ref, message) && (outcome === 'handled' || outcome === 'deadLetter')) outcomes[outcome]++
    },
    event: (event) => {
      if (event._tag === 'ActorStopped' && event.ref.path.name === 'oracle') end.atMs = nowMs()
    },
  }
  return Simulation.run({ schedule, probe, openAsks: 'timeOut' }, (sim) => {
    nowMs = () => sim.now()
    const results: number[] = []
    const oracle = sim.spawn(oracleOf(sim.spawn(messenger, 'messenger')), 'oracle')
    const asker = sim.spawn(askerOf(oracle, results, end, sim), 'asker')
    for (const question of asked) asker.tell(question)
    sim.always(() => {
      if (outcomes.told !== outcomes.handled + outcomes.deadLetter)
        throw new Error(
          `of ${String(outcomes.told)} replies ${String(outcomes.handled)} were taken, ${String(outcomes.deadLetter)} are dead letters`,
        )
    })
    sim.finally(() => {
      const without = results.indexOf(0)
      if (without >= 0) throw new Error(`ask ${String(without)} had no result`)
      if (results.length !== asked.length)
        throw new Error(`${String(results.length)} of ${String(asked.length)} were asked`)
    })
  })
}

export const askSuite: Suite = suiteOf(
  'questions and answers',
  fc.tuple(questions, Simulation.schedules({ steps: 60, faults: ['delay'] })),
  ([asked, schedule]) => play(asked, schedule),
)
