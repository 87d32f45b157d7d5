/**
 * Throttle, batch, idle actors, agents, spawning on request, stopping and waiting.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, contramapRef, type ActorRef, type Behavior, type Signal } from 'troupe'
import { Agent, SpawnProtocol, batch, passivateAfter, perKey, throttle, type PerKeyOptions } from 'troupe/patterns'
import { kit, newScene, tellAll, useKit } from '../scene.js'

beforeEach(newScene)

describe('throttle', () => {
  /** What arrived, each with the time of its arrival. */
  const arrivals = (): { readonly target: ActorRef<number>; readonly seen: string[] } => {
    const seen: string[] = []
    return {
      seen,
      target: kit.spawn(
        Behaviors.receiveMessageWithSame<number>((n) => {
          seen.push(`${String(n)}@${String(kit.clock.now())}`)
        }),
      ),
    }
  }

  it('passes on, in order, as fast as it may', () => {
    const { target, seen } = arrivals()
    const gate = kit.spawn(throttle({ target, messages: 2, perMs: 100, burst: 2 }))

    tellAll(gate, 1, 2, 3, 4, 5)
    expect(seen).toEqual(['1@0', '2@0'])
    kit.clock.timePasses(1_000)

    expect(seen).toEqual(['1@0', '2@0', '3@50', '4@100', '5@150'])
  })

  it('without a burst lets no more pass than it says in any time, from the start and after a rest', () => {
    const { target, seen } = arrivals()
    const gate = kit.spawn(throttle({ target, messages: 10, perMs: 200 }))
    const all = Array.from({ length: 40 }, (_, n) => n)

    tellAll(gate, ...all)
    kit.clock.timePasses(199)
    expect(seen).toHaveLength(10)
    kit.clock.timePasses(200)
    expect(seen).toHaveLength(20)
    kit.clock.timePasses(10_000)
    tellAll(gate, ...all)
    kit.clock.timePasses(199)

    expect(seen).toHaveLength(50)
  })

  it('gathers no more than its burst in a time of rest', () => {
    const { target, seen } = arrivals()
    const gate = kit.spawn(throttle({ target, messages: 10, perMs: 1_000, burst: 1 }))
    kit.clock.timePasses(60_000)

    tellAll(gate, 1, 2)
    kit.clock.timePasses(200)

    expect(seen).toEqual(['1@60000', '2@60100'])
  })

  it('goes on with the next when one cannot be passed on', () => {
    const { target, seen } = arrivals()
    const view = contramapRef((n: number): number => {
      if (n === 2) throw new Error('no view')
      return n
    })(target)
    const gate = kit.spawn(
      pipe(throttle({ target: view, messages: 1, perMs: 10 }), Behaviors.supervise(SupervisorStrategy.resume)),
    )

    tellAll(gate, 1, 2, 3, 4)
    kit.clock.timePasses(100)

    expect(seen).toEqual(['1@0', '3@20', '4@30'])
  })

  it('leaves to dead letters what it cannot hold, and what it holds when it stops', () => {
    const { target, seen } = arrivals()
    const dead = kit.createDeadLetterProbe()
    const gate = kit.spawn(throttle({ target, messages: 1, capacityMessages: 2 }))

    tellAll(gate, 1, 2, 3, 4)
    expect(dead.receiveMessage().message).toBe(4)
    kit.stop(gate)

    expect(seen).toEqual(['1@0'])
    expect(dead.receiveMessages(2).map(({ message }) => message)).toEqual([2, 3])
  })

  it.each([
    [{ messages: 0 }, /messages of throttle is 0/],
    [{ perMs: 0 }, /perMs of throttle is 0/],
    [{ burst: 0 }, /burst of throttle is 0/],
    [{ capacityMessages: 0 }, /capacityMessages of throttle is 0/],
  ])('refuses %o', (wrong, words) => {
    expect(() => throttle({ target: kit.system.ignoreRef, messages: 1, ...wrong })).toThrow(words)
  })
})

