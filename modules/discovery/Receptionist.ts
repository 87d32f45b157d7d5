/**
 * Where services are registered and found.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, ActorSystem, Behavior, Extension } from '../model/index.js'
import { SupervisorStrategy } from '../model/index.js'
import { isTerminated, spawnSystemActor } from '../runtime/internal.js'
import { Book } from './Book.js'
import type { Listing, ServiceKey } from './ServiceKey.js'
import { tellEach } from './tellEach.js'

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

/** The receptionist of one system, and what it knows at the moment; its actor alone writes to that, `find.byKey` reads it. */
export interface Desk {
  readonly ref: ActorRef<ReceptionistCommand>
  readonly services: Book
}

const extension: Extension<Desk> = {
  name: 'receptionist',
  create: (system) => {
    const services = new Book()
    const behavior = Behaviors.supervise(SupervisorStrategy.resume)(receptionist(services))
    return { ref: spawnSystemActor(system, behavior, 'receptionist'), services }
  },
}

export const deskOf = (system: ActorSystem<never>): Desk => system.extensions.get(extension)

const receptionist = (services: Book): Behavior<ReceptionistCommand> =>
  Behaviors.setup((context) => {
    const clerk = new Clerk(context, services)
    return Behaviors.receiveMessage<ReceptionistCommand>(
      (command) => {
        clerk.handle(command)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'Terminated') clerk.forget(signal.ref)
        return Behaviors.same
      },
    )
  })

/** Keeps the two books: who provides a service, and who wants to know of it. */
class Clerk {
  readonly #context: ActorContext<ReceptionistCommand>
  readonly #services: Book
  readonly #subscribers = new Book()

  constructor(context: ActorContext<ReceptionistCommand>, services: Book) {
    this.#context = context
    this.#services = services
  }

  handle(command: ReceptionistCommand): void {
    const { keyId } = command
    switch (command._tag) {
      case 'Register':
        if (this.#enter(this.#services, keyId, command.ref)) this.#tellSubscribers(keyId)
        command.replyTo?.tell({ _tag: 'Registered', keyId, ref: command.ref })
        return
      case 'Deregister':
        if (this.#leave(this.#services, keyId, command.ref)) this.#tellSubscribers(keyId)
        command.replyTo?.tell({ _tag: 'Deregistered', keyId, ref: command.ref })
        return
      case 'Subscribe':
        this.#enter(this.#subscribers, keyId, command.replyTo)
        command.replyTo.tell(this.#listing(keyId))
        return
      case 'Unsubscribe':
        this.#leave(this.#subscribers, keyId, command.replyTo)
        return
      case 'Find':
        command.replyTo.tell(this.#listing(keyId))
    }
  }

  /** It has stopped. */
  forget(ref: ActorRef<never>): void {
    for (const id of this.#subscribers.idsOf(ref)) this.#subscribers.remove(id, ref)
    for (const id of this.#services.idsOf(ref)) if (this.#services.remove(id, ref)) this.#tellSubscribers(id)
  }

  #enter(book: Book, keyId: string, ref: ActorRef<never>): boolean {
    // One that has ended would be told of at once; whoever subscribes shall not see it even for that long.
    if (isTerminated(ref)) return false
    this.#context.watch(ref)
    return book.add(keyId, ref)
  }

  #leave(book: Book, keyId: string, ref: ActorRef<never>): boolean {
    const wasThere = book.remove(keyId, ref)
    if (!this.#services.has(ref) && !this.#subscribers.has(ref)) this.#context.unwatch(ref)
    return wasThere
  }

  #tellSubscribers(keyId: string): void {
    // They were entered as some that take listings.
    const subscribers = this.#subscribers.under(keyId) as readonly ActorRef<Listing<unknown>>[]
    // The list is made for those who want it only: there may be many services, and they come one by one.
    if (subscribers.length > 0) tellEach(this.#context, subscribers, this.#listing(keyId))
  }

  /** Whoever is registered under a key handles what the key says. */
  #listing(keyId: string): Listing<unknown> {
    return { _tag: 'Listing', keyId, refs: this.#services.under(keyId) as readonly ActorRef<unknown>[] }
  }
}

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
