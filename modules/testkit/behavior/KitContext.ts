/**
 * The context of a behavior under test: whatever it is asked for becomes an effect.
 */
import {
  type OpenWait,
  type Host,
  type InnerContext,
  type Waiting,
  interpretDelegate,
  markOwn,
  Own,
  toOwn,
  unmarked,
} from '../../behavior/internal.js'
import type {
  AbortableTask,
  ActorLog,
  ActorRef,
  ActorSystem,
  AdapterOptions,
  AskError,
  AskOptions,
  Behavior,
  Cancellable,
  Clock,
  LogRecord,
  Props,
  ReceiveTimeoutOptions,
} from '../../model/index.js'
import { TroupeError } from '../../model/index.js'
import { delay, left, none, period, requireThat, right, some } from '../../model/internal.js'
import type { Either, Option } from '../../model/internal.js'
import { openStatus, OwnRef, requireFirst, requireMessage, requireName, settledOf } from '../../runtime/internal.js'
import type { AskInitiated, Effect, Piped } from './Effect.js'
import type { KitMailroom } from './KitMailroom.js'
import { Sealed } from './Sealed.js'
import { Inbox, InboxRef } from './TestInbox.js'

/** A child that was spawned and not stopped. */
export interface Child {
  readonly inbox: Inbox<unknown>
  readonly behavior: Behavior<never>
}

/** The child that a reference leads to, and no other of its name. */
export const childOf = (children: ReadonlyMap<string, Child>, ref: ActorRef<never>): Child | undefined => {
  const child = children.get(ref.path.name)
  return child?.inbox.ref.equals(ref) === true ? child : undefined
}

interface Adapter {
  readonly ref: ActorRef<unknown>
  adapt: (message: never) => unknown
}

/** What a context needs of its kit. */
export interface ContextHost extends Host {
  readonly self: ActorRef<unknown>
  readonly mailroom: KitMailroom
  /** By name; the oldest first. */
  readonly children: Map<string, Child>
  record(effect: Effect): void
  write(record: LogRecord): void
  /** Puts mail in the inbox of self. */
  post(mail: Sealed): void
  /** Lets the behavior handle mail that comes from an effect; in its turn it waits in the inbox, and one that has stopped gets none. */
  deliver(mail: unknown): void
  /** Goes on with what a wait has brought. */
  goOn(): void
  /** Calls it when the turn is over. */
  later(run: () => void): void
  /** Keeps a message until what was postponed is read again. */
  postpone(message: unknown): void
  /** Throws when it is not the behavior's turn. */
  requireTurn(operation: string): void
}

/** What replies are is for the types outside to know. */
type MakeRequest<R> = (replyTo: ActorRef<R>) => unknown
type MapResult = (result: never) => unknown

export class KitContext implements InnerContext {
  readonly #host: ContextHost
  readonly #watched = new Map<ActorRef<never>, unknown>()
  readonly #adapters = new Map<string, Adapter>()

  constructor(host: ContextHost) {
    this.#host = host
  }

  get self(): ActorRef<unknown> {
    const host = this.#host
    const { within } = host
    if (within === undefined) return host.self
    return new OwnRef(host.self, (message) => {
      host.post(new Sealed(message, (sent: unknown) => new Own(sent, within), false))
    })
  }

  get system(): ActorSystem<never> {
    return this.#host.mailroom.system
  }

