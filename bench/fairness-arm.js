/**
 * Runs timers and HTTP requests while actors are busy, and prints what they noticed. Plain JavaScript on what is built.
 */
import { createServer, get, Agent } from 'node:http'
import { ActorSystem, Behaviors, ask } from '../dist/index.js'

const durationMs = 4_000
const create = (behavior) => ActorSystem.create(behavior, 'bench', { logger: { log: () => undefined } })
const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

const percentiles = (values) => {
  const sorted = [...values].sort((a, b) => a - b)
  const at = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))]
  return { p50: at(0.5), p99: at(0.99), max: sorted.at(-1), n: sorted.length }
}

/** Each load starts and gives a function that ends it and says how much was done. */
const loads = {
  none: () => () => 0,

  flood: () => {
    let handled = 0
    const system = create(
      Behaviors.setup((context) => {
        const player = Behaviors.receiveMessage((message) => {
          handled += 1
          message.to.tell({ _tag: 'Ball', to: message.from, from: message.to })
          return Behaviors.same
        })
        const [a, b] = [context.spawn(player), context.spawn(player)]
        for (let ball = 0; ball < 1_000; ball += 1) a.tell({ _tag: 'Ball', to: b, from: a })
        return Behaviors.empty
      }),
    )
    return async () => {
      await system.terminate()
      return handled
    }
  },

  asks: () => {
    let answered = 0
    let isWanted = true
    const system = create(
      Behaviors.receiveMessage((query) => {
        query.replyTo.tell(49)
        return Behaviors.same
      }),
    )
    const square = ask((replyTo) => ({ _tag: 'Square', replyTo }), { timeoutMs: 5_000 })(system)
    const loop = (async () => {
      while (isWanted) if ((await square()).right === 49) answered += 1
    })()
    return async () => {
      isWanted = false
      await loop
      await system.terminate()
      return answered
    }
  },
}

const timersUntil = async (end) => {
  const lateness = []
  while (performance.now() < end) {
    const due = performance.now() + 10
    await pause(10)
    lateness.push(Math.max(0, performance.now() - due))
  }
  return lateness
}

const requestsUntil = async (end, port, agent) => {
  const latencies = []
  const request = () =>
    new Promise((resolve, reject) => {
      get({ port, host: '127.0.0.1', agent }, (response) => response.resume().on('end', resolve)).on('error', reject)
    })
  while (performance.now() < end) {
    const start = performance.now()
    await request()
    latencies.push(performance.now() - start)
    await pause(10)
  }
  return latencies
}

const server = createServer((_request, response) => response.end('here'))
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve))
const agent = new Agent({ keepAlive: true })
const { port } = server.address()
await requestsUntil(performance.now() + 500, port, agent)

const results = []
for (const [load, begin] of Object.entries(loads)) {
  const finish = begin()
  await pause(500)
  const end = performance.now() + durationMs
  const [lateness, latencies] = await Promise.all([timersUntil(end), requestsUntil(end, port, agent)])
  const done = await finish()
  const seconds = (durationMs + 500) / 1_000
  results.push({
    load,
    timer: percentiles(lateness),
    http: percentiles(latencies),
    perSecond: Math.round(done / seconds),
  })
}
agent.destroy()
server.close()
console.log(JSON.stringify(results))
