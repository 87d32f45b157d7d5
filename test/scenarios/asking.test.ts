/**
 * Adapters, asking and piping: how an actor talks to protocols and tasks that are not its own.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { left, right, type Either } from 'fp-ts/lib/Either.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  ask,
  type ActorContext,
  type ActorRef,
  type AskError,
  type Behavior,
} from 'troupe'
import { ErrorA, deferred, describeSignal, isA, spawnWatcher, unreadable } from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

type Run = (context: ActorContext<string | Run>) => unknown

/** Runs what it is sent in its turn, and logs texts and signals. */
const spawnAgent = (): ActorRef<string | Run> =>
  kit.spawn(
    Behaviors.receive<string | Run>(
      (context, message) => {
        if (typeof message === 'string') log.push(message)
        else message(context)
        return Behaviors.same
      },
      (_, signal) => {
        log.push(describeSignal(signal))
        return Behaviors.same
      },
    ),
    'agent',
  )

describe('a message adapter', () => {
  it('H1: brings each message through its own function', () => {
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      const numbers = context.messageAdapter((n: number) => `number ${String(n)}`)
      const flags = context.messageAdapter((flag: boolean) => `flag ${String(flag)}`)
      numbers.tell(1)
      flags.tell(true)
      numbers.tell(2)
    })

    expect(log).toEqual(['number 1', 'flag true', 'number 2'])
  })

  it('H1: registered again under its key keeps its reference and takes the new function', () => {
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      const first = context.messageAdapter((n: number) => `first ${String(n)}`, { key: 'numbers' })
      const other = context.messageAdapter((n: number) => `other ${String(n)}`, { key: 'more numbers' })
      const second = context.messageAdapter((n: number) => `second ${String(n)}`, { key: 'numbers' })
      log.push(String(first === second), String(first.equals(other)))
      first.tell(1)
      second.tell(2)
      other.tell(3)
    })

    expect(log).toEqual(['true', 'false', 'second 1', 'second 2', 'other 3'])
  })

  it('H1: made without a key for every message brings one warning, with the path', () => {
    const warnings = kit.createLogProbe({ level: 'warn' })
    const actor = spawnAgent()
    const make: Run = (context) => context.messageAdapter(String)

    for (let made = 0; made < 999; made++) actor.tell(make)
    warnings.expectNoMessage()

    for (let made = 0; made < 1_500; made++) actor.tell(make)
    const warning = warnings.receiveMessage()
    expect(warning.path?.toString()).toBe('troupe://test/user/agent')
    expect(warning.message).toContain('1000 message adapters without a key')
    warnings.expectNoMessage()
  })

  interface Wrapped {
    readonly _tag: 'Wrapped'
    readonly n: number
  }

  /** Adapts replies, the third of which cannot be. */
  const adapting = (onWrapped: (n: number) => void = () => undefined): Behavior<Wrapped | 'ping'> =>
    Behaviors.setup((context) => {
      adapter = context.messageAdapter((n: number): Wrapped => {
        if (n === 3) throw new ErrorA('no third')
        return { _tag: 'Wrapped', n }
      })
      return Behaviors.receiveMessage<Wrapped | 'ping'>(
        (message) => {
          if (message === 'ping') log.push('pong')
          else {
            log.push(`wrapped ${String(message.n)}`)
            onWrapped(message.n)
          }
          return Behaviors.same
        },
        (_, signal) => {
          if (signal._tag === 'MessageAdaptionFailure') return Behaviors.unhandled
          log.push(describeSignal(signal))
          return Behaviors.same
        },
      )
    })
  let adapter: ActorRef<number>

  const tellReplies = (): void => {
    kit.runUntilQuiet()
    for (const n of [1, 2, 3, 4, 5]) adapter.tell(n)
    kit.runUntilQuiet()
  }

  it('H2: that throws fails its actor; later replies are dead letters as they were sent', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const deadLetters = kit.createDeadLetterProbe()
    const actor = kit.spawn(adapting(), 'actor')
    spawnWatcher(kit, log, actor)

    tellReplies()

    expect(log).toEqual(['wrapped 1', 'wrapped 2', 'PostStop', 'Terminated(actor)'])
    expect((errors.receiveMessage().cause as Error).message).toBe('no third')
    expect(deadLetters.receiveMessages(2).map(({ message }) => message)).toEqual([4, 5])

    adapter.tell(6)
    expect(deadLetters.receiveMessage()).toMatchObject({ message: 6, recipient: adapter })
    expect(log).toHaveLength(4)
  })

  it('H2: that throws can be supervised', () => {
    kit.spawn(pipe(adapting(), Behaviors.supervise(SupervisorStrategy.resume, { when: isA })))

    tellReplies()

    expect(log).toEqual(['wrapped 1', 'wrapped 2', 'wrapped 4', 'wrapped 5'])
  })

  it('H2: that throws is no failure when the signal is handled; it carries cause and message', () => {
    kit.spawn(
      Behaviors.setup<string>((context) => {
        adapter = context.messageAdapter((n: number) => {
          if (n === 3) throw new ErrorA('no third')
          return String(n)
        })
        return Behaviors.receiveMessage<string>(
          (text) => {
            log.push(text)
            return Behaviors.same
          },
          (_, signal) => {
            if (signal._tag === 'MessageAdaptionFailure')
              log.push(`${String(signal.message)}: ${(signal.cause as Error).message}`)
            return Behaviors.same
          },
        )
      }),
    )

    tellReplies()

    expect(log).toEqual(['1', '2', '3: no third', '4', '5'])
  })

  it('H2: is not to blame for what the handler throws', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const deadLetters = kit.createDeadLetterProbe()
    const signals: string[] = []
    kit.spawn(
      pipe(
        adapting((n) => {
          if (n === 2) throw new Error('in the handler')
        }),
        Behaviors.receiveSignal((_, signal) => {
          signals.push(signal._tag)
          return Behaviors.unhandled
        }),
      ),
    )

    tellReplies()

    expect(signals).toEqual(['PostStop'])
    expect((errors.receiveMessage().cause as Error).message).toBe('in the handler')
    expect(deadLetters.receiveMessages(3).map(({ message }) => message)).toEqual([3, 4, 5])
  })

  it('H2: that makes nothing of a message fails the actor with a sentence', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      context.messageAdapter(() => undefined as unknown as string).tell(1)
    })

    expect(errors.receiveMessage().message).toContain(
      'undefined was sent to troupe://test/user/agent. A message must be a value',
    )
  })
})

