/**
 * How an actor ends, and in which order.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ActorSystem,
  Behaviors,
  SupervisorStrategy,
  TroupeError,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type DeadLetter,
  type Dispatcher,
  type Interceptor,
  type LogRecord,
  type Runnable,
} from 'troupe'
import { ManualClock } from 'troupe/testkit'
import { ErrorA, armedClock, counter, describeSignal, fail, logSignals, mortal, spawnWatcher } from './support.js'
import { kit, log, newScene, tellAll, useKit } from '../scene.js'

beforeEach(newScene)

/** Passes everything on. */
const transparent: Interceptor<never> = {
  name: 'transparent',
  aroundReceive: (_, message, target) => target.receive(message),
  aroundSignal: (_, signal, target) => target.signal(signal),
}

const intercepted = <A>(behavior: Behavior<A>): Behavior<A> =>
  pipe(behavior, Behaviors.intercept(transparent as unknown as Interceptor<A>))

describe('stopped with a last act', () => {
  it('B1: runs it after the behavior has seen PostStop', () => {
    const actor = kit.spawn(
      Behaviors.receiveMessage<string>(
        () => Behaviors.stopped(() => void log.push('callback')),
        (_, signal) => {
          log.push(`signal ${signal._tag}`)
          return Behaviors.same
        },
      ),
    )

    tellAll(actor, 'go')

    expect(log).toEqual(['signal PostStop', 'callback'])
  })

  it('B2: runs it after the children have stopped, also those that have just been spawned', () => {
    const child = Behaviors.receiveMessage<string>(
      () => Behaviors.same,
      (_, signal) => {
        log.push(`child-done by ${signal._tag}`)
        return Behaviors.same
      },
    )
    kit.spawn(
      Behaviors.setup<string>((context) => {
        context.spawn(child)
        context.spawn(pipe(child, Behaviors.supervise(SupervisorStrategy.restart)))
        context.spawn(Behaviors.stopped(() => void log.push('child-done by itself')))
        return Behaviors.stopped(() => void log.push('parent-done'))
      }),
    )
    kit.runUntilQuiet()

    expect(log.slice(0, -1).sort()).toEqual([
      'child-done by PostStop',
      'child-done by PostStop',
      'child-done by itself',
    ])
    expect(log.at(-1)).toBe('parent-done')
  })

  it('B2: children stop before their parent sees PostStop, however deep the tree', () => {
    const nested = (depth: number): Behavior<string> =>
      Behaviors.setup((context) => {
        if (depth < 5) context.spawn(nested(depth + 1))
        return Behaviors.receiveMessage(() => Behaviors.stopped, logSignals(log, ` ${String(depth)}`))
      })
    const actor = kit.spawn(nested(0))
    kit.runUntilQuiet()

    tellAll(actor, 'stop')

    expect(log).toEqual(['PostStop 5', 'PostStop 4', 'PostStop 3', 'PostStop 2', 'PostStop 1', 'PostStop 0'])
  })
})

