/**
 * Reading from a stash: `unstash` makes the actor take its next messages from the buffer. Nothing recurses, so a hundred thousand
 * stashed messages are nothing special; what is not taken yet stays in the buffer, so that `clear` still reaches it.
 */
import type { Actor, Extra } from './Actor.js'
import { UNSTASHING } from './flags.js'
import type { Stash } from './Stash.js'

/**
 * From now on `count` messages are read from the stash. They come first; what is being read already goes on behind them, unless
 * the new reading takes it all.
 */
export const beginUnstash = (actor: Actor, stash: Stash, count: number): void => {
  if (count === 0) return
  const extra = actor.need()
  extra.unstashing = (extra.unstashing ?? []).filter((reading) => reading.stash !== stash || reading.left > count)
  extra.unstashing.push({ stash, left: count })
  actor.flags |= UNSTASHING
}

/** The next message from a stash, undefined when reading is over. */
export const takeUnstashed = (actor: Actor): unknown => {
  const readings = actor.extra?.unstashing
  for (let reading = readings?.at(-1); reading !== undefined; reading = readings?.at(-1)) {
    if (reading.left > 0) {
      const { stash } = reading
      // The message is at the head of every reading of this stash.
      for (const each of readings ?? []) if (each.stash === stash) each.left--
      const message = stash.take()
      if (message !== undefined) return message
    }
    readings?.pop()
  }
  endUnstash(actor)
  return undefined
}

/** The stash is empty: there is nothing left to read of what was there, and what comes later is not meant. */
export const endReading = (extra: Extra | undefined, stash: Stash): void => {
  for (const reading of extra?.unstashing ?? []) if (reading.stash === stash) reading.left = 0
}

/** Ends all reading; what was not taken stays stashed. */
export const endUnstash = (actor: Actor): void => {
  actor.flags &= ~UNSTASHING
  if (actor.extra !== undefined) actor.extra.unstashing = undefined
}
