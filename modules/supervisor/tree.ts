/**
 * A supervisor described: its flags, and its children in the order of their start.
 */
import { OrderedMap } from '../base/index.js'
import { TroupeError, type ActorRef, type Behavior } from '../model/index.js'
import { clashWith, startableOf, type ChildOptions, type Startable } from './ChildSpec.js'
import { flagsOf, type Flags, type SupervisorFlags } from './flags.js'

/** Marks a tree with what its children are known as. It exists for the compiler only. */
declare const Children: unique symbol

/**
 * A supervisor as a value: the argument of `Supervisor.child` and `Supervisor.behavior`. `C` has the references of its children by id.
 *
 * @category model
 * @since 0.1.0
 */
export interface SupervisorTree<out C> {
  readonly [Children]: C
  /** @internal */
  readonly flags: Flags
  /** @internal */
  readonly children: OrderedMap<Startable>
}

/** The mark has no value. */
const treeOf = <C>(flags: Flags, children: OrderedMap<Startable>): SupervisorTree<C> =>
  ({ flags, children }) as unknown as SupervisorTree<C>

// No child has been added yet.
// eslint-disable-next-line @typescript-eslint/no-empty-object-type
export const of = (flags: SupervisorFlags = {}): SupervisorTree<{}> =>
  treeOf(flagsOf(flags, 'Supervisor.of'), OrderedMap.empty())

export const child = <N extends string, C, A>(
  id: Exclude<N, keyof C>,
  make: (siblings: C) => Behavior<A>,
  options: ChildOptions = {},
): ((tree: SupervisorTree<C>) => SupervisorTree<C & Readonly<Record<N, ActorRef<A>>>>) => {
  const where = `The child '${id}'`
  const startable = startableOf(id, make, options, where)
  return ({ flags, children }) => {
    const clash = clashWith(flags.autoShutdown, startable.spec, where)
    if (clash !== undefined) throw new TroupeError('IllegalArgument', clash)
    if (children.has(id))
      throw new TroupeError(
        'IllegalArgument',
        `${where} is there twice. Give each child of a supervisor an id of its own.`,
      )
    return treeOf(flags, children.with(id, startable))
  }
}
