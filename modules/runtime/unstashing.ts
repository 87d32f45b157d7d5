/**
 * Reading from a stash: `unstash` makes the actor take its next messages from the buffer. Nothing recurses, so a hundred thousand
 * stashed messages are nothing special; what is not taken yet stays in the buffer, so that `clear` still reaches it.
 */
import type { Actor } from './Actor.js'
import { ASIDE } from './flags.js'
import type { Stash } from './Stash.js'

/**
 * From now on `count` messages are read from the stash. They come first; what is being read already goes on behind them, unless
 * the new reading takes it all.
 */
export const beginUnstash = (actor: Actor, stash: Stash, count: number): void => {
  if (count === 0) return
  const extra = actor.need()
  extra.unstashing = (extra.unstashing ?? []).filter((reading) => reading.stash !== stash || reading.left > count)
  extra.unstashing.push({ stash, epoch: stash.epoch, left: count })
  actor.flags |= ASIDE
}

/** The next message that was put aside, undefined when there is none: from the stash that is read, then what a restart has held. */
export const takeAside = (actor: Actor): unknown => {
  const { extra } = actor
  const readings = extra?.unstashing
  for (let reading = readings?.at(-1); reading !== undefined; reading = readings?.at(-1)) {
    const { stash } = reading
    if (reading.left > 0 && reading.epoch === stash.epoch) {
      // The message is at the head of every reading of this stash.
      for (const each of readings ?? []) if (each.stash === stash) each.left--
      const message = stash.take()
      if (message !== undefined) return message
    }
    readings?.pop()
  }
  const held = extra?.held?.shift()
  if (held === undefined) actor.flags &= ~ASIDE
  return held
}

/** Ends all reading; what was not taken stays stashed. */
export const endUnstash = (actor: Actor): void => {
  if (actor.extra !== undefined) actor.extra.unstashing = undefined
}
