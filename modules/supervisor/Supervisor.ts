/**
 * OTP's supervisor.
 */
import type { Behavior } from '../model/index.js'
import * as commands from './commands.js'
import type { SupervisorCommand } from './commands.js'
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
  readonly of: typeof of
  /**
   * Adds a child: it starts after those before it and stops before them. Its id is its name.
   *
   * @throws TroupeError IllegalArgument for an id that is there already and for options that are out of range; InvalidActorName for an
   * id that cannot be a name
   */
  readonly child: typeof child
  /** The behavior of the tree. Its start ends when the last child has started. */
  readonly behavior: <C>(tree: SupervisorTree<C>) => Behavior<SupervisorCommand>
  /** Adds a child to a running supervisor, after all others. */
  readonly startChild: typeof commands.startChild
  /** Stops a child. It stays known and can be started again, but for a temporary one, which is forgotten. */
  readonly terminateChild: typeof commands.terminateChild
  /** Starts a child again that has ended or was terminated. */
  readonly restartChild: typeof commands.restartChild
  /** Forgets a child that does not run. */
  readonly deleteChild: typeof commands.deleteChild
  /** The specification of a child. */
  readonly getChildSpec: typeof commands.getChildSpec
  /** All children, in the order of their start. */
  readonly whichChildren: typeof commands.whichChildren
  /** How many children there are. */
  readonly countChildren: typeof commands.countChildren
} = { of, child, behavior, ...commands }