  get children(): readonly ActorRef<never>[] {
    return [...this.#enter('children').children.values()].map(({ inbox }) => inbox.ref)
  }

  get log(): ActorLog {
    const host = this.#enter('log')
    const write = (level: LogRecord['level'], message: string, cause: unknown, fields: LogRecord['fields']): void => {
      host.write({ level, timeMs: 0, system: 'kit', path: host.path, message, cause, fields })
    }
    return {
      debug: (message, fields) => {
        write('debug', message, undefined, fields)
      },
      info: (message, fields) => {
        write('info', message, undefined, fields)
      },
      warn: (message, fields) => {
        write('warn', message, undefined, fields)
      },
      error: (message, cause, fields) => {
        write('error', message, cause, fields)
      },
    }
  }

  child(name: string): Option<ActorRef<never>> {
    const child = this.#enter('child').children.get(name)
    return child === undefined ? none : some(child.inbox.ref)
  }

  spawn<B>(behavior: Behavior<B>, name?: string, props?: Props<B>): ActorRef<B> {
    const host = this.#enter('spawn')
    requireFirst(behavior, host)
    if (name !== undefined) requireName(name, host)
    if (name !== undefined && host.children.has(name))
      throw new TroupeError(
        'InvalidActorName',
        `The name '${name}' is not unique among the children of ${host.path.toString()}.`,
      )
    const inbox = new Inbox<unknown>(host.mailroom, host.path, name)
    host.children.set(inbox.ref.path.name, { inbox, behavior })
    host.record({ _tag: 'Spawned', ref: inbox.ref, name, behavior, props })
    return inbox.ref
  }

  stop(child: ActorRef<never>): void {
    const host = this.#enter('stop')
    if (host.self.equals(child))
      throw new TroupeError(
        'IllegalArgument',
        `${host.path.toString()} cannot stop itself by context.stop. Return Behaviors.stopped instead.`,
      )
    if (child.path.parent !== host.path)
      throw new TroupeError(
        'IllegalArgument',
        `${host.path.toString()} cannot stop ${child.path.toString()}, which is not a child of it.`,
      )
    // One that is stopped already stays so, and nothing happens.
    if (childOf(host.children, child) === undefined) return
    host.children.delete(child.path.name)
    host.record({ _tag: 'Stopped', ref: child })
  }

  watch(ref: ActorRef<never>): void {
    const host = this.#enter('watch')
    if (this.#watch(ref, undefined)) host.record({ _tag: 'Watched', ref })
  }

  watchWith(ref: ActorRef<never>, message: unknown): void {
    const host = this.#enter('watchWith')
    requireMessage(message, host)
    if (this.#watch(ref, message)) host.record({ _tag: 'WatchedWith', ref, message })
  }

  unwatch(ref: ActorRef<never>): void {
    const host = this.#enter('unwatch')
    if (this.endWatch(ref) !== undefined) host.record({ _tag: 'Unwatched', ref })
  }

  /** Forgets a watch, and answers what it was to send; `none` for the signal, undefined when it was not watched. */
  endWatch(ref: ActorRef<never>): Option<unknown> | undefined {
    const watched = this.#watchOf(ref)
    if (watched === undefined) return undefined
    this.#watched.delete(watched.ref)
    return watched.message === undefined ? none : some(watched.message)
  }

  setReceiveTimeout(timeoutMs: number, message: unknown, _?: ReceiveTimeoutOptions<never>): void {
    const host = this.#enter('setReceiveTimeout')
    requireThat('timeoutMs of the receive timeout', timeoutMs, period, host)
    requireMessage(message, host)
    host.record({ _tag: 'ReceiveTimeoutSet', timeoutMs, message })
  }

  cancelReceiveTimeout(): void {
    this.#enter('cancelReceiveTimeout').record({ _tag: 'ReceiveTimeoutCancelled' })
  }

  scheduleOnce<B>(delayMs: number, target: ActorRef<B>, message: B): Cancellable {
    const host = this.#enter('scheduleOnce')
    requireThat('the delay of scheduleOnce', delayMs, delay, host)
    requireMessage(message, target)
    let isArmed = true
    const send = (): void => {
      if (isArmed) target.tell(message)
      isArmed = false
    }
    host.record({ _tag: 'Scheduled', delayMs, target, message, send })
    return {
      cancel: () => {
        isArmed = false
      },
    }
  }

  messageAdapter<B>(adapt: (message: B) => unknown, options?: AdapterOptions): ActorRef<B> {
    const host = this.#enter('messageAdapter')
    const adaptOwn = toOwn(adapt, host)
    const key = options?.key
    const known = key === undefined ? undefined : this.#adapters.get(key)
    if (known !== undefined) {
      known.adapt = adaptOwn
      return known.ref
    }
    const toMessage = (message: never): unknown => adapter.adapt(message)
    const ref = new InboxRef(host.mailroom, host.path, undefined, (message) => {
      host.post(new Sealed(message, toMessage, true))
    })
    const adapter: Adapter = { ref, adapt: adaptOwn }
    if (key !== undefined) this.#adapters.set(key, adapter)
    host.record({ _tag: 'AdapterMade', ref, key })
    return ref
  }

  ask<R>(target: ActorRef<never>, make: MakeRequest<R>, options: AskOptions, map: MapResult): void {
    const mapOwn = toOwn(map, this.#host)
    this.#ask('ask', target, make, options, (host, result) => {
      host.deliver(new Sealed(result, mapOwn, false))
    })
  }

  askWithStatus<R>(target: ActorRef<never>, make: MakeRequest<R>, options: AskOptions, map: MapResult): void {
    const mapOwn = toOwn(map, this.#host)
    this.#ask('askWithStatus', target, make, options, (host, result) => {
      host.deliver(new Sealed(openStatus(result, target), mapOwn, false))
    })
  }

  pipeToSelf(task: AbortableTask<unknown>, map: MapResult): void {
    const host = this.#enter('pipeToSelf')
    const mapOwn = toOwn(map, host)
    const end = once('This task', (result: Either<unknown, unknown>) => {
      host.deliver(new Sealed(settledOf(result), mapOwn, false))
    })
    const effect: Piped = {
      _tag: 'Piped',
      task,
      get isCompleted() {
        return end.isDone()
      },
      succeed: (value) => {
        end.run(right(value))
      },
      fail: (cause) => {
        end.run(left(cause))
      },
    }
    host.record(effect)
  }

  delegate<B>(delegatee: Behavior<B>, message: B): Behavior<B> {
    return interpretDelegate(delegatee, message, this.#enter('delegate'))
  }

  // ——— what behaviors begin waits with ———

  get clock(): Clock {
    throw this.#withoutSystem('time')
  }

  runTask(task: AbortableTask<unknown>, waiting: Waiting): OpenWait {
    const host = this.#host
    const end = once('This task', (result: Either<unknown, unknown>) => {
      waiting.wake(result)
      host.goOn()
    })
    host.record({
      _tag: 'Awaited',
      task,
      get isCompleted() {
        return end.isDone()
      },
      succeed: (value) => {
        end.run(right(value))
      },
      fail: (cause) => {
        end.run(left(cause))
      },
    })
    return { accept: () => {}, abort: () => {} }
  }

  askOnce<R>(
    target: ActorRef<never>,
    make: MakeRequest<R>,
    timeoutMs: number,
    done: (result: Either<unknown, unknown>) => void,
  ): OpenWait {
    this.#ask('ask', target, make, { timeoutMs }, (host, result) => {
      done(result)
      host.goOn()
    })
    return { accept: () => {}, abort: () => {} }
  }

