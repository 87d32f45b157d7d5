/**
 * What tells an actor from its siblings: a uid, and a name if it was given one.
 */
import { ActorPath, TroupeError } from '../model/index.js'
import { quoted } from '../model/internal.js'

/** Without a name the uid alone is kept: most actors are anonymous, and a number costs no object. */
export type ActorId = number | NamedId

export interface NamedId {
  readonly name: string
  readonly uid: number
}

const uidOf = (id: ActorId): number => (typeof id === 'number' ? id : id.uid)

/** An anonymous actor's name is its uid, behind a `$` that no given name begins with. */
export const nameOf = (id: ActorId): string => (typeof id === 'number' ? `$${id.toString(36)}` : id.name)

export const childPath = (parent: ActorPath, id: ActorId): ActorPath => new ActorPath(nameOf(id), uidOf(id), parent)

const nameShape = /^(?:[-\w.*+:@&=,!~';]|%[0-9A-Fa-f]{2})(?:[-\w.*$+:@&=,!~';]|%[0-9A-Fa-f]{2})*$/

/** Throws InvalidActorName for what cannot be a part of a path. */
export const requireName = (name: unknown, parent: { readonly path: ActorPath }): void => {
  if (typeof name === 'string' && nameShape.test(name)) return
  throw new TroupeError(
    'InvalidActorName',
    `${quoted(name)} cannot be the name of a child of ${parent.path.toString()}. A name has ASCII letters, digits and ` +
      `-_.*$+:@&=,!~'; (no $ at the start); anything else as %XX. Leave the name out to have one picked.`,
  )
}