describe('batch', () => {
  it('sends when there are enough, or the first has waited for long enough', () => {
    const probe = kit.createProbe<readonly number[]>()
    const ref = kit.spawn(batch({ target: probe.ref, size: 3, withinMs: 100 }))

    tellAll(ref, 1, 2, 3, 4)
    probe.expectMessage([1, 2, 3])
    kit.clock.timePasses(50)
    tellAll(ref, 5)
    kit.clock.timePasses(49)
    probe.expectNoMessage()
    kit.clock.timePasses(1)

    probe.expectMessage([4, 5])
    probe.expectNoMessage({ forMs: 1_000 })
  })

  it('goes on with the next batch when one cannot be sent', () => {
    const probe = kit.createProbe<readonly number[]>()
    const view = contramapRef((numbers: readonly number[]): readonly number[] => {
      if (numbers.includes(0)) throw new Error('no zero')
      return numbers
    })(probe.ref)
    const ref = kit.spawn(
      pipe(batch({ target: view, size: 2, withinMs: 100 }), Behaviors.supervise(SupervisorStrategy.resume)),
    )

    tellAll(ref, 0, 1, 2, 3)

    probe.expectMessage([2, 3])
  })

  it('sends the rest when it is stopped', () => {
    const probe = kit.createProbe<readonly number[]>()
    const ref = kit.spawn(batch({ target: probe.ref, size: 3, withinMs: 100 }))

    tellAll(ref, 1)
    kit.stop(ref)

    probe.expectMessage([1])
  })

  it.each([
    [{ size: 0 }, /size of batch is 0/],
    [{ withinMs: 0 }, /withinMs of batch is 0/],
  ])('refuses %o', (wrong, words) => {
    expect(() => batch({ target: kit.system.ignoreRef, size: 1, withinMs: 1, ...wrong })).toThrow(words)
  })
})

describe('passivateAfter', () => {
  it('stops an actor that has been idle, also after a restart', () => {
    const ref = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>((text) => {
          if (text === 'fail') throw new Error(text)
          return Behaviors.same
        }),
        passivateAfter(100),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )
    const probe = kit.createProbe()

    tellAll(ref, 'a')
    kit.clock.timePasses(99)
    tellAll(ref, 'fail')
    kit.clock.timePasses(99)
    expect(() => {
      probe.expectTerminated(ref)
    }).toThrow(/it lives/)
    kit.clock.timePasses(1)

    probe.expectTerminated(ref)
  })

  it('refuses a time of 0', () => {
    expect(() => passivateAfter(0)).toThrow(/idleMs of passivateAfter is 0/)
  })
})

