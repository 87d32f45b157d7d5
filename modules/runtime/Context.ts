/**
 * The context of an actor. Everything but `self` and `system` is checked against whose turn it is.
 */
import {
  type AnyBehavior,
  type InnerContext,
  type OpenWait,
  type Waiting,
  interpretDelegate,
  toOwn,
} from '../behavior/internal.js'
import type {
  AbortableTask,
  ActorLog,
  ActorRef,
  ActorSystem,
  AdapterOptions,
  AskOptions,
  Behavior,
  Cancellable,
  Clock,
  Props,
  ReceiveTimeoutOptions,
  Settled,
} from '../model/index.js'
import { TroupeError } from '../model/index.js'
import {
  delay,
  taskRejected,
  left,
  none,
  period,
  requireThat,
  right,
  some,
  tagOf,
  type Either,
  type Option,
} from '../model/internal.js'
import type { Actor, Extra, StartNotice } from './Actor.js'
import type { ActorId } from './ActorId.js'
import { Adapters } from './Adapters.js'
import { openStatus } from './ask.js'
import { childrenOf, findChild } from './Children.js'
import { ContextLog } from './ContextLog.js'
import { Kept, OwnMail, Piped } from './envelopes.js'
import { STOPPING, TIMEOUT } from './flags.js'
import { askAndHold, askOnce, type Complete, type MakeRequest } from './OneShot.js'
import { offerAgain, postpone } from './postponing.js'
import { OwnRef } from './OwnRef.js'
import { printAsText } from './printAsText.js'
import { ReceiveTimeout } from './ReceiveTimeout.js'
import { refOf } from './Ref.js'
import { newId, requireFirst, stopChild } from './spawning.js'
import { requireMessage } from './requireMessage.js'
import { AwaitedTask, runTask } from './waiting.js'
import { unwatch, watch } from './watching.js'
import type { Watch } from './WatchList.js'

/** What a context needs of its actor beside its state. */
export interface ContextHost extends Actor {
  spawnChild(
    behavior: AnyBehavior,
    id: ActorId,
    props: Props | undefined,
    notice: StartNotice | undefined,
  ): ActorRef<never>
}

export class Context implements InnerContext {
  static {
    printAsText(this.prototype)
  }

  readonly #host: ContextHost
  #extra: Extra | undefined = undefined

  constructor(host: ContextHost) {
    this.#host = host
  }

  /** It lies here and not in the cell, because an idle actor has neither. */
  get extra(): Extra | undefined {
    return this.#extra
  }

  set extra(extra: Extra | undefined) {
    this.#extra = extra
  }

  toString(): string {
    return `ActorContext of ${this.#host.ref.path.toString()}`
  }

  get self(): ActorRef<unknown> {
    const host = this.#host
    const { ref, within } = host
    if (within === undefined) return ref
    return new OwnRef(ref, (message, trace) => {
      host.post(new OwnMail(message, within, trace))
    })
  }

  get system(): ActorSystem<never> {
    return this.#host.runtime.system
  }

