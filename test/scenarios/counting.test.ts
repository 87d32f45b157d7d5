/**
 * How sends are counted: every send ends exactly once, as handled, unhandled, dropped or a dead letter, or it waits.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  ask,
  boundedMailbox,
  contramapRef,
  type ActorRef,
  type Behavior,
  type Interceptor,
  type Probe,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { ErrorA, deferred } from './support.js'

let kit: ActorTestKit
let log: string[]

/** Writes what it sees of actors with a name of the test's own. */
const counting: Probe = {
  enqueued: (ref, message) => {
    if (isCounted(ref)) log.push(`+ ${ref.path.name} ${text(message)}`)
    return undefined
  },
  settled: (ref, message, outcome) => {
    if (isCounted(ref)) log.push(`${outcome} ${ref.path.name} ${text(message)}`)
  },
}

const isCounted = (ref: ActorRef<never>): boolean => ref.path.parent?.name !== 'system'

const text = (message: unknown): string => (typeof message === 'string' ? message : JSON.stringify(message))

beforeEach(() => {
  kit = ActorTestKit.create({ probe: counting })
  log = []
})

const tellAll = <A>(ref: ActorRef<A>, ...messages: readonly A[]): void => {
  for (const message of messages) ref.tell(message)
  kit.runUntilQuiet()
}

