/**
 * Who is registered under what, and who wants to know: an immutable value and its steps.
 */
import type { ActorRef } from '../model/index.js'

/** References by what tells them apart. */
type Refs = ReadonlyMap<string, ActorRef<never>>

type Book = ReadonlyMap<string, Refs>

/** Both books go by the id of the key. */
export interface Registry {
  readonly services: Book
  readonly subscribers: Book
}

export const emptyRegistry: Registry = { services: new Map(), subscribers: new Map() }

const none: Refs = new Map()

/** Those who are registered under this id, in the order of registration. */
export const listed = ({ services }: Registry, id: string): readonly ActorRef<never>[] => [
  ...(services.get(id) ?? none).values(),
]

export const subscribersOf = ({ subscribers }: Registry, id: string): readonly ActorRef<never>[] => [
  ...(subscribers.get(id) ?? none).values(),
]

/** Adds to one of the books; the same registry when it is there already. */
export const add = (registry: Registry, book: keyof Registry, id: string, ref: ActorRef<never>): Registry => {
  const refs = registry[book].get(id) ?? none
  const name = ref.toString()
  return refs.has(name)
    ? registry
    : { ...registry, [book]: new Map(registry[book]).set(id, new Map(refs).set(name, ref)) }
}

/** Takes out of one of the books; the same registry when it is not there. */
export const remove = (registry: Registry, book: keyof Registry, id: string, ref: ActorRef<never>): Registry => {
  const refs = registry[book].get(id) ?? none
  const name = ref.toString()
  if (!refs.has(name)) return registry
  const left = new Map(refs)
  left.delete(name)
  const next = new Map(registry[book])
  if (left.size === 0) next.delete(id)
  else next.set(id, left)
  return { ...registry, [book]: next }
}

/** The ids under which one of the books has this reference. */
export const idsOf = (registry: Registry, book: keyof Registry, ref: ActorRef<never>): readonly string[] => {
  const name = ref.toString()
  return [...registry[book]].flatMap(([id, refs]) => (refs.has(name) ? [id] : []))
}

/** Whether it is anywhere still. */
export const knows = (registry: Registry, ref: ActorRef<never>): boolean =>
  idsOf(registry, 'services', ref).length > 0 || idsOf(registry, 'subscribers', ref).length > 0
