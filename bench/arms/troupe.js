/**
 * troupe as it is built, with its default settings. Its logger counts records and prints none.
 */
import { ActorSystem, Behaviors, SupervisorStrategy, ask } from '../../dist/index.js'
import { bytesPerActor, expectEqual, foreverMs, gate, now } from './measure.js'

const { receive, receiveMessage, same, setup, stopped, supervise, withStash, withTimers } = Behaviors

const countingLogger = () => ({
  records: 0,
  log() {
    this.records += 1
  },
})

const create = (behavior, options = {}) =>
  ActorSystem.create(behavior, 'bench', { logger: countingLogger(), ...options })

/** Sees every message three times. */
const countingProbe = () => ({
  seen: 0,
  enqueued() {
    this.seen += 1
  },
  beforeHandle() {
    this.seen += 1
  },
  settled() {
    this.seen += 1
  },
})

/** A guardian that runs what it is told with its context. */
const stage = () => create(receive((context, task) => (task(context), same)))

/** Runs `build` in a turn of the guardian of a new system and gives both. */
const staged = async (build) => {
  const system = stage()
  const built = gate()
  system.tell((context) => built.open(build(context)))
  return { system, value: await built.opened }
}

const tell = (options) => async (n) => {
  let handled = 0
  let sum = 0
  let goal = 0
  let reached = gate()
  const system = create(
    receiveMessage((message) => {
      sum += message.amount
      handled += 1
      if (handled === goal) reached.open()
      return same
    }),
    options,
  )
  const start = now()
  while (goal < n) {
    reached = gate()
    const from = goal
    goal = Math.min(n, from + 10_000)
    for (let index = from; index < goal; index += 1) system.tell({ _tag: 'Add', amount: index & 1 })
    await reached.opened
  }
  const ms = now() - start
  expectEqual('sum', sum, n / 2)
  await system.terminate()
  return { completed: handled, ms }
}

const pingPong = (inFlight) => async (n) => {
  const finished = gate()
  let pongs = 0
  let completed = 0
  let served = 0
  const { system, value: ping } = await staged((context) => {
    const pong = context.spawn(
      receiveMessage((message) => {
        pongs += 1
        message.replyTo.tell({ _tag: 'Pong', value: message.value })
        return same
      }),
    )
    return context.spawn(
      receive(({ self }, message) => {
        if (message._tag === 'Pong') {
          completed += 1
          if (completed === n) finished.open()
        }
        if (served < n) {
          served += 1
          pong.tell({ _tag: 'Ping', value: served, replyTo: self })
        }
        return same
      }),
    )
  })
  const start = now()
  for (let ball = 0; ball < inFlight; ball += 1) ping.tell({ _tag: 'Serve', value: 0 })
  await finished.opened
  const ms = now() - start
  expectEqual('pongs', pongs, n)
  await system.terminate()
  return { completed, ms }
}

const ring = async (n) => {
  const finished = gate()
  let hops = 0
  const { system, value: first } = await staged((context) => {
    let first
    const link = (next) =>
      receiveMessage((message) => {
        hops += 1
        if (message.left === 0) finished.open()
        else (next ?? first).tell({ _tag: 'Token', left: message.left - 1 })
        return same
      })
    for (let each = 0; each < 1_000; each += 1) first = context.spawn(link(first))
    return first
  })
  const start = now()
  first.tell({ _tag: 'Token', left: n - 1 })
  await finished.opened
  const ms = now() - start
  await system.terminate()
  return { completed: hops, ms }
}

const leaf = (parent, value) =>
  setup(() => {
    parent.tell({ _tag: 'Sum', value })
    return stopped
  })

const node = (parent, first, size) =>
  setup((context) => {
    const part = size / 10
    for (let child = 0; child < 10; child += 1) {
      const from = first + child * part
      context.spawn(part === 1 ? leaf(context.self, from) : node(context.self, from, part))
    }
    let sum = 0
    let waiting = 10
    return receiveMessage((message) => {
      sum += message.value
      waiting -= 1
      if (waiting > 0) return same
      parent.tell({ _tag: 'Sum', value: sum })
      return stopped
    })
  })

const skynet = async (n) => {
  const finished = gate()
  const start = now()
  const system = create(
    setup((context) => {
      context.spawn(node(context.self, 0, n))
      return receiveMessage((message) => (finished.open(message.value), same))
    }),
  )
  const sum = await finished.opened
  const ms = now() - start
  expectEqual('sum', sum, (n * (n - 1)) / 2)
  await system.terminate()
  return { completed: n, ms }
}

const answering = receiveMessage((message) => (message.count(), same))

