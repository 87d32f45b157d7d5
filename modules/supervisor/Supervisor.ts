/**
 * OTP's supervisor.
 */
import type { ActorRef, Behavior } from '../model/index.js'
import type { Either } from '../model/internal.js'
import type { ChildOptions, ChildSpec } from './ChildSpec.js'
import * as commands from './commands.js'
import type { ChildCounts, ChildInfo, NewChild, SupervisorCommand } from './commands.js'
import type { ChildNotFound, DeleteChildError, RestartChildError, StartChildError } from './failures.js'
import type { SupervisorFlags } from './flags.js'
import { behavior } from './shell.js'
import { child, of, type SupervisorTree } from './tree.js'

/**
 * Builds supervisors: actors that start their children in order, start them again when they end, and stop them in reverse.
 *
 * A tree is a value: `of` gives its flags, each `child` adds one, `behavior` makes it something to spawn. The function of a child gets the
 * references of the children before it and is called at each start, so that a child always knows the current ones. The other functions
 * make the requests of administration, for `ask`.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, Supervisor, ask, type ActorRef } from 'troupe'
 *
 * const store = Behaviors.receiveMessageWithSame<string>((line) => console.log('stored', line))
 * const shop = (store: ActorRef<string>) => Behaviors.receiveMessageWithSame<string>((order) => store.tell(order))
 *
 * const tree = pipe(
 *   Supervisor.of({ strategy: 'restForOne', intensity: 3, periodMs: 5_000 }),
 *   Supervisor.child('store', () => store),
 *   Supervisor.child('shop', ({ store }) => shop(store), { shutdownMs: 2_000 }),
 *   Supervisor.behavior)
 *
 * await using system = ActorSystem.create(tree, 'demo')
 * console.log(await pipe(system, ask(Supervisor.whichChildren, { timeoutMs: 1_000 }))())
 * ```
 *
 * @see https://www.erlang.org/doc/apps/stdlib/supervisor.html
 * @category constructors
 * @since 0.1.0
 */
export const Supervisor: {
  /**
   * A tree without children.
   *
   * @throws TroupeError IllegalArgument for a flag that is out of range
   */
  // No child has been added yet.
  // eslint-disable-next-line @typescript-eslint/no-empty-object-type
  readonly of: (flags?: SupervisorFlags) => SupervisorTree<{}>
  /**
   * Adds a child: it starts after those before it and stops before them. Its id is its name.
   *
   * @throws TroupeError IllegalArgument for an id that is there already and for options that are out of range; InvalidActorName for an
   * id that cannot be a name
   */
  readonly child: <N extends string, C, A>(
    id: Exclude<N, keyof C>,
    make: (siblings: C) => Behavior<A>,
    options?: ChildOptions,
  ) => (tree: SupervisorTree<C>) => SupervisorTree<C & Readonly<Record<N, ActorRef<A>>>>
  /** The behavior of the tree. Its start ends when the last child has started. */
  readonly behavior: <C>(tree: SupervisorTree<C>) => Behavior<SupervisorCommand>
  /** Adds a child to a running supervisor, after all others. */
  readonly startChild: <A>(
    child: NewChild<A>,
  ) => (replyTo: ActorRef<Either<StartChildError, ActorRef<A>>>) => SupervisorCommand
  /** Stops a child. It stays known and can be started again, but for a temporary one, which is forgotten. */
  readonly terminateChild: (id: string) => (replyTo: ActorRef<Either<ChildNotFound, void>>) => SupervisorCommand
  /** Starts a child again that has ended or was terminated. */
  readonly restartChild: (
    id: string,
  ) => (replyTo: ActorRef<Either<RestartChildError, ActorRef<never>>>) => SupervisorCommand
  /** Forgets a child that does not run. */
  readonly deleteChild: (id: string) => (replyTo: ActorRef<Either<DeleteChildError, void>>) => SupervisorCommand
  /** The specification of a child. */
  readonly getChildSpec: (id: string) => (replyTo: ActorRef<Either<ChildNotFound, ChildSpec>>) => SupervisorCommand
  /** All children, in the order of their start. */
  readonly whichChildren: (replyTo: ActorRef<readonly ChildInfo[]>) => SupervisorCommand
  /** How many children there are. */
  readonly countChildren: (replyTo: ActorRef<ChildCounts>) => SupervisorCommand
} = { of, child, behavior, ...commands }
