/**
 * nact: reducers and `dispatch`, `query` for asking, `onCrash` for supervision.
 */
import nact from 'nact'
import { bytesPerActor, expectEqual, foreverMs, gate, now } from './measure.js'

const { dispatch, query, spawn: spawnActor, start: startSystem, stop: stopActor } = nact

let names = 0
/** Names of its own making are random and meet now and then. */
const spawnIn = (parent, reducer, properties) => {
  names += 1
  return spawnActor(parent, reducer, `actor${names}`, properties)
}

const tell = async (n) => {
  let handled = 0
  let goal = 0
  let reached = gate()
  let total = 0
  const system = startSystem()
  const ref = spawnIn(
    system,
    (sum, message) => {
      handled += 1
      total = sum + message.amount
      if (handled === goal) reached.open()
      return total
    },
    { initialState: 0 },
  )
  const start = now()
  while (goal < n) {
    reached = gate()
    const from = goal
    goal = Math.min(n, from + 10_000)
    for (let index = from; index < goal; index += 1) dispatch(ref, { type: 'add', amount: index & 1 })
    await reached.opened
  }
  const ms = now() - start
  expectEqual('sum', total, n / 2)
  stopActor(system)
  return { completed: handled, ms }
}

const pingPong = (inFlight) => async (n) => {
  const finished = gate()
  let pongs = 0
  let completed = 0
  let served = 0
  const system = startSystem()
  const pong = spawnIn(system, (_state, message) => {
    pongs += 1
    dispatch(message.replyTo, { type: 'pong', value: message.value })
  })
  const ping = spawnIn(system, (_state, message, context) => {
    if (message.type === 'pong') {
      completed += 1
      if (completed === n) finished.open()
    }
    if (served < n) {
      served += 1
      dispatch(pong, { type: 'ping', value: served, replyTo: context.self })
    }
  })
  const start = now()
  for (let ball = 0; ball < inFlight; ball += 1) dispatch(ping, { type: 'serve', value: 0 })
  await finished.opened
  const ms = now() - start
  expectEqual('pongs', pongs, n)
  stopActor(system)
  return { completed, ms }
}

const ring = async (n) => {
  const finished = gate()
  let hops = 0
  const system = startSystem()
  let first
  const link = (next) => (_state, message) => {
    hops += 1
    if (message.left === 0) finished.open()
    else dispatch(next ?? first, { type: 'token', left: message.left - 1 })
  }
  for (let each = 0; each < 1_000; each += 1) first = spawnIn(system, link(first))
  const start = now()
  dispatch(first, { type: 'token', left: n - 1 })
  await finished.opened
  const ms = now() - start
  stopActor(system)
  return { completed: hops, ms }
}

const skynetNode = (parent, report, first, size) => {
  const self = spawnIn(
    parent,
    (state, message) => {
      if (message.type === 'start') {
        if (size === 1) report(first)
        else
          for (let child = 0; child < 10; child += 1) {
            const send = (value) => dispatch(self, { type: 'sum', value })
            skynetNode(self, send, first + (child * size) / 10, size / 10)
          }
        return state
      }
      const sum = state.sum + message.value
      if (state.waiting === 1) report(sum)
      return { sum, waiting: state.waiting - 1 }
    },
    { initialState: { sum: 0, waiting: 10 } },
  )
  dispatch(self, { type: 'start' })
}

const skynet = async (n) => {
  const finished = gate()
  const start = now()
  const system = startSystem()
  skynetNode(system, finished.open, 0, n)
  const sum = await finished.opened
  const ms = now() - start
  expectEqual('sum', sum, (n * (n - 1)) / 2)
  stopActor(system)
  return { completed: n, ms }
}

const answering = (_state, message) => message.count()

const spawn = async (n) => {
  const system = startSystem()
  const refs = new Array(n).fill(undefined)
  const lastAnswered = gate()
  const allAnswered = gate()
  let answers = 0
  const start = now()
  for (let index = 0; index < n; index += 1) refs[index] = spawnIn(system, answering)
  dispatch(refs[n - 1], { type: 'answer', count: lastAnswered.open })
  await lastAnswered.opened
  const ms = now() - start
  const count = () => {
    answers += 1
    if (answers === n) allAnswered.open()
  }
  for (const ref of refs) dispatch(ref, { type: 'answer', count })
  await allAnswered.opened
  stopActor(system)
  return { completed: answers, ms }
}

const stop = async (n) => {
  const finished = gate()
  let completed = 0
  const afterStop = () => {
    completed += 1
    if (completed === n) finished.open()
  }
  const system = startSystem()
  const refs = Array.from({ length: n }, () => spawnIn(system, answering, { afterStop }))
  const start = now()
  for (const ref of refs) stopActor(ref)
  await finished.opened
  const ms = now() - start
  stopActor(system)
  return { completed, ms }
}

