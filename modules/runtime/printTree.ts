/**
 * The living actors as a picture.
 */
import type { Actor } from './Actor.js'
import { nameOf } from './ActorId.js'
import { childrenOf } from './Children.js'

interface Visit {
  readonly actor: Actor
  readonly indent: string
  readonly isLast: boolean
}

/**
 * One line for each actor, children below their parent. In loops: a tree may be deeper than the stack, and wider than a call may have
 * arguments.
 */
export const printTree = (systemName: string, roots: readonly Actor[]): string => {
  const lines = [systemName]
  const waiting: Visit[] = visits(roots, '')
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { actor, indent, isLast } = visit
    lines.push(`${indent}${isLast ? '└── ' : '├── '}${nameOf(actor.id)}`)
    for (const below of visits(childrenOf(actor), `${indent}${isLast ? '    ' : '│   '}`)) waiting.push(below)
  }
  return lines.join('\n')
}

/** What to visit, the last first, because it is taken from the end. */
const visits = (actors: readonly Actor[], indent: string): Visit[] =>
  actors.map((actor, index) => ({ actor, indent, isLast: index === actors.length - 1 })).reverse()
