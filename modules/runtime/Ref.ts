/**
 * What all references have in common.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { textOf } from '../model/internal.js'
import type { Inbox } from './Inbox.js'
import { printAsText } from './printAsText.js'

// The mark of a reference exists for the compiler only, and no class can declare it with isolatedDeclarations: the interface does.
// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging
export abstract class Ref {
  static {
    printAsText(this.prototype)
  }

  abstract get path(): ActorPath
  /** Where what is told to it goes in the end. */
  abstract get inbox(): Inbox
  /** Equal references have the same one. */
  get identity(): object {
    return this
  }

  abstract tell(message: unknown): void

  equals(that: ActorRef<never>): boolean {
    return refOf(that).identity === this.identity
  }

  toString(): string {
    return this.path.toStringWithUid()
  }

  /** In a message that is logged as JSON a reference is its path. */
  toJSON(): string {
    return this.toString()
  }
}

// eslint-disable-next-line @typescript-eslint/no-unsafe-declaration-merging -- see above
export interface Ref extends ActorRef<unknown> {}

/** Tells references from other values. */
export const isRef = (value: unknown): value is Ref => value instanceof Ref

/** Looks inside a reference; throws IllegalArgument for what only looks like one. */
export const refOf = (ref: ActorRef<never>): Ref => {
  if (ref instanceof Ref) return ref
  throw new TroupeError(
    'IllegalArgument',
    `${textOf(ref)} is not a reference of this library. Use what spawn or a system gave you.`,
  )
}
