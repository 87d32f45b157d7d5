/**
 * How many bytes each operation allocates. Run with a young generation so large that nothing is collected meanwhile: then what the
 * heap has grown by is what was allocated, whatever the machine and its load.
 *
 *     node --max-semi-space-size=512 --expose-gc … measure.ts        prints { "tell": bytes per message, … }
 */
import { pipe } from 'fp-ts/lib/function.js'
import { ActorSystem, ask, Behaviors, SupervisorStrategy, type ActorRef, type Behavior } from 'troupe'

const warmUps = 10
const rounds = 5

/** Runs `work` often enough to be compiled, then measures it; the median of some rounds, for the compiler allocates now and then. */
const bytesPer = async (count: number, work: () => Promise<void>): Promise<number> => {
  for (let round = 0; round < warmUps; round++) await work()
  const found: number[] = []
  for (let round = 0; round < rounds; round++) {
    globalThis.gc?.()
    const before = process.memoryUsage().heapUsed
    await work()
    found.push((process.memoryUsage().heapUsed - before) / count)
  }
  const median = found.sort((a, b) => a - b)[Math.floor(rounds / 2)] ?? Infinity
  return Math.round(median * 10) / 10
}

const create = <A>(behavior: Behavior<A>): ActorSystem<A> =>
  ActorSystem.create(behavior, 'measured', { logger: { log: () => undefined } })

/** Messages made beforehand: what is measured is what sending and handling them takes. */
type Count = { readonly _tag: 'Count' } | { readonly _tag: 'Last'; readonly done: () => void }
const count: Count = { _tag: 'Count' }

const counting: Behavior<Count> = Behaviors.receiveMessage((message) => {
  if (message._tag === 'Last') message.done()
  return Behaviors.same
})

const burst = 10_000

const tellBurst = (ref: ActorRef<Count>): Promise<void> =>
  new Promise((resolve) => {
    for (let index = 1; index < burst; index++) ref.tell(count)
    ref.tell({ _tag: 'Last', done: resolve })
  })

const bytesPerTell = (ref: ActorRef<Count>): Promise<number> =>
  bytesPer(20 * burst, async () => {
    for (let bursts = 0; bursts < 20; bursts++) await tellBurst(ref)
  })

const tell = async (): Promise<number> => {
  await using system = create(counting)
  return await bytesPerTell(system)
}

const supervised = async (): Promise<number> => {
  await using system = create(pipe(counting, Behaviors.supervise(SupervisorStrategy.restart)))
  return await bytesPerTell(system)
}

/** Two actors throw one ball to and fro: each throw is a wake-up. */
const pingPong = async (): Promise<number> => {
  interface Ball {
    readonly left: number
    readonly to: ActorRef<Ball>
    readonly from: ActorRef<Ball>
    readonly done: () => void
  }
  let left = 0
  const player: Behavior<Ball> = Behaviors.receiveMessage((ball) => {
    left -= 1
    if (left === 0) ball.done()
    else (left % 2 === 0 ? ball.to : ball.from).tell(ball)
    return Behaviors.same
  })
  await using system = create(
    Behaviors.setup<(a: ActorRef<Ball>, b: ActorRef<Ball>) => void>((context) => {
      const a = context.spawn(player)
      const b = context.spawn(player)
      return Behaviors.receiveMessage((use) => {
        use(a, b)
        return Behaviors.same
      })
    }),
  )
  return await bytesPer(
    100_000,
    () =>
      new Promise((resolve) => {
        left = 100_000
        system.tell((a, b) => {
          a.tell({ left, to: a, from: b, done: resolve })
        })
      }),
  )
}

const asking = async (): Promise<number> => {
  interface Question {
    readonly _tag: 'Question'
    readonly replyTo: ActorRef<number>
  }
  await using system = create(
    Behaviors.receiveMessage<Question>(({ replyTo }) => {
      replyTo.tell(42)
      return Behaviors.same
    }),
  )
  const question = pipe(
    system,
    ask((replyTo: ActorRef<number>) => ({ _tag: 'Question', replyTo }), { timeoutMs: 60_000 }),
  )
  return await bytesPer(10_000, async () => {
    for (let index = 0; index < 10_000; index++) await question()
  })
}

/** An actor is spawned, handles one message and stops. */
const living = async (): Promise<number> => {
  interface Command {
    readonly actors: number
    readonly done: () => void
  }
  const mayfly: Behavior<() => void> = Behaviors.receiveMessage((done) => {
    done()
    return Behaviors.stopped
  })
  await using system = create(
    Behaviors.receive<Command>((context, { actors, done }) => {
      let left = actors
      const ended = (): void => {
        left -= 1
        if (left === 0) done()
      }
      for (let index = 0; index < actors; index++) context.spawn(mayfly).tell(ended)
      return Behaviors.same
    }),
  )
  return await bytesPer(
    10_000,
    () =>
      new Promise((resolve) => {
        system.tell({ actors: 10_000, done: resolve })
      }),
  )
}

const result = {
  tell: await tell(),
  supervised: await supervised(),
  pingPong: await pingPong(),
  ask: await asking(),
  living: await living(),
}
console.log(JSON.stringify(result))
