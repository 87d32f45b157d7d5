/**
 * References under the ids of keys, found from either side: who is under an id, and under which ids somebody is.
 */
import type { ActorRef } from '../model/index.js'

/** Those under one id. */
class Page {
  /** In the order in which they came, by what tells them apart. */
  readonly refs = new Map<string, ActorRef<never>>()
  /** The same as a list; undefined when that has to be made anew. */
  listed: readonly ActorRef<never>[] | undefined = undefined
}

export class Book {
  readonly #pages = new Map<string, Page>()
  /** The ids that have a reference, by what tells references apart. */
  readonly #ids = new Map<string, Set<string>>()

  /** Those under this id, in the order in which they came. */
  under(id: string): readonly ActorRef<never>[] {
    const page = this.#pages.get(id)
    return page === undefined ? [] : (page.listed ??= [...page.refs.values()])
  }

  /** The ids under which it is. */
  idsOf(ref: ActorRef<never>): readonly string[] {
    return [...(this.#ids.get(ref.toString()) ?? [])]
  }

  has(ref: ActorRef<never>): boolean {
    return this.#ids.has(ref.toString())
  }

  /** False when it was there already. */
  add(id: string, ref: ActorRef<never>): boolean {
    const name = ref.toString()
    const page = this.#pages.get(id) ?? new Page()
    if (page.refs.has(name)) return false
    page.refs.set(name, ref)
    page.listed = undefined
    this.#pages.set(id, page)
    const ids = this.#ids.get(name)
    if (ids === undefined) this.#ids.set(name, new Set([id]))
    else ids.add(id)
    return true
  }

  /** False when it was not there. */
  remove(id: string, ref: ActorRef<never>): boolean {
    const name = ref.toString()
    const page = this.#pages.get(id)
    if (page?.refs.delete(name) !== true) return false
    page.listed = undefined
    if (page.refs.size === 0) this.#pages.delete(id)
    const ids = this.#ids.get(name)
    ids?.delete(id)
    if (ids?.size === 0) this.#ids.delete(name)
    return true
  }
}
