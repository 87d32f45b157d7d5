/**
 * The reference of an actor in this process, which is its place in the tree.
 *
 * It is the actor itself that others hold: a message reaches its mailbox in one step, and there is one object for each actor and not two.
 * What others must not meet is private for that reason. Whoever freezes, compares, copies or prints a message with a reference in it finds
 * no property of the actor's.
 */
import type { ActorPath } from '../model/index.js'
import type { Actor } from './Actor.js'
import { childPath, type ActorId } from './ActorId.js'
import { DEAD } from './flags.js'
import type { Inbox } from './Inbox.js'
import { Ref } from './Ref.js'
import type { Runtime } from './Runtime.js'
import type { Watch } from './WatchList.js'

export abstract class LocalRef extends Ref implements Inbox {
  readonly #parent: Actor | undefined
  readonly #id: ActorId
  #firstChild: Actor | undefined = undefined
  #previous: Actor | undefined = undefined
  #next: Actor | undefined = undefined
  readonly #runtime: Runtime
  #flags: number

  constructor(runtime: Runtime, parent: Actor | undefined, id: ActorId, flags: number) {
    super()
    this.#parent = parent
    this.#id = id
    this.#runtime = runtime
    this.#flags = flags
  }

  get ref(): this {
    return this
  }

  get inbox(): this {
    return this
  }

  get runtime(): Runtime {
    return this.#runtime
  }

  get mailroom(): Runtime {
    return this.#runtime
  }

  /** Undefined for the roots of the tree. */
  get parent(): Actor | undefined {
    return this.#parent
  }

  get id(): ActorId {
    return this.#id
  }

  /** Bits of flags.ts. */
  get flags(): number {
    return this.#flags
  }

  set flags(flags: number) {
    this.#flags = flags
  }

  get isTerminated(): boolean {
    return (this.#flags & DEAD) !== 0
  }

  get firstChild(): Actor | undefined {
    return this.#firstChild
  }

  set firstChild(child: Actor | undefined) {
    this.#firstChild = child
  }

  /** The sibling that is younger. */
  get previous(): Actor | undefined {
    return this.#previous
  }

  set previous(sibling: Actor | undefined) {
    this.#previous = sibling
  }

  /** The sibling that is older. */
  get next(): Actor | undefined {
    return this.#next
  }

  set next(sibling: Actor | undefined) {
    this.#next = sibling
  }

  abstract addWatch(watch: Watch): void
  abstract removeWatch(watch: Watch): void
  abstract stopBy(parent: Ref): boolean

  get path(): ActorPath {
    // In a loop: a tree may be deeper than the stack.
    const ids = [this.#id]
    for (let at = this.#parent; at !== undefined; at = at.parent) ids.push(at.id)
    let path = this.#runtime.root
    for (const id of ids.reverse()) path = childPath(path, id)
    return path
  }
}