describe('perKey', () => {
  let log: string[]

  beforeEach(() => {
    log = []
  })

  const noting =
    (key: string) =>
    (_: unknown, signal: Signal): Behavior<string> => {
      log.push(`${key} ${signal._tag}`)
      return Behaviors.same
    }
  const child = (key: string, count = 0): Behavior<string> =>
    Behaviors.receiveMessage<string>((text) => {
      if (text.endsWith('fail')) throw new Error(text)
      log.push(`${text}#${String(count + 1)}`)
      return child(key, count + 1)
    }, noting(key))

  const spawn = (options: Partial<PerKeyOptions<string>> = {}): ActorRef<string> =>
    kit.spawn(perKey<string>({ keyOf: (text) => text.slice(0, 1), make: child, ...options }))

  it('has a child for each key, made when it is needed', () => {
    const made: string[] = []
    const ref = spawn({
      make: (key) => {
        made.push(key)
        return child(key)
      },
    })

    tellAll(ref, 'a1', 'b1', 'a2')

    expect(made).toEqual(['a', 'b'])
    expect(log).toEqual(['a1#1', 'a2#2', 'b1#1'])
  })

  it('lets a child go that is idle, and makes it again with the next message', () => {
    const ref = spawn({ idleMs: 100 })

    tellAll(ref, 'a1')
    kit.clock.timePasses(100)
    expect(log).toEqual(['a1#1', 'a PostStop'])
    tellAll(ref, 'a2')

    expect(log.slice(2)).toEqual(['a2#1'])
  })

  it('lets a child go that is restarted, and counts from its last message', () => {
    const ref = spawn({
      idleMs: 100,
      make: (key) => pipe(child(key), Behaviors.supervise(SupervisorStrategy.restart)),
    })

    tellAll(ref, 'a1')
    kit.clock.timePasses(70)
    tellAll(ref, 'afail')
    kit.clock.timePasses(99)
    expect(log).toEqual(['a1#1', 'a PreRestart'])
    kit.clock.timePasses(1)
    expect(log.slice(2)).toEqual(['a PostStop'])
    tellAll(ref, 'a2')

    expect(log.slice(3)).toEqual(['a2#1'])
  })

  it('lets a child go that has not taken the question while it was restarted', () => {
    const strategy = pipe(
      SupervisorStrategy.restartWithBackoff({ minMs: 150, maxMs: 150, randomFactor: 0 }),
      SupervisorStrategy.withStashCapacity(0),
    )
    const ref = spawn({ idleMs: 100, make: (key) => pipe(child(key), Behaviors.supervise(strategy)) })

    tellAll(ref, 'afail')
    kit.clock.timePasses(199)
    expect(log).toEqual(['a PreRestart'])
    kit.clock.timePasses(1)

    expect(log).toEqual(['a PreRestart', 'a PostStop'])
  })

  it('counts what a child tells itself, and leaves its own receive timeout to it', () => {
    const ref = spawn({
      idleMs: 100,
      make: (key) =>
        Behaviors.setup((context) => {
          context.setReceiveTimeout(60, 'atick')
          return Behaviors.receiveMessage((text) => {
            if (text === 'atick') context.cancelReceiveTimeout()
            log.push(`${text}@${String(kit.clock.now())}`)
            return Behaviors.same
          }, noting(key))
        }),
    })

    tellAll(ref, 'a1')
    kit.clock.timePasses(159)
    expect(log).toEqual(['a1@0', 'atick@60'])
    kit.clock.timePasses(1)

    expect(log.slice(2)).toEqual(['a PostStop'])
  })

  /** Its last act is to send more for its own key: it comes while the child goes. */
  const talkative = (ref: () => ActorRef<string>, more: readonly string[]): Behavior<string> =>
    Behaviors.receiveMessage<string>(
      (text) => {
        log.push(text)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'PostStop') tellAllLater(ref(), more)
        return Behaviors.same
      },
    )
  const tellAllLater = (ref: ActorRef<string>, texts: readonly string[]): void => {
    for (const text of texts) ref.tell(text)
  }

  it('loses nothing that comes while a child goes, and keeps the order', () => {
    const dead = kit.createDeadLetterProbe()
    let made = 0
    const ref: ActorRef<string> = spawn({
      idleMs: 100,
      make: () => talkative(() => ref, ++made === 1 ? ['a2', 'a3', 'b1', 'a4'] : []),
    })
    tellAll(ref, 'a1')

    kit.clock.timePasses(100)

    expect(log).toEqual(['a1', 'b1', 'a2', 'a3', 'a4'])
    expect(made).toBe(3)
    dead.expectNoMessage()
  })

  it('hands over hundreds of thousands of messages that have come while a child goes', () => {
    const more = Array.from({ length: 300_000 }, (_, n) => `a${String(n)}`)
    let made = 0
    const ref: ActorRef<string> = spawn({
      idleMs: 100,
      capacityMessages: more.length,
      make: () => talkative(() => ref, ++made === 1 ? more : []),
    })
    tellAll(ref, 'a')
    log.length = 0

    kit.clock.timePasses(100)

    expect(log).toEqual(more)
  }, 10_000)

  it('leaves to dead letters what has waited for a child that cannot be made', () => {
    const dead = kit.createDeadLetterProbe()
    let made = 0
    const ref: ActorRef<string> = spawn({
      idleMs: 100,
      make: () => {
        if (++made > 1) throw new Error('no more')
        return talkative(() => ref, ['a2', 'a3', 'a4'])
      },
    })
    tellAll(ref, 'a1')

    kit.clock.timePasses(100)

    expect(log).toEqual(['a1'])
    expect(dead.receiveMessages(3).map(({ message }) => message)).toEqual(['a2', 'a3', 'a4'])
  })

  it('leaves to dead letters what is too much to hold', () => {
    const dead = kit.createDeadLetterProbe()
    let made = 0
    const ref: ActorRef<string> = spawn({
      idleMs: 100,
      capacityMessages: 2,
      make: () => talkative(() => ref, ++made === 1 ? ['a2', 'a3', 'a4'] : []),
    })
    tellAll(ref, 'a1')

    kit.clock.timePasses(100)

    expect(log).toEqual(['a1', 'a2', 'a3'])
    expect(dead.receiveMessage().message).toBe('a4')
  })

  it('leaves to dead letters what a child was sent before it stopped by itself, and makes it again with the next', () => {
    const dead = kit.createDeadLetterProbe()
    const ref = spawn({
      make: () =>
        Behaviors.receiveMessage((text) => {
          log.push(text)
          return text === 'a:logout' ? Behaviors.stopped : Behaviors.same
        }),
    })

    tellAll(ref, 'a:login', 'a:logout', 'a:login again')
    tellAll(ref, 'a:new login')

    expect(log).toEqual(['a:login', 'a:logout', 'a:new login'])
    expect(dead.receiveMessage().message).toBe('a:login again')
  })

  it('leaves to dead letters what waits when it is restarted itself', () => {
    const dead = kit.createDeadLetterProbe()
    const keys = perKey<string>({
      keyOf: (text) => {
        if (text === 'crash') throw new Error(text)
        return text.slice(0, 1)
      },
      idleMs: 100,
      make: () => talkative(() => ref, ['a2', 'crash']),
    })
    const ref: ActorRef<string> = kit.spawn(pipe(keys, Behaviors.supervise(SupervisorStrategy.restart)))
    tellAll(ref, 'a1')

    kit.clock.timePasses(100)

    expect(log).toEqual(['a1'])
    expect(dead.receiveMessage().message).toBe('a2')
  })

  it('makes a child again that has failed', () => {
    const ref = spawn()

    tellAll(ref, 'a1', 'afail')
    tellAll(ref, 'a2')

    expect(log).toEqual(['a1#1', 'a PostStop', 'a2#1'])
  })

  it('refuses what is out of range', () => {
    expect(() => spawn({ idleMs: 0 })).toThrow(/idleMs of perKey is 0/)
    expect(() => spawn({ capacityMessages: 0 })).toThrow(/capacityMessages of perKey is 0/)
  })
})

