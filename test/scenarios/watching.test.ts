/**
 * How the end of an actor becomes known.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  TroupeError,
  contramapRef,
  isChildFailed,
  isTroupeError,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type Terminated,
} from 'troupe'
import {
  ErrorA,
  counter,
  describeSignal,
  fail,
  logSignals,
  mortal,
  spawnWatcher,
  type CounterCommand,
} from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

type Run = (context: ActorContext<string | Run>) => void

/** Runs what it is sent in its turn, logs texts and signals, and the tags and sentences of what is thrown. */
const agent: Behavior<string | Run> = Behaviors.receive<string | Run>(
  (context, message) => {
    if (typeof message === 'string') log.push(message)
    else
      try {
        message(context)
      } catch (error) {
        log.push(error instanceof TroupeError ? `${error._tag}: ${error.message}` : String(error))
      }
    return Behaviors.same
  },
  (_, signal) => {
    log.push(describeSignal(signal))
    return Behaviors.same
  },
)

const spawnAgent = (name = 'agent'): ActorRef<string | Run> => kit.spawn(agent, name)

const spawnMortal = (name = 'mortal'): ActorRef<string> =>
  kit.spawn(
    Behaviors.receiveMessage<string>(() => Behaviors.stopped),
    name,
  )

describe('watch', () => {
  it('D1: twice gives one notice', () => {
    const target = spawnMortal()
    const watcher = spawnAgent()

    tellAll(
      watcher,
      (context) => {
        context.watch(target)
      },
      (context) => {
        context.watch(target)
      },
    )
    tellAll(target, 'stop')

    expect(log).toEqual(['Terminated(mortal)'])
  })

  it('D1: of a contramapped reference is a watch of its target', () => {
    const target = spawnMortal()
    const watcher = spawnAgent()

    tellAll(
      watcher,
      (context) => {
        context.watch(target)
      },
      (context) => {
        context.watch(contramapRef((n: number) => String(n))(target))
      },
    )
    tellAll(target, 'stop')

    expect(log).toEqual(['Terminated(mortal)'])
  })

  it('D1: of an actor and of an adapter of it gives a notice for each', () => {
    let adapter: ActorRef<number> | undefined
    const target = kit.spawn(
      Behaviors.setup<string>((context) => {
        adapter = context.messageAdapter((n: number) => String(n))
        return Behaviors.receiveMessage(() => Behaviors.stopped)
      }),
      'target',
    )
    const watcher = spawnAgent()
    kit.runUntilQuiet()

    tellAll(watcher, (context) => {
      context.watch(target)
      context.watch(adapter as ActorRef<number>)
    })
    tellAll(target, 'stop')

    expect(log).toEqual(['Terminated(target)', expect.stringMatching(/^Terminated\(.*adapter\)$/)])
  })

  it('D2: of an actor that has terminated gives the notice, once for each watch after the one before was delivered', () => {
    const target = spawnMortal()
    tellAll(target, 'stop')
    const watcher = spawnAgent()

    const watch: Run = (context) => {
      context.watch(target)
    }
    tellAll(watcher, watch, watch)
    expect(log).toEqual(['Terminated(mortal)'])

    tellAll(watcher, watch)
    expect(log).toEqual(['Terminated(mortal)', 'Terminated(mortal)'])
  })

  it.each([
    ['', 'a b c'],
    ['-a', 'b c'],
    ['-b', 'a c'],
    ['-c', 'a b'],
    ['-a -b', 'c'],
    ['-b -a', 'c'],
    ['-b -c', 'a'],
    ['-c -b', 'a'],
    ['-a -c', 'b'],
    ['-a -b -c', ''],
    ['-c -b -a', ''],
    ['-b -a -c', ''],
    ['-a +a', 'b c a'],
    ['-b +b', 'a c b'],
    ['-c +c', 'a b c'],
    ['-a -a -b', 'c'],
    ['-c -c +c -a', 'b c'],
    ['-a -b -c +b +a', 'b a'],
    ['-b +b -c -b +c', 'a c'],
  ])('of one actor by a, b and c, who then do "%s": told are "%s", in the order of watching', (steps, told) => {
    const target = spawnMortal()
    const watcher = (name: string): ActorRef<string> =>
      kit.spawn(
        Behaviors.receive<string>(
          (context, step) => {
            if (step === '+') context.watch(target)
            else context.unwatch(target)
            return Behaviors.same
          },
          () => {
            log.push(name)
            return Behaviors.same
          },
        ),
        name,
      )
    const watchers = { a: watcher('a'), b: watcher('b'), c: watcher('c') }
    for (const ref of Object.values(watchers)) tellAll(ref, '+')
    for (const [step = '', name = ''] of steps.split(' ').filter(Boolean))
      tellAll(watchers[name as keyof typeof watchers], step)

    tellAll(target, 'stop')

    expect(log.join(' ')).toBe(told)
  })

  it('D1: of itself is without effect', () => {
    const watcher = spawnAgent()

    tellAll<string | Run>(
      watcher,
      (context) => {
        context.watch(context.self)
      },
      'alive',
    )

    expect(log).toEqual(['alive'])
  })

  const notOverwritten = expect.stringMatching(
    /^IllegalState: .*user\/agent watches .*user\/mortal already, and the termination message was not overwritten\. Call unwatch first/,
  ) as string
  const conflicts: readonly (readonly [string, (target: ActorRef<never>) => readonly Run[], string])[] = [
    [
      'watchWith then watch',
      (target) => [
        (c) => {
          c.watchWith(target, 'm1')
        },
        (c) => {
          c.watch(target)
        },
      ],
      'm1',
    ],
    [
      'watchWith then another watchWith',
      (target) => [
        (c) => {
          c.watchWith(target, 'm1')
        },
        (c) => {
          c.watchWith(target, 'm2')
        },
      ],
      'm1',
    ],
    [
      'watch then watchWith',
      (target) => [
        (c) => {
          c.watch(target)
        },
        (c) => {
          c.watchWith(target, 'm1')
        },
      ],
      'Terminated(mortal)',
    ],
  ]
  it.each(conflicts)('D3: %s is refused and changes nothing', (_, runs, notice) => {
    const target = spawnMortal()

    tellAll(spawnAgent(), ...runs(target))
    tellAll(target, 'stop')

    expect(log).toEqual([notOverwritten, notice])
  })

  it('D3: the same watchWith again is no conflict', () => {
    const target = spawnMortal()
    const watch: Run = (context) => {
      context.watchWith(target, 'm1')
    }

    tellAll(spawnAgent(), watch, watch)
    tellAll(target, 'stop')

    expect(log).toEqual(['m1'])
  })

  it('D3: with unwatch between, the last one wins', () => {
    const target = spawnMortal()
    const unwatch: Run = (context) => {
      context.unwatch(target)
    }

    tellAll(
      spawnAgent(),
      (context) => {
        context.watchWith(target, 'm1')
      },
      unwatch,
      (context) => {
        context.watch(target)
      },
      unwatch,
      (context) => {
        context.watchWith(target, 'm3')
      },
    )
    tellAll(target, 'stop')

    expect(log).toEqual(['m3'])
  })

  it('D4: watchWith gives the message and no signal', () => {
    const target = spawnMortal()

    tellAll(spawnAgent(), (context) => {
      context.watchWith(target, 'it is gone')
    })
    tellAll(target, 'stop')

    expect(log).toEqual(['it is gone'])
  })

  it('D4: the message of a watchWith left unhandled is published, and breaks no pact', () => {
    const unhandled = kit.createUnhandledProbe()
    const target = spawnMortal()
    const watcher = kit.spawn(
      Behaviors.setup<string>((context) => {
        context.watchWith(target, 'it is gone')
        return Behaviors.receiveMessage((text) => {
          if (text !== 'ping') return Behaviors.unhandled
          log.push('alive')
          return Behaviors.same
        })
      }),
    )
    kit.runUntilQuiet()

    tellAll(target, 'stop')
    tellAll(watcher, 'ping')

    expect(unhandled.receiveMessage().message).toBe('it is gone')
    expect(log).toEqual(['alive'])
  })

  it('D4: a notice that waits is not delivered after unwatch', () => {
    const target = spawnMortal()
    const watcher = spawnAgent()
    tellAll(watcher, (context) => {
      context.watch(target)
    })

    target.tell('stop')
    watcher.tell((context) => {
      // The target terminates before this turn, so its notice waits behind this message.
      context.unwatch(target)
    })
    // The target was told first, so it runs first.
    kit.runUntilQuiet()

    expect(log).toEqual([])
  })
})

