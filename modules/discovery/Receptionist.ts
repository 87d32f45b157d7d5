/**
 * Where services are registered and found.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, ActorSystem, Behavior, Extension } from '../model/index.js'
import { SupervisorStrategy } from '../model/index.js'
import { isTerminated, spawnSystemActor } from '../runtime/internal.js'
import * as registry from './registry.js'
import type { Registry } from './registry.js'
import type { Listing, ServiceKey } from './ServiceKey.js'

/**
 * The answer to a registration or its end.
 *
 * @category model
 * @since 0.1.0
 */
export interface Registered {
  readonly _tag: 'Registered' | 'Deregistered'
  readonly keyId: string
  readonly ref: ActorRef<never>
}

/**
 * What the receptionist handles. The functions of `Receptionist` make these.
 *
 * @category model
 * @since 0.1.0
 */
export type ReceptionistCommand =
  | {
      readonly _tag: 'Register' | 'Deregister'
      readonly keyId: string
      readonly ref: ActorRef<never>
      readonly replyTo: ActorRef<Registered> | undefined
    }
  | {
      readonly _tag: 'Subscribe' | 'Unsubscribe' | 'Find'
      readonly keyId: string
      readonly replyTo: ActorRef<Listing<unknown>>
    }

/** The receptionist of one system, and what it knows at the moment. */
export interface Desk {
  readonly ref: ActorRef<ReceptionistCommand>
  registry: Registry
}

const extension: Extension<Desk> = {
  name: 'receptionist',
  create: (system) => {
    // The desk is read by `find.byKey`; its actor alone writes to it.
    const desk: { ref: ActorRef<ReceptionistCommand>; registry: Registry } = {
      ref: system.ignoreRef,
      registry: registry.emptyRegistry,
    }
    desk.ref = spawnSystemActor(
      system,
      Behaviors.supervise(SupervisorStrategy.resume)(receptionist(desk)),
      'receptionist',
    )
    return desk
  },
}

export const deskOf = (system: ActorSystem<never>): Desk => system.extensions.get(extension)

const receptionist = (desk: { registry: Registry }): Behavior<ReceptionistCommand> =>
  Behaviors.receive<ReceptionistCommand>(
    (context, command) => {
      handle(desk, context, command)
      return Behaviors.same
    },
    (_, signal) => {
      if (signal._tag === 'Terminated') forget(desk, signal.ref)
      return Behaviors.same
    },
  )

const handle = (
  desk: { registry: Registry },
  context: ActorContext<ReceptionistCommand>,
  command: ReceptionistCommand,
): void => {
  const { keyId } = command
  switch (command._tag) {
    case 'Register':
      enter(desk, context, 'services', keyId, command.ref)
      command.replyTo?.tell({ _tag: 'Registered', keyId, ref: command.ref })
      return
    case 'Deregister':
      leave(desk, context, 'services', keyId, command.ref)
      command.replyTo?.tell({ _tag: 'Deregistered', keyId, ref: command.ref })
      return
    case 'Subscribe':
      enter(desk, context, 'subscribers', keyId, command.replyTo)
      command.replyTo.tell(listing(desk, keyId))
      return
    case 'Unsubscribe':
      leave(desk, context, 'subscribers', keyId, command.replyTo)
      return
    case 'Find':
      command.replyTo.tell(listing(desk, keyId))
  }
}

const enter = (
  desk: { registry: Registry },
  context: ActorContext<never>,
  book: keyof Registry,
  keyId: string,
  ref: ActorRef<never>,
): void => {
  // One that has ended would be told of at once; whoever subscribes shall not see it even for that long.
  if (isTerminated(ref)) return
  context.watch(ref)
  update(desk, registry.add(desk.registry, book, keyId, ref))
}

const leave = (
  desk: { registry: Registry },
  context: ActorContext<never>,
  book: keyof Registry,
  keyId: string,
  ref: ActorRef<never>,
): void => {
  update(desk, registry.remove(desk.registry, book, keyId, ref))
  if (!registry.knows(desk.registry, ref)) context.unwatch(ref)
}

