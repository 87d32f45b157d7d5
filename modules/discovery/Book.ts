/**
 * References under the ids of keys, found from either side: who is under an id, and under which ids somebody is.
 */
import type { ActorRef } from '../model/index.js'
import { identityOf } from '../runtime/internal.js'

/** Those under one id. */
class Page {
  /** In the order in which they came, by what tells them apart. */
  readonly refs = new Map<object, ActorRef<never>>()
  /** The same as a list; undefined when that has to be made anew. */
  listed: readonly ActorRef<never>[] | undefined = undefined
}

export class Book {
  readonly #pages = new Map<string, Page>()
  /** The ids that have a reference, by what tells references apart. */
  readonly #ids = new Map<object, Set<string>>()

  /** Those under this id, in the order in which they came. */
  under(id: string): readonly ActorRef<never>[] {
    const page = this.#pages.get(id)
    return page === undefined ? [] : (page.listed ??= [...page.refs.values()])
  }

  /** The ids under which it is. */
  idsOf(ref: ActorRef<never>): readonly string[] {
    return [...(this.#ids.get(identityOf(ref)) ?? [])]
  }

  has(ref: ActorRef<never>): boolean {
    return this.#ids.has(identityOf(ref))
  }

  /** False when it was there already. */
  add(id: string, ref: ActorRef<never>): boolean {
    const identity = identityOf(ref)
    const page = this.#pages.get(id) ?? new Page()
    if (page.refs.has(identity)) return false
    page.refs.set(identity, ref)
    page.listed = undefined
    this.#pages.set(id, page)
    const ids = this.#ids.get(identity)
    if (ids === undefined) this.#ids.set(identity, new Set([id]))
    else ids.add(id)
    return true
  }

  /** False when it was not there. */
  remove(id: string, ref: ActorRef<never>): boolean {
    const identity = identityOf(ref)
    const page = this.#pages.get(id)
    if (page?.refs.delete(identity) !== true) return false
    page.listed = undefined
    if (page.refs.size === 0) this.#pages.delete(id)
    const ids = this.#ids.get(identity)
    ids?.delete(id)
    if (ids?.size === 0) this.#ids.delete(identity)
    return true
  }
}
