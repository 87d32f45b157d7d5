/**
 * What becomes of mail that is not handled.
 */
import { unmarked } from '../behavior/internal.js'
import type { Actor } from './Actor.js'
import { Envelope, Tick } from './envelopes.js'

/** Lets mail go: dropped for a reason, or a dead letter without one. What does not count as sent yet leaves no trace. */
export const loseMail = (actor: Actor, mail: unknown, reason: string | undefined): void => {
  const { runtime, ref } = actor
  const lost = Envelope.isOne(mail) ? mail.sent : unmarked(mail)
  if (lost !== undefined) {
    if (reason === undefined) runtime.deadLetter(ref, lost)
    else runtime.drop(ref, lost, reason)
  } else if (reason !== undefined && mail instanceof Tick && mail.claim()) {
    // A tick that found no room: it becomes a send by being dropped, so that it is not lost in silence.
    runtime.enqueued(ref, mail.message)
    runtime.drop(ref, mail.message, reason)
  }
}
