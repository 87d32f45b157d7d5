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
  type ActorRef,
  type Behavior,
  type Interceptor,
} from 'troupe'
import { ErrorA, counter, logSignals, spawnWatcher } from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

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
        log.length = 0
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

  it('that returns a setup without end fails the actor, and says so', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const endless = (): Behavior<string> => Behaviors.setup(() => endless())
    const actor = kit.spawn(endless(), 'endless')

    expect(errors.receiveMessage().message).toContain(
      'troupe://test/user/endless: its setup has returned another one 10000 times in a row. Let a setup return, in the end, a ' +
        'behavior that handles messages.',
    )
    kit.createProbe().expectTerminated(actor)
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
    const errors = kit.createLogProbe({ level: 'error' })
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
      log.length = 0
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
