/**
 * The children of an actor: a list through the siblings themselves, and an index of those that have names.
 *
 * ```
 *   parent.firstChild ──► youngest ⇄ … ⇄ oldest
 * ```
 */
import type { Actor } from './Actor.js'
import { nameOf } from './ActorId.js'

/** Adds a child as the youngest. */
export const linkChild = (parent: Actor, child: Actor): void => {
  const first = parent.firstChild
  child.next = first
  if (first !== undefined) first.previous = child
  parent.firstChild = child
  if (typeof child.id === 'number') return
  const extra = parent.need()
  extra.names ??= new Map()
  extra.names.set(child.id.name, child)
}

/** Takes a child out; its name is free again. */
export const unlinkChild = (parent: Actor, child: Actor): void => {
  const { previous, next } = child
  if (previous === undefined) parent.firstChild = next
  else previous.next = next
  if (next !== undefined) next.previous = previous
  child.previous = undefined
  child.next = undefined
  if (typeof child.id !== 'number') parent.extra?.names?.delete(child.id.name)
}

/** The child of this name, given or picked. */
export const findChild = (parent: Actor, name: string): Actor | undefined => {
  if (!name.startsWith('$')) return parent.extra?.names?.get(name)
  return childrenOf(parent).find((child) => nameOf(child.id) === name)
}

/** The children, oldest first. */
export const childrenOf = (parent: Actor): readonly Actor[] => {
  const children: Actor[] = []
  for (let child = parent.firstChild; child !== undefined; child = child.next) children.push(child)
  return children.reverse()
}
