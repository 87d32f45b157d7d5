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

/** One line for each actor, children below their parent. A loop: a tree may be deeper than the stack. */
export const printTree = (systemName: string, roots: readonly Actor[]): string => {
  const lines = [systemName]
  const waiting: Visit[] = visits(roots, '')
  for (let visit = waiting.pop(); visit !== undefined; visit = waiting.pop()) {
    const { actor, indent, isLast } = visit
    lines.push(`${indent}${isLast ? '└── ' : '├── '}${nameOf(actor.id)}`)
    waiting.push(...visits(childrenOf(actor), `${indent}${isLast ? '    ' : '│   '}`))
  }
  return lines.join('\n')
}

/** What to visit, the last first, because it is taken from the end. */
const visits = (actors: readonly Actor[], indent: string): Visit[] =>
  actors.map((actor, index) => ({ actor, indent, isLast: index === actors.length - 1 })).reverse()