interface Query {
  readonly _tag: 'Query'
  readonly n: number
  readonly replyTo: ActorRef<number>
}

const query =
  (n: number) =>
  (replyTo: ActorRef<number>): Query => ({ _tag: 'Query', n, replyTo })

/** Keeps who asks. */
const silent = (asked: ActorRef<number>[]): Behavior<Query | 'stop'> =>
  Behaviors.receiveMessage((message) => {
    if (message === 'stop') return Behaviors.stopped
    asked.push(message.replyTo)
    return Behaviors.same
  })

const doubling: Behavior<Query> = Behaviors.receiveMessage(({ n, replyTo }: Query) => {
  replyTo.tell(2 * n)
  return Behaviors.same
})

describe('ask', () => {
  it('H3: gives the reply', async () => {
    const target = kit.spawn(doubling)
    const result = pipe(target, ask(query(21), { timeoutMs: 1_000 }))()
    kit.runUntilQuiet()

    expect(await result).toEqual(right(42))
  })

  it('H3: fails at once when the target dies before it has replied', async () => {
    const asked: ActorRef<number>[] = []
    const target = kit.spawn(silent(asked), 'target')
    const result = pipe(target, ask(query(1), { timeoutMs: 1_000 }))()

    tellAll(target, 'stop')

    expect(await result).toEqual(
      left({
        _tag: 'AskTargetTerminated',
        message:
          'Asked troupe://test/user/target, but it has terminated and will not reply. Watch it, or ask its parent for a living one.',
        target,
      }),
    )
    expect(kit.clock.now()).toBe(0)
  })

  it('H3: of a dead target fails at once, and the request is a dead letter', async () => {
    const deadLetters = kit.createDeadLetterProbe()
    const target = kit.spawn(silent([]), 'target')
    tellAll(target, 'stop')

    const result = await pipe(target, ask(query(1), { timeoutMs: 1_000 }))()

    expect(result).toMatchObject(
      left({ _tag: 'AskTargetTerminated', message: expect.stringContaining('terminated') as string }),
    )
    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: target, message: { _tag: 'Query', n: 1 } })
  })

  it('H3: without a reply times out, saying on whom, with what, and for how long (virtual time)', async () => {
    const asked: ActorRef<number>[] = []
    const deadLetters = kit.createDeadLetterProbe()
    const target = kit.spawn(silent(asked), 'target')
    const watcher = kit.createProbe<never>()
    const result = pipe(target, ask(query(1), { timeoutMs: 1_000 }))()
    kit.clock.timePasses(999)
    const [replyTo] = asked as [ActorRef<number>]
    expect(() => {
      watcher.expectTerminated(replyTo)
    }).toThrow('but it lives')
    kit.clock.timePasses(1)

    expect(await result).toEqual(
      left({
        _tag: 'AskTimeout',
        message: expect.stringMatching(
          /^Ask timed out on troupe:\/\/test\/user\/target after 1000 ms: no reply to the message 'Query'\. .*raise timeoutMs/,
        ) as string,
        target,
        timeoutMs: 1_000,
      }),
    )
    watcher.expectTerminated(replyTo)

    replyTo.tell(2)
    expect(deadLetters.receiveMessage()).toEqual({ _tag: 'DeadLetter', recipient: replyTo, message: 2 })
    expect(replyTo.path.toString()).toMatch(/^troupe:\/\/test\/temp\/\$/)
  })

  const untagged: readonly (readonly [string, object, string])[] = [
    ['an instance of a class', new ErrorA('?'), 'a message of type ErrorA.'],
    ['an object without a prototype', Object.create(null) as object, 'a message of type object.'],
    ['an object with a field of that name', { constructor: undefined }, 'a message of type object.'],
    ['an object that throws when it is looked at', unreadable(), 'a message of type object.'],
  ]

  it.each(untagged)('H3: times out on a request without a tag, %s (virtual time)', async (_, request, described) => {
    const target = kit.spawn(Behaviors.receiveMessageWithSame<object>(() => undefined))
    const result = pipe(
      target,
      ask((_replyTo: ActorRef<unknown>) => request, { timeoutMs: 1_000 }),
    )()
    kit.clock.timePasses(1_000)

    const message = expect.stringContaining(`no reply to ${described}`) as string
    expect(await result).toMatchObject(left({ _tag: 'AskTimeout', message }))
  })

  it('H3: a second reply is a dead letter', async () => {
    const asked: ActorRef<number>[] = []
    const deadLetters = kit.createDeadLetterProbe()
    const target = kit.spawn(silent(asked))
    const result = pipe(target, ask(query(1), { timeoutMs: 1_000 }))()
    kit.runUntilQuiet()
    const [replyTo] = asked as [ActorRef<number>]

    replyTo.tell(1)
    replyTo.tell(2)

    expect(await result).toEqual(right(1))
    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: replyTo, message: 2 })
  })

  it('H3: leaves no timer behind once it is answered (virtual time)', async () => {
    const target = kit.spawn(doubling)
    const result = pipe(target, ask(query(1), { timeoutMs: 1_000 }))()
    kit.runUntilQuiet()
    kit.clock.timePasses(2_000)

    expect(await result).toEqual(right(2))
  })

  it('H3: asks anew each time the task is run', async () => {
    const asked: ActorRef<number>[] = []
    const target = kit.spawn(silent(asked))
    const task = pipe(target, ask(query(1), { timeoutMs: 1_000 }))
    kit.runUntilQuiet()
    expect(asked).toHaveLength(0)

    const results = [task(), task()]
    kit.runUntilQuiet()
    asked.forEach((replyTo, index) => {
      replyTo.tell(index)
    })

    expect(await Promise.all(results)).toEqual([right(0), right(1)])
  })

  it.each([0, -1, NaN, Infinity])('H3: refuses %d as a timeout: nobody waits without a deadline', async (timeoutMs) => {
    const target = kit.createProbe<Query>('target')

    await expect(pipe(target.ref, ask(query(1), { timeoutMs }))()).rejects.toThrow(
      `: timeoutMs of an ask is ${String(timeoutMs)}, but must be a finite number of milliseconds above 0.`,
    )
    target.expectNoMessage()
  })

  it('H4: of the ignore reference times out (virtual time)', async () => {
    const result = pipe(kit.system.ignoreRef, ask(query(1), { timeoutMs: 1_000 }))()
    kit.clock.timePasses(1_000)

    expect(await result).toMatchObject(left({ _tag: 'AskTimeout' }))
  })
})