  get children(): readonly ActorRef<never>[] {
    return childrenOf(this.#enter('children')).map((child) => child.ref)
  }

  get log(): ActorLog {
    return new ContextLog(this.#enter('log'))
  }

  child(name: string): Option<ActorRef<never>> {
    const child = findChild(this.#enter('child'), name)
    return child === undefined ? none : some(child.ref)
  }

  spawn<B>(behavior: Behavior<B>, name?: string, props?: Props<B>): ActorRef<B> {
    return this.spawnWithNotice(behavior, name, props, undefined)
  }

  /** Spawns a child; `notice` is told how its start went. */
  spawnWithNotice<B>(
    behavior: Behavior<B>,
    name: string | undefined,
    props: Props<never> | undefined,
    notice: StartNotice | undefined,
  ): ActorRef<B> {
    const host = this.#enter('spawn')
    if ((host.flags & STOPPING) !== 0)
      throw new TroupeError('IllegalState', `${host.path.toString()} is stopping and can have no more children.`)
    const first = requireFirst(behavior, host)
    // The child handles what its behavior handles, and its mailbox gets nothing else.
    return host.spawnChild(first, newId(host, name), props as Props | undefined, notice) as ActorRef<B>
  }

  /** The actor itself, for what the rooms above may set of it. */
  actorFor(operation: string): Actor {
    return this.#enter(operation)
  }

  stop(child: ActorRef<never>): void {
    stopChild(this.#enter('stop'), child)
  }

  watch(ref: ActorRef<never>): void {
    watch(this.#enter('watch'), ref, undefined)
  }

  watchWith(ref: ActorRef<never>, message: unknown): void {
    const host = this.#enter('watchWith')
    requireMessage(message, host)
    watch(host, ref, message)
  }

  unwatch(ref: ActorRef<never>): void {
    unwatch(this.#enter('unwatch'), ref)
  }

  setReceiveTimeout(timeoutMs: number, message: unknown, options?: ReceiveTimeoutOptions<never>): void {
    const host = this.#enter('setReceiveTimeout')
    requireThat('timeoutMs of the receive timeout', timeoutMs, period, host)
    requireMessage(message, host)
    const extra = host.need()
    extra.timeout?.stop()
    extra.timeout = new ReceiveTimeout(host, timeoutMs, message, options)
    host.flags |= TIMEOUT
  }

  cancelReceiveTimeout(): void {
    const host = this.#enter('cancelReceiveTimeout')
    host.flags &= ~TIMEOUT
    if (host.extra === undefined) return
    host.extra.timeout?.stop()
    host.extra.timeout = undefined
  }

  scheduleOnce<B>(delayMs: number, target: ActorRef<B>, message: B): Cancellable {
    const host = this.#enter('scheduleOnce')
    requireThat('the delay of scheduleOnce', delayMs, delay, host)
    requireMessage(message, target)
    return this.system.scheduler.scheduleOnce(delayMs, () => {
      target.tell(message)
    })
  }

  messageAdapter<B>(adapt: (message: B) => unknown, options?: AdapterOptions): ActorRef<B> {
    const host = this.#enter('messageAdapter')
    const adapters = (host.need().adapters ??= new Adapters(host))
    const ownOf = toOwn(adapt, host)
    return options?.key === undefined ? adapters.make(ownOf) : adapters.keep(options.key, ownOf)
  }

  // The public signatures of both find the type of the reply; in here a reply is whatever arrives.
  ask<R>(target: ActorRef<never>, make: MakeRequest<R>, options: AskOptions, map: (result: never) => unknown): void {
    const host = this.#enter('ask')
    const ownOf = toOwn(map, host)
    askOnce(target, make, options.timeoutMs, (result) => {
      deliver(host, result, ownOf)
    })
  }

  askWithStatus<R>(
    target: ActorRef<never>,
    make: MakeRequest<R>,
    options: AskOptions,
    map: (result: never) => unknown,
  ): void {
    const host = this.#enter('askWithStatus')
    const ownOf = toOwn(map, host)
    askOnce(target, make, options.timeoutMs, (result) => {
      deliver(host, openStatus(result, target), ownOf)
    })
  }

  pipeToSelf<T>(task: AbortableTask<T>, map: (result: Settled<T>) => unknown): void {
    const host = this.#enter('pipeToSelf')
    const extra = host.need()
    const ownOf = toOwn(map, host)
    extra.pipes ??= new Set()
    const running = runTask(host, task, (result) => {
      extra.pipes?.delete(running)
      deliver(host, settledOf(result), ownOf)
    })
    extra.pipes.add(running)
    // Who starts a task when another one is aborted, at the very end of an actor, comes too late.
    if (host.ref.inbox.isTerminated) running.abort()
  }

  // ——— what behaviors begin waits with, and keep for later: InnerContext ———

  get clock(): Clock {
    return this.#host.clock
  }

  runTask(task: AbortableTask<unknown>, waiting: Waiting): OpenWait {
    return new AwaitedTask(this.#host, task, waiting)
  }

  askOnce<R>(target: ActorRef<never>, make: MakeRequest<R>, timeoutMs: number, done: Complete): OpenWait {
    return askAndHold(target, make, timeoutMs, done)
  }

  whenTerminated(ref: ActorRef<never>, done: (cause: Option<unknown>) => void): () => void {
    const { inbox } = refOf(ref)
    const watch: Watch = { watcher: this.#host, previous: undefined, next: undefined, watchedTerminated: done }
    inbox.addWatch(watch)
    return () => {
      inbox.removeWatch(watch)
    }
  }

  giveWay(done: () => void): void {
    const run = (): number => {
      done()
      return 1
    }
    this.#host.runtime.dispatcher.schedule({ ref: this.#host.ref, run })
  }

  postpone(message: unknown): void {
    const { ref, runtime } = this.#host
    postpone(this.#host, new Kept(message, message, runtime.enqueued(ref, message)))
  }

  offerAgain(): void {
    offerAgain(this.#host)
  }

  delegate<B>(delegatee: Behavior<B>, message: B): Behavior<B> {
    return interpretDelegate(delegatee, message, this.#enter('delegate'))
  }

  /** Throws outside of the actor's own turn. */
  #enter(operation: string): ContextHost {
    this.#host.requireTurn(operation)
    return this.#host
  }
}

/** Brings a result into the actor's turn; to a dead one it is a dead letter. */
const deliver = (host: Actor, result: Either<unknown, unknown>, map: (result: never) => unknown): void => {
  const { runtime, ref } = host
  runtime.enqueued(ref, result)
  if (ref.inbox.isTerminated) runtime.deadLetter(ref, result)
  else host.post(new Piped(map, result))
}

/** The end of a task as its mapper sees it: a TaskEither's own value, or a rejection as data. */
export const settledOf = (result: Either<unknown, unknown>): Either<unknown, unknown> => {
  if (result._tag === 'Left') return left(taskRejected(result.left))
  return isEither(result.right) ? result.right : right(result.right)
}

const isEither = (value: unknown): value is Either<unknown, unknown> => {
  const tag = tagOf(value)
  // What has a tag is an object.
  return (tag === 'Left' && 'left' in (value as object)) || (tag === 'Right' && 'right' in (value as object))
}
