/**
 * An actor that waits for a task: its messages wait, too.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type ActorRef, type Behavior, type Interceptor } from 'troupe'
import { ErrorA, deferred, describeSignal, mortal, spawnWatcher, type Deferred } from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

let task: Deferred<string>
let signal: AbortSignal | undefined

beforeEach(() => {
  newScene()
  task = deferred()
  signal = undefined
})

/** Lets the task begin and its end arrive. */
const settle = (): Promise<void> => kit.settle()

const onSignal = (name: string): Parameters<typeof Behaviors.receiveSignal<string>>[0] => {
  return (_, given) => {
    log.push(`${name}: ${describeSignal(given)}`)
    return Behaviors.same
  }
}

/** On 'await' waits for the task of the test, and then is done with its value. */
const clerk = (): Behavior<string> =>
  Behaviors.receiveMessage<string>((text) => {
    if (text === 'await')
      return Behaviors.awaiting(
        (given) => {
          signal = given
          return task.promise
        },
        (value) => {
          log.push(`value ${value}`)
          return done
        },
      )
    log.push(`clerk got ${text}`)
    return Behaviors.same
  }, onSignal('clerk'))

const done: Behavior<string> = pipe(
  Behaviors.receiveMessage<string>((text) => {
    log.push(`done got ${text}`)
    return Behaviors.same
  }),
  Behaviors.receiveSignal<string>((_, given) => {
    log.push(`done: ${describeSignal(given)}`)
    return Behaviors.same
  }),
)