describe('context.ask', () => {
  const show = (result: Either<AskError, number>): string =>
    result._tag === 'Right' ? `reply ${String(result.right)}` : result.left._tag

  it('H3: brings a hundred replies as messages, in order', () => {
    const target = kit.spawn(doubling)
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      for (let n = 0; n < 100; n++) context.ask(target, query(n), { timeoutMs: 1_000 }, show)
    })

    expect(log).toEqual(Array.from({ length: 100 }, (_, n) => `reply ${String(2 * n)}`))
  })

  it('H3: brings the timeout and the death of the target as messages (virtual time)', () => {
    const target = kit.spawn(silent([]))
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      context.ask(target, query(1), { timeoutMs: 1_000 }, show)
    })
    kit.clock.timePasses(1_000)
    tellAll(actor, (context) => {
      context.ask(target, query(1), { timeoutMs: 1_000 }, show)
    })
    tellAll(target, 'stop')
    tellAll(actor, (context) => {
      context.ask(target, query(1), { timeoutMs: 1_000 }, show)
    })

    expect(log).toEqual(['AskTimeout', 'AskTargetTerminated', 'AskTargetTerminated'])
  })

  it('H3: fails the actor when its mapper throws', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const target = kit.spawn(doubling)
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      context.ask(target, query(1), { timeoutMs: 1_000 }, () => {
        throw new ErrorA('in the mapper')
      })
    })

    expect(log).toEqual(['PostStop'])
    expect(errors.receiveMessage().message).toBe('It failed and stops. in the mapper')
  })

  it('H3: leaves no timeout behind when the request cannot be made or sent (virtual time)', () => {
    const target = kit.spawn(doubling)
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      const make = (): never => {
        throw new ErrorA('no request')
      }
      try {
        context.ask(target, make, { timeoutMs: 1_000 }, () => 'a reply')
      } catch (error) {
        log.push((error as Error).message)
      }
    })

    kit.clock.timePasses(1_000)

    expect(log).toEqual(['no request'])
  })

  it('H3: leaves the reply to an actor that has stopped to dead letters', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const asked: ActorRef<number>[] = []
    const target = kit.spawn(silent(asked))
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      context.ask(target, query(1), { timeoutMs: 1_000 }, show)
    })
    kit.stop(actor)

    asked[0]?.tell(7)

    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: actor, message: right(7) })
  })
})

