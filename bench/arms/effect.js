/**
 * effect: an actor is a fiber that reads a queue, one message at a time, as all arms do, and handles it in a plain function. To take
 * all that waits at once (`Queue.takeAll`) would be faster, but a failure would lose what was taken with the failing message.
 */
import { Cause, Deferred, Effect, Fiber, Queue } from 'effect'
import { bytesPerActor, expectEqual, gate, now } from './measure.js'

const { offerUnsafe } = Queue

/** The loop of an actor. */
const handling = (queue, handle) =>
  Effect.whileLoop({
    while: () => true,
    body: () => Queue.take(queue),
    step: (message) => {
      handle(message)
    },
  })

/** Starts an actor, as a fiber of its own. */
const begin = (handlerOf) => {
  const queue = Effect.runSync(Queue.unbounded())
  const fiber = Effect.runFork(handling(queue, handlerOf(queue)))
  return { queue, fiber }
}

const endAll = (actors) => Effect.runPromise(Fiber.interruptAll(actors.map(({ fiber }) => fiber)))

const tell = async (n) => {
  let handled = 0
  let sum = 0
  let goal = 0
  let reached = gate()
  const actor = begin(() => (message) => {
    sum += message.amount
    handled += 1
    if (handled === goal) reached.open()
  })
  const start = now()
  while (goal < n) {
    reached = gate()
    const from = goal
    goal = Math.min(n, from + 10_000)
    for (let index = from; index < goal; index += 1) offerUnsafe(actor.queue, { _tag: 'Add', amount: index & 1 })
    await reached.opened
  }
  const ms = now() - start
  expectEqual('sum', sum, n / 2)
  await endAll([actor])
  return { completed: handled, ms }
}

const pingPong = (inFlight) => async (n) => {
  const finished = gate()
  let pongs = 0
  let completed = 0
  let served = 0
  const pong = begin(() => (message) => {
    pongs += 1
    offerUnsafe(message.replyTo, { _tag: 'Pong', value: message.value })
  })
  const ping = begin((self) => (message) => {
    if (message._tag === 'Pong') {
      completed += 1
      if (completed === n) finished.open()
    }
    if (served < n) {
      served += 1
      offerUnsafe(pong.queue, { _tag: 'Ping', value: served, replyTo: self })
    }
  })
  const start = now()
  for (let ball = 0; ball < inFlight; ball += 1) offerUnsafe(ping.queue, { _tag: 'Serve', value: 0 })
  await finished.opened
  const ms = now() - start
  expectEqual('pongs', pongs, n)
  await endAll([ping, pong])
  return { completed, ms }
}

const ring = async (n) => {
  const finished = gate()
  const all = []
  let hops = 0
  let first
  const link = (next) => () => (message) => {
    hops += 1
    if (message.left === 0) finished.open()
    else offerUnsafe((next ?? first).queue, { _tag: 'Token', left: message.left - 1 })
  }
  for (let each = 0; each < 1_000; each += 1) {
    first = begin(link(first))
    all.push(first)
  }
  const start = now()
  offerUnsafe(first.queue, { _tag: 'Token', left: n - 1 })
  await finished.opened
  const ms = now() - start
  await endAll(all)
  return { completed: hops, ms }
}

/** A node reads ten sums and ends. */
const skynetNode = (parent, first, size) =>
  size === 1
    ? Effect.sync(() => offerUnsafe(parent, { _tag: 'Sum', value: first }))
    : Effect.gen(function* () {
        const queue = yield* Queue.unbounded()
        for (let child = 0; child < 10; child += 1)
          yield* Effect.forkDetach(skynetNode(queue, first + (child * size) / 10, size / 10))
        let sum = 0
        for (let waiting = 10; waiting > 0;) {
          const messages = yield* Queue.takeAll(queue)
          for (const message of messages) sum += message.value
          waiting -= messages.length
        }
        offerUnsafe(parent, { _tag: 'Sum', value: sum })
      })

const skynet = async (n) => {
  const start = now()
  const sum = await Effect.runPromise(
    Effect.gen(function* () {
      const queue = yield* Queue.unbounded()
      yield* Effect.forkDetach(skynetNode(queue, 0, n))
      const message = yield* Queue.take(queue)
      return message.value
    }),
  )
  const ms = now() - start
  expectEqual('sum', sum, (n * (n - 1)) / 2)
  return { completed: n, ms }
}

