/**
 * How an actor begins, and what it makes of what a handler returns.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { some } from 'fp-ts/lib/Option.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ActorSystem,
  Behaviors,
  SupervisorStrategy,
  TroupeError,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type Interceptor,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { ErrorA, counter, logSignals, spawnWatcher } from './support.js'

let kit: ActorTestKit
let log: string[]

beforeEach(() => {
  kit = ActorTestKit.create()
  log = []
})

const tellAll = <A>(ref: ActorRef<A>, ...messages: readonly A[]): void => {
  for (const message of messages) ref.tell(message)
  kit.runUntilQuiet()
}

const errorOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof TroupeError ? `${error._tag}: ${error.message}` : String(error)
  }
  return 'no error'
}

const transparent = <A>(): Interceptor<A> => ({ name: 'transparent', aroundStart: (_, start) => start() })

type Wrap = (behavior: Behavior<string>) => Behavior<string>

const wraps: readonly (readonly [string, Wrap])[] = [
  ['as it is', (behavior) => behavior],
  ['under monitor', (behavior) => pipe(behavior, Behaviors.monitor(kit.system.deadLetters))],
  [
    'under transformMessages',
    (behavior) =>
      pipe(
        behavior,
        Behaviors.transformMessages((text: string) => some(text)),
      ),
  ],
  ['under supervise', (behavior) => pipe(behavior, Behaviors.supervise(SupervisorStrategy.restart))],
  ['under an interceptor', (behavior) => pipe(behavior, Behaviors.intercept(transparent<string>()))],
]

describe('setup', () => {
  it.each(wraps)(
    'A1: runs in the first turn of the actor, after the turn of its parent, without a message (%s)',
    (_, wrap) => {
      const described = wrap(
        Behaviors.setup<string>(() => {
          log.push('setup')
          return Behaviors.empty
        }),
      )
      kit.runUntilQuiet()
      expect(log).toEqual([])

      kit.spawn(
        Behaviors.setup<string>((context) => {
          log.push('spawning')
          context.spawn(described)
          log.push('spawned')
          return Behaviors.empty
        }),
      )
      expect(log).toEqual([])
      kit.runUntilQuiet()

      expect(log).toEqual(['spawning', 'spawned', 'setup'])
    },
  )

  it('A1: runs before the first message is handled, whenever that was sent', () => {
    const actor = kit.spawn(
      Behaviors.setup<string>(() => {
        log.push('setup')
        return Behaviors.receiveMessageWithSame<string>((text) => void log.push(text))
      }),
    )

    tellAll(actor, 'a', 'b')

    expect(log).toEqual(['setup', 'a', 'b'])
  })

  const nothings: readonly (readonly [string, Behavior<string>])[] = [
    ['same', Behaviors.same],
    ['unhandled', Behaviors.unhandled],
  ]
  it.each(nothings)('A2: %s cannot be spawned: the caller is told', (name, behavior) => {
    const caught: string[] = []
    kit.spawn(
      Behaviors.setup<string>((context) => {
        caught.push(errorOf(() => context.spawn(behavior, 'child')))
        return Behaviors.empty
      }),
      'parent',
    )
    kit.runUntilQuiet()

    const complaint = `cannot spawn '${name}' as a first behavior: there is none before it to keep. Give one that handles messages`
    expect(caught).toEqual([expect.stringContaining(`IllegalArgument: troupe://test/user/parent ${complaint}`)])
    expect(errorOf(() => ActorSystem.create(behavior, 'demo'))).toContain(`IllegalArgument: troupe://demo ${complaint}`)
  })

  it.each(wraps)('A2: that returns same or unhandled fails the actor in its first turn (%s)', (_, wrap) => {
    const errors = kit.createLogProbe({ level: 'error' })
    for (const [name, nothing] of nothings) {
      for (const nested of [nothing, Behaviors.setup<string>(() => nothing), wrap(nothing)]) {
        log = []
        const actor = kit.spawn(wrap(Behaviors.setup<string>(() => nested)), `of-${name}`)
        spawnWatcher(kit, log, actor)

        expect(log).toEqual([`Terminated(of-${name})`])
        expect(errors.receiveMessage().message).toMatch(
          new RegExp(
            `troupe://test/user/of-${name}: '${name}' cannot be a first behavior.* Return one that handles messages`,
          ),
        )
        errors.expectNoMessage()
      }
    }
  })

  it('A3: that returns stopped ends the actor without an error', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    kit.spawn(
      Behaviors.setup<string>((context) => {
        context.watch(
          context.spawn(
            Behaviors.setup<string>(() => Behaviors.stopped),
            'child',
          ),
        )
        return Behaviors.receiveMessage(() => Behaviors.same, logSignals(log))
      }),
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['Terminated(child)'])
    errors.expectNoMessage()
  })

  it.each(wraps)('A4: a last act runs exactly once, returned by a setup or spawned as it is (%s)', (_, wrap) => {
    const ending = Behaviors.stopped(() => void log.push('callback'))

    const fromSetup = kit.spawn(wrap(Behaviors.setup<string>(() => ending)), 'setup')
    const asItIs = kit.spawn(wrap(ending), 'spawned')
    spawnWatcher(kit, log, fromSetup, asItIs)

    expect(log).toEqual(['callback', 'callback', 'Terminated(setup)', 'Terminated(spawned)'])
  })
})

describe('unhandled', () => {
  it('A5: publishes the message once, keeps behavior and state, and goes on', () => {
    const unhandled = kit.createUnhandledProbe()
    const picky = (count: number): Behavior<string> =>
      Behaviors.receiveMessage((text) => {
        if (text === 'odd') return Behaviors.unhandled
        log.push(String(count))
        return picky(count + 1)
      })
    const actor = kit.spawn(picky(0))

    tellAll(actor, 'a', 'odd', 'a')

    expect(log).toEqual(['0', '1'])
    expect(unhandled.receiveMessage()).toEqual({
      _tag: 'UnhandledMessage',
      recipient: actor,
      message: 'odd',
      report: undefined,
    })
    unhandled.expectNoMessage()
  })

  it('A5: is what empty answers to everything, and receivePartial to none; ignore takes everything', () => {
    const unhandled = kit.createUnhandledProbe()
    const partial = Behaviors.receivePartial<string>((_, text) =>
      text === 'even' ? some(Behaviors.same) : { _tag: 'None' },
    )

    for (const behavior of [Behaviors.empty, Behaviors.ignore, partial]) {
      const actor = kit.spawn<string>(behavior)
      tellAll(actor, 'even', 'odd')
    }

    expect(unhandled.receiveMessages(3).map(({ message }) => message)).toEqual(['even', 'odd', 'odd'])
    unhandled.expectNoMessage()
  })

  it('A6: for a signal other than Terminated publishes nothing', () => {
    const unhandled = kit.createUnhandledProbe()
    const errors = kit.createLogProbe({ level: 'warn' })
    let starts = 0
    const actor = kit.spawn(
      pipe(
        Behaviors.setup<string>(() => {
          starts++
          return Behaviors.receiveMessage<string>(
            (text) => {
              if (text === 'fail') throw new ErrorA()
              return Behaviors.stopped
            },
            (_, signal) => {
              log.push(signal._tag)
              return Behaviors.unhandled
            },
          )
        }),
        Behaviors.supervise(pipe(SupervisorStrategy.restart, SupervisorStrategy.withLogLevel('info'))),
      ),
    )

    tellAll(actor, 'fail', 'stop')

    expect(log).toEqual(['PreRestart', 'PostStop'])
    expect(starts).toBe(2)
    unhandled.expectNoMessage()
    errors.expectNoMessage()
  })
})

describe('a behavior', () => {
  it.each(wraps)('A7: can be spawned any number of times; no actor sees the state of another (%s)', (_, wrap) => {
    const behavior = wrap(
      Behaviors.setup<string>(() => {
        let count = 0
        return Behaviors.receiveMessageWithSame<string>((text) => {
          if (text === 'get') log.push(String(count))
          else count++
        })
      }),
    )
    const [first, second] = [kit.spawn(behavior), kit.spawn(behavior)]

    tellAll(first, 'increment', 'increment', 'get')
    tellAll(second, 'increment', 'get')

    expect(log).toEqual(['2', '1'])
  })

  it('A7: keeps its state in what it becomes, not in the value', () => {
    const behavior = pipe(counter(log), Behaviors.supervise(SupervisorStrategy.restart), Behaviors.logMessages())
    const [first, second] = [kit.spawn(behavior), kit.spawn(behavior)]

    tellAll(first, 'increment', 'increment', 'get')
    tellAll(second, 'get')

    expect(log).toEqual(['state 2', 'state 0'])
  })
})

describe('tell', () => {
  it('A8: refuses null and undefined at the sender, for every kind of reference, and nothing is sent', () => {
    const adapters: ActorRef<never>[] = []
    const unhandled = kit.createUnhandledProbe()
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        adapters.push(context.messageAdapter((n: number) => String(n)))
        return Behaviors.empty
      }),
      'actor',
    )
    const dead = kit.spawn(Behaviors.stopped, 'dead')
    kit.runUntilQuiet()
    const refs = [actor, dead, ...adapters, kit.system, kit.system.deadLetters, kit.system.ignoreRef]

    for (const ref of refs)
      for (const message of [null, undefined])
        expect(
          errorOf(() => {
            ref.tell(message as never)
          }),
        ).toContain(`IllegalArgument: ${String(message)} was sent to ${ref.path.toString()}. A message must be a value`)
    unhandled.expectNoMessage()
  })

  it('A8: takes every other value', () => {
    const actor = kit.spawn(Behaviors.receiveMessageWithSame<unknown>((message) => void log.push(String(message))))

    tellAll<unknown>(actor, 0, '', false, NaN)

    expect(log).toEqual(['0', '', 'false', 'NaN'])
  })

  it('never runs the receiver on the stack of the sender', () => {
    const receiver = kit.spawn(Behaviors.receiveMessageWithSame<string>((text) => void log.push(text)))
    const sender = kit.spawn(
      Behaviors.receiveMessageWithSame<string>((text) => {
        receiver.tell(text)
        log.push('told')
      }),
    )

    tellAll(sender, 'hello')

    expect(log).toEqual(['told', 'hello'])
  })
})

describe('a handler that returns what is no behavior', () => {
  const wrong: readonly (readonly [string, unknown, RegExp])[] = [
    ['undefined', undefined, /undefined was returned instead of a behavior\. .*Behaviors\.same/],
    [
      'a promise',
      Promise.resolve(),
      /a promise was returned instead of a behavior\. .*context\.pipeToSelf.*Behaviors\.awaiting/,
    ],
    ['an object', { count: 1 }, /was returned instead of a behavior\. .*Behaviors\.same/],
    ['null', null, /null was returned instead of a behavior\. .*Behaviors\.same/],
  ]

  it.each(wrong)('fails the actor with a sentence: %s', (_, value, sentence) => {
    const handlers: readonly Behavior<string>[] = [
      Behaviors.receiveMessage(() => value as Behavior<string>),
      Behaviors.receive(() => value as Behavior<string>),
      Behaviors.setup(() => value as Behavior<string>),
      pipe(
        Behaviors.receiveMessage<string>(() => value as Behavior<string>),
        Behaviors.monitor(kit.system.ignoreRef),
      ),
    ]
    const errors = kit.createLogProbe({ level: 'error' })
    for (const behavior of handlers) {
      log = []
      const actor = kit.spawn(behavior, 'actor')
      tellAll(actor, 'go')

      const { message, path } = errors.receiveMessage()
      expect(message).toContain('troupe://test/user/actor: ')
      expect(message).toMatch(sentence)
      expect(path?.toString()).toBe('troupe://test/user/actor')
      spawnWatcher(kit, log, actor)
      expect(log).toEqual(['Terminated(actor)'])
    }
  })

  it('says so at the spawner when it is spawned', () => {
    kit.spawn(
      Behaviors.setup<string>((context) => {
        log.push(errorOf(() => context.spawn({} as Behavior<string>, 'child')))
        return Behaviors.empty
      }),
      'parent',
    )
    kit.runUntilQuiet()

    expect(log).toEqual([
      'IllegalArgument: troupe://test/user/parent cannot spawn {}, which is no behavior. Give one that Behaviors.* made.',
    ])
  })
})

describe('names', () => {
  type Run = (context: ActorContext<Run>) => unknown

  /** Runs what it is sent in its turn, and logs what is thrown. */
  const spawnParent = (): ActorRef<Run> =>
    kit.spawn(
      Behaviors.receive<Run>(
        (context, run) => {
          const error = errorOf(() => run(context))
          if (error !== 'no error') log.push(error)
          return Behaviors.same
        },
        (context, signal) => {
          if (signal._tag === 'Terminated') log.push(`Terminated(${signal.ref.path.name})`)
          if (signal._tag === 'Terminated') onTerminated(context)
          return Behaviors.same
        },
      ),
      'parent',
    )
  let onTerminated: Run
  beforeEach(() => {
    onTerminated = () => undefined
  })

  it('C1: are unique among siblings: the second spawn throws at the caller', () => {
    tellAll(
      spawnParent(),
      (context) => context.spawn(Behaviors.empty, 'a'),
      (context) => context.spawn(Behaviors.empty, 'a'),
      (context) => log.push(`${String(context.children.length)} child`),
    )

    expect(log).toEqual([
      "InvalidActorName: The name 'a' is not unique among the children of troupe://test/user/parent. Choose another one; the name of " +
        'an actor that is being stopped is free when it has terminated, which watch tells.',
      '1 child',
    ])
  })

  it('C2: are free again with Terminated, not before; the new actor is another one', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const refs: ActorRef<string>[] = []
    onTerminated = (context) => {
      refs.push(
        context.spawn(
          Behaviors.receiveMessageWithSame<string>((text) => void log.push(text)),
          'a',
        ),
      )
    }

    tellAll(spawnParent(), (context) => {
      const old = context.spawn(Behaviors.ignore, 'a')
      refs.push(old)
      context.watch(old)
      context.stop(old)
      context.spawn(Behaviors.empty, 'a')
    })

    expect(log).toEqual([expect.stringContaining("The name 'a' is not unique"), 'Terminated(a)'])
    const [before, after] = refs as [ActorRef<string>, ActorRef<string>]
    expect(before.equals(after)).toBe(false)
    expect(before.path.equals(after.path)).toBe(false)
    expect(before.path.toString()).toBe(after.path.toString())
    expect(before.path.uid).not.toBe(after.path.uid)

    tellAll(before, 'to the old one')
    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: before, message: 'to the old one' })
    tellAll(after, 'to the new one')
    expect(log.at(-1)).toBe('to the new one')
  })

  it('C3: that are malformed are refused, saying what may be in a name', () => {
    const malformed: readonly unknown[] = ['', null, '$x', 'a/b', 'ä', 'a b', '%', '%4', '%G1', 'a\n', 7, 'a#1']
    const parent = spawnParent()

    for (const name of malformed) {
      log = []
      tellAll(parent, (context) => context.spawn(Behaviors.empty, name as string))
      expect(log).toEqual([
        `InvalidActorName: ${JSON.stringify(name)} cannot be the name of a child of troupe://test/user/parent. A name has ASCII ` +
          "letters, digits and -_.*$+:@&=,!~'; (no $ at the start); anything else as %XX. Leave the name out to have one picked.",
      ])
    }
  })

  it('C3: may have all that a path can hold', () => {
    const names = ["-_.*$+:@&=,!~';", '%41', 'a$', '0', 'A-z_9', '%20x']

    tellAll(spawnParent(), (context) => {
      for (const name of names) log.push(context.spawn(Behaviors.empty, name).path.name)
    })

    expect(log).toEqual(names)
  })

  it('C3: of a system are letters, digits, - and _', () => {
    for (const name of ['', 'a b', '-a', 'a/b', null])
      expect(errorOf(() => ActorSystem.create(Behaviors.empty, name as string))).toContain(
        `InvalidActorName: ${JSON.stringify(name)} cannot be the name of a system.`,
      )
  })

  it('C1: that are picked begin with $ and find their actor', () => {
    tellAll(spawnParent(), (context) => {
      const first = context.spawn(Behaviors.empty)
      const second = context.spawn(Behaviors.empty)
      const found = context.child(first.path.name)
      log.push(String(first.path.name.startsWith('$')), String(first.path.name !== second.path.name))
      log.push(found._tag === 'Some' ? String(found.value.equals(first)) : 'not found')
    })

    expect(log).toEqual(['true', 'true', 'true'])
  })
})