  whenTerminated(): () => void {
    throw this.#withoutSystem('ends of others to wait for')
  }

  /** Nobody else is there to have a turn. */
  giveWay(done: () => void): void {
    this.#host.later(done)
  }

  postpone(message: unknown): void {
    this.#host.postpone(message)
  }

  offerAgain(): void {
    this.#host.offerAgain()
  }

  #withoutSystem(what: string): TroupeError {
    return new TroupeError(
      'UnsupportedOperation',
      `${this.#host.path.toString()}: a BehaviorTestKit has no ${what}. Test this behavior with an ActorTestKit.`,
    )
  }

  #ask<R>(
    operation: string,
    target: ActorRef<never>,
    make: MakeRequest<R>,
    { timeoutMs }: AskOptions,
    finish: (host: ContextHost, result: Either<unknown, unknown>) => void,
  ): void {
    const host = this.#enter(operation)
    requireThat('timeoutMs of an ask', timeoutMs, period, target)
    const end = once('This ask', (result: Either<unknown, unknown>) => {
      finish(host, result)
    })
    const replyTo = new InboxRef(host.mailroom, host.path, undefined, (reply) => {
      // To an ask that is over it is a dead letter, and no mistake of the test.
      if (!end.isDone()) end.run(right(reply))
    })
    const request = make(replyTo)
    const timedOut: AskError = {
      _tag: 'AskTimeout',
      message: `Ask timed out on ${target.path.toString()} after ${String(timeoutMs)} ms, as the test wants it.`,
      target,
      timeoutMs,
    }
    const effect: AskInitiated = {
      _tag: 'AskInitiated',
      target,
      request,
      timeoutMs,
      get isCompleted() {
        return end.isDone()
      },
      respond: (reply) => {
        end.run(right(reply))
      },
      timeout: (error = timedOut) => {
        end.run(left(error))
      },
    }
    // The target takes what was made for it.
    ;(target as ActorRef<unknown>).tell(request)
    host.record(effect)
  }

  /** False when it is watched so already, or never will be. */
  #watch(ref: ActorRef<never>, message: unknown): boolean {
    // Nobody outlives itself.
    if (this.#host.self.equals(ref)) return false
    const watched = this.#watchOf(ref)
    if (watched === undefined) {
      this.#watched.set(ref, message === undefined ? undefined : markOwn(message, this.#host))
      return true
    }
    if (unmarked(watched.message) === message) return false
    throw new TroupeError(
      'IllegalState',
      `${this.#host.path.toString()} watches ${ref.path.toString()} already, and the termination message was not overwritten. Call unwatch first.`,
    )
  }

  #watchOf(ref: ActorRef<never>): { readonly ref: ActorRef<never>; readonly message: unknown } | undefined {
    for (const [watched, message] of this.#watched) if (watched.equals(ref)) return { ref: watched, message }
    return undefined
  }

  #enter(operation: string): ContextHost {
    this.#host.requireTurn(operation)
    return this.#host
  }
}

/** Runs once; a second time is a mistake of the test. */
const once = <A>(
  what: string,
  run: (value: A) => void,
): { readonly run: (value: A) => void; readonly isDone: () => boolean } => {
  let isDone = false
  return {
    isDone: () => isDone,
    run: (value) => {
      if (isDone)
        throw new TroupeError('IllegalState', `${what} has come to its end already. Complete each effect once.`)
      isDone = true
      run(value)
    },
  }
}
