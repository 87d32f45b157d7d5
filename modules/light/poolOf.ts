/**
 * What pools and groups have in common: tasks, and how many of them run.
 */
import { pipe } from 'fp-ts/lib/function.js'
import type { Either } from 'fp-ts/lib/Either.js'
import { Behaviors } from '../behavior/index.js'
import type { AbortableTask, ActorContext, ActorRef, Behavior, TaskRejected } from '../model/index.js'
import { Waiters } from './Waiters.js'

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

/** A task is over. */
interface Ended {
  readonly _tag: 'Ended'
  /** Ends it. A pool that was restarted since does not know it any more. */
  readonly abort: AbortController
  readonly replyTo: ActorRef<Either<TaskRejected, unknown>>
  readonly result: Either<TaskRejected, unknown>
}

/** A pool without a bound is a group. Tasks end with the life of the pool that began them: at its restart as at its stop. */
export const poolOf = (size: number): Behavior<PoolCommand> =>
  pipe(
    Behaviors.setup<PoolCommand | Ended>((context) => {
      const waiting = new Waiters<Run>()
      const joining = new Waiters<{ readonly replyTo: ActorRef<'done'> }>()
      const running = new Set<AbortController>()

      const begin = (run: Run): void => {
        const abort = new AbortController()
        running.add(abort)
        start(context, abort, run)
      }
      const goOn = (): void => {
        while (running.size < size) {
          const next = waiting.take()
          if (next === undefined) break
          begin(next)
        }
        if (running.size === 0) for (const { replyTo } of joining.takeAll()) replyTo.tell('done')
      }
      const handle = (command: PoolCommand | Ended): void => {
        switch (command._tag) {
          case 'Run':
            waiting.add(command)
            goOn()
            return
          case 'Ended':
            try {
              command.replyTo.tell(command.result)
            } finally {
              // Its place is free, also when nobody can be told.
              if (running.delete(command.abort)) goOn()
            }
            return
          case 'Join':
            joining.add(command)
            goOn()
            return
          case 'Status':
            command.replyTo.tell({ running: running.size, waiting: waiting.count() })
        }
      }
      return Behaviors.receive(
        (_, command) => {
          handle(command)
          return Behaviors.same
        },
        (_, signal) => {
          if (signal._tag === 'PreRestart') for (const abort of running) abort.abort()
          return Behaviors.same
        },
      )
    }),
    Behaviors.narrow<PoolCommand>(),
  )

/** The value is wrapped, so that a task that gives an Either gives just that. */
const start = (context: ActorContext<Ended>, abort: AbortController, { task, replyTo }: Run): void => {
  context.pipeToSelf(
    async (signal) => {
      // What ends the pool ends the task, also where no signal is seen.
      signal.addEventListener('abort', () => {
        abort.abort()
      })
      return { value: await task(abort.signal) }
    },
    (result): Ended => ({
      _tag: 'Ended',
      abort,
      replyTo,
      result: result._tag === 'Left' ? result : { _tag: 'Right', right: result.right.value },
    }),
  )
}