const spawn = async (n) => {
  const system = stage()
  const refs = new Array(n).fill(undefined)
  const lastAnswered = gate()
  const allAnswered = gate()
  let answers = 0
  const start = now()
  system.tell((context) => {
    for (let index = 0; index < n; index += 1) refs[index] = context.spawn(answering)
    refs[n - 1].tell({ _tag: 'Answer', count: lastAnswered.open })
  })
  await lastAnswered.opened
  const ms = now() - start
  const count = () => {
    answers += 1
    if (answers === n) allAnswered.open()
  }
  for (const ref of refs) ref.tell({ _tag: 'Answer', count })
  await allAnswered.opened
  await system.terminate()
  return { completed: answers, ms }
}

const stop = async (n) => {
  const finished = gate()
  let completed = 0
  const behavior = receive(
    () => same,
    (_context, signal) => {
      if (signal._tag === 'PostStop') {
        completed += 1
        if (completed === n) finished.open()
      }
      return same
    },
  )
  const { system, value: refs } = await staged((context) => Array.from({ length: n }, () => context.spawn(behavior)))
  const start = now()
  system.tell((context) => {
    for (const ref of refs) context.stop(ref)
  })
  await finished.opened
  const ms = now() - start
  await system.terminate()
  return { completed, ms }
}

const adder = () => {
  let total = 0
  return receiveMessage((message) => {
    total += message.amount
    message.count(total)
    return same
  })
}

const bytes = (behaviorOf, isUsed) => async (n) => {
  const system = stage()
  const result = await bytesPerActor(n, async (refs) => {
    const last = gate()
    let answers = 0
    system.tell((context) => {
      for (let index = 0; index < n; index += 1) refs[index] = context.spawn(behaviorOf())
      // The guardian's own message comes after the starts.
      context.self.tell(() => last.open())
    })
    await last.opened
    if (!isUsed) return n
    const all = gate()
    const count = () => {
      answers += 1
      if (answers === n) all.open()
    }
    for (const ref of refs) ref.tell({ _tag: 'Add', amount: 1, count })
    await all.opened
    return answers
  })
  await system.terminate()
  return result
}

const squarer = receiveMessage((query) => {
  query.replyTo.tell(query.of * query.of)
  return same
})

const asking = (atOnce) => async (n) => {
  const system = create(squarer)
  const square = ask((replyTo) => ({ _tag: 'Square', of: 7, replyTo }), { timeoutMs: 5_000 })(system)
  let completed = 0
  const start = now()
  for (let asked = 0; asked < n; asked += atOnce) {
    if (atOnce === 1) {
      if ((await square()).right === 49) completed += 1
    } else {
      const answers = await Promise.all(Array.from({ length: atOnce }, () => square()))
      for (const answer of answers) if (answer.right === 49) completed += 1
    }
  }
  const ms = now() - start
  await system.terminate()
  return { completed, ms }
}

const fanOut = async (n) => {
  const finished = gate()
  let received = 0
  let hub
  const { system } = await staged((context) => {
    const receiver = receiveMessage((message) => {
      received += message.amount
      if (received === n) finished.open()
      else if (received % 1_000 === 0) hub.tell({ _tag: 'Round' })
      return same
    })
    const receivers = Array.from({ length: 1_000 }, () => context.spawn(receiver))
    hub = context.spawn(
      receiveMessage(() => {
        for (const each of receivers) each.tell({ _tag: 'Item', amount: 1 })
        return same
      }),
    )
  })
  const start = now()
  hub.tell({ _tag: 'Round' })
  await finished.opened
  const ms = now() - start
  await system.terminate()
  return { completed: received, ms }
}

const restart = async (n) => {
  const logger = countingLogger()
  let starts = 0
  let goal = 0
  let reached = gate()
  const system = create(
    supervise(SupervisorStrategy.restart)(
      setup(() => {
        starts += 1
        if (starts === goal) reached.open()
        return receiveMessage(() => {
          throw new Error('as told')
        })
      }),
    ),
    { logger },
  )
  await system.whenStarted
  const start = now()
  for (let sent = 0; sent < n; sent += 1_000) {
    goal = sent + 1_001
    reached = gate()
    for (let each = 0; each < 1_000; each += 1) system.tell({ _tag: 'Fail' })
    await reached.opened
  }
  const ms = now() - start
  expectEqual('records of failures', logger.records, n)
  await system.terminate()
  return { completed: starts - 1, ms }
}