describe('an agent', () => {
  it('applies updates in order and tells what has come of them', () => {
    const agent = kit.spawn(Agent.of<readonly string[]>([]))
    const probe = kit.createProbe<readonly string[]>()
    const add = (text: string) => (all: readonly string[]) => [...all, text]

    tellAll(
      agent,
      Agent.update<readonly string[]>(add('a')),
      Agent.get(probe.ref),
      Agent.updateAndGet<readonly string[]>(add('b'))(probe.ref),
    )

    expect(probe.receiveMessages(2)).toEqual([['a'], ['a', 'b']])
  })

  it('keeps its value when an update throws', () => {
    const agent = kit.spawn(Agent.of(1))
    const probe = kit.createProbe<number>()
    const log = kit.createLogProbe({ level: 'error' })

    tellAll(
      agent,
      Agent.update<number>(() => {
        throw new Error('no')
      }),
      Agent.get(probe.ref),
    )

    probe.expectMessage(1)
    expect(log.receiveMessage().message).toMatch(/no$/)
  })

  it('refuses a value that it could tell nobody, at the start and from an update', () => {
    const nothing = null as unknown as number
    const sentence = 'but must be a value that can be sent, neither null nor undefined'
    expect(() => Agent.of(nothing)).toThrow(`The value of an agent is null, ${sentence}`)

    const agent = kit.spawn(Agent.of(1))
    const probe = kit.createProbe<number>()
    const log = kit.createLogProbe({ level: 'error' })
    tellAll(
      agent,
      Agent.update<number>(() => nothing),
      Agent.get(probe.ref),
    )

    probe.expectMessage(1)
    expect(log.receiveMessage().message).toContain(`What an update of an agent has led to is null, ${sentence}`)
  })

  it('can be sent functions where messages are kept apart', () => {
    useKit({ settings: { isolation: 'clone' } })
    const agent = kit.spawn(Agent.of(1))
    const probe = kit.createProbe<number>()

    tellAll(agent, Agent.updateAndGet((n: number) => n + 1)(probe.ref))

    probe.expectMessage(2)
  })
})