const answering = (message) => message.count()

const spawn = async (n) => {
  const actors = new Array(n).fill(undefined)
  const lastAnswered = gate()
  const allAnswered = gate()
  let answers = 0
  const start = now()
  for (let index = 0; index < n; index += 1) actors[index] = begin(() => answering)
  offerUnsafe(actors[n - 1].queue, { _tag: 'Answer', count: lastAnswered.open })
  await lastAnswered.opened
  const ms = now() - start
  const count = () => {
    answers += 1
    if (answers === n) allAnswered.open()
  }
  for (const { queue } of actors) offerUnsafe(queue, { _tag: 'Answer', count })
  await allAnswered.opened
  await endAll(actors)
  return { completed: answers, ms }
}

const stop = async (n) => {
  let completed = 0
  const actors = Array.from({ length: n }, () => {
    const queue = Effect.runSync(Queue.unbounded())
    const finalizer = Effect.sync(() => {
      completed += 1
    })
    return { queue, fiber: Effect.runFork(Effect.ensuring(handling(queue, answering), finalizer)) }
  })
  await new Promise((resolve) => setImmediate(resolve))
  const start = now()
  await endAll(actors)
  const ms = now() - start
  return { completed, ms }
}

const adder = () => {
  let total = 0
  return (message) => {
    total += message.amount
    message.count(total)
  }
}

const bytes = (handlerOf, isUsed) => async (n) => {
  const result = await bytesPerActor(n, async (refs) => {
    // The queue is the address; the fiber that waits on it is held by it.
    for (let index = 0; index < n; index += 1) refs[index] = begin(handlerOf).queue
    await new Promise((resolve) => setImmediate(resolve))
    if (!isUsed) return n
    const all = gate()
    let answers = 0
    const count = () => {
      answers += 1
      if (answers === n) all.open()
    }
    for (const queue of refs) offerUnsafe(queue, { _tag: 'Add', amount: 1, count })
    await all.opened
    return answers
  })
  return result
}

const asking = (atOnce) => async (n) => {
  const squarer = begin(() => (query) => Deferred.doneUnsafe(query.reply, Effect.succeed(query.of * query.of)))
  const square = Effect.suspend(() => {
    const reply = Deferred.makeUnsafe()
    offerUnsafe(squarer.queue, { _tag: 'Square', of: 7, reply })
    return Deferred.await(reply)
  })
  const start = now()
  const completed = await Effect.runPromise(
    Effect.gen(function* () {
      let right = 0
      for (let asked = 0; asked < n; asked += atOnce) {
        if (atOnce === 1) {
          if ((yield* square) === 49) right += 1
        } else {
          const answers = yield* Effect.all(Array(atOnce).fill(square), { concurrency: 'unbounded' })
          for (const answer of answers) if (answer === 49) right += 1
        }
      }
      return right
    }),
  )
  const ms = now() - start
  await endAll([squarer])
  return { completed, ms }
}

const fanOut = async (n) => {
  const finished = gate()
  let received = 0
  const receivers = Array.from({ length: 1_000 }, () =>
    begin(() => (message) => {
      received += message.amount
      if (received === n) finished.open()
      else if (received % 1_000 === 0) offerUnsafe(hub.queue, { _tag: 'Round' })
    }),
  )
  const hub = begin(() => () => {
    for (const each of receivers) offerUnsafe(each.queue, { _tag: 'Item', amount: 1 })
  })
  const start = now()
  offerUnsafe(hub.queue, { _tag: 'Round' })
  await finished.opened
  const ms = now() - start
  await endAll([hub, ...receivers])
  return { completed: received, ms }
}

/** Starts the loop again whenever it fails; an interruption ends it. */
const supervised = (incarnation) =>
  Effect.forever(
    Effect.catchCause(incarnation, (cause) => (Cause.hasInterrupts(cause) ? Effect.failCause(cause) : Effect.void)),
  )