describe('context.stop', () => {
  it('B3: lets the current message end; the rest are dead letters, then parent and watchers are told, the parent first', () => {
    useKit({ settings: { throughput: 1 } })
    // One watcher sees dead letters and the notice, and so their order.
    const watcher = kit.spawn(
      Behaviors.receive<ActorRef<string> | DeadLetter>(
        (context, message) => {
          if ('_tag' in message) log.push(`dead letter ${String(message.message)}`)
          else {
            context.system.eventStream.subscribe<DeadLetter>(context.self, 'DeadLetter')
            context.watch(message)
          }
          return Behaviors.same
        },
        (_, signal) => {
          log.push(`watcher: ${describeSignal(signal)}`)
          return Behaviors.same
        },
      ),
    )
    const parent = kit.spawn(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(
          Behaviors.receiveMessage<string>(
            (text) => {
              log.push(`begin ${text}`)
              context.self.tell('stop')
              log.push(`end ${text}`)
              return Behaviors.same
            },
            (_, signal) => {
              log.push(`child: ${signal._tag}`)
              return Behaviors.same
            },
          ),
          'child',
        )
        watcher.tell(child)
        return Behaviors.receiveMessage(
          (text) => {
            if (text === 'watch') context.watch(child)
            else if (text === 'stop') context.stop(child)
            else for (const message of ['m0', 'm1', 'm2']) child.tell(message)
            return Behaviors.same
          },
          (_, signal) => {
            log.push(`parent: ${describeSignal(signal)}`)
            return Behaviors.same
          },
        )
      }),
    )
    kit.runUntilQuiet()
    tellAll(parent, 'watch')

    tellAll(parent, 'go')

    expect(log.filter((entry) => !entry.startsWith('parent'))).toEqual([
      'begin m0',
      'end m0',
      'child: PostStop',
      'dead letter m1',
      'dead letter m2',
      'watcher: Terminated(child)',
    ])
    expect(log.indexOf('parent: Terminated(child)')).toBeLessThan(log.indexOf('watcher: Terminated(child)'))
  })

  /** Calls something in an actor's turn, and logs what it throws. */
  const inTurn = (run: (context: ActorContext<string>) => void): void => {
    const actor = kit.spawn(
      Behaviors.receive<string>((context, text) => {
        if (text === 'ping') log.push('pong')
        else {
          try {
            run(context)
            log.push('no error')
          } catch (error) {
            log.push(error instanceof TroupeError ? `${error._tag}: ${error.message}` : String(error))
          }
        }
        return Behaviors.same
      }),
      'actor',
    )
    tellAll(actor, 'run', 'ping')
  }

  it('B4: does not stop the actor itself, and says how to', () => {
    inTurn((context) => {
      context.stop(context.self)
    })

    expect(log).toEqual([
      'IllegalArgument: troupe://test/user/actor cannot stop itself by context.stop. Return Behaviors.stopped instead.',
      'pong',
    ])
  })

  it('B4: does not stop what is no child', () => {
    const other = kit.spawn(mortal(log, 'other'), 'other')

    inTurn((context) => {
      context.stop(other)
    })

    expect(log).toEqual([
      expect.stringMatching(
        /^IllegalArgument: .*actor cannot stop .*user\/other, which is not a child of it\. .*Behaviors\.stopped/,
      ),
      'pong',
    ])
  })

  it('B4: leaves a grandchild to its parent', () => {
    kit.spawn(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(
          Behaviors.receive<ActorRef<ActorRef<string>>>((inner, replyTo) => {
            replyTo.tell(inner.spawn(mortal(log, 'grandchild')))
            return Behaviors.same
          }),
        )
        child.tell(
          context.messageAdapter<ActorRef<string>>((grandchild) => {
            try {
              context.stop(grandchild)
            } catch (error) {
              log.push((error as TroupeError)._tag)
            }
            return 'done'
          }),
        )
        return Behaviors.ignore
      }),
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['IllegalArgument'])
  })

  it('B4: has no effect on a child that is stopping or has stopped', () => {
    const parent = kit.spawn(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(mortal(log, 'child'))
        return Behaviors.receiveMessage(() => {
          context.stop(child)
          context.stop(child)
          log.push('told')
          return Behaviors.same
        })
      }),
    )
    kit.runUntilQuiet()

    tellAll(parent, 'stop')
    tellAll(parent, 'stop')

    expect(log).toEqual(['told', 'child PostStop', 'told'])
  })
})