describe('a send', () => {
  it('ends as handled, whatever comes of it: a crash too', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>((given) => {
          if (given === 'fail') throw new ErrorA()
          return given === 'unhandled' ? Behaviors.unhandled : Behaviors.same
        }),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
      'a',
    )

    tellAll(actor, 'ok', 'fail', 'unhandled')

    expect(log).toEqual([
      '+ a ok',
      '+ a fail',
      '+ a unhandled',
      'handled a ok',
      'handled a fail',
      'unhandled a unhandled',
    ])
  })

  it('to an actor that never starts, or has stopped, is a dead letter: the stash first, then the mailbox, in order', () => {
    const stashing = kit.spawn(
      Behaviors.withStash<string>(10, (stash) =>
        Behaviors.receiveMessage((given) => {
          if (given === 'stop') return Behaviors.stopped
          stash.stash(given)
          return Behaviors.same
        }),
      ),
      'a',
    )
    tellAll(stashing, '1', '2')
    log = []
    tellAll(stashing, 'stop', '3', '4')
    expect(log.filter((entry) => entry.startsWith('deadLetter'))).toEqual(
      ['1', '2', '3', '4'].map((n) => `deadLetter a ${n}`),
    )

    log = []
    tellAll(stashing, '5')
    expect(log).toEqual(['+ a 5', 'deadLetter a 5'])

    log = []
    const never = kit.spawn(
      Behaviors.setup<string>(() => {
        throw new ErrorA()
      }),
      'b',
    )
    tellAll(never, '1')
    expect(log).toEqual(['+ b 1', 'deadLetter b 1'])
  })

  it('to a stash settles the message as handled and counts as one to self', () => {
    const actor = kit.spawn(
      Behaviors.withStash<string>(1, (stash) =>
        Behaviors.receiveMessage((given) => {
          if (given === 'open') return stash.unstashAll(Behaviors.ignore)
          stash.stash(given)
          return Behaviors.same
        }),
      ),
      'a',
    )

    tellAll(actor, 'x', 'open')

    expect(log).toEqual(['+ a x', '+ a open', '+ a x', 'handled a x', 'handled a open', 'handled a x'])
  })

  it('is dropped by a full mailbox, a restart and a cleared stash', () => {
    const bounded = kit.spawn(Behaviors.ignore, 'a', { mailbox: boundedMailbox(1) })
    bounded.tell('1')
    bounded.tell('2')
    expect(log).toEqual(['+ a 1', '+ a 2', 'dropped a 2'])
    kit.runUntilQuiet()
    log = []

    const stashing = kit.spawn(
      pipe(
        Behaviors.withStash<string>(2, (stash) =>
          Behaviors.receiveMessage((given) => {
            if (given === 'fail') throw new ErrorA()
            if (given === 'clear') stash.clear()
            else stash.stash(given)
            return Behaviors.same
          }),
        ),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
      'b',
    )
    tellAll(stashing, '1', 'fail')
    expect(log.at(-1)).toBe('dropped b 1')
    tellAll(stashing, '2', 'clear')
    expect(log.slice(-2)).toEqual(['dropped b 2', 'handled b clear'])
  })

  it('held by a task or a restart waits: it has not ended (virtual time)', async () => {
    const task = deferred<string>()
    const waiting = kit.spawn(
      Behaviors.receiveMessage<string>((given) =>
        given === 'await'
          ? Behaviors.awaiting(
              () => task.promise,
              () => Behaviors.same,
            )
          : Behaviors.same,
      ),
      'a',
    )
    const backoff = SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 100, randomFactor: 0 })
    const pausing = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>((given) => {
          if (given === 'fail') throw new ErrorA()
          return Behaviors.same
        }),
        Behaviors.supervise(pipe(backoff, SupervisorStrategy.withStashCapacity(1))),
      ),
      'b',
    )

    tellAll(waiting, 'await', '1')
    tellAll(pausing, 'fail', '1', '2')
    expect(log.filter((entry) => !entry.startsWith('+'))).toEqual(['handled a await', 'handled b fail', 'dropped b 2'])
    log = []

    kit.clock.timePasses(100)
    task.resolve('v')
    await kit.settle()
    expect(log).toEqual(['handled b 1', 'handled a 1'])
  })

  it('of a tick, a receive timeout and a watchWith message counts when it is accepted; a stale one never was (virtual time)', () => {
    const target = kit.spawn(
      Behaviors.receiveMessage<string>(() => Behaviors.stopped),
      'target',
    )
    const actor = kit.spawn(
      Behaviors.withTimers<string>((timers) =>
        Behaviors.setup((context) => {
          timers.startSingleTimer('key', 'tick', 10)
          timers.startSingleTimer('stale', 'stale tick', 10)
          context.setReceiveTimeout(20, 'timeout')
          context.watchWith(target, 'gone')
          return Behaviors.receiveMessage((given) => {
            if (given === 'slow') {
              kit.clock.timePasses(15)
              timers.cancel('stale')
            }
            return Behaviors.same
          })
        }),
      ),
      'a',
    )
    tellAll(actor, 'slow')
    expect(log).toEqual(['+ a slow', 'handled a slow', '+ a tick', 'handled a tick'])
    log = []

    kit.clock.timePasses(20)
    tellAll(target, 'stop')
    expect(log).toEqual([
      '+ a timeout',
      'handled a timeout',
      '+ target stop',
      'handled target stop',
      '+ a gone',
      'handled a gone',
    ])
  })

  it('to an adapter is one; its dead letter carries the original', () => {
    let adapter: ActorRef<number> | undefined
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        adapter = context.messageAdapter((n: number) => `n ${String(n)}`)
        return Behaviors.receiveMessage((given) => (given === 'n 2' ? Behaviors.unhandled : Behaviors.same))
      }),
      'a',
    )
    kit.runUntilQuiet()
    adapter?.tell(1)
    adapter?.tell(2)
    kit.runUntilQuiet()
    expect(log).toEqual(['+ a 1', '+ a 2', 'handled a 1', 'unhandled a 2'])
    log = []

    adapter?.tell(3)
    kit.stop(actor)
    expect(log).toEqual(['+ a 3', 'deadLetter a 3'])
  })

  it('to an adapter whose function throws is handled by whoever handles that', () => {
    let adapter: ActorRef<number> | undefined
    kit.spawn(
      Behaviors.setup<string>((context) => {
        adapter = context.messageAdapter(() => {
          throw new ErrorA()
        })
        return Behaviors.receiveMessage(
          () => Behaviors.same,
          () => Behaviors.same,
        )
      }),
      'a',
    )
    kit.runUntilQuiet()

    adapter?.tell(1)
    kit.runUntilQuiet()

    expect(log).toEqual(['+ a 1', 'handled a 1'])
  })

  it('of a piped result is one', async () => {
    const actor = kit.spawn(
      Behaviors.receive<string>((context, given) => {
        if (given === 'go')
          context.pipeToSelf(
            () => Promise.resolve(1),
            () => 'piped',
          )
        return Behaviors.same
      }),
      'a',
    )

    tellAll(actor, 'go')
    await kit.settle()

    expect(log).toEqual([
      '+ a go',
      'handled a go',
      '+ a {"_tag":"Right","right":1}',
      'handled a {"_tag":"Right","right":1}',
    ])
  })

  it('through an interceptor counts by its result alone: swallowed is handled, twice is once', () => {
    const odd: Interceptor<string> = {
      name: 'odd',
      aroundReceive: (_, given, target) => {
        if (given === 'swallow') return Behaviors.same
        target.receive(given)
        return target.receive(given)
      },
    }
    const actor = kit.spawn(pipe(Behaviors.empty as Behavior<string>, Behaviors.intercept(odd)), 'a')

    tellAll(actor, 'swallow', 'twice')

    expect(log.slice(2)).toEqual(['handled a swallow', 'unhandled a twice'])
  })

  it('that a transform refuses is unhandled, with the original', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.ignore as Behavior<number>,
        Behaviors.transformMessages((given: string) => (given === 'no' ? none : some(1))),
      ),
      'a',
    )

    tellAll(actor, 'yes', 'no')

    expect(log.slice(2)).toEqual(['handled a yes', 'unhandled a no'])
  })

  it('of a monitor is one of its own; the ignore reference is not counted', () => {
    const copy = kit.spawn(Behaviors.ignore, 'copy')
    const actor = kit.spawn(pipe(Behaviors.ignore as Behavior<string>, Behaviors.monitor(copy)), 'a')

    kit.system.ignoreRef.tell('nothing')
    tellAll(actor, '1')

    expect(log).toEqual(['+ a 1', '+ copy 1', 'handled a 1', 'handled copy 1'])
  })

  it('through a contramapped reference counts at its target; a throw in the function reaches the sender and sends nothing', () => {
    const actor = kit.spawn(Behaviors.ignore, 'a')
    const ref = contramapRef((given: string) => {
      if (given === 'fail') throw new ErrorA('at the sender')
      return given.length
    })(actor)

    expect(() => {
      ref.tell('fail')
    }).toThrow('at the sender')
    tellAll(ref, 'four')

    expect(log).toEqual(['+ a 4', 'handled a 4'])
  })

  it('of a reply to an ask is handled the first time, a dead letter later', () => {
    const asked: ActorRef<number>[] = []
    const actor = kit.spawn(
      Behaviors.receiveMessageWithSame<{ readonly replyTo: ActorRef<number> }>(
        ({ replyTo }) => void asked.push(replyTo),
      ),
      'a',
    )
    void pipe(
      actor,
      ask((replyTo: ActorRef<number>) => ({ replyTo }), { timeoutMs: 100 }),
    )()
    kit.runUntilQuiet()
    log = []

    asked[0]?.tell(1)
    asked[0]?.tell(2)

    expect(log.map((entry) => entry.replace(/\$\w+/, '$'))).toEqual(['+ $ 1', 'handled $ 1', '+ $ 2', 'deadLetter $ 2'])
  })

  it('that looks like the report of a lost one is told of when it is lost', () => {
    const letters = kit.createDeadLetterProbe()
    const actor = kit.spawn<'stop' | { readonly _tag: 'Dropped'; readonly recipient: string }>(
      Behaviors.receiveMessage(() => Behaviors.stopped),
      'a',
    )

    tellAll(actor, 'stop', { _tag: 'Dropped', recipient: 'the neighbour' })

    expect(letters.receiveMessage()).toMatchObject({ message: { _tag: 'Dropped', recipient: 'the neighbour' } })
  })

  it('to dead letters is a dead letter', () => {
    kit.system.deadLetters.tell('x')

    expect(log).toEqual(['+ deadLetters x', 'deadLetter deadLetters x'])
  })
})

