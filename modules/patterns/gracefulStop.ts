/**
 * Asking an actor to stop, and waiting for it.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, ActorSystem, Behavior } from '../model/index.js'
import { left, period, requireThat, right, type Either } from '../model/internal.js'
import { requireMessage, spawnSystemActor } from '../runtime/internal.js'

/**
 * The actor had not stopped in time.
 *
 * @category errors
 * @since 0.1.0
 */
export interface StopTimeout {
  readonly _tag: 'StopTimeout'
  readonly message: string
  readonly ref: ActorRef<never>
  readonly timeoutMs: number
}

/**
 * How an actor is asked to stop.
 *
 * @category model
 * @since 0.1.0
 */
export interface GracefulStopOptions<A> {
  /** The message that makes it stop. It waits for its turn, so that everything sent before is handled first. */
  readonly message: A
  /** Milliseconds, above 0. */
  readonly timeoutMs: number
}

/**
 * Sends an actor the message that makes it stop, and waits until it has stopped.
 *
 * Each run of the task asks anew. An actor that has stopped already is right at once.
 *
 * @throws TroupeError IllegalArgument when `timeoutMs` is out of range or the message is null or undefined
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 * import { gracefulStop } from 'troupe/patterns'
 *
 * const till = Behaviors.receiveMessage<'sell' | 'close'>((message) =>
 *   message === 'close' ? Behaviors.stopped(() => console.log('closed')) : Behaviors.same)
 *
 * const system = ActorSystem.create(till, 'demo')
 * console.log(await gracefulStop(system, system, { message: 'close', timeoutMs: 1_000 })())
 * ```
 *
 * @category running
 * @since 0.1.0
 */
export const gracefulStop = <A>(
  system: ActorSystem<never>,
  ref: ActorRef<A>,
  { message, timeoutMs }: GracefulStopOptions<A>,
): TaskEither<StopTimeout, void> => {
  requireThat('timeoutMs of gracefulStop', timeoutMs, period)
  requireMessage(message, ref)
  return () =>
    new Promise<Either<StopTimeout, void>>((resolve) => {
      ref.tell(message)
      spawnSystemActor(system, watcher(ref, timeoutMs, resolve), undefined).tell('watch')
    })
}

/** No setup: it answers also when it is stopped, by a system that is going down, before its first turn. */
const watcher = (
  ref: ActorRef<never>,
  timeoutMs: number,
  resolve: (result: Either<StopTimeout, void>) => void,
): Behavior<'watch' | 'gone' | 'timeout'> =>
  Behaviors.receive<'watch' | 'gone' | 'timeout'>(
    (context, what) => {
      if (what !== 'watch') {
        resolve(what === 'gone' ? right(undefined) : left(stopTimeout(ref, timeoutMs)))
        return Behaviors.stopped
      }
      context.watchWith(ref, 'gone')
      context.setReceiveTimeout(timeoutMs, 'timeout')
      return Behaviors.same
    },
    () => {
      // The other one goes down with the system; a second answer changes nothing.
      resolve(right(undefined))
      return Behaviors.same
    },
  )

const stopTimeout = (ref: ActorRef<never>, timeoutMs: number): StopTimeout => ({
  _tag: 'StopTimeout',
  message:
    `${ref.path.toString()} has not stopped within ${String(timeoutMs)} ms. Does it return Behaviors.stopped for this message, ` +
    `and do its children stop?`,
  ref,
  timeoutMs,
})
