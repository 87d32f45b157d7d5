/** Behaviors that send themselves messages of their own protocol, inside of interceptors that translate from another. */
import * as t from 'io-ts'
import { pipe } from 'fp-ts/lib/function.js'
import { some, none } from 'fp-ts/lib/Option.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type Interceptor,
  type TranslatingInterceptor,
} from 'troupe'
import { BehaviorTestKit } from 'troupe/testkit'
import { kit, log, newScene, tellAll, useKit } from '../scene.js'

beforeEach(newScene)

/** Each way of translating texts to numbers; none of them is ready for numbers. */
const length = (text: string): number => {
  if (typeof text !== 'string') throw new Error(`${String(text)} was translated, which is no text`)
  return text.length
}
const translators: readonly (readonly [string, (behavior: Behavior<number>) => Behavior<string>])[] = [
  ['contramap', Behaviors.contramap(length)],
  ['transformMessages', Behaviors.transformMessages((text: string) => (text === '' ? none : some(length(text))))],
  ['two of them', (behavior) => pipe(behavior, Behaviors.contramap(Number), Behaviors.contramap(length))],
  [
    'decode',
    (behavior) =>
      pipe(
        behavior,
        Behaviors.decode(
          new t.Type<number, string, string>('length', t.number.is, (text) => t.success(length(text)), String),
        ),
      ),
  ],
  [
    'an interceptor of the user',
    (behavior) => {
      const measuring: TranslatingInterceptor<string, number> = {
        name: 'measuring',
        translates: true,
        aroundReceive: (_, text, target) => target.receive(length(text)),
      }
      return pipe(behavior, Behaviors.intercept(measuring))
    },
  ],
]

const settle = (): Promise<void> => kit.settle()

/** Writes numbers down; 1 makes it do what is asked. */
const doing = (act: (context: ActorContext<number>) => void): Behavior<number> =>
  Behaviors.receive<number>((context, n) => {
    log.push(`got ${String(n)}`)
    if (n === 1) act(context)
    return Behaviors.same
  })

describe.each(translators)('inside of %s', (_, translate) => {
  const ways: readonly (readonly [string, (context: ActorContext<number>) => void])[] = [
    [
      'tells itself',
      (context) => {
        context.self.tell(42)
      },
    ],
    [
      'has a child tell it',
      (context) => {
        const { self } = context
        context.spawn(
          Behaviors.setup<never>(() => {
            self.tell(42)
            return Behaviors.stopped
          }),
        )
      },
    ],
    [
      'has an adapter',
      (context) => {
        context.messageAdapter((text: string) => Number(text)).tell('42')
      },
    ],
    [
      'pipes to itself',
      (context) => {
        context.pipeToSelf(
          () => Promise.resolve(42),
          (result) => (result._tag === 'Right' ? result.right : 0),
        )
      },
    ],
    [
      'asks',
      (context) => {
        const other = context.spawn(
          Behaviors.receiveMessageWithSame<ActorRef<number>>((replyTo) => {
            replyTo.tell(42)
          }),
        )
        context.ask(
          other,
          (replyTo: ActorRef<number>) => replyTo,
          { timeoutMs: 100 },
          (result) => (result._tag === 'Right' ? result.right : 0),
        )
      },
    ],
    [
      'watches with a message',
      (context) => {
        context.watchWith(context.spawn(Behaviors.stopped), 42)
      },
    ],
    [
      'has a receive timeout',
      (context) => {
        context.setReceiveTimeout(10, 42)
      },
    ],
  ]
  it.each(ways)('what it %s comes as it is', async (_way, act) => {
    const actor = kit.spawn(translate(doing(act)))

    tellAll(actor, 'x')
    await settle()
    kit.clock.timePasses(10)

    expect(log).toEqual(['got 1', 'got 42'])
  })

  it('ticks and what was stashed come as they are, also after a restart', () => {
    const behavior = Behaviors.withTimers<number>((timers) =>
      Behaviors.withStash<number>(10, (stash) => {
        timers.startSingleTimer('tick', 42, 10)
        return Behaviors.receiveMessage<number>((n) => {
          log.push(`first got ${String(n)}`)
          if (n === 3) throw new Error('boom')
          if (n !== 42) {
            stash.stash(n)
            return Behaviors.same
          }
          log.push(`head ${String(stash.head)}`)
          return stash.unstashAll(doing(() => undefined))
        })
      }),
    )
    const actor = kit.spawn(translate(pipe(behavior, Behaviors.supervise(SupervisorStrategy.restart))))

    tellAll(actor, 'abc', 'a', 'ab')
    kit.clock.timePasses(10)

    expect(log).toEqual(['first got 3', 'first got 1', 'first got 2', 'first got 42', 'head 1', 'got 1', 'got 2'])
  })
})