describe('PostStop', () => {
  it('B5: when its handler throws, the actor is not restarted: the error is logged and it terminates', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const error = new ErrorA('while stopping')
    const parent = kit.spawn(
      Behaviors.setup<string>((context) => {
        const fragile = Behaviors.setup<string>(() => {
          log.push('setup')
          return Behaviors.receiveMessage(
            () => Behaviors.stopped,
            (_, signal) => {
              log.push(signal._tag)
              throw error
            },
          )
        })
        const child = context.spawn(pipe(fragile, Behaviors.supervise(SupervisorStrategy.restart)), 'child')
        context.watch(child)
        return Behaviors.receiveMessage<string>((text) => {
          child.tell(text)
          return Behaviors.same
        }, logSignals(log))
      }),
    )

    tellAll(parent, 'stop')

    expect(log).toEqual(['setup', 'PostStop', 'Terminated(child)'])
    expect(errors.receiveMessage()).toMatchObject({
      cause: error,
      message: 'It failed while stopping and goes on with it.',
    })
    errors.expectNoMessage()
  })

  it('B5: when it throws, the last act still runs, and one that throws does not keep the actor', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(
      Behaviors.receiveMessage<string>(
        () =>
          Behaviors.stopped(() => {
            log.push('callback')
            throw new ErrorA('callback')
          }),
        () => {
          throw new ErrorA('PostStop')
        },
      ),
      'actor',
    )
    spawnWatcher(kit, log, actor)

    tellAll(actor, 'stop')

    expect(log).toEqual(['callback', 'Terminated(actor)'])
    errors.receiveMessages(2)
  })

  /** Answers a signal with a behavior, which is to be ignored. */
  const answering = (tag: string, answer: () => Behavior<string>): Behavior<string> =>
    Behaviors.setup(() => {
      log.push('setup')
      return Behaviors.receiveMessage(
        (text) => {
          if (text === 'fail') throw new ErrorA()
          if (text === 'stop') return Behaviors.stopped
          log.push(`got ${text}`)
          return Behaviors.same
        },
        (_, signal) => {
          log.push(signal._tag)
          return signal._tag === tag ? answer() : Behaviors.same
        },
      )
    })

  const answers: readonly (readonly [string, () => Behavior<string>])[] = [
    ['stopped', () => Behaviors.stopped(() => void log.push('must not run'))],
    [
      'a setup',
      () =>
        Behaviors.setup(() => {
          log.push('must not run')
          return Behaviors.empty
        }),
    ],
    [
      'an awaiting one',
      () =>
        Behaviors.awaiting(
          () => {
            log.push('must not run')
            return Promise.resolve()
          },
          () => Behaviors.same,
        ),
    ],
    ['undefined', () => undefined as unknown as Behavior<string>],
  ]
  it.each(answers)('B6: what its handler returns is ignored: %s', (_, answer) => {
    for (const wrap of [(behavior: Behavior<string>) => behavior, intercepted]) {
      log.length = 0
      const actor = kit.spawn(wrap(answering('PostStop', answer)), undefined)
      spawnWatcher(kit, log, actor)

      tellAll(actor, 'stop')

      expect(log.slice(0, 2)).toEqual(['setup', 'PostStop'])
      expect(log.slice(2)).toEqual([expect.stringMatching(/^Terminated/)])
    }
  })

  it.each(answers)('B6: what the handler of PreRestart returns is ignored: %s', (_, answer) => {
    for (const wrap of [(behavior: Behavior<string>) => behavior, intercepted]) {
      log.length = 0
      const actor = kit.spawn(
        pipe(wrap(answering('PreRestart', answer)), Behaviors.supervise(SupervisorStrategy.restart)),
      )

      tellAll(actor, 'fail', 'ping')

      expect(log).toEqual(['setup', 'PreRestart', 'setup', 'got ping'])
    }
  })

  it('B6: when the handler of PreRestart throws, the actor restarts all the same', () => {
    const errors = kit.createLogProbe({ level: 'error', message: 'PreRestart' })
    const actor = kit.spawn(
      pipe(
        answering('PreRestart', () => {
          throw new ErrorA('in PreRestart')
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )

    tellAll(actor, 'fail', 'ping')

    expect(log).toEqual(['setup', 'PreRestart', 'setup', 'got ping'])
    errors.receiveMessage()
  })

  it('B7: an actor that is stopped before it has started runs neither its setup nor PostStop', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const parent = kit.spawn(
      Behaviors.receive<string>((context) => {
        const child = context.spawn(
          pipe(
            answering('', () => Behaviors.same),
            Behaviors.supervise(SupervisorStrategy.restart),
          ),
          'child',
        )
        context.watch(child)
        child.tell('hello')
        context.stop(child)
        return Behaviors.same
      }, logSignals(log)),
    )

    tellAll(parent, 'go')

    expect(log).toEqual(['Terminated(child)'])
    expect(deadLetters.receiveMessage().message).toBe('hello')
  })

  const withHandler = <A>(behavior: Behavior<A>): Behavior<A> =>
    pipe(behavior, Behaviors.receiveSignal(logSignals(log) as () => Behavior<A>))

  it.each<readonly [string, Behavior<string>]>([
    ['receiveMessage', Behaviors.receiveMessage<string>(() => Behaviors.same)],
    ['receive', Behaviors.receive<string>(() => Behaviors.same)],
    ['empty', Behaviors.empty],
    ['ignore', Behaviors.ignore],
  ])('B7: is seen by a handler that was added to %s, also before the first turn', (_, behavior) => {
    const parent = kit.spawn(
      Behaviors.receive<string>((context) => {
        context.stop(context.spawn(withHandler(behavior)))
        context.stop(context.spawn(pipe(withHandler(behavior), Behaviors.supervise(SupervisorStrategy.restart))))
        return Behaviors.same
      }),
    )

    tellAll(parent, 'go')

    expect(log).toEqual(['PostStop', 'PostStop'])
  })

  it('B8: finds all timers cancelled; no tick comes later, as a message or as a dead letter (virtual time)', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const actor = kit.spawn(
      Behaviors.withTimers<string>((timers) => {
        timers.startSingleTimer('single', 'tick', 10)
        timers.startTimerWithFixedDelay('delay', 'tick', 10)
        timers.startTimerAtFixedRate('rate', 'tick', 10)
        return Behaviors.receive(
          (_, text) => {
            log.push(text)
            if (text !== 'stop') return Behaviors.same
            // Ticks come while the actor handles the message that stops it.
            kit.clock.timePasses(15)
            return Behaviors.stopped
          },
          (context) => {
            log.push(['single', 'delay', 'rate'].map((key) => timers.isTimerActive(key)).join())
            timers.startSingleTimer('late', 'tick', 10)
            context.setReceiveTimeout(10, 'timeout')
            return Behaviors.same
          },
        )
      }),
    )

    tellAll(actor, 'stop')
    kit.clock.timePasses(1_000)

    expect(log).toEqual(['stop', 'false,false,false'])
    deadLetters.expectNoMessage()
  })

  it('B8: finds those cancelled, too, that the abort of a task has started; none of them outlives the actor (virtual time)', () => {
    const { clock, armed } = armedClock()
    useKit({ clock })
    const actor = kit.spawn(
      Behaviors.setup<string>((context) =>
        Behaviors.withTimers((timers) => {
          const startAtAbort = (key: string): void => {
            context.pipeToSelf(
              (signal) => {
                signal.addEventListener('abort', () => {
                  timers.startTimerAtFixedRate(key, 'tick', 10)
                })
                return new Promise<string>(() => undefined)
              },
              () => 'never',
            )
          }
          startAtAbort('first')
          return Behaviors.receiveMessage(
            () => Behaviors.stopped,
            () => {
              log.push(`first: ${String(timers.isTimerActive('first'))}`)
              startAtAbort('second')
              return Behaviors.same
            },
          )
        }),
      ),
    )

    tellAll(actor, 'stop')

    expect(log).toEqual(['first: false'])
    expect(armed.size).toBe(0)
  })
})

