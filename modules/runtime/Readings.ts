/**
 * The stashes that are being read: the newest reading first, and what it takes is taken from all others of the same stash.
 */

/** What a reading needs of a stash. */
export interface Readable {
  /** Changes when everything is let go: what is being read is over then. */
  readonly epoch: number
  /** Takes the oldest message out, undefined when there is none. */
  take(): unknown
}

interface Reading {
  readonly stash: Readable
  /** The epoch of the stash in which it began. */
  readonly epoch: number
  left: number
}

export class Readings {
  /** The innermost is the last. */
  #list: Reading[] = []

  /** From now on `count` messages are read. They come first; what is being read already goes on behind them, unless this takes it all. */
  begin(stash: Readable, count: number): void {
    this.#list = this.#list.filter((reading) => reading.stash !== stash || reading.left > count)
    this.#list.push({ stash, epoch: stash.epoch, left: count })
  }

  /** The next message, undefined when there is none. */
  next(): unknown {
    const list = this.#list
    for (let reading = list.at(-1); reading !== undefined; reading = list.at(-1)) {
      const { stash } = reading
      if (reading.left > 0 && reading.epoch === stash.epoch) {
        // The message is at the head of every reading of this stash.
        for (const each of list) if (each.stash === stash) each.left--
        const message = stash.take()
        if (message !== undefined) return message
      }
      list.pop()
    }
    return undefined
  }

  /** Ends all reading; what was not taken stays stashed. */
  end(): void {
    this.#list = []
  }
}
