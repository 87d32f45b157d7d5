/**
 * Where an actor lives in the tree.
 */

/**
 * The place of an actor in the tree, with the uid that tells one incarnation of a name from the next.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * await using system = ActorSystem.create(Behaviors.ignore, 'demo')
 * console.log(system.path.toString()) // troupe://demo/user
 * ```
 *
 * @category model
 * @since 0.1.0
 */
export class ActorPath {
  /** The last part of the path; of a root it is the name of the system. */
  readonly name: string
  /** Unique among all actors that this system ever had; 0 for the roots. */
  readonly uid: number
  /** The path of the parent; undefined for the root of a system. */
  readonly parent: ActorPath | undefined

  constructor(name: string, uid: number, parent: ActorPath | undefined) {
    this.name = name
    this.uid = uid
    this.parent = parent
  }

  /** The parts below the root, outermost first. */
  get elements(): readonly string[] {
    return this.#fromRoot().slice(1)
  }

  /** `troupe://system/user/parent/child` */
  toString(): string {
    return `troupe://${this.#fromRoot().join('/')}`
  }

  /** Like `toString`, with `#uid` at the end. */
  toStringWithUid(): string {
    return `${this.toString()}#${String(this.uid)}`
  }

  /** True when both name the same incarnation of the same actor. */
  equals(that: ActorPath): boolean {
    return this.uid === that.uid && this.toString() === that.toString()
  }

  /** Names from the root down; in a loop, because a tree may be deeper than the stack. */
  #fromRoot(): string[] {
    const names: string[] = []
    for (let at: ActorPath | undefined = this; at !== undefined; at = at.parent) names.push(at.name)
    return names.reverse()
  }
}