describe('the spawn protocol', () => {
  it('spawns what it is sent, and puts a number behind a name that is taken', () => {
    const guardian = kit.spawn(SpawnProtocol.behavior, 'guardian')
    const probe = kit.createProbe<ActorRef<string>>()
    const log: string[] = []
    const child = Behaviors.receiveMessageWithSame<string>((text) => {
      log.push(text)
    })

    for (const name of ['a', 'a', undefined]) guardian.tell(SpawnProtocol.spawn(child, name)(probe.ref))
    const refs = probe.receiveMessages(3)
    for (const ref of refs) tellAll(ref, ref.path.name)

    expect(log.slice(0, 2)).toEqual(['a', 'a-1'])
    expect(log[2]).toMatch(/^\$/)
  })

  it('gives the lowest number that is free, and not one that somebody has asked for', () => {
    const guardian = kit.spawn(SpawnProtocol.behavior, 'guardian')
    const probe = kit.createProbe<ActorRef<'stop'>>()
    const child = Behaviors.receiveMessage<'stop'>(() => Behaviors.stopped)
    const spawn = (name: string): ActorRef<'stop'> => {
      tellAll(guardian, SpawnProtocol.spawn(child, name)(probe.ref))
      return probe.receiveMessage()
    }
    const namesOf = (...names: readonly string[]): readonly string[] => names.map((name) => spawn(name).path.name)
    const asked = spawn('a-2')
    const first = spawn('a')
    const second = spawn('a')
    const third = spawn('a')
    expect([first, second, third].map(({ path }) => path.name)).toEqual(['a', 'a-1', 'a-3'])

    tellAll(second, 'stop')
    expect(namesOf('a', 'a')).toEqual(['a-1', 'a-4'])
    tellAll(asked, 'stop')
    expect(namesOf('a', 'a-2', 'a')).toEqual(['a-2', 'a-2-1', 'a-5'])
    tellAll(first, 'stop')
    tellAll(third, 'stop')
    expect(namesOf('a', 'a', 'a')).toEqual(['a', 'a-3', 'a-6'])
  })

  it('gives a name again that was refused an actor', () => {
    const guardian = kit.spawn(SpawnProtocol.behavior, 'guardian')
    const probe = kit.createProbe<ActorRef<unknown>>()
    const stopped = Behaviors.setup<unknown>(() => Behaviors.stopped)

    tellAll(
      guardian,
      SpawnProtocol.spawn(Behaviors.ignore, 'a')(probe.ref),
      SpawnProtocol.spawn(Behaviors.same, 'a')(probe.ref),
      SpawnProtocol.spawn(Behaviors.ignore, 'a')(probe.ref),
      SpawnProtocol.spawn(stopped, 'a')(probe.ref),
    )
    tellAll(guardian, SpawnProtocol.spawn(Behaviors.ignore, 'a')(probe.ref))

    expect(probe.receiveMessages(4).map(({ path }) => path.name)).toEqual(['a', 'a-1', 'a-2', 'a-2'])
  })

  it('lives on when it is sent what cannot be spawned', () => {
    const guardian = kit.spawn(SpawnProtocol.behavior, 'guardian')
    const probe = kit.createProbe<ActorRef<unknown>>()

    tellAll(
      guardian,
      SpawnProtocol.spawn(Behaviors.same)(probe.ref),
      SpawnProtocol.spawn(Behaviors.ignore, 'a/b')(probe.ref),
      SpawnProtocol.spawn(Behaviors.ignore, 'good')(probe.ref),
    )

    expect(probe.receiveMessage().path.name).toBe('good')
    probe.expectNoMessage()
  })
})
