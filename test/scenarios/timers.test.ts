/**
 * Timers and the receive timeout.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ActorSystem,
  Behaviors,
  SupervisorStrategy,
  type ActorContext,
  type Behavior,
  type TimerScheduler,
} from 'troupe'
import { armedClock, ErrorA } from './support.js'
import { kit, log, newScene, tellAll, useKit } from '../scene.js'

beforeEach(newScene)

type Run = (timers: TimerScheduler<string | Run>, context: ActorContext<string | Run>) => unknown

/** Runs what it is sent in its turn, and logs texts with the time. */
const agent = (onStart: Run = () => undefined): Behavior<string | Run> =>
  Behaviors.withTimers((timers) =>
    Behaviors.setup((context) => {
      onStart(timers, context)
      return Behaviors.receiveMessage(
        (message) => {
          if (typeof message === 'function') message(timers, context)
          else {
            log.push(`${message} at ${String(kit.clock.now())}`)
            if (message === 'fail') throw new ErrorA()
          }
          return Behaviors.same
        },
        (_, signal) => {
          log.push(`${signal._tag}, active: ${String(timers.isTimerActive('key'))}`)
          return Behaviors.same
        },
      )
    }),
  )

describe('a timer', () => {
  it('G1: that is single fires once, and is inactive then (virtual time)', () => {
    const actor = kit.spawn(
      agent((timers) => {
        timers.startSingleTimer('key', 'tick', 10)
      }),
    )
    const isActive: Run = (timers) => log.push(String(timers.isTimerActive('key')))

    tellAll(actor, isActive)
    kit.clock.timePasses(100)
    tellAll(actor, isActive)

    expect(log).toEqual(['true', 'tick at 10', 'false'])
  })

  it('G1: replaced under its key does not deliver the tick that waits already (virtual time)', () => {
    const actor = kit.spawn(
      agent((timers) => {
        timers.startSingleTimer('key', 'old', 10)
      }),
    )
    kit.runUntilQuiet()

    tellAll(actor, (timers) => {
      // A turn that takes long: the old tick comes into the mailbox meanwhile.
      kit.clock.timePasses(15)
      timers.startSingleTimer('key', 'new', 10)
    })
    kit.clock.timePasses(100)

    expect(log).toEqual(['new at 25'])
  })

  it('G1: cancelled does not deliver the tick that waits already (virtual time)', () => {
    const start: Run = (timers) => {
      timers.startSingleTimer('key', 'single', 10)
      timers.startTimerWithFixedDelay('other', 'repeated', 10)
    }
    const cancels: readonly Run[] = [
      (timers) => {
        timers.cancel('key')
        timers.cancel('other')
      },
      (timers) => {
        timers.cancelAll()
      },
    ]
    for (const cancel of cancels) {
      const actor = kit.spawn(agent(start))
      kit.runUntilQuiet()

      tellAll(actor, (timers, context) => {
        kit.clock.timePasses(15)
        cancel(timers, context)
        log.push('cancelled')
      })
      kit.clock.timePasses(100)
    }

    expect(log).toEqual(['cancelled', 'cancelled'])
  })

  it('G1: with a fixed delay counts from the tick before, at a fixed rate it catches up (virtual time)', () => {
    const slowTurn: Run = () => {
      kit.clock.timePasses(25)
    }
    const delayed = kit.spawn(
      agent((timers) => {
        timers.startTimerWithFixedDelay('key', 'tick', 10, 5)
      }),
    )
    kit.clock.timePasses(26)
    expect(log).toEqual(['tick at 5', 'tick at 15', 'tick at 25'])
    kit.stop(delayed)
    log.length = 0

    useKit()
    const rated = kit.spawn(
      agent((timers) => {
        timers.startTimerAtFixedRate('key', 'tick', 10)
      }),
    )
    kit.clock.timePasses(10)
    tellAll(rated, slowTurn)
    kit.clock.timePasses(5)

    expect(log).toEqual(['tick at 10', 'tick at 35', 'tick at 35', 'tick at 40'])
  })

  it('G1: refuses delays, periods and messages that are none', () => {
    const errors: readonly (readonly [Run, RegExp])[] = [
      [
        (timers) => {
          timers.startSingleTimer('key', 'tick', -1)
        },
        /user\/actor: .*delay.* is -1, but must be a finite number .*from 0 up/,
      ],
      [
        (timers) => {
          timers.startTimerAtFixedRate('key', 'tick', 0)
        },
        /user\/actor: .* is 0, but must be .* above 0/,
      ],
      [
        (timers) => {
          timers.startTimerWithFixedDelay('key', 'tick', NaN)
        },
        /user\/actor: .* is NaN, but must be/,
      ],
      [
        (timers) => {
          timers.startSingleTimer('key', null as never, 1)
        },
        /null was sent to .*actor/,
      ],
      [
        (_, context) => {
          context.setReceiveTimeout(0, 'timeout')
        },
        /user\/actor: .*timeout.* is 0, but must be .* above 0/,
      ],
      [
        (_, context) => {
          context.scheduleOnce(-1, context.self, 'x')
        },
        /user\/actor: .*delay.* is -1, but must be/,
      ],
    ]
    const actor = kit.spawn(agent(), 'actor')
    for (const [run] of errors)
      tellAll(actor, (timers, context) => {
        try {
          run(timers, context)
        } catch (error) {
          log.push((error as Error).message)
        }
      })

    expect(log).toEqual(errors.map(([, message]) => expect.stringMatching(message) as string))
  })

  it('G2: ends with a restart: a tick that waits is discarded, PreRestart sees it inactive, the new one ticks (virtual time)', () => {
    const actor = kit.spawn(
      pipe(
        agent((timers) => {
          timers.startSingleTimer('key', 'tick', 10)
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )
    kit.runUntilQuiet()

    tellAll(actor, () => {
      kit.clock.timePasses(10)
      throw new ErrorA()
    })
    expect(log).toEqual(['PreRestart, active: false'])

    kit.clock.timePasses(10)
    expect(log.slice(1)).toEqual(['tick at 20'])
  })

  it('G2: started in PreRestart ends with the behavior that started it (virtual time)', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.withTimers<string>((timers) =>
          Behaviors.receiveMessage(
            (text) => {
              if (text === 'fail') throw new ErrorA()
              log.push(text)
              return Behaviors.same
            },
            () => {
              timers.startSingleTimer('late', 'tick', 10)
              return Behaviors.same
            },
          ),
        ),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )

    tellAll(actor, 'fail')
    kit.clock.timePasses(100)

    expect(log).toEqual([])
  })

  it('G3: goes on through a change of behavior, and nested withTimers share their keys (virtual time)', () => {
    const second: Behavior<string> = Behaviors.receiveMessage((text: string) => {
      log.push(`second: ${text} at ${String(kit.clock.now())}`)
      return Behaviors.same
    })
    const actor = kit.spawn(
      Behaviors.withTimers<string>((outer) => {
        outer.startTimerWithFixedDelay('kept', 'kept', 10)
        outer.startSingleTimer('shared', 'of the outer', 15)
        return Behaviors.receiveMessage<string>(() =>
          Behaviors.withTimers((inner) => {
            log.push(String(inner.isTimerActive('shared')))
            inner.startSingleTimer('shared', 'of the inner', 15)
            return second
          }),
        )
      }),
    )

    tellAll(actor, 'switch')
    kit.clock.timePasses(25)

    expect(log).toEqual(['true', 'second: kept at 10', 'second: of the inner at 15', 'second: kept at 20'])
  })
})

describe('the receive timeout', () => {
  const timeout =
    (ms: number, message = 'timeout'): Run =>
    (_, context) => {
      context.setReceiveTimeout(ms, message)
    }

  it('G4: repeats, and every message starts it anew (virtual time)', () => {
    const actor = kit.spawn(agent(timeout(100)))
    kit.clock.timePasses(250)
    tellAll(actor, 'hello')
    kit.clock.timePasses(99)
    expect(log).toEqual(['timeout at 100', 'timeout at 200', 'hello at 250'])

    kit.clock.timePasses(1)
    expect(log.at(-1)).toBe('timeout at 350')
  })

  it('G4: is not started anew by a message that is to be ignored, whoever sends it (virtual time)', () => {
    kit.spawn(
      agent((timers, context) => {
        context.setReceiveTimeout(100, 'timeout', { ignoring: (message) => message === 'heartbeat' })
        timers.startTimerWithFixedDelay('key', 'heartbeat', 30)
      }),
    )

    kit.clock.timePasses(210)

    expect(log.filter((entry) => entry.startsWith('timeout'))).toEqual(['timeout at 100', 'timeout at 200'])
  })

  it('G4: is not taken back by an ignored message when its notice waits already (virtual time)', () => {
    const actor = kit.spawn(
      agent((_, context) => {
        context.setReceiveTimeout(100, 'timeout', {
          ignoring: (message) => message === 'heartbeat' || typeof message === 'function',
        })
      }),
    )
    kit.runUntilQuiet()

    actor.tell(() => {
      kit.clock.timePasses(100)
    })
    tellAll(actor, 'heartbeat')

    expect(log).toEqual(['timeout at 100', 'heartbeat at 100'].reverse())
  })

  it('G4: set in a handler is armed, also when the message of the moment is to be ignored (virtual time)', () => {
    const actor = kit.spawn(agent())
    tellAll(actor, (_, context) => {
      context.setReceiveTimeout(100, 'timeout', { ignoring: () => true })
    })

    kit.clock.timePasses(100)

    expect(log).toEqual(['timeout at 100'])
  })

  it('G4: set again takes the place of the one before (virtual time)', () => {
    const actor = kit.spawn(agent(timeout(100, 'first')))
    tellAll(actor, timeout(50, 'second'))

    kit.clock.timePasses(100)

    expect(log).toEqual(['second at 50', 'second at 100'])
  })

  it('G4: cancelled when its notice waits already is not delivered (virtual time)', () => {
    const actor = kit.spawn(agent(timeout(100)))
    kit.runUntilQuiet()

    tellAll(actor, (_, context) => {
      kit.clock.timePasses(100)
      context.cancelReceiveTimeout()
    })
    kit.clock.timePasses(1_000)

    expect(log).toEqual([])
  })

  it('G4: comes after what was sent before it, which does not take it back (virtual time)', () => {
    const actor = kit.spawn(agent(timeout(100)))
    kit.runUntilQuiet()

    actor.tell(() => {
      kit.clock.timePasses(100)
    })
    tellAll(actor, 'hello')

    expect(log).toEqual(['hello at 100', 'timeout at 100'])
    kit.clock.timePasses(100)
    expect(log.at(-1)).toBe('timeout at 200')
  })

  it('G5: is cleared by a restart (virtual time)', () => {
    let starts = 0
    const actor = kit.spawn(
      pipe(
        agent((_, context) => {
          if (++starts === 1) context.setReceiveTimeout(100, 'timeout')
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )
    kit.clock.timePasses(100)
    tellAll(actor, 'fail')
    kit.clock.timePasses(1_000)

    expect(log).toEqual(['timeout at 100', 'fail at 100', 'PreRestart, active: false'])
  })
})

describe('scheduleOnce', () => {
  it('tells any actor, also when the one that scheduled it has stopped, unless it is called off (virtual time)', () => {
    const probe = kit.createProbe<string>()
    const actor = kit.spawn(agent())
    tellAll(actor, (_, context) => {
      context.scheduleOnce(10, probe.ref, 'kept')
      context.scheduleOnce(10, probe.ref, 'called off').cancel()
    })
    kit.stop(actor)

    kit.clock.timePasses(10)

    probe.expectMessage('kept')
    probe.expectNoMessage()
  })
})

describe('the scheduler of the system', () => {
  it('runs nothing any more when the system has terminated, and says so to those who debug (virtual time)', async () => {
    const { clock, armed } = armedClock()
    const records: string[] = []
    const system = ActorSystem.create(Behaviors.empty, 'demo', {
      clock,
      settings: { logLevel: 'debug' },
      logger: { log: ({ level, message }) => void records.push(`${level}: ${message}`) },
    })
    const run = (): void => undefined
    system.scheduler.scheduleOnce(10, run)
    await system.terminate()
    records.length = 0

    const late = [
      system.scheduler.scheduleOnce(10, run),
      system.scheduler.scheduleWithFixedDelay(10, 10, run),
      system.scheduler.scheduleAtFixedRate(10, 10, run),
    ]
    for (const scheduled of late) scheduled.cancel()

    expect(armed.size).toBe(0)
    expect(records).toEqual(late.map(() => 'debug: What was scheduled will not run: the system has terminated.'))
    expect(() => system.scheduler.scheduleOnce(-1, run)).toThrow('The delay of what is scheduled is -1')
  })
})