const timers = async (n) => {
  let ticks = 0
  let armed = 0
  const system = create(
    withTimers((own) =>
      receiveMessage((message) => {
        if (message._tag === 'Tick') {
          ticks += 1
          return same
        }
        for (let each = 0; each < 1_000; each += 1) {
          own.startSingleTimer('timer', { _tag: 'Tick' }, 60_000)
          own.cancel('timer')
          armed += 1
        }
        message.done()
        return same
      }),
    ),
  )
  await system.whenStarted
  const start = now()
  for (let sent = 0; sent < n; sent += 1_000) {
    const done = gate()
    system.tell({ _tag: 'Arm', done: done.open })
    await done.opened
  }
  const ms = now() - start
  await system.terminate()
  expectEqual('ticks', ticks, 0)
  return { completed: armed, ms }
}

const stash = async (n) => {
  let handled = 0
  let reached = gate()
  let open
  const closed = (buffer) => {
    open = receiveMessage((message) => {
      handled += message.amount
      if (handled % 1_000 !== 0) return same
      reached.open()
      return shut
    })
    const shut = receiveMessage((message) => {
      if (message._tag === 'Open') return buffer.unstashAll(open)
      buffer.stash(message)
      return same
    })
    return shut
  }
  const system = create(withStash(1_000, closed))
  await system.whenStarted
  const start = now()
  for (let sent = 0; sent < n; sent += 1_000) {
    reached = gate()
    for (let each = 0; each < 1_000; each += 1) system.tell({ _tag: 'Item', amount: 1 })
    system.tell({ _tag: 'Open' })
    await reached.opened
  }
  const ms = now() - start
  await system.terminate()
  return { completed: handled, ms }
}

const watch = async (n) => {
  const finished = gate()
  let completed = 0
  const mortal = receiveMessage(() => stopped)
  const refs = []
  const system = create(
    receive(
      (context, message) => {
        if (message._tag === 'Spawn') {
          for (let each = 0; each < n; each += 1) refs.push(context.spawn(mortal))
        } else {
          for (const ref of refs) {
            context.watch(ref)
            ref.tell({ _tag: 'Stop' })
          }
        }
        message.done()
        return same
      },
      (_context, signal) => {
        if (signal._tag === 'Terminated') {
          completed += 1
          if (completed === n) finished.open()
        }
        return same
      },
    ),
  )
  const spawned = gate()
  system.tell({ _tag: 'Spawn', done: spawned.open })
  await spawned.opened
  const start = now()
  system.tell({ _tag: 'Watch', done: () => undefined })
  await finished.opened
  const ms = now() - start
  await system.terminate()
  return { completed, ms }
}

const chain = async (n) => {
  const finished = gate()
  let completed = 0
  const supervised = supervise(SupervisorStrategy.restart)
  const link = (next) =>
    supervised(
      receiveMessage((request) => {
        const value = request.value + 1
        if (next === undefined) request.replyTo.tell({ _tag: 'Answer', value })
        else next.tell({ _tag: 'Request', value, replyTo: request.replyTo })
        return same
      }),
    )
  const { system, value: client } = await staged((context) => {
    let first
    for (let each = 0; each < 5; each += 1) first = context.spawn(link(first))
    return context.spawn(
      receive(({ self }, message) => {
        if (message.value === 5) completed += 1
        if (completed === n) finished.open()
        else first.tell({ _tag: 'Request', value: 0, replyTo: self })
        return same
      }),
    )
  })
  const start = now()
  client.tell({ _tag: 'Answer', value: 0 })
  await finished.opened
  const ms = now() - start
  await system.terminate()
  return { completed, ms }
}

/**
 * What a service holds all along: without an actor alive, a full collection makes the engine forget the shapes of actors, and each
 * run would learn them anew. One has been restarted, and one is being asked.
 */
export const resident = stage()
resident.tell((context) => {
  const child = context.spawn(receiveMessage(() => same))
  child.tell({ _tag: 'Hello' })
  child.tell({ _tag: 'Hello' })
  context.stop(context.spawn(receiveMessage(() => same)))
  const failing = () => {
    throw new Error('as told')
  }
  context.spawn(supervise(SupervisorStrategy.restart)(setup(() => receiveMessage(failing)))).tell({ _tag: 'Fail' })
})

void ask((replyTo) => ({ _tag: 'Square', of: 7, replyTo }), { timeoutMs: foreverMs })(
  create(receiveMessage(() => same)),
)()

export const workloads = {
  tell: tell({}),
  'tell-probed': tell({ probe: countingProbe() }),
  'tell-frozen': tell({ settings: { isolation: 'freeze' } }),
  'tell-cloned': tell({ settings: { isolation: 'clone' } }),
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
  stash,
  watch,
  chain,
}
