/**
 * Stops one child at a time, and kills it when it takes too long.
 */
import type { ActorContext, ActorRef, Cancellable } from '../model/index.js'
import { isTerminated, kill } from '../runtime/internal.js'
import type { ChildShutdown } from './ChildSpec.js'

export class Stopper {
  readonly #context: ActorContext<never>
  #current: ActorRef<never> | undefined = undefined
  #deadline: Cancellable | undefined = undefined

  constructor(context: ActorContext<never>) {
    this.#context = context
  }

  /** True while the child that was asked last has not ended. */
  get isBusy(): boolean {
    return this.#current !== undefined && !isTerminated(this.#current)
  }

  stop(ref: ActorRef<never>, shutdownMs: ChildShutdown): void {
    this.#deadline?.cancel()
    this.#deadline = undefined
    this.#current = ref
    if (shutdownMs === 'brutalKill') kill(ref)
    else {
      this.#context.stop(ref)
      if (shutdownMs !== 'infinity') this.#deadline = this.#killAfter(ref, shutdownMs)
    }
  }

  /** To be told of the end of every child. */
  ended(ref: ActorRef<never>): void {
    if (ref !== this.#current) return
    this.cancel()
  }

  cancel(): void {
    this.#current = undefined
    this.#deadline?.cancel()
    this.#deadline = undefined
  }

  #killAfter(ref: ActorRef<never>, ms: number): Cancellable {
    return this.#context.system.scheduler.scheduleOnce(ms, () => {
      kill(ref)
    })
  }
}
