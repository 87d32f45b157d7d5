/**
 * comedy: in-memory actors. A message is a topic, its handler a method of the definition.
 */
import actors from 'comedy'
import { bytesPerActor, expectEqual, gate, now } from './measure.js'

const open = async () => {
  const system = actors.createSystem({ test: true, loggerConfig: { categories: { Default: 'Silent' } } })
  return { system, root: await system.rootActor() }
}

const tell = async (n) => {
  const { system, root } = await open()
  let handled = 0
  let sum = 0
  let goal = 0
  let reached = gate()
  const ref = await root.createChild({
    add: (message) => {
      sum += message.amount
      handled += 1
      if (handled === goal) reached.open()
    },
  })
  const start = now()
  while (goal < n) {
    reached = gate()
    const from = goal
    goal = Math.min(n, from + 10_000)
    for (let index = from; index < goal; index += 1) ref.send('add', { amount: index & 1 })
    await reached.opened
  }
  const ms = now() - start
  expectEqual('sum', sum, n / 2)
  await system.destroy()
  return { completed: handled, ms }
}

const pingPong = (inFlight) => async (n) => {
  const { system, root } = await open()
  const finished = gate()
  let pongs = 0
  let completed = 0
  let served = 0
  const serve = () => {
    if (served === n) return
    served += 1
    pong.send('ping', { value: served, replyTo: ping })
  }
  const pong = await root.createChild({
    ping: (message) => {
      pongs += 1
      message.replyTo.send('pong', { value: message.value })
    },
  })
  const ping = await root.createChild({
    serve,
    pong: () => {
      completed += 1
      if (completed === n) finished.open()
      serve()
    },
  })
  const start = now()
  for (let ball = 0; ball < inFlight; ball += 1) ping.send('serve', { value: 0 })
  await finished.opened
  const ms = now() - start
  expectEqual('pongs', pongs, n)
  await system.destroy()
  return { completed, ms }
}

const ring = async (n) => {
  const { system, root } = await open()
  const finished = gate()
  let hops = 0
  let first
  const link = (next) => ({
    token: (message) => {
      hops += 1
      if (message.left === 0) finished.open()
      else (next ?? first).send('token', { left: message.left - 1 })
    },
  })
  for (let each = 0; each < 1_000; each += 1) first = await root.createChild(link(first))
  const start = now()
  first.send('token', { left: n - 1 })
  await finished.opened
  const ms = now() - start
  await system.destroy()
  return { completed: hops, ms }
}

const skynetNode = (report, first, size) => {
  let self
  let sum = 0
  let waiting = 10
  return {
    initialize: (actor) => {
      self = actor
    },
    start: async () => {
      if (size === 1) {
        report(first)
        return
      }
      const send = (value) => self.send('sum', { value })
      for (let child = 0; child < 10; child += 1)
        self
          .createChild(skynetNode(send, first + (child * size) / 10, size / 10))
          .then((actor) => actor.send('start', {}))
    },
    sum: (message) => {
      sum += message.value
      waiting -= 1
      if (waiting === 0) report(sum)
    },
  }
}

const skynet = async (n) => {
  const { system, root } = await open()
  const finished = gate()
  const start = now()
  const top = await root.createChild(skynetNode(finished.open, 0, n))
  top.send('start', {})
  const sum = await finished.opened
  const ms = now() - start
  expectEqual('sum', sum, (n * (n - 1)) / 2)
  await system.destroy()
  return { completed: n, ms }
}

const answering = { answer: (message) => message.count() }

const spawn = async (n) => {
  const { root } = await open()
  const start = now()
  const refs = await Promise.all(Array.from({ length: n }, () => root.createChild(answering)))
  const ms = now() - start
  const allAnswered = gate()
  let answers = 0
  const count = () => {
    answers += 1
    if (answers === n) allAnswered.open()
  }
  for (const ref of refs) ref.send('answer', { count })
  await allAnswered.opened
  return { completed: answers, ms }
}

