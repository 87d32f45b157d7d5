/**
 * A value that is updated by functions and read by asking.
 */
import { Behaviors } from '../behavior/index.js'
import { SupervisorStrategy, type ActorRef, type Behavior, type Sendable } from '../model/index.js'
import { requireThat, something } from '../model/internal.js'

/** Carries a function; a class, so that it may be sent where functions may not. */
class Update<S> {
  readonly _tag = 'Update'
  readonly update: (value: S) => S
  readonly replyTo: ActorRef<S> | undefined

  constructor(update: (value: S) => S, replyTo: ActorRef<S> | undefined) {
    this.update = update
    this.replyTo = replyTo
  }
}

/**
 * What an agent handles. The functions of `Agent` make these.
 *
 * @category model
 * @since 0.1.0
 */
export type AgentCommand<S> =
  | { readonly _tag: 'Update'; readonly update: (value: S) => S; readonly replyTo: ActorRef<S> | undefined }
  | { readonly _tag: 'Get'; readonly replyTo: ActorRef<S> }

/**
 * Agents: an actor that is a value. Updates are applied one at a time, in the order in which they come; whoever asks gets the value that
 * the updates before have led to. An update that throws, or leads to null or undefined, which nobody could be told, is logged and leaves
 * the value as it was.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Agent } from 'troupe/patterns'
 *
 * await using system = ActorSystem.create(Agent.of(1), 'demo')
 * system.tell(Agent.update((n: number) => n + 1))
 * console.log(await pipe(system, ask(Agent.get, { timeoutMs: 1_000 }))()) // { _tag: 'Right', right: 2 }
 * ```
 *
 * @see https://hexdocs.pm/elixir/Agent.html
 * @category constructors
 * @since 0.1.0
 */
export const Agent: {
  /**
   * The behavior of an agent with this value.
   *
   * @throws TroupeError IllegalArgument when it is null or undefined
   */
  readonly of: <S extends Sendable>(value: S) => Behavior<AgentCommand<S>>
  /** Applies a function to the value. */
  readonly update: <S extends Sendable>(
    update: (value: S) => S,
  ) => Extract<AgentCommand<S>, { readonly _tag: 'Update' }>
  /** Applies a function to the value and replies with what has come of it. */
  readonly updateAndGet: <S extends Sendable>(
    update: (value: S) => S,
  ) => (replyTo: ActorRef<S>) => Extract<AgentCommand<S>, { readonly _tag: 'Update' }>
  /** Replies with the value. */
  readonly get: <S>(replyTo: ActorRef<S>) => Extract<AgentCommand<S>, { readonly _tag: 'Get' }>
} = {
  of: (value) => {
    requireThat('The value of an agent', value, something)
    return Behaviors.supervise(SupervisorStrategy.resume)(holding(value))
  },
  update: (update) => new Update(update, undefined),
  updateAndGet: (update) => (replyTo) => new Update(update, replyTo),
  get: (replyTo) => ({ _tag: 'Get', replyTo }),
}

const holding = <S>(value: S): Behavior<AgentCommand<S>> =>
  Behaviors.receiveMessage((command) => {
    if (command._tag === 'Get') {
      command.replyTo.tell(value)
      return Behaviors.same
    }
    const next = command.update(value)
    requireThat('What an update of an agent has led to', next, something)
    command.replyTo?.tell(next)
    return holding(next)
  })