const restart = async (n) => {
  let starts = 0
  let goal = 0
  let reached = gate()
  const queue = Effect.runSync(Queue.unbounded())
  const failing = Effect.suspend(() => {
    starts += 1
    if (starts === goal) reached.open()
    return Effect.flatMap(Queue.take(queue), () => Effect.fail(new Error('as told')))
  })
  const fiber = Effect.runFork(supervised(failing))
  const start = now()
  for (let sent = 0; sent < n; sent += 1_000) {
    goal = sent + 1_001
    reached = gate()
    for (let each = 0; each < 1_000; each += 1) offerUnsafe(queue, { _tag: 'Fail' })
    await reached.opened
  }
  const ms = now() - start
  await endAll([{ fiber }])
  return { completed: starts - 1, ms }
}

const timers = async (n) => {
  let ticks = 0
  let armed = 0
  const sleeper = Effect.andThen(
    Effect.sleep(60_000),
    Effect.sync(() => {
      ticks += 1
    }),
  )
  const start = now()
  await Effect.runPromise(
    Effect.gen(function* () {
      for (let each = 0; each < n; each += 1) {
        const fiber = yield* Effect.forkChild(sleeper, { startImmediately: true })
        yield* Fiber.interrupt(fiber)
        armed += 1
      }
    }),
  )
  const ms = now() - start
  expectEqual('ticks', ticks, 0)
  return { completed: armed, ms }
}

const watch = async (n) => {
  const finished = gate()
  let completed = 0
  const actors = Array.from({ length: n }, () => {
    const queue = Effect.runSync(Queue.unbounded())
    return { queue, fiber: Effect.runFork(Effect.asVoid(Queue.take(queue))) }
  })
  await new Promise((resolve) => setImmediate(resolve))
  const start = now()
  for (const { queue, fiber } of actors) {
    fiber.addObserver(() => {
      completed += 1
      if (completed === n) finished.open()
    })
    offerUnsafe(queue, { _tag: 'Stop' })
  }
  await finished.opened
  const ms = now() - start
  return { completed, ms }
}

const chain = async (n) => {
  const finished = gate()
  let completed = 0
  const all = []
  const link = (next) => {
    const queue = Effect.runSync(Queue.unbounded())
    const handle = (request) => {
      const value = request.value + 1
      if (next === undefined) offerUnsafe(request.replyTo, { _tag: 'Answer', value })
      else offerUnsafe(next.queue, { _tag: 'Request', value, replyTo: request.replyTo })
    }
    return { queue, fiber: Effect.runFork(supervised(handling(queue, handle))) }
  }
  let first
  for (let each = 0; each < 5; each += 1) {
    first = link(first)
    all.push(first)
  }
  const client = begin((self) => (message) => {
    if (message.value === 5) completed += 1
    if (completed === n) finished.open()
    else offerUnsafe(first.queue, { _tag: 'Request', value: 0, replyTo: self })
  })
  const start = now()
  offerUnsafe(client.queue, { _tag: 'Answer', value: 0 })
  await finished.opened
  const ms = now() - start
  await endAll([client, ...all])
  return { completed, ms }
}

/**
 * What a service holds all along: without an actor alive, a full collection makes the engine forget the shapes of actors, and each
 * run would learn them anew. One has been restarted, and one is being asked.
 */
export const resident = begin(() => () => undefined)
offerUnsafe(resident.queue, { _tag: 'Hello' })
const failures = Effect.runSync(Queue.unbounded())
export const restarted = Effect.runFork(
  supervised(Effect.suspend(() => Effect.flatMap(Queue.take(failures), () => Effect.fail(new Error('as told'))))),
)
offerUnsafe(failures, { _tag: 'Fail' })

// Held, or the collector would let go of a fiber that waits for nobody.
export const asked = Effect.runFork(
  Effect.suspend(() => {
    const reply = Deferred.makeUnsafe()
    offerUnsafe(resident.queue, { _tag: 'Square', of: 7, reply })
    return Deferred.await(reply)
  }),
)

export const workloads = {
  tell,
  'ping-pong-1': pingPong(1),
  'ping-pong-100': pingPong(100),
  ring,
  'skynet-1e5': skynet,
  'skynet-1e6': skynet,
  spawn,
  stop,
  'bytes-shared': bytes(() => answering, false),
  'bytes-own': bytes(adder, false),
  'bytes-used': bytes(adder, true),
  ask: asking(1),
  'ask-1000': asking(1_000),
  'fan-out': fanOut,
  restart,
  timers,
  watch,
  chain,
}
