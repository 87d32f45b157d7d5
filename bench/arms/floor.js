/**
 * No actors: the least that a message costs on this machine. A ring buffer, a message, a call.
 */
import { expectEqual, now } from './measure.js'

class Ring {
  #slots = new Array(16).fill(undefined)
  #head = 0
  #size = 0

  push(value) {
    const slots = this.#slots
    slots[(this.#head + this.#size) & (slots.length - 1)] = value
    this.#size += 1
  }

  shift() {
    const slots = this.#slots
    const value = slots[this.#head]
    slots[this.#head] = undefined
    this.#head = (this.#head + 1) & (slots.length - 1)
    this.#size -= 1
    return value
  }
}

const handler = () => {
  let handled = 0
  return (message) => {
    handled += 1
    return handled === message.left ? undefined : handled
  }
}

const floor = (n) => {
  const ring = new Ring()
  const handle = handler()
  let handled = 0
  const start = now()
  for (let left = n; left > 0; left -= 1) {
    ring.push({ _tag: 'Token', left: -left })
    try {
      handled = handle(ring.shift())
    } catch {
      return { completed: 0, ms: 0 }
    }
  }
  const ms = now() - start
  expectEqual('handled', handled, n)
  return { completed: handled, ms }
}

export const workloads = { floor }