describe('pipeToSelf', () => {
  const show = (result: Either<{ readonly message: string }, unknown>): string =>
    result._tag === 'Right' ? `value ${String(result.right)}` : `error ${result.left.message}`

  it('lets other messages go on, and brings the end of a task as a message', async () => {
    const task = deferred<number>()
    const actor = spawnAgent()

    tellAll<string | Run>(
      actor,
      (context) => {
        context.pipeToSelf(() => task.promise, show)
      },
      'meanwhile',
    )
    task.resolve(42)
    await kit.settle()

    expect(log).toEqual(['meanwhile', 'value 42'])
  })

  it('brings a rejection, and what a task throws at once, as TaskRejected', async () => {
    const actor = spawnAgent()

    tellAll<string | Run>(
      actor,
      (context) => {
        context.pipeToSelf(() => Promise.reject<number>(new ErrorA('no')), show)
      },
      (context) => {
        context.pipeToSelf<number>(() => {
          throw new ErrorA('at once')
        }, show)
      },
    )
    await kit.settle()

    expect(log.sort()).toEqual(['error A piped task was rejected: at once', 'error A piped task was rejected: no'])
  })

  it('joins the left of a TaskEither with rejections', async () => {
    const actor = spawnAgent()

    tellAll(actor, (context) => {
      context.pipeToSelf(
        () => Promise.resolve<Either<{ readonly message: string }, number>>(left({ message: 'sold out' })),
        show,
      )
    })
    await kit.settle()

    expect(log).toEqual(['error sold out'])
  })

  it('brings a value that throws when it is looked at', async () => {
    const actor = spawnAgent()
    const value = Object.defineProperty({}, '_tag', {
      get: () => {
        throw new ErrorA('not now')
      },
    })

    tellAll(actor, (context) => {
      context.pipeToSelf(
        () => Promise.resolve(value),
        (result) => `the value: ${String(result._tag === 'Right' && result.right === value)}`,
      )
    })
    await kit.settle()

    expect(log).toEqual(['the value: true'])
  })

  it('fires the signal when the actor stops; the result is a dead letter then', async () => {
    const deadLetters = kit.createDeadLetterProbe()
    const task = deferred<number>()
    const signals: AbortSignal[] = []
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      context.pipeToSelf((signal) => {
        signals.push(signal)
        return task.promise
      }, show)
    })
    await Promise.resolve()
    expect(signals.map(({ aborted }) => aborted)).toEqual([false])

    kit.stop(actor)
    expect(signals.map(({ aborted }) => aborted)).toEqual([true])

    task.resolve(42)
    await kit.settle()
    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: actor, message: right(42) })
  })

  it('fails the actor when its mapper throws', async () => {
    const actor = spawnAgent()
    tellAll(actor, (context) => {
      context.pipeToSelf(
        () => Promise.resolve(1),
        () => {
          throw new ErrorA('in the mapper')
        },
      )
    })
    await kit.settle()

    expect(log).toEqual(['PostStop'])
  })
})