describe('the failure of a child', () => {
  /** A parent that watches and logs, with a child to fail. */
  const spawnFamily = (child: Behavior<CounterCommand>): ActorRef<CounterCommand> =>
    kit.spawn(
      Behaviors.setup<CounterCommand>((context) => {
        const ref = context.spawn(child, 'child')
        context.watch(ref)
        spawnWatcherOf(ref)
        return Behaviors.receiveMessage<CounterCommand>(
          (command) => {
            if (command === 'stop') context.stop(ref)
            else ref.tell(command)
            return Behaviors.same
          },
          (_, signal) => {
            causes.push(signal)
            log.push(`parent: ${describeSignal(signal)}`)
            return Behaviors.same
          },
        )
      }),
    )
  let causes: unknown[]
  const spawnWatcherOf = (ref: ActorRef<never>): void => {
    kit.spawn(
      Behaviors.setup<string>((context) => {
        context.watch(ref)
        return Behaviors.receiveMessage(
          () => Behaviors.same,
          (_, signal) => {
            log.push(`other: ${describeSignal(signal)}`)
            return Behaviors.same
          },
        )
      }),
    )
  }
  beforeEach(() => {
    causes = []
  })

  it('D5: reaches the parent with its cause, also under supervise(stop), and nobody else', () => {
    for (const child of [counter([]), pipe(counter([]), Behaviors.supervise(SupervisorStrategy.stop))]) {
      log.length = 0
      causes = []
      const error = new ErrorA('boom')
      const parent = spawnFamily(child)
      kit.runUntilQuiet()

      tellAll(parent, fail(error))

      expect(log).toEqual(['parent: ChildFailed(child)', 'other: Terminated(child)'])
      expect((causes[0] as Terminated).cause).toEqual({ _tag: 'Some', value: error })
      expect((causes[0] as { cause: { value: unknown } }).cause.value).toBe(error)
    }
  })

  it('D5: is none when the parent stopped it', () => {
    const parent = spawnFamily(counter([]))
    kit.runUntilQuiet()

    tellAll(parent, 'stop')

    expect(log).toEqual(['parent: Terminated(child)', 'other: Terminated(child)'])
  })

  it('D6: reaches a handler that knows Terminated alone, and one that asks for ChildFailed first', () => {
    const family = (onSignal: (signal: Terminated) => void): void => {
      kit.spawn(
        Behaviors.setup<string>((context) => {
          const child = context.spawn(counter([]))
          context.watch(child)
          child.tell(fail())
          return Behaviors.receiveMessage(
            () => Behaviors.same,
            (_, signal) => {
              if (signal._tag === 'Terminated') onSignal(signal)
              return Behaviors.same
            },
          )
        }),
      )
      kit.runUntilQuiet()
    }

    family(() => log.push('Terminated'))
    family((signal) => log.push(isChildFailed(signal) ? `ChildFailed: ${String(signal.cause.value)}` : 'Terminated'))

    expect(log).toEqual(['Terminated', 'ChildFailed: Error: boom'])
  })

  it('D7: leaves a parent alone that does not watch, and is logged', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const parent = kit.spawn(
      Behaviors.setup<CounterCommand>((context) => {
        const child = context.spawn(counter([]), 'child')
        return Behaviors.receiveMessage<CounterCommand>((command) => {
          if (command === 'get') log.push('alive')
          else child.tell(command)
          return Behaviors.same
        }, logSignals(log))
      }),
    )

    tellAll(parent, fail())
    tellAll(parent, 'get')

    expect(log).toEqual(['alive'])
    expect(errors.receiveMessage().path?.name).toBe('child')
    errors.expectNoMessage()
  })
})

