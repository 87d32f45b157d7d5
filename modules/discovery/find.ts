/**
 * Finding actors from outside of their tree.
 */
import { TroupeError, type ActorRef, type ActorSystem } from '../model/index.js'
import { isTerminated, livingActors, touchShared } from '../runtime/internal.js'
import { deskOf } from './Receptionist.js'
import type { ServiceKey } from './ServiceKey.js'

/**
 * Finds living actors, as they are at the moment of the call.
 *
 * What is found by name or path has no type: it can be watched, and looked at, and nothing can be told to it. A key gives references
 * that can be used.
 *
 * @remarks
 * This is for tools, tests and consoles; it looks at every actor. Services that depend on each other are better passed as references, or
 * subscribe at the receptionist.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { find } from 'troupe/discovery'
 *
 * const shop = Behaviors.setup<string>((context) => {
 *   for (const name of ['till-1', 'till-2', 'door']) context.spawn(Behaviors.ignore, name)
 *   return Behaviors.ignore
 * })
 * await using system = ActorSystem.create(shop, 'demo')
 * await system.whenStarted
 * console.log(pipe(system, find.byPath('/user/till-*')).map(String))
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const find: {
  /** All that have this name, wherever they are. */
  readonly byName: (name: string) => (system: ActorSystem<never>) => readonly ActorRef<never>[]
  /**
   * All whose path matches a pattern such as `/user/shop/*`: `*` is any text within a name, `**` any number of names, also none.
   *
   * @throws TroupeError IllegalArgument when the pattern does not begin with a slash
   */
  readonly byPath: (pattern: string) => (system: ActorSystem<never>) => readonly ActorRef<never>[]
  /** All that are registered under this key and live, in the order of registration. */
  readonly byKey: <A>(key: ServiceKey<A>) => (system: ActorSystem<never>) => readonly ActorRef<A>[]
} = {
  byName: (name) => (system) => livingActors(system).filter(({ path }) => path.name === name),
  byPath: (pattern) => {
    const matches = matcherOf(pattern)
    return (system) => livingActors(system).filter(({ path }) => matches(`/${path.elements.join('/')}`))
  },
  byKey: (key) => (system) => {
    touchShared(system)
    // Whoever is registered under a key handles what the key says.
    const listed = deskOf(system).services.under(key.id) as readonly ActorRef<unknown>[]
    // The receptionist may have its news of an end before it still.
    return listed.filter((ref) => !isTerminated(ref))
  },
}

const matcherOf = (pattern: string): ((path: string) => boolean) => {
  if (!pattern.startsWith('/') || pattern.length < 2)
    throw new TroupeError(
      'IllegalArgument',
      `The pattern '${pattern}' of find.byPath does not name a path. Begin at the root, as in /user/shop/*.`,
    )
  const parts = pattern
    .slice(1)
    .split('/')
    .map((part) => (part === '**' ? '(?:/[^/]+)*' : `/${part.split('*').map(escape).join('[^/]*')}`))
  const expression = new RegExp(`^${parts.join('')}$`)
  return (path) => expression.test(path)
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')