const adder = () => {
  let total = 0
  return {
    add: (message) => {
      total += message.amount
      message.count(total)
    },
  }
}
const shared = { add: (message) => message.count() }

const bytes = (definitionOf, isUsed) => async (n) => {
  const { root } = await open()
  return bytesPerActor(n, async (refs) => {
    for (let from = 0; from < n; from += 1_000) {
      const made = await Promise.all(Array.from({ length: 1_000 }, () => root.createChild(definitionOf())))
      for (const [index, ref] of made.entries()) refs[from + index] = ref
    }
    if (!isUsed) return n
    const all = gate()
    let answers = 0
    const count = () => {
      answers += 1
      if (answers === n) all.open()
    }
    for (const ref of refs) ref.send('add', { amount: 1, count })
    await all.opened
    return answers
  })
}

const asking = (atOnce) => async (n) => {
  const { system, root } = await open()
  const squarer = await root.createChild({ square: (message) => message.of * message.of })
  const square = () => squarer.sendAndReceive('square', { of: 7 })
  let completed = 0
  const start = now()
  for (let asked = 0; asked < n; asked += atOnce) {
    if (atOnce === 1) {
      if ((await square()) === 49) completed += 1
    } else {
      const answers = await Promise.all(Array.from({ length: atOnce }, () => square()))
      for (const answer of answers) if (answer === 49) completed += 1
    }
  }
  const ms = now() - start
  await system.destroy()
  return { completed, ms }
}

const fanOut = async (n) => {
  const { system, root } = await open()
  const finished = gate()
  let received = 0
  const receiver = {
    item: (message) => {
      received += message.amount
      if (received === n) finished.open()
      else if (received % 1_000 === 0) hub.send('round', {})
    },
  }
  const receivers = await Promise.all(Array.from({ length: 1_000 }, () => root.createChild(receiver)))
  const hub = await root.createChild({
    round: () => {
      for (const each of receivers) each.send('item', { amount: 1 })
    },
  })
  const start = now()
  hub.send('round', {})
  await finished.opened
  const ms = now() - start
  await system.destroy()
  return { completed: received, ms }
}

const chain = async (n) => {
  const { system, root } = await open()
  const finished = gate()
  let completed = 0
  const link = (next) => ({
    request: (request) => {
      const value = request.value + 1
      if (next === undefined) request.replyTo.send('answer', { value })
      else next.send('request', { value, replyTo: request.replyTo })
    },
  })
  let first
  for (let each = 0; each < 5; each += 1) first = await root.createChild(link(first))
  const client = await root.createChild({
    answer: (message) => {
      if (message.value === 5) completed += 1
      if (completed === n) finished.open()
      else first.send('request', { value: 0, replyTo: client })
    },
  })
  const start = now()
  client.send('answer', { value: 0 })
  await finished.opened
  const ms = now() - start
  await system.destroy()
  return { completed, ms }
}

/**
 * What a service holds all along: without an actor alive, a full collection makes the engine forget the shapes of actors, and each
 * run would learn them anew. One is being asked.
 */
const { root: residentRoot } = await open()
// Held, or the collector would let go of whoever waits for it.
const never = new Promise(() => undefined)
export const resident = await residentRoot.createChild({
  hello: () => undefined,
  ponder: () => never,
})
resident.send('hello', {})
void resident.sendAndReceive('ponder', { of: 7 })

export const workloads = {
  tell,
  'ping-pong-1': pingPong(1),
  'ping-pong-100': pingPong(100),
  ring,
  'skynet-1e5': skynet,
  spawn,
  'bytes-shared': bytes(() => shared, false),
  'bytes-own': bytes(adder, false),
  'bytes-used': bytes(adder, true),
  ask: asking(1),
  'ask-1000': asking(1_000),
  'fan-out': fanOut,
  chain,
}