describe('a probe', () => {
  it('is told of each start, also of an actor that has nothing to make', () => {
    kit = ActorTestKit.create({ probe: { beforeStarted: (ref) => void log.push(ref.path.name) } })

    kit.spawn(
      Behaviors.receiveMessageWithSame<string>(() => undefined),
      'plain',
    )
    kit.spawn(
      Behaviors.setup<string>(() => Behaviors.empty),
      'made',
    )
    kit.runUntilQuiet()

    expect(log.filter((name) => name === 'plain' || name === 'made')).toEqual(['plain', 'made'])
  })

  it('gives each message a trace context and sees it again; a throw of its own is a failure of the actor there only', () => {
    const seen: string[] = []
    let next = 0
    const probe: Probe = {
      enqueued: () => ++next,
      beforeHandle: (ref, message, trace) => {
        if (ref.path.name !== 'a') return
        seen.push(`${text(message)} with ${String(trace)}`)
        if (message === 'crash') throw new ErrorA('injected')
      },
    }
    kit = ActorTestKit.create({ probe })
    const errors = kit.createLogProbe({ level: 'error' })
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessageWithSame<string>((given) => void seen.push(`got ${given}`)),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
      'a',
    )

    tellAll(actor, 'x', 'crash', 'y')

    expect(seen).toEqual(['x with 1', 'got x', 'crash with 2', 'y with 3', 'got y'])
    expect(errors.receiveMessage().message).toContain('injected')
  })
})
