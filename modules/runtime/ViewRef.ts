/**
 * A reference that leads to the actor of another one, and tells it in a way of its own.
 */
import type { ActorPath, ActorRef } from '../model/index.js'
import type { Inbox } from './Inbox.js'
import { Ref, refOf } from './Ref.js'

/** Path, `equals` and watch are those of the target. */
export abstract class ViewRef<A> extends Ref {
  readonly #target: ActorRef<A>

  constructor(target: ActorRef<A>) {
    super()
    this.#target = target
  }

  protected get target(): ActorRef<A> {
    return this.#target
  }

  get path(): ActorPath {
    return this.#target.path
  }

  get inbox(): Inbox {
    return refOf(this.#target).inbox
  }

  override get identity(): object {
    return refOf(this.#target).identity
  }
}
