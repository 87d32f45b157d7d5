/**
 * Messages that a behavior cannot use yet keep their place: they are put aside in order, and read again, before any other, when the
 * behavior says so, fails or stops. They count as waiting all the while.
 *
 * ```
 *   mailbox  1 2 3 4 5        1 and 3 are postponed, 2 is handled, and then:  offerAgain
 *   kept     1 3              held  1 3      mailbox  4 5                     the next to be read is 1
 * ```
 */
import { RingBuffer } from '../base/index.js'
import type { Actor } from './Actor.js'
import { ASIDE } from './flags.js'

/** Puts mail aside. */
export const postpone = (actor: Actor, mail: unknown): void => {
  const kept = (actor.need().kept ??= new RingBuffer(8))
  if (kept.push(mail)) actor.noteGrowth(kept.size)
}

/** What was put aside is read again. Each message is moved once for each time that it was put aside. */
export const offerAgain = (actor: Actor): void => {
  const { extra } = actor
  const kept = extra?.kept
  if (extra === undefined || kept === undefined || kept.size === 0) return
  const { held } = extra
  if (held === undefined || held.size === 0) {
    extra.held = kept
    extra.kept = held
  } else for (let mail = kept.pop(); mail !== undefined; mail = kept.pop()) held.unshift(mail)
  actor.flags |= ASIDE
}
