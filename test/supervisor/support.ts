/**
 * Children that write down what becomes of them, and a way to talk to their supervisor.
 */
import {
  Behaviors,
  Supervisor,
  type ActorRef,
  type Behavior,
  type ChildInfo,
  type ChildOptions,
  type SupervisorCommand,
  type SupervisorFlags,
} from 'troupe'
import type { ActorTestKit } from 'troupe/testkit'

export type ChildMessage = 'stop' | 'fail'

export const boom: Error = new Error('boom')

/** Says when it starts and when it ends. */
export const child = (log: string[], name: string): Behavior<ChildMessage> =>
  Behaviors.setup<ChildMessage>(() => {
    log.push(`+${name}`)
    return Behaviors.receiveMessage<ChildMessage>(
      (message) => {
        if (message === 'fail') throw boom
        return Behaviors.stopped
      },
      (_, signal) => {
        if (signal._tag === 'PostStop') log.push(`-${name}`)
        return Behaviors.same
      },
    )
  })

/** Its start fails as long as `isFailing` says so. */
export const failing = (log: string[], name: string, isFailing: () => boolean): Behavior<ChildMessage> =>
  Behaviors.setup<ChildMessage>(() => {
    if (!isFailing()) return child(log, name)
    log.push(`!${name}`)
    throw boom
  })

/** A supervisor of such children: their ids, each with its options. */
export const tree = (
  log: string[],
  flags: SupervisorFlags,
  children: Readonly<Record<string, ChildOptions>>,
): Behavior<SupervisorCommand> =>
  Supervisor.behavior(
    Object.entries(children).reduce(
      (grown, [id, options]) => Supervisor.child(id, () => child(log, id), options)(grown),
      Supervisor.of(flags),
    ),
  )

/** Asks and lets the actors run. */
export const askNow = <R, A>(kit: ActorTestKit, target: ActorRef<A>, request: (replyTo: ActorRef<R>) => A): R => {
  const probe = kit.createProbe<R>()
  target.tell(request(probe.ref))
  return probe.receiveMessage()
}

export const whichChildren = (kit: ActorTestKit, supervisor: ActorRef<SupervisorCommand>): readonly ChildInfo[] =>
  askNow(kit, supervisor, Supervisor.whichChildren)

/** The reference of a child that runs. */
export const refOf = (
  kit: ActorTestKit,
  supervisor: ActorRef<SupervisorCommand>,
  id: string,
): ActorRef<ChildMessage> => {
  const info = whichChildren(kit, supervisor).find((each) => each.id === id)
  if (info?.ref._tag !== 'Some') throw new Error(`${id} does not run`)
  // The children of these tests handle these.
  return info.ref.value as ActorRef<ChildMessage>
}

/** What is known of each child, such as 'a running'. */
export const states = (kit: ActorTestKit, supervisor: ActorRef<SupervisorCommand>): readonly string[] =>
  whichChildren(kit, supervisor).map(({ id, state }) => `${id} ${state}`)

/** Runs a supervisor under a parent that writes down how it ends. */
export const endOf = (kit: ActorTestKit, behavior: Behavior<SupervisorCommand>): (() => unknown) => {
  let end: unknown = 'alive'
  kit.spawn(
    Behaviors.setup<never>((context) => {
      context.watch(context.spawn(behavior, 'supervisor'))
      return Behaviors.receive(
        () => Behaviors.same,
        (_, signal) => {
          if (signal._tag === 'Terminated') end = signal.cause._tag === 'Some' ? signal.cause.value : 'normal'
          return Behaviors.same
        },
      )
    }),
  )
  kit.runUntilQuiet()
  return () => {
    kit.runUntilQuiet()
    return end
  }
}
