/**
 * What the function of a child is given: the references, at this time, of the children before it.
 *
 * A few are put into an object. Of many, each is looked up when it is asked for, and the object is filled when somebody wants to see all of
 * it: with an object of its own for each, the start of many children would take the square of their number.
 */
import type { OrderedMap } from '../base/index.js'
import type { ActorRef } from '../model/index.js'

type References = Readonly<Record<string, ActorRef<never> | undefined>>

/** So many are put into an object at once. */
const few = 100

export class Siblings {
  readonly #ids: readonly string[]
  readonly #places: ReadonlyMap<string, number>

  /** @param ids the children of the tree, in the order of their start */
  constructor(ids: readonly string[]) {
    this.#ids = ids
    this.#places = new Map(ids.map((id, place) => [id, place]))
  }

  /** Those before this child; none for one that is no part of the tree. */
  before(id: string, known: OrderedMap<ActorRef<never>>): References {
    const place = this.#places.get(id) ?? 0
    const all = (): References => Object.fromEntries(this.#ids.slice(0, place).map((each) => [each, known.get(each)]))
    if (place <= few) return all()
    const isBefore = (key: string | symbol): key is string =>
      typeof key === 'string' && (this.#places.get(key) ?? place) < place
    return new Proxy({}, new LookUp((key) => (isBefore(key) ? known.get(key) : undefined), all))
  }
}

/** Finds one by one, until it is asked what there is. */
class LookUp implements ProxyHandler<References> {
  readonly #find: (key: string | symbol) => ActorRef<never> | undefined
  readonly #all: () => References
  #isFull = false

  constructor(find: (key: string | symbol) => ActorRef<never> | undefined, all: () => References) {
    this.#find = find
    this.#all = all
  }

  get(target: References, key: string | symbol): unknown {
    return (this.#isFull ? undefined : this.#find(key)) ?? Reflect.get(target, key)
  }

  has(target: References, key: string | symbol): boolean {
    return Reflect.has(this.#filled(target), key)
  }

  ownKeys(target: References): (string | symbol)[] {
    return Reflect.ownKeys(this.#filled(target))
  }

  getOwnPropertyDescriptor(target: References, key: string | symbol): PropertyDescriptor | undefined {
    return Reflect.getOwnPropertyDescriptor(this.#filled(target), key)
  }

  preventExtensions(target: References): boolean {
    return Reflect.preventExtensions(this.#filled(target))
  }

  #filled(target: References): References {
    if (!this.#isFull) Object.defineProperties(target, Object.getOwnPropertyDescriptors(this.#all()))
    this.#isFull = true
    return target
  }
}
