/**
 * One of each extension in a system.
 */
import type { ActorSystem, Extension, Extensions } from '../model/index.js'
import type { SharedState } from './EventStream.js'

export class ExtensionRegistry implements Extensions {
  readonly #system: ActorSystem<never>
  readonly #shared: SharedState
  readonly #made = new Map<Extension<unknown>, unknown>()

  constructor(system: ActorSystem<never>, shared: SharedState) {
    this.#system = system
    this.#shared = shared
  }

  get<T>(extension: Extension<T>): T {
    // What stands under an extension is what its create gave.
    if (this.#made.has(extension)) return this.#made.get(extension) as T
    // Who is the first to want it makes it.
    this.#shared.touchShared()
    const made = extension.create(this.#system)
    this.#made.set(extension, made)
    return made
  }
}
