/**
 * Actors that many scenarios need. They write what they see to a log of the test, in the order in which it happens.
 */
import { Behaviors, isChildFailed, type ActorRef, type Behavior, type Clock, type Signal } from 'troupe'
import { ManualClock, type ActorTestKit } from 'troupe/testkit'

export class ErrorA extends Error {}
export class ErrorB extends Error {}
export class ErrorC extends Error {}
export class SpecialErrorA extends ErrorA {}

export const isA = (error: unknown): error is ErrorA => error instanceof ErrorA
export const isB = (error: unknown): error is ErrorB => error instanceof ErrorB

export type CounterCommand = 'increment' | 'get' | 'stop' | { readonly fail: unknown }

export const fail = (error: unknown = new ErrorA('boom')): CounterCommand => ({ fail: error })

/** Counts, and logs its signals and, when asked, its state. */
export const counter = (log: string[], count = 0): Behavior<CounterCommand> =>
  Behaviors.receiveMessage<CounterCommand>(
    (command) => {
      if (command === 'increment') return counter(log, count + 1)
      if (command === 'stop') return Behaviors.stopped
      if (command !== 'get') throw command.fail
      log.push(`state ${String(count)}`)
      return Behaviors.same
    },
    logSignals(log, ` ${String(count)}`),
  )

/** A signal handler that logs. */
export const logSignals =
  (log: string[], suffix = '') =>
  (_: unknown, signal: Signal): Behavior<unknown> => {
    log.push(`${describeSignal(signal)}${suffix}`)
    return Behaviors.same
  }

export const describeSignal = (signal: Signal): string => {
  if (signal._tag !== 'Terminated') return signal._tag
  return `${isChildFailed(signal) ? 'ChildFailed' : 'Terminated'}(${signal.ref.path.name})`
}

/** Logs that it has stopped. */
export const mortal = (log: string[], name: string): Behavior<string> =>
  Behaviors.receiveMessage(
    (text) => {
      log.push(`${name} got ${text}`)
      return text === 'stop' ? Behaviors.stopped : Behaviors.same
    },
    (_, signal) => {
      log.push(`${name} ${signal._tag}`)
      return Behaviors.same
    },
  )

/** An actor beside the others that watches them and logs their ends. */
export const spawnWatcher = (
  kit: ActorTestKit,
  log: string[],
  ...refs: readonly ActorRef<never>[]
): ActorRef<string> => {
  const watcher = kit.spawn(
    Behaviors.setup<string>((context) => {
      for (const ref of refs) context.watch(ref)
      return Behaviors.receiveMessage(() => Behaviors.same, logSignals(log))
    }),
  )
  kit.runUntilQuiet()
  return watcher
}

/** A task that the test ends when it wants to. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

export const deferred = <T>(): Deferred<T> => {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: unknown) => void = () => undefined
  const promise = new Promise<T>((onValue, onError) => {
    resolve = onValue
    reject = onError
  })
  return { promise, resolve, reject }
}

/** A clock that knows which timers are armed. No actor has a turn while time passes. */
export const armedClock = (): {
  readonly clock: Clock
  readonly armed: ReadonlySet<unknown>
  readonly timePasses: (ms: number) => void
} => {
  const virtual = ManualClock.create()
  const armed = new Set<unknown>()
  const clock: Clock = {
    now: () => virtual.now(),
    setTimer: (ms, fire) => {
      const handle = virtual.setTimer(ms, fire)
      armed.add(handle)
      return handle
    },
    clearTimer: (handle) => {
      armed.delete(handle)
      virtual.clearTimer(handle)
    },
  }
  return {
    clock,
    armed,
    timePasses: (ms) => {
      virtual.timePasses(ms)
    },
  }
}

/** Stops slowly: its youngest descendant goes first, one generation a turn. Only the eldest logs. */
export const dynasty = (log: string[], name: string, generations: number, isEldest = true): Behavior<string> =>
  Behaviors.setup((context) => {
    if (generations > 0) context.spawn(dynasty(log, name, generations - 1, false))
    return Behaviors.receiveMessage(
      () => Behaviors.same,
      (_, signal) => {
        if (isEldest) log.push(`${name} ${signal._tag}`)
        return Behaviors.same
      },
    )
  })

/** An object that throws at whoever looks at it, as a draft does whose time is over. */
export const unreadable = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}