const forget = (desk: { registry: Registry }, ref: ActorRef<never>): void => {
  const books = ['subscribers', 'services'] as const
  const without = books.reduce(
    (all, book) => registry.idsOf(all, book, ref).reduce((left, id) => registry.remove(left, book, id, ref), all),
    desk.registry,
  )
  update(desk, without)
}

/** Takes a new registry on, and tells those who subscribed to a key that has changed. */
const update = (desk: { registry: Registry }, next: Registry): void => {
  const before = desk.registry
  desk.registry = next
  if (before.services === next.services) return
  for (const id of new Set([...before.services.keys(), ...next.services.keys()]))
    if (before.services.get(id) !== next.services.get(id))
      for (const subscriber of registry.subscribersOf(next, id)) {
        // It was entered as one that takes listings.
        const known = subscriber as ActorRef<Listing<unknown>>
        known.tell(listing(desk, id))
      }
}

/** Whoever is registered under a key handles what the key says. */
const listing = (desk: { registry: Registry }, keyId: string): Listing<unknown> => ({
  _tag: 'Listing',
  keyId,
  refs: registry.listed(desk.registry, keyId) as readonly ActorRef<unknown>[],
})

/**
 * The receptionist: where actors are registered under a key, and found by those who know nothing of them but the key.
 *
 * There is one in each system, an actor below `/system`. What is registered and has stopped is taken out by itself.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, Behaviors, Receptionist, ServiceKey, ask } from 'troupe'
 *
 * const printers = ServiceKey.of<string>('printers')
 * const printer = Behaviors.setup<string>((context) => {
 *   Receptionist.get(context.system).tell(Receptionist.register(printers, context.self))
 *   return Behaviors.receiveMessageWithSame((text) => console.log(text))
 * })
 *
 * const system = ActorSystem.create(printer, 'demo')
 * await system.whenStarted
 * const found = await pipe(Receptionist.get(system), ask(Receptionist.find(printers), { timeoutMs: 1_000 }))()
 * if (found._tag === 'Right') for (const ref of found.right.refs) ref.tell('hello')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/actor-discovery.html
 * @category running
 * @since 0.1.0
 */
export const Receptionist: {
  /** The receptionist of this system. */
  readonly get: (system: ActorSystem<never>) => ActorRef<ReceptionistCommand>
  /** Lists `ref` under the key, once; `replyTo` is told when that is done. */
  readonly register: <A>(key: ServiceKey<A>, ref: ActorRef<A>, replyTo?: ActorRef<Registered>) => ReceptionistCommand
  /** Takes `ref` out from under this key; other keys keep it. */
  readonly deregister: <A>(key: ServiceKey<A>, ref: ActorRef<A>, replyTo?: ActorRef<Registered>) => ReceptionistCommand
  /** Tells `subscriber` who is listed, now and whenever that changes. It ends with the subscriber. */
  readonly subscribe: <A>(key: ServiceKey<A>, subscriber: ActorRef<Listing<A>>) => ReceptionistCommand
  /** Ends that. */
  readonly unsubscribe: <A>(key: ServiceKey<A>, subscriber: ActorRef<Listing<A>>) => ReceptionistCommand
  /** Asks once who is listed. */
  readonly find: <A>(key: ServiceKey<A>) => (replyTo: ActorRef<Listing<A>>) => ReceptionistCommand
} = {
  get: (system) => deskOf(system).ref,
  register: (key, ref, replyTo) => ({ _tag: 'Register', keyId: key.id, ref, replyTo }),
  deregister: (key, ref, replyTo) => ({ _tag: 'Deregister', keyId: key.id, ref, replyTo }),
  subscribe: (key, subscriber) => ({ _tag: 'Subscribe', keyId: key.id, replyTo: subscriber }),
  unsubscribe: (key, subscriber) => ({ _tag: 'Unsubscribe', keyId: key.id, replyTo: subscriber }),
  find: (key) => (replyTo) => ({ _tag: 'Find', keyId: key.id, replyTo }),
}
