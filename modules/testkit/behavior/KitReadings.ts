/**
 * The stashes that are being read, as the runtime reads them: the newest reading first, and what it takes is taken from all others of
 * the same stash.
 */
import type { KitStash } from './KitStash.js'

interface Reading {
  readonly stash: KitStash
  readonly epoch: number
  left: number
}

export class KitReadings {
  /** The innermost is the last. */
  #readings: Reading[] = []

  /** From now on `count` messages are read; a reading that the new one takes all of is over. */
  begin(stash: KitStash, count: number): void {
    if (count === 0) return
    this.#readings = this.#readings.filter((reading) => reading.stash !== stash || reading.left > count)
    this.#readings.push({ stash, epoch: stash.epoch, left: count })
  }

  /** The next message, undefined when there is none. */
  next(): unknown {
    for (let reading = this.#readings.at(-1); reading !== undefined; reading = this.#readings.at(-1)) {
      const { stash, epoch, left } = reading
      if (left > 0 && epoch === stash.epoch) {
        // The message is at the head of every reading of this stash.
        for (const each of this.#readings) if (each.stash === stash) each.left--
        const message = stash.take()
        if (message !== undefined) return message
      }
      this.#readings.pop()
    }
    return undefined
  }

  /** Ends all reading; what was not taken stays stashed. */
  end(): void {
    this.#readings = []
  }
}