describe('a death pact', () => {
  /** Watches what it is sent and then becomes the behavior. */
  const pactOf = (behavior: Behavior<string>, target: ActorRef<never>): Behavior<string> =>
    Behaviors.setup((context) => {
      context.watch(target)
      return behavior
    })

  const unhandling = Behaviors.receiveMessage<string>(
    () => Behaviors.same,
    (_, signal) => {
      if (signal._tag === 'Terminated') return Behaviors.unhandled
      log.push(signal._tag)
      return Behaviors.same
    },
  )

  it('D8: is broken by a handler that leaves Terminated unhandled: the actor fails and sees PostStop', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const target = spawnMortal()
    const pact = kit.spawn(pactOf(unhandling, target), 'pact')
    spawnWatcher(kit, log, pact)

    tellAll(target, 'stop')

    expect(log).toEqual(['PostStop', 'Terminated(pact)'])
    const { cause } = errors.receiveMessage()
    expect(isTroupeError('DeathPact')(cause)).toBe(true)
    expect((cause as Error).message).toBe(
      'troupe://test/user/pact watches troupe://test/user/mortal, which has terminated, and does not handle the signal. ' +
        'Handle Terminated in its signal handler, or use watchWith.',
    )
  })

  const behaviors: readonly (readonly [string, Behavior<string>, boolean])[] = [
    ['a behavior without a signal handler', Behaviors.receiveMessage<string>(() => Behaviors.same), true],
    ['empty', Behaviors.empty, true],
    ['ignore', Behaviors.ignore, false],
    [
      'a handler that stays the same',
      Behaviors.receiveMessage<string>(
        () => Behaviors.same,
        () => Behaviors.same,
      ),
      false,
    ],
  ]
  it.each(behaviors)('D8: with %s', (_, behavior, isBroken) => {
    const errors = kit.createLogProbe({ level: 'error' })
    const target = spawnMortal()
    const pact = kit.spawn(pactOf(behavior, target), 'pact')
    spawnWatcher(kit, log, pact)

    tellAll(target, 'stop')

    expect(log).toEqual(isBroken ? ['Terminated(pact)'] : [])
    if (isBroken) expect(errors.receiveMessage().cause).toMatchObject({ _tag: 'DeathPact' })
    errors.expectNoMessage()
  })

  it('D9: can be supervised: the parent restarts when its child has stopped', () => {
    const parent = kit.spawn(
      pipe(
        Behaviors.setup<string>((context) => {
          log.push('setup')
          const child = context.spawn(mortal([], 'child'), 'child')
          context.watch(child)
          return Behaviors.receiveMessage((text) => {
            if (text === 'ping') log.push('pong')
            else child.tell('stop')
            return Behaviors.same
          })
        }),
        Behaviors.supervise(SupervisorStrategy.restart, { when: isTroupeError('DeathPact') }),
      ),
    )

    tellAll(parent, 'stop the child')
    tellAll(parent, 'ping')

    expect(log).toEqual(['setup', 'setup', 'pong'])
  })
})

