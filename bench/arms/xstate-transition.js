/**
 * XState: transition actors, which hold a state and give the next one for each event, as a behavior does. The arm `xstate` has the
 * callback actors, which have no state that anybody sees, and are faster.
 */
import { createActor, fromTransition } from 'xstate'
import { expectEqual, gate, now } from './measure.js'

const begin = (transition, state) => createActor(fromTransition(transition, state)).start()

const tell = (n) => {
  const ref = begin(({ sum, handled }, event) => ({ sum: sum + event.amount, handled: handled + 1 }), {
    sum: 0,
    handled: 0,
  })
  const start = now()
  for (let index = 0; index < n; index += 1) ref.send({ type: 'add', amount: index & 1 })
  const ms = now() - start
  const { sum, handled } = ref.getSnapshot().context
  expectEqual('sum', sum, n / 2)
  ref.stop()
  return { completed: handled, ms }
}

const pingPong = (inFlight) => (n) => {
  let served = 0
  const pong = begin((pongs, event) => {
    event.replyTo.send({ type: 'pong', value: event.value })
    return pongs + 1
  }, 0)
  const ping = begin((completed, event, { self }) => {
    if (event.type === 'start') {
      for (let ball = 0; ball < inFlight; ball += 1) self.send({ type: 'serve', value: 0 })
      return completed
    }
    if (served < n) {
      served += 1
      pong.send({ type: 'ping', value: served, replyTo: self })
    }
    return event.type === 'pong' ? completed + 1 : completed
  }, 0)
  const start = now()
  ping.send({ type: 'start' })
  const ms = now() - start
  expectEqual('pongs', pong.getSnapshot().context, n)
  return { completed: ping.getSnapshot().context, ms }
}

const ring = (n) => {
  const links = []
  const link = (next) => (hops, event) => {
    if (event.left > 0) (next ?? links.at(-1)).send({ type: 'token', left: event.left - 1 })
    return hops + 1
  }
  for (let each = 0; each < 1_000; each += 1) links.push(begin(link(links.at(-1)), 0))
  const start = now()
  links.at(-1).send({ type: 'token', left: n - 1 })
  const ms = now() - start
  return { completed: links.reduce((hops, each) => hops + each.getSnapshot().context, 0), ms }
}

const fanOut = async (n) => {
  const finished = gate()
  let received = 0
  const receivers = Array.from({ length: 1_000 }, () =>
    begin((sum, event) => {
      received += 1
      if (received === n) finished.open()
      else if (received % 1_000 === 0) hub.send({ type: 'round' })
      return sum + event.amount
    }, 0),
  )
  const hub = begin((rounds) => {
    for (const each of receivers) each.send({ type: 'item', amount: 1 })
    return rounds + 1
  }, 0)
  const start = now()
  hub.send({ type: 'round' })
  await finished.opened
  const ms = now() - start
  return { completed: receivers.reduce((sum, each) => sum + each.getSnapshot().context, 0), ms }
}

export const workloads = {
  tell,
  'ping-pong-1': pingPong(1),
  'ping-pong-100': pingPong(100),
  ring,
  'fan-out': fanOut,
}
