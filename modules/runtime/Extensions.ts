/**
 * One of each extension in a system.
 */
import type { ActorSystem, Extension, Extensions } from '../model/index.js'

export class ExtensionRegistry implements Extensions {
  readonly #system: ActorSystem<never>
  readonly #made = new Map<Extension<unknown>, unknown>()

  constructor(system: ActorSystem<never>) {
    this.#system = system
  }

  get<T>(extension: Extension<T>): T {
    // What stands under an extension is what its create gave.
    if (this.#made.has(extension)) return this.#made.get(extension) as T
    const made = extension.create(this.#system)
    this.#made.set(extension, made)
    return made
  }
}
