/**
 * A guardian that spawns what it is sent.
 */
import { Behaviors } from '../behavior/index.js'
import { SupervisorStrategy, type ActorContext, type ActorRef, type Behavior, type Props } from '../model/index.js'
import { FreeNames } from './FreeNames.js'

/** A request; a class, because behaviors are functions, which may not be sent everywhere. */
class Spawn {
  readonly _tag = 'Spawn'
  readonly behavior: Behavior<never>
  readonly name: string | undefined
  readonly props: Props<never> | undefined
  readonly replyTo: ActorRef<ActorRef<unknown>>

  constructor(
    behavior: Behavior<never>,
    name: string | undefined,
    props: Props<never> | undefined,
    replyTo: ActorRef<ActorRef<unknown>>,
  ) {
    this.behavior = behavior
    this.name = name
    this.props = props
    this.replyTo = replyTo
  }
}

/**
 * A request to spawn, as `SpawnProtocol.spawn` makes it.
 *
 * @category model
 * @since 0.1.0
 */
export interface SpawnCommand {
  readonly _tag: 'Spawn'
  readonly behavior: Behavior<never>
  readonly name: string | undefined
  readonly props: Props<never> | undefined
  readonly replyTo: ActorRef<ActorRef<unknown>>
}

/**
 * A behavior that spawns what it is sent: for programs whose actors are made from outside.
 *
 * A name that is taken gets a number behind it, the lowest that is free; the number of an actor that has stopped is given again. What cannot
 * be spawned is logged, and the one who asked hears nothing.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, ask } from 'troupe'
 * import { SpawnProtocol } from 'troupe/patterns'
 *
 * const greeter = Behaviors.receiveMessageWithSame<string>((name) => console.log(`Hello, ${name}`))
 *
 * await using system = ActorSystem.create(SpawnProtocol.behavior, 'demo')
 * const spawned = await pipe(system, ask(SpawnProtocol.spawn(greeter, 'greeter'), { timeoutMs: 1_000 }))()
 * if (spawned._tag === 'Right') spawned.right.tell('world')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/actor-lifecycle.html
 * @category constructors
 * @since 0.1.0
 */
export const SpawnProtocol: {
  /** The behavior itself. */
  readonly behavior: Behavior<SpawnCommand>
  /** A request: spawn this, and reply with its reference. */
  readonly spawn: <A>(
    behavior: Behavior<A>,
    name?: string,
    props?: Props<A>,
  ) => (replyTo: ActorRef<ActorRef<A>>) => SpawnCommand
} = {
  behavior: Behaviors.supervise(SupervisorStrategy.resume)(
    Behaviors.setup<SpawnCommand>((context) => {
      const names = new FreeNames((name) => context.child(name)._tag === 'Some')
      return Behaviors.receive<SpawnCommand>(
        (_, request) => {
          // The one who asked knows what the behavior handles.
          request.replyTo.tell(spawnNamed(context, names, request) as ActorRef<unknown>)
          return Behaviors.same
        },
        (_, signal) => {
          if (signal._tag !== 'Terminated') return Behaviors.unhandled
          names.ended(signal.ref.path.name)
          return Behaviors.same
        },
      )
    }),
  ),
  spawn: (behavior, name, props) => (replyTo) => new Spawn(behavior, name, props, replyTo),
}

const spawnNamed = (
  context: ActorContext<never>,
  names: FreeNames,
  { behavior, name, props }: SpawnCommand,
): ActorRef<never> => {
  if (name === undefined) return context.spawn(behavior, undefined, props)
  const free = names.free(name)
  const ref = context.spawn(behavior, free, props)
  names.taken(name, free)
  if (names.hasNumber(free)) context.watch(ref)
  return ref
}
