/**
 * What pools and groups have in common: tasks, and how many of them run.
 */
import { pipe } from 'fp-ts/lib/function.js'
import type { Either } from 'fp-ts/lib/Either.js'
import { RingBuffer } from '../base/index.js'
import { Behaviors } from '../behavior/index.js'
import type { AbortableTask, ActorContext, ActorRef, Behavior, TaskRejected } from '../model/index.js'
import { isTerminated } from '../runtime/internal.js'

/**
 * What a pool understands.
 *
 * @category model
 * @since 0.1.0
 */
export type PoolCommand =
  | {
      readonly _tag: 'Run'
      readonly task: AbortableTask<unknown>
      readonly replyTo: ActorRef<Either<TaskRejected, unknown>>
    }
  | { readonly _tag: 'Join'; readonly replyTo: ActorRef<'done'> }
  | { readonly _tag: 'Status'; readonly replyTo: ActorRef<PoolStatus> }

/**
 * How many tasks there are.
 *
 * @category model
 * @since 0.1.0
 */
export interface PoolStatus {
  readonly running: number
  readonly waiting: number
}

export type Run = Extract<PoolCommand, { readonly _tag: 'Run' }>

interface Ended {
  readonly _tag: 'Ended'
  readonly replyTo: ActorRef<Either<TaskRejected, unknown>>
  readonly result: Either<TaskRejected, unknown>
}

/** A pool without a bound is a group. */
export const poolOf = (size: number): Behavior<PoolCommand> =>
  pipe(
    Behaviors.setup<PoolCommand | Ended>((context) => {
      const waiting = new RingBuffer<Run>(8)
      const joining: ActorRef<'done'>[] = []
      let running = 0

      const begin = (run: Run): void => {
        running++
        start(context, run)
      }
      const goOn = (): void => {
        while (running < size) {
          const next = waiting.shift()
          if (next === undefined) break
          if (!isTerminated(next.replyTo)) begin(next)
        }
        if (running === 0) for (const replyTo of joining.splice(0)) replyTo.tell('done')
      }
      return Behaviors.receiveMessageWithSame((command) => {
        switch (command._tag) {
          case 'Run':
            waiting.push(command)
            goOn()
            return
          case 'Ended':
            running--
            command.replyTo.tell(command.result)
            goOn()
            return
          case 'Join':
            joining.push(command.replyTo)
            goOn()
            return
          case 'Status':
            command.replyTo.tell({ running, waiting: waiting.size })
        }
      })
    }),
    Behaviors.narrow<PoolCommand>(),
  )

/** The value is wrapped, so that a task that gives an Either gives just that. */
const start = (context: ActorContext<Ended>, { task, replyTo }: Run): void => {
  context.pipeToSelf(
    async (signal) => ({ value: await task(signal) }),
    (result): Ended => ({
      _tag: 'Ended',
      replyTo,
      result: result._tag === 'Left' ? result : { _tag: 'Right', right: result.right.value },
    }),
  )
}
