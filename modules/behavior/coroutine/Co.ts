/**
 * What a coroutine is handed: its instructions.
 */
import type { Option } from 'fp-ts/lib/Option.js'
import type { AbortableTask, ActorContext, ActorRef, AskOptions, Behavior, Props } from '../../model/index.js'
import { TroupeError } from '../../model/index.js'
import { delay, period, requireThat, textOf } from '../../model/internal.js'
import { All, Race, Timeout } from './combinators.js'
import type { Coroutine, Instruction, LightThread, ResultOf, Steps } from './Coroutine.js'
import { Ask, Forked, JoinActor, JoinThread, Now, Receive, Sleep, Task } from './steps.js'

export class Co implements Coroutine<unknown> {
  readonly context: ActorContext<unknown>

  constructor(context: ActorContext<unknown>) {
    this.context = context
  }

  receive<B>(isWanted?: (message: unknown) => boolean): Instruction<B> {
    return new Receive(isWanted)
  }

  receiveWithin<B>(timeoutMs: number, isWanted?: (message: unknown) => boolean): Instruction<Option<B>> {
    requireThat('timeoutMs of receiveWithin', timeoutMs, delay, this.context.self)
    return new Timeout(timeoutMs, this.receive<B>(isWanted))
  }

  sleep(delayMs: number): Instruction<void> {
    requireThat('the delay of sleep', delayMs, delay, this.context.self)
    return new Sleep(delayMs)
  }

  // The public signature finds the type of the reply.
  ask<R, T>(target: ActorRef<never>, make: (replyTo: ActorRef<R>) => unknown, options: AskOptions): Instruction<T> {
    return new Ask(target, make, options)
  }

  await<T>(task: AbortableTask<T>): Instruction<T> {
    if (typeof task !== 'function')
      throw this.#refused(
        `co.await got ${textOf(task)}`,
        'Give it a function that starts the task: co.await(() => promise).',
      )
    return new Task(task)
  }

  spawn<B>(behavior: Behavior<B>, name?: string, props?: Props<B>): Instruction<ActorRef<B>> {
    return new Now(() => this.context.spawn(behavior, name, props))
  }

  fork<T>(steps: Steps<T>): Instruction<LightThread<T>> {
    this.#requireSteps('fork', [steps])
    return new Now(({ crew }) => {
      const forked = new Forked<T>()
      crew.fork(steps, (value) => {
        // The thread runs these steps.
        forked.end(value as T)
      })
      return forked
    })
  }

  join<T>(awaited: LightThread<T> | ActorRef<never>): Instruction<T> {
    // Whatever is no thread of this library is taken for a reference, and refused when it is none.
    return awaited instanceof Forked ? new JoinThread(awaited as Forked<T>) : new JoinActor(awaited as ActorRef<never>)
  }

  all<const S extends readonly Steps<unknown>[]>(steps: S): Instruction<{ readonly [K in keyof S]: ResultOf<S[K]> }> {
    this.#requireSteps('all', steps)
    return new All(steps)
  }

  race<const S extends readonly Steps<unknown>[]>(steps: S): Instruction<ResultOf<S[number]>> {
    this.#requireSteps('race', steps)
    if (steps.length === 0) throw this.#refused('co.race got no blocks', 'Nobody could ever win: give it at least one.')
    return new Race(steps)
  }

  timeout<T>(timeoutMs: number, steps: Steps<T>): Instruction<Option<T>> {
    requireThat('timeoutMs of a coroutine', timeoutMs, period, this.context.self)
    this.#requireSteps('timeout', [steps])
    return new Timeout(timeoutMs, steps)
  }

  #requireSteps(what: string, steps: readonly unknown[]): void {
    for (const each of steps)
      if (typeof each !== 'object' || each === null || !(Symbol.iterator in each))
        throw this.#refused(
          `co.${what} got ${textOf(each)}`,
          'Give it instructions and generators: co.sleep(100), or a generator function that is called.',
        )
  }

  #refused(what: string, advice: string): TroupeError {
    return new TroupeError('IllegalArgument', `${this.context.self.path.toString()}: ${what}. ${advice}`)
  }
}