describe('the context', () => {
  const operations: readonly (readonly [string, (context: ActorContext<string>) => unknown])[] = [
    ['children', (context) => context.children],
    ['log', (context) => context.log],
    ['child', (context) => context.child('x')],
    ['spawn', (context) => context.spawn(Behaviors.empty)],
    [
      'stop',
      (context) => {
        context.stop(context.self)
      },
    ],
    [
      'watch',
      (context) => {
        context.watch(context.system)
      },
    ],
    [
      'watchWith',
      (context) => {
        context.watchWith(context.system, 'x')
      },
    ],
    [
      'unwatch',
      (context) => {
        context.unwatch(context.system)
      },
    ],
    [
      'setReceiveTimeout',
      (context) => {
        context.setReceiveTimeout(1, 'x')
      },
    ],
    [
      'cancelReceiveTimeout',
      (context) => {
        context.cancelReceiveTimeout()
      },
    ],
    ['scheduleOnce', (context) => context.scheduleOnce(1, context.self, 'x')],
    ['messageAdapter', (context) => context.messageAdapter((n: number) => String(n))],
    [
      'ask',
      (context) => {
        context.ask(
          kit.system.deadLetters,
          () => 'x',
          { timeoutMs: 1 },
          () => 'x',
        )
      },
    ],
    [
      'pipeToSelf',
      (context) => {
        context.pipeToSelf(
          () => Promise.resolve(),
          () => 'x',
        )
      },
    ],
    ['delegate', (context) => context.delegate(Behaviors.empty, 'x')],
  ]

  it.each(operations)(
    'H8: refuses %s outside of the turn of its actor, and says what to do instead',
    async (name, use) => {
      let stray: ActorContext<string> | undefined
      const parent = kit.spawn(
        Behaviors.setup<string>((context) => {
          stray = context
          const child = context.spawn(
            Behaviors.receiveMessageWithSame<string>(() => void log.push(errorOf(() => use(context)))),
          )
          return Behaviors.receiveMessage((text) => {
            if (text === 'child') child.tell('use the context of your parent')
            else void Promise.resolve().then(() => void log.push(errorOf(() => use(context))))
            return Behaviors.same
          })
        }),
        'parent',
      )
      tellAll(parent, 'promise')
      await Promise.resolve()
      tellAll(parent, 'child')
      log.push(errorOf(() => stray !== undefined && use(stray)))

      const refusal = new RegExp(
        `^UnsupportedOperation: Unsupported access to ActorContext of troupe://test/user/parent: '${name}' was called outside of ` +
          '.*turn.*Send .*a message, or .*context.pipeToSelf',
      )
      kit.runUntilQuiet()

      for (const stray of strays) expect(errorOf(stray)).toMatch(/^UnsupportedOperation: /)
    },
  )

  it('H8: shows self and system anywhere', () => {
    let stray: ActorContext<string> | undefined
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        stray = context
        return Behaviors.empty
      }),
    )
    kit.runUntilQuiet()

    expect(stray?.self).toBe(actor)
    expect(stray?.system).toBe(kit.system)
  })

  it('H8: belongs to nobody once a turn has failed', () => {
    let stray: ActorContext<string> | undefined
    const actor = kit.spawn(
      pipe(
        Behaviors.receive<string>((context) => {
          stray = context
          throw new ErrorA()
        }),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
    )

    tellAll(actor, 'fail')

    expect(errorOf(() => stray?.children)).toMatch(/^UnsupportedOperation/)
  })
})