const adder = () => {
  let total = 0
  return (_state, message) => {
    total += message.amount
    message.count(total)
  }
}

const bytes = (reducerOf, isUsed) => async (n) => {
  const system = startSystem()
  const result = await bytesPerActor(n, async (refs) => {
    for (let index = 0; index < n; index += 1) refs[index] = spawnIn(system, reducerOf())
    if (!isUsed) return n
    const all = gate()
    let answers = 0
    const count = () => {
      answers += 1
      if (answers === n) all.open()
    }
    for (const ref of refs) dispatch(ref, { type: 'add', amount: 1, count })
    await all.opened
    return answers
  })
  stopActor(system)
  return result
}

const asking = (atOnce) => async (n) => {
  const system = startSystem()
  const squarer = spawnIn(system, (_state, message) => dispatch(message.replyTo, message.of * message.of))
  const square = () => query(squarer, (replyTo) => ({ type: 'square', of: 7, replyTo }), 5_000)
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
  stopActor(system)
  return { completed, ms }
}

const fanOut = async (n) => {
  const finished = gate()
  let received = 0
  const system = startSystem()
  const receivers = Array.from({ length: 1_000 }, () =>
    spawnIn(system, (_state, message) => {
      received += message.amount
      if (received === n) finished.open()
      else if (received % 1_000 === 0) dispatch(hub, { type: 'round' })
    }),
  )
  const hub = spawnIn(system, () => {
    for (const each of receivers) dispatch(each, { type: 'item', amount: 1 })
  })
  const start = now()
  dispatch(hub, { type: 'round' })
  await finished.opened
  const ms = now() - start
  stopActor(system)
  return { completed: received, ms }
}

const restart = async (n) => {
  let starts = 0
  let goal = 0
  let reached = gate()
  const system = startSystem()
  const ref = spawnIn(
    system,
    () => {
      throw new Error('as told')
    },
    {
      initialStateFunc: () => {
        starts += 1
        if (starts === goal) reached.open()
        return { starts }
      },
      onCrash: (_message, _error, context) => context.reset,
    },
  )
  const start = now()
  for (let sent = 0; sent < n; sent += 1_000) {
    goal = sent + 1_001
    reached = gate()
    for (let each = 0; each < 1_000; each += 1) dispatch(ref, { type: 'fail' })
    await reached.opened
  }
  const ms = now() - start
  stopActor(system)
  return { completed: starts - 1, ms }
}

const chain = async (n) => {
  const finished = gate()
  let completed = 0
  const system = startSystem()
  const onCrash = (_message, _error, context) => context.reset
  const link = (next) => (_state, request) => {
    const value = request.value + 1
    if (next === undefined) dispatch(request.replyTo, { type: 'answer', value })
    else dispatch(next, { type: 'request', value, replyTo: request.replyTo })
  }
  let first
  for (let each = 0; each < 5; each += 1) first = spawnIn(system, link(first), { onCrash })
  const client = spawnIn(system, (_state, message, context) => {
    if (message.value === 5) completed += 1
    if (completed === n) finished.open()
    else dispatch(first, { type: 'request', value: 0, replyTo: context.self })
  })
  const start = now()
  dispatch(client, { type: 'answer', value: 0 })
  await finished.opened
  const ms = now() - start
  stopActor(system)
  return { completed, ms }
}

/**
 * What a service holds all along: without an actor alive, a full collection makes the engine forget the shapes of actors, and each
 * run would learn them anew. One has been restarted, and one is being asked.
 */
export const resident = spawnIn(startSystem(), (state) => state, { initialState: 0 })
dispatch(resident, { type: 'hello' })
export const restarted = spawnIn(
  startSystem(),
  () => {
    throw new Error('as told')
  },
  { initialStateFunc: () => ({ starts: 1 }), onCrash: (_message, _error, context) => context.reset },
)
dispatch(restarted, { type: 'fail' })

void query(resident, (replyTo) => ({ type: 'square', of: 7, replyTo }), foreverMs)

export const workloads = {
  tell,
  'ping-pong-1': pingPong(1),
  'ping-pong-100': pingPong(100),
  ring,
  'skynet-1e5': skynet,
  spawn,
  stop,
  'bytes-shared': bytes(() => answering, false),
  'bytes-own': bytes(adder, false),
  'bytes-used': bytes(adder, true),
  ask: asking(1),
  'ask-1000': asking(1_000),
  'fan-out': fanOut,
  restart,
  chain,
}
