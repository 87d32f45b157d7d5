/**
 * XState: callback actors, the fastest of its kinds here; state machines where only they can do it. An event is handled before
 * `send` returns, unless its receiver is at work.
 */
import { cancel, createActor, createMachine, fromCallback, raise } from 'xstate'
import { bytesPerActor, expectEqual, gate, now } from './measure.js'

/** Starts an actor; `receiverOf` gives the function that handles its events. */
const begin = (receiverOf) => createActor(logic(receiverOf)).start()
const logic = (receiverOf) =>
  fromCallback(({ receive, self }) => {
    receive(receiverOf(self))
  })

const tell = (n) => {
  let handled = 0
  let sum = 0
  const ref = begin(() => (event) => {
    sum += event.amount
    handled += 1
  })
  const start = now()
  for (let index = 0; index < n; index += 1) ref.send({ type: 'add', amount: index & 1 })
  const ms = now() - start
  expectEqual('sum', sum, n / 2)
  ref.stop()
  return { completed: handled, ms }
}

const pingPong = (inFlight) => (n) => {
  let pongs = 0
  let completed = 0
  let served = 0
  const pong = begin(() => (event) => {
    pongs += 1
    event.replyTo.send({ type: 'pong', value: event.value })
  })
  const ping = begin((self) => (event) => {
    if (event.type === 'start') {
      for (let ball = 0; ball < inFlight; ball += 1) self.send({ type: 'serve', value: 0 })
      return
    }
    if (event.type === 'pong') completed += 1
    if (served < n) {
      served += 1
      pong.send({ type: 'ping', value: served, replyTo: self })
    }
  })
  const start = now()
  ping.send({ type: 'start' })
  const ms = now() - start
  expectEqual('pongs', pongs, n)
  return { completed, ms }
}

const ring = (n) => {
  let hops = 0
  let first
  const link = (next) => () => (event) => {
    hops += 1
    if (event.left > 0) (next ?? first).send({ type: 'token', left: event.left - 1 })
  }
  for (let each = 0; each < 1_000; each += 1) first = begin(link(first))
  const start = now()
  first.send({ type: 'token', left: n - 1 })
  const ms = now() - start
  return { completed: hops, ms }
}

const skynetNode = (report, first, size) => {
  const ref = begin((self) => {
    let sum = 0
    let waiting = 10
    return (event) => {
      if (event.type === 'start') {
        if (size === 1) {
          report(first)
          self.stop()
        } else
          for (let child = 0; child < 10; child += 1)
            skynetNode((value) => self.send({ type: 'sum', value }), first + (child * size) / 10, size / 10)
        return
      }
      sum += event.value
      waiting -= 1
      if (waiting > 0) return
      report(sum)
      self.stop()
    }
  })
  ref.send({ type: 'start' })
}

const skynet = (n) => {
  let sum
  const start = now()
  skynetNode((value) => (sum = value), 0, n)
  const ms = now() - start
  expectEqual('sum', sum, (n * (n - 1)) / 2)
  return { completed: n, ms }
}

const answering = () => (event) => event.count()

const spawn = (n) => {
  const refs = new Array(n).fill(undefined)
  let answers = 0
  const shared = logic(answering)
  const start = now()
  for (let index = 0; index < n; index += 1) refs[index] = createActor(shared).start()
  const ms = now() - start
  for (const ref of refs) ref.send({ type: 'answer', count: () => (answers += 1) })
  return { completed: answers, ms }
}

const stop = (n) => {
  let completed = 0
  const shared = fromCallback(() => () => {
    completed += 1
  })
  const refs = Array.from({ length: n }, () => createActor(shared).start())
  const start = now()
  for (const ref of refs) ref.stop()
  const ms = now() - start
  return { completed, ms }
}

const adder = () => {
  let total = 0
  return (event) => {
    total += event.amount
    event.count(total)
  }
}

const bytes = (logicOf, isUsed) => (n) =>
  bytesPerActor(n, (refs) => {
    for (let index = 0; index < n; index += 1) refs[index] = createActor(logicOf()).start()
    if (!isUsed) return n
    let answers = 0
    for (const ref of refs) ref.send({ type: 'add', amount: 1, count: () => (answers += 1) })
    return answers
  })

const sharedLogic = logic(answering)

const fanOut = async (n) => {
  const finished = gate()
  let received = 0
  const receivers = Array.from({ length: 1_000 }, () =>
    begin(() => (event) => {
      received += event.amount
      if (received === n) finished.open()
      else if (received % 1_000 === 0) hub.send({ type: 'round' })
    }),
  )
  const hub = begin(() => () => {
    for (const each of receivers) each.send({ type: 'item', amount: 1 })
  })
  const start = now()
  hub.send({ type: 'round' })
  await finished.opened
  const ms = now() - start
  return { completed: received, ms }
}

const timers = async (n) => {
  let armed = 0
  let ticks = 0
  const machine = createMachine({
    on: {
      arm: { actions: [raise({ type: 'tick' }, { id: 'timer', delay: 60_000 }), cancel('timer'), () => (armed += 1)] },
      tick: { actions: () => (ticks += 1) },
    },
  })
  const ref = createActor(machine).start()
  const start = now()
  for (let each = 0; each < n; each += 1) ref.send({ type: 'arm' })
  const ms = now() - start
  ref.stop()
  expectEqual('ticks', ticks, 0)
  return { completed: armed, ms }
}

const watch = (n) => {
  let completed = 0
  const machine = createMachine({
    initial: 'alive',
    states: { alive: { on: { stop: 'gone' } }, gone: { type: 'final' } },
  })
  const refs = Array.from({ length: n }, () => createActor(machine).start())
  const start = now()
  for (const ref of refs) {
    ref.subscribe({ complete: () => (completed += 1) })
    ref.send({ type: 'stop' })
  }
  const ms = now() - start
  return { completed, ms }
}

const chain = (n) => {
  let completed = 0
  const link = (next) => () => (request) => {
    const value = request.value + 1
    if (next === undefined) request.replyTo.send({ type: 'answer', value })
    else next.send({ type: 'request', value, replyTo: request.replyTo })
  }
  let first
  for (let each = 0; each < 5; each += 1) first = begin(link(first))
  const client = begin((self) => (event) => {
    if (event.value === 5) completed += 1
    if (completed < n) first.send({ type: 'request', value: 0, replyTo: self })
  })
  const start = now()
  client.send({ type: 'answer', value: 0 })
  const ms = now() - start
  return { completed, ms }
}

/**
 * What a service holds all along: without an actor alive, a full collection makes the engine forget the shapes of actors, and each
 * run would learn them anew.
 */
export const resident = begin(() => () => undefined)
resident.send({ type: 'hello' })

export const workloads = {
  tell,
  'ping-pong-1': pingPong(1),
  'ping-pong-100': pingPong(100),
  ring,
  'skynet-1e5': skynet,
  'skynet-1e6': skynet,
  spawn,
  stop,
  'bytes-shared': bytes(() => sharedLogic, false),
  'bytes-own': bytes(() => logic(adder), false),
  'bytes-used': bytes(() => logic(adder), true),
  'fan-out': fanOut,
  timers,
  watch,
  chain,
}
