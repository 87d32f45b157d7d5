/**
 * The message adapters of one actor.
 */
import { Adapter, type AdapterOwner } from './Adapter.js'

export class Adapters {
  readonly #owner: AdapterOwner
  readonly #keyed = new Map<string, Adapter>()
  #keyless = 0

  constructor(owner: AdapterOwner) {
    this.#owner = owner
  }

  /** A new one; each costs memory, so that making them for every message is warned of. */
  make(adapt: (message: never) => unknown): Adapter {
    const { runtime, ref } = this.#owner
    const { adaptersWarnedAt } = runtime.settings
    if (++this.#keyless === adaptersWarnedAt)
      runtime.log(
        'warn',
        ref,
        `It has made ${adaptersWarnedAt} message adapters without a key. Make an adapter once, in setup, or give it a key.`,
      )
    return new Adapter(this.#owner, adapt)
  }

  /** The one of this key, with a new function. */
  keep(key: string, adapt: (message: never) => unknown): Adapter {
    const known = this.#keyed.get(key)
    if (known !== undefined) {
      known.replace(adapt)
      return known
    }
    const adapter = new Adapter(this.#owner, adapt)
    this.#keyed.set(key, adapter)
    return adapter
  }

  /** The actor starts again: those that it makes from now on are counted from none. */
  startAgain(): void {
    this.#keyless = 0
  }
}