describe('Terminated', () => {
  it('D10: comes when the name is free again and children no longer holds the child', () => {
    const parent = kit.spawn(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(mortal([], 'child'), 'child')
        context.watch(child)
        return Behaviors.receiveMessage(
          () => {
            child.tell('stop')
            return Behaviors.same
          },
          (inner) => {
            log.push(`children: ${String(inner.children.length)}, child: ${inner.child('child')._tag}`)
            log.push(`again: ${inner.spawn(Behaviors.empty, 'child').path.name}`)
            return Behaviors.same
          },
        )
      }),
    )

    tellAll(parent, 'go')

    expect(log).toEqual(['children: 0, child: None', 'again: child'])
  })

  it('comes after everything that the actor sent before it stopped or failed', () => {
    for (const end of ['stop', 'fail']) {
      log.length = 0
      const watcher = spawnAgent(`watcher-${end}`)
      const target = kit.spawn(
        Behaviors.receiveMessage<string>(
          (text) => {
            watcher.tell('first')
            watcher.tell('second')
            if (text === 'fail') throw new ErrorA()
            return Behaviors.stopped(() => {
              watcher.tell('last act')
            })
          },
          () => {
            watcher.tell('in PostStop')
            return Behaviors.same
          },
        ),
        `target-${end}`,
      )
      tellAll(watcher, (context) => {
        context.watch(target)
      })

      tellAll(target, end)

      const lastAct = end === 'stop' ? ['last act'] : []
      expect(log).toEqual(['first', 'second', 'in PostStop', ...lastAct, `Terminated(target-${end})`])
    }
  })
})
