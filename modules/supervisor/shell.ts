/**
 * The actor of a supervisor: brings what happens to the machine and carries out what comes of it.
 */
import { OrderedMap } from '../base/index.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, Behavior, Clock, StashBuffer } from '../model/index.js'
import { deferStart, isTerminated, portsOf, spawnWithNotice, stopChildrenBy } from '../runtime/internal.js'
import type { Startable } from './ChildSpec.js'
import type { SupervisorCommand } from './commands.js'
import { isIdle, machineOf, step, type Child, type Event, type Machine, type Output } from './machine.js'
import { Siblings } from './siblings.js'
import { Stopper } from './Stopper.js'
import type { SupervisorTree } from './tree.js'

/** A child has started. */
class Started {
  readonly _tag = 'Started'
  readonly ref: ActorRef<never>

  constructor(ref: ActorRef<never>) {
    this.ref = ref
  }
}

/** It is time to try again. */
class RetryDue {
  readonly _tag = 'RetryDue'
  readonly id: string
  readonly cause: unknown

  constructor(id: string, cause: unknown) {
    this.id = id
    this.cause = cause
  }
}

type Message = SupervisorCommand | Started | RetryDue

export const behavior = <C>({ flags, children }: SupervisorTree<C>): Behavior<SupervisorCommand> =>
  Behaviors.setup<Message>((context) =>
    // Commands wait until a job is done, as in a mailbox: without a bound.
    Behaviors.withStash<Message>(Number.MAX_SAFE_INTEGER, (stash) => {
      const shell = new Shell(context, stash, machineOf(flags, children.values()))
      return shell.begin()
    }),
  )

class Shell {
  readonly #context: ActorContext<Message>
  readonly #stash: StashBuffer<Message>
  readonly #stopper: Stopper
  readonly #ready: () => void
  readonly #clock: Clock
  readonly #siblings: Siblings
  #machine: Machine
  /** The references that siblings are given: of each child the last, so also of one that does not run now. */
  #known = OrderedMap.empty<ActorRef<never>>()
  #hasShutDown = false
  /** The children that are left to be stopped; undefined while the supervisor itself is not stopping. */
  #unstopped: Child[] | undefined = undefined

  constructor(context: ActorContext<Message>, stash: StashBuffer<Message>, machine: Machine) {
    this.#context = context
    this.#stash = stash
    this.#machine = machine
    this.#stopper = new Stopper(context)
    this.#ready = deferStart(context)
    this.#clock = portsOf(context.system).clock
    this.#siblings = new Siblings(machine.children.keys())
    stopChildrenBy(context, () => {
      this.#stopNext()
    })
  }

  begin(): Behavior<Message> {
    this.#happened({ _tag: 'Began' })
    return this.#hasShutDown ? Behaviors.stopped : this.#behavior()
  }

  #behavior(): Behavior<Message> {
    return Behaviors.receive<Message>(
      (_, message) => this.#receive(message),
      (_, signal) => {
        if (signal._tag === 'Terminated') {
          this.#stopper.ended(signal.ref)
          this.#happened({ _tag: 'Ended', ref: signal.ref, cause: signal.cause })
        } else if (signal._tag === 'PostStop') this.#stopper.cancel()
        return this.#next()
      },
    )
  }

  #receive(message: Message): Behavior<Message> {
    if (isIdle(this.#machine) || message instanceof Started) this.#happened(message)
    else this.#stash.stash(message)
    return this.#next()
  }

  /** When there is no job any more, the first command or try that waited comes before what is in the mailbox. */
  #next(): Behavior<Message> {
    if (this.#hasShutDown) return Behaviors.stopped
    return isIdle(this.#machine) && !this.#stash.isEmpty ? this.#stash.unstash(1, Behaviors.same) : Behaviors.same
  }

  #happened(event: Event): void {
    const [machine, outputs] = step(this.#machine, event, this.#clock.now())
    this.#machine = machine
    for (const output of outputs) this.#perform(output)
  }

  #perform(output: Output): void {
    switch (output._tag) {
      case 'Start':
        this.#start(output.startable)
        return
      case 'Stop':
        this.#stopper.stop(output.ref, output.shutdownMs)
        return
      case 'Reply':
        output.send()
        return
      case 'Retry':
        this.#context.self.tell(new RetryDue(output.id, output.cause))
        return
      case 'Note':
        this.#context.log.info(output.text)
        return
      case 'Ready':
        this.#ready()
        return
      case 'ShutDown':
        this.#hasShutDown = true
        return
      case 'GiveUp':
        throw output.failure
    }
  }

  #start({ spec, props, make }: Startable): void {
    const { id } = spec
    let ref: ActorRef<never>
    try {
      // Every child gets what it was typed with: the tree has checked that these siblings come before it.
      const behavior = make(this.#siblings.before(id, this.#known) as never)
      ref = spawnWithNotice(this.#context, behavior, id, props, () => {
        if (!isTerminated(ref)) this.#context.self.tell(new Started(ref))
      })
    } catch (cause) {
      // A child that cannot be made is a start that failed; it must not fail its supervisor in the middle of a job.
      this.#happened({ _tag: 'NotMade', id, cause })
      return
    }
    this.#known = this.#known.with(id, ref)
    this.#context.watch(ref)
    this.#happened({ _tag: 'Spawned', id, ref })
  }

  /** The supervisor itself is stopping: one child after the other, the last one first. */
  #stopNext(): void {
    if (this.#stopper.isBusy) return
    // None is added any more, and those behind this one are gone.
    this.#unstopped ??= [...this.#machine.children.values()]
    while (this.#unstopped.length > 0) {
      const { ref, startable } = this.#unstopped.pop() as Child
      if (ref === undefined || isTerminated(ref)) continue
      this.#stopper.stop(ref, startable.spec.shutdownMs)
      return
    }
  }
}