describe('what a behavior inside of a translation sends itself', () => {
  const ticking = Behaviors.withTimers<number>((timers) => {
    timers.startSingleTimer('tick', 42, 10)
    return doing(() => undefined)
  })

  it('is seen by the interceptors inside of it, and not by those outside', () => {
    const noting = <A>(name: string): Interceptor<A> => ({
      name,
      aroundReceive: (_, message, target) => {
        log.push(`${name} saw ${String(message)}`)
        return target.receive(message)
      },
    })
    const actor = kit.spawn(
      pipe(
        ticking,
        Behaviors.intercept(noting<number>('inner')),
        Behaviors.contramap(length),
        Behaviors.intercept(noting<string>('outer')),
      ),
    )

    tellAll(actor, 'ab')
    kit.clock.timePasses(10)

    expect(log).toEqual(['outer saw ab', 'inner saw 2', 'got 2', 'inner saw 42', 'got 42'])
  })

  it('differs from what an interceptor outside sends, which is translated', () => {
    const telling: Interceptor<string> = {
      name: 'telling',
      aroundReceive: (context, text, target) => {
        const next = target.receive(text)
        if (text === 'ab') context.self.tell('abcd')
        return next
      },
    }
    const inner = doing((context) => {
      context.self.tell(42)
    })
    const actor = kit.spawn(pipe(inner, Behaviors.contramap(length), Behaviors.intercept(telling)))

    tellAll(actor, 'ab', 'a')

    expect(log).toEqual(['got 2', 'got 1', 'got 4', 'got 42'])
  })

  it('is translated as any other message when its translation was made anew by a restart', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const failing = Behaviors.setup<string>(() =>
      pipe(
        Behaviors.receive<number>((context) => {
          context.self.tell(42)
          throw new Error('boom')
        }),
        Behaviors.contramap(length),
      ),
    )
    const actor = kit.spawn(pipe(failing, Behaviors.supervise(SupervisorStrategy.restart)))

    tellAll(actor, 'a')

    expect(errors.receiveMessages(2).map(({ cause }) => (cause as Error).message)).toEqual([
      'boom',
      '42 was translated, which is no text',
    ])
  })

  it('goes to the part of an orElse that it belongs to', () => {
    const texts = Behaviors.receiveMessage<string>((text) => {
      log.push(`text ${text}`)
      return text.length > 3 ? Behaviors.unhandled : Behaviors.same
    })
    const actor = kit.spawn(pipe(texts, Behaviors.orElse(pipe(ticking, Behaviors.contramap(length)))))

    tellAll(actor, 'ab', 'abcd')
    kit.clock.timePasses(10)

    expect(log).toEqual(['text ab', 'text abcd', 'got 4', 'got 42'])
  })

  it('is told of as it is: unhandled, counted, dropped and seen by probes', () => {
    const seen: unknown[] = []
    useKit({
      probe: {
        enqueued: (ref, message) => {
          if (ref.path.name === 'actor') seen.push(message)
        },
        beforeHandle: (ref, message) => {
          if (ref.path.name === 'actor') seen.push(message)
        },
        settled: (ref, message, outcome) => {
          if (ref.path.name === 'actor') seen.push(message, outcome)
        },
      },
    })
    const unhandled = kit.createUnhandledProbe()
    const behavior = Behaviors.setup<number>((context) => {
      context.self.tell(42)
      return Behaviors.receiveMessage(() => Behaviors.unhandled)
    })
    kit.spawn(pipe(behavior, Behaviors.contramap(length)), 'actor')
    kit.runUntilQuiet()

    expect(unhandled.receiveMessage().message).toBe(42)
    expect(seen).toEqual([42, 42, 42, 'unhandled'])
  })

  it('reaches a dead actor as a dead letter, as it is; the reference is equal to that of the actor', () => {
    const deadLetters = kit.createDeadLetterProbe()
    let self: ActorRef<number> | undefined
    const actor = kit.spawn(
      pipe(
        Behaviors.setup<number>((context) => {
          self = context.self
          return Behaviors.empty
        }),
        Behaviors.contramap(length),
      ),
    )
    kit.runUntilQuiet()
    expect(self?.equals(actor)).toBe(true)
    expect(String(self)).toBe(String(actor))

    kit.stop(actor)
    kit.runUntilQuiet()
    self?.tell(42)

    expect(deadLetters.receiveMessage().message).toBe(42)
  })

  it('waits as it is in the inbox of a BehaviorTestKit', () => {
    const telling = doing((context) => {
      context.self.tell(42)
      context.self.tell(43)
    })
    const test = BehaviorTestKit.create(pipe(telling, Behaviors.contramap(length)))

    test.run('a')
    test.runOne()

    expect(log).toEqual(['got 1', 'got 42'])
    expect(test.selfInbox.receiveAll()).toEqual([43])
  })

  it('comes as it is in a BehaviorTestKit', () => {
    const test = BehaviorTestKit.create(pipe(ticking, Behaviors.contramap(length)))

    test.run('ab')
    test.expectEffect('TimerStarted').send()

    expect(log).toEqual(['got 2', 'got 42'])
  })
})
