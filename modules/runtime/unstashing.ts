/**
 * Reading from a stash: `unstash` makes the actor take its next messages from the buffer. Nothing recurses, so a hundred thousand
 * stashed messages are nothing special; what is not taken yet stays in the buffer, so that `clear` still reaches it.
 */
import type { Actor } from './Actor.js'
import { ASIDE } from './flags.js'
import { Readings } from './Readings.js'
import type { Stash } from './Stash.js'

/** From now on `count` messages are read from the stash. */
export const beginUnstash = (actor: Actor, stash: Stash, count: number): void => {
  if (count === 0) return
  const extra = actor.need()
  extra.unstashing ??= new Readings()
  extra.unstashing.begin(stash, count)
  actor.flags |= ASIDE
}

/** The next message that was put aside, undefined when there is none: from the stash that is read, then what a restart has held. */
export const takeAside = (actor: Actor): unknown => {
  const { extra } = actor
  const message = extra?.unstashing?.next() ?? extra?.held?.shift()
  if (message === undefined) actor.flags &= ~ASIDE
  return message
}

/** Ends all reading; what was not taken stays stashed. */
export const endUnstash = (actor: Actor): void => {
  actor.extra?.unstashing?.end()
}