describe('the system', () => {
  it('B9: terminates when its guardian stops, without a cause', async () => {
    const guardian = Behaviors.receiveMessage<string>(() => Behaviors.stopped, logSignals(log))
    const system = ActorSystem.create(guardian, 'demo')

    system.tell('stop')

    expect(await system.whenTerminated).toEqual(none)
    expect(log).toEqual(['PostStop'])
  })

  it('B9: tells the cause when its guardian fails, and never rejects', async () => {
    const error = new ErrorA('boom')
    const records: LogRecord[] = []
    const system = ActorSystem.create(counter(log), 'demo', { logger: { log: (record) => void records.push(record) } })

    system.tell(fail(error))

    expect(await system.whenTerminated).toEqual(some(error))
    expect(records).toHaveLength(1)
  })

  it('B9: stops the whole tree on terminate; the guardian sees PostStop once, a second terminate changes nothing', async () => {
    const guardian = Behaviors.setup<string>((context) => {
      context.spawn(mortal(log, 'child'))
      return Behaviors.receiveMessage(() => Behaviors.same, logSignals(log))
    })
    const system = ActorSystem.create(guardian, 'demo')
    await system.whenStarted

    const first = system.terminate()
    const second = system.terminate()

    expect(await first).toEqual(none)
    expect(await second).toEqual(none)
    expect(await system.terminate()).toEqual(none)
    expect(log).toEqual(['child PostStop', 'PostStop'])
  })

  it('B9: ends by force what has not stopped by the deadline, without PostStop (virtual time)', async () => {
    // Nobody gets a turn before the deadline, as when a dispatcher is stuck.
    const waiting: Runnable[] = []
    const dispatcher: Dispatcher = {
      schedule: (runnable) => void waiting.push(runnable),
      taskStarted: () => ({
        settled: (deliver) => {
          deliver()
        },
      }),
    }
    const run = (): void => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) next.run(1)
    }
    const records: LogRecord[] = []
    const clock = ManualClock.create()
    const guardian = Behaviors.setup<string>((context) => {
      context.spawn(mortal(log, 'child'), 'child')
      return Behaviors.receiveMessage(() => Behaviors.same, logSignals(log))
    })
    const logger = { log: (record: LogRecord) => void records.push(record) }
    const system = ActorSystem.create(guardian, 'demo', { clock, dispatcher, logger })
    run()

    const terminated = system.terminate({ timeoutMs: 1_000 })
    clock.timePasses(1_000)
    run()

    expect(await terminated).toEqual(none)
    expect(log).toEqual([])
    expect(records.map(({ message }) => message)).toEqual([
      'Not every actor has stopped within 1000 ms; the rest is ended without PostStop:\ntroupe://demo\n└── user\n    └── child',
    ])
  })
})
