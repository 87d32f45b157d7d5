/**
 * Asking an actor to stop, and waiting for it.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, ActorSystem } from '../model/index.js'
import { left, period, requireThat, right, type Either } from '../model/internal.js'
import { spawnSystemActor } from '../runtime/internal.js'

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
 * @throws TroupeError IllegalArgument when `timeoutMs` is out of range
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
  return () =>
    new Promise<Either<StopTimeout, void>>((resolve) => {
      spawnSystemActor(system, watcher(ref, message, timeoutMs, resolve), undefined)
    })
}

const watcher = <A>(
  ref: ActorRef<A>,
  message: A,
  timeoutMs: number,
  resolve: (result: Either<StopTimeout, void>) => void,
): ReturnType<typeof Behaviors.setup<'gone' | 'timeout'>> =>
  Behaviors.setup<'gone' | 'timeout'>((context) => {
    ref.tell(message)
    context.watchWith(ref, 'gone')
    context.setReceiveTimeout(timeoutMs, 'timeout')
    return Behaviors.receiveMessage<'gone' | 'timeout'>(
      (what) => {
        resolve(what === 'gone' ? right(undefined) : left(stopTimeout(ref, timeoutMs)))
        return Behaviors.stopped
      },
      () => {
        // The system is going down with it; a second answer changes nothing.
        resolve(right(undefined))
        return Behaviors.same
      },
    )
  })

const stopTimeout = (ref: ActorRef<never>, timeoutMs: number): StopTimeout => ({
  _tag: 'StopTimeout',
  message:
    `${ref.path.toString()} has not stopped within ${String(timeoutMs)} ms. Does it return Behaviors.stopped for this message, ` +
    `and do its children stop?`,
  ref,
  timeoutMs,
})