describe('awaiting', () => {
  it('lets messages wait, in order, and goes on with the value in a turn of its own', async () => {
    const actor = kit.spawn(clerk())

    tellAll(actor, 'a', 'await', 'b', 'c')
    expect(log).toEqual(['clerk got a'])

    task.resolve('v')
    await settle()
    expect(log).toEqual(['clerk got a', 'value v', 'done got b', 'done got c'])
  })

  it('may go on with same: the behavior that returned it', async () => {
    const actor = kit.spawn(
      Behaviors.receiveMessage<string>((text) => {
        log.push(text)
        return text === 'await'
          ? Behaviors.awaiting(
              () => task.promise,
              () => Behaviors.same,
            )
          : Behaviors.same
      }),
    )

    tellAll(actor, 'await', 'b')
    task.resolve('v')
    await settle()

    expect(log).toEqual(['await', 'b'])
  })

  it('may be returned again and again, and by a setup', async () => {
    const chain = (left: number): Behavior<string> =>
      left === 0
        ? done
        : Behaviors.awaiting(
            () => Promise.resolve(left),
            (value) => {
              log.push(`value ${String(value)}`)
              return chain(left - 1)
            },
          )
    const actor = kit.spawn(Behaviors.setup<string>(() => chain(3)))

    tellAll(actor, 'a')
    await settle()

    expect(log).toEqual(['value 3', 'value 2', 'value 1', 'done got a'])
  })

  it('keeps the interceptors that lie around', async () => {
    const shout: Interceptor<string> = {
      name: 'shout',
      aroundReceive: (_, text, target) => target.receive(text === 'await' ? text : text.toUpperCase()),
    }
    const actor = kit.spawn(pipe(clerk(), Behaviors.intercept(shout)))

    tellAll(actor, 'a', 'await', 'b')
    task.resolve('v')
    await settle()

    expect(log).toEqual(['clerk got A', 'value v', 'done got B'])
  })

  it('gives Terminated its place among the messages that wait, and frees the name of a child at once', async () => {
    let child: ActorRef<string> | undefined
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        child = context.spawn(mortal([], 'child'), 'child')
        context.watch(child)
        return clerk()
      }),
      'actor',
    )
    tellAll(actor, 'await', 'before')
    child?.tell('stop')
    kit.runUntilQuiet()
    tellAll(actor, 'after')
    expect(log).toEqual([])
    expect(kit.system.printTree()).not.toContain('child')

    task.resolve('v')
    await settle()

    expect(log).toEqual(['value v', 'done got before', 'done: Terminated(child)', 'done got after'])
  })

  it('gives ticks and the receive timeout their place; a fixed-rate timer parks one tick at most (virtual time)', async () => {
    const actor = kit.spawn(
      Behaviors.withTimers<string>((timers) =>
        Behaviors.setup((context) => {
          timers.startTimerAtFixedRate('rate', 'rate tick', 10)
          timers.startSingleTimer('single', 'single tick', 15)
          context.setReceiveTimeout(17, 'timeout')
          return clerk()
        }),
      ),
    )
    tellAll(actor, 'await')

    kit.clock.timePasses(18)
    tellAll(actor, 'told at 18')
    kit.clock.timePasses(80)
    task.resolve('v')
    await settle()

    expect(log).toEqual([
      'value v',
      'done got rate tick',
      'done got single tick',
      'done got timeout',
      'done got told at 18',
    ])
  })

  it('parks a tick of a fixed-rate timer each time (virtual time)', async () => {
    const waitOnce = (): Behavior<string> =>
      Behaviors.receiveMessage((text) => {
        log.push(text)
        return text === 'await' ? Behaviors.awaiting(() => task.promise, waitOnce) : Behaviors.same
      })
    const actor = kit.spawn(
      Behaviors.withTimers<string>((timers) => {
        timers.startTimerAtFixedRate('rate', 'tick', 10)
        return waitOnce()
      }),
    )

    for (const round of [1, 2, 3]) {
      tellAll(actor, 'await')
      kit.clock.timePasses(35)
      task.resolve(`v ${String(round)}`)
      await settle()
      task = deferred()
    }

    expect(log).toEqual(['await', 'tick', 'await', 'tick', 'await', 'tick'])
  })

  it('fails the actor when the task is rejected, or throws at once; PostStop goes to the behavior that waits', async () => {
    const error = new ErrorA('rejected')
    for (const run of [
      (): Promise<string> => Promise.reject(error),
      (): never => {
        throw error
      },
    ]) {
      log.length = 0
      const errors = kit.createLogProbe({ level: 'error' })
      const actor = kit.spawn(
        Behaviors.receiveMessage<string>(() => Behaviors.awaiting(run, () => done), onSignal('clerk')),
        'actor',
      )
      spawnWatcher(kit, log, actor)

      tellAll(actor, 'await')
      await settle()

      expect(log).toEqual(['clerk: PostStop', 'Terminated(actor)'])
      expect(errors.receiveMessage()).toMatchObject({ cause: error, message: 'It failed and stops. rejected' })
    }
  })

  it('under resume returns to the behavior that waits; what waited comes then', async () => {
    const actor = kit.spawn(pipe(clerk(), Behaviors.supervise(SupervisorStrategy.resume)))

    tellAll(actor, 'await', 'b')
    task.reject(new ErrorA())
    await settle()

    expect(log).toEqual(['clerk got b'])
  })

  it('under restart tells PreRestart to the behavior that waits', async () => {
    const actor = kit.spawn(pipe(clerk(), Behaviors.supervise(SupervisorStrategy.restart)))

    tellAll(actor, 'await', 'b')
    task.reject(new ErrorA())
    await settle()

    expect(log).toEqual(['clerk: PreRestart', 'clerk got b'])
  })

  it('returned by a setup leaves resume nothing to go on with: the actor stops', async () => {
    const waiting = Behaviors.setup<string>(() =>
      Behaviors.awaiting(
        () => task.promise,
        () => done,
      ),
    )
    const actor = kit.spawn(pipe(waiting, Behaviors.supervise(SupervisorStrategy.resume)), 'actor')
    spawnWatcher(kit, log, actor)

    task.reject(new ErrorA())
    await settle()

    expect(log).toEqual(['Terminated(actor)'])
  })

  it('does not delay a stop: the signal fires, PostStop comes, what waited and the late result are dead letters', async () => {
    const deadLetters = kit.createDeadLetterProbe()
    const actor = kit.spawn(clerk(), 'actor')
    tellAll(actor, 'await', 'b')
    await Promise.resolve()
    expect(signal?.aborted).toBe(false)

    kit.stop(actor)
    expect(signal?.aborted).toBe(true)
    expect(log).toEqual(['clerk: PostStop'])
    expect(deadLetters.expectMessage((letter) => letter.recipient.equals(actor))).toMatchObject({ message: 'b' })

    task.resolve('late')
    await settle()
    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: actor, message: 'late' })
    expect(log).toEqual(['clerk: PostStop'])
  })

  it('returned by a setup sees PostStop, which nobody handles, without a failure', async () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(
      Behaviors.setup<string>(() =>
        Behaviors.awaiting(
          () => task.promise,
          () => done,
        ),
      ),
    )
    kit.runUntilQuiet()

    kit.stop(actor)
    task.resolve('late')
    await settle()

    kit.createProbe<never>().expectTerminated(actor)
    errors.expectNoMessage()
  })

  it('does not delay a stop: a result that is there before the turn of the actor is a dead letter', async () => {
    const deadLetters = kit.createDeadLetterProbe()
    const actor = kit.spawn(clerk(), 'actor')
    tellAll(actor, 'await')
    await new Promise((resolve) => setImmediate(resolve))

    task.resolve('early')
    await new Promise((resolve) => setImmediate(resolve))
    kit.stop(actor)

    expect(log).toEqual(['clerk: PostStop'])
    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: actor, message: 'early' })
    deadLetters.expectNoMessage()
  })

  it('does not delay a stop: a late rejection is nobody’s failure', async () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(clerk())
    tellAll(actor, 'await')

    kit.stop(actor)
    task.reject(new ErrorA('late'))
    await settle()

    errors.expectNoMessage()
  })

  it('in the parent does not keep children from going on', async () => {
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(
          Behaviors.receiveMessageWithSame<string>((text) => void log.push(`child got ${text}`)),
        )
        return Behaviors.receiveMessage((text) => {
          child.tell(text)
          return Behaviors.awaiting(
            () => task.promise,
            () => done,
          )
        })
      }),
    )

    tellAll(actor, 'await')
    expect(log).toEqual(['child got await'])

    task.resolve('v')
    await settle()
  })
})

describe('the tasks of an actor that stops', () => {
  it('are aborted, and those that the abort of one has started', () => {
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        const runUntilAborted = (generation: number): void => {
          context.pipeToSelf(
            (aborting) => {
              aborting.addEventListener('abort', () => {
                log.push(`aborted ${String(generation)}`)
                if (generation < 5) runUntilAborted(generation + 1)
              })
              return new Promise<string>(() => undefined)
            },
            () => 'never',
          )
        }
        runUntilAborted(1)
        return Behaviors.receiveMessage(() => Behaviors.stopped)
      }),
    )

    tellAll(actor, 'stop')

    expect(log).toEqual([1, 2, 3, 4, 5].map((generation) => `aborted ${String(generation)}`))
  })
})
