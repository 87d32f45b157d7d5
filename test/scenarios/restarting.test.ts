/**
 * What a restart waits for, and what becomes of messages meanwhile.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  boundedMailbox,
  type ActorRef,
  type BackoffStrategy,
  type Behavior,
  type RestartStrategy,
} from 'troupe'
import { ErrorA, counter, dynasty, fail, logSignals, mortal, type CounterCommand } from './support.js'
import { kit, log, newScene, tellAll, useKit } from '../scene.js'

beforeEach(newScene)

const { restart, withStashCapacity, withStopChildren } = SupervisorStrategy

const backoff = (minMs = 1_000, maxMs = 10_000): BackoffStrategy =>
  SupervisorStrategy.restartWithBackoff({ minMs, maxMs, randomFactor: 0 })

describe('a restart of an actor with children', () => {
  type ParentCommand = { readonly _tag: 'Fail' } | { readonly _tag: 'GetState' }

  it('E11: waits until they have stopped; what comes meanwhile is held back, in order', () => {
    const other = kit.spawn(mortal(log, 'other'), 'other')
    const hasty: (parent: ActorRef<ParentCommand>) => Behavior<string> = (parent) =>
      Behaviors.receiveMessage(
        () => Behaviors.same,
        (_, signal) => {
          log.push(`c1 ${signal._tag}`)
          parent.tell({ _tag: 'GetState' })
          other.tell('stop')
          return Behaviors.same
        },
      )
    let starts = 0
    const parent = Behaviors.setup<ParentCommand>((context) => {
      log.push('setup')
      if (++starts === 1) {
        context.watch(other)
        context.watch(context.spawn(hasty(context.self), 'c1'))
        context.spawn(dynasty(log, 'c2', 10), 'c2')
      }
      return Behaviors.receiveMessage<ParentCommand>((command) => {
        if (command._tag === 'Fail') throw new ErrorA()
        log.push(`State(children: ${context.children.map((child) => child.path.name).join()})`)
        return Behaviors.same
      }, logSignals(log))
    })
    const actor = kit.spawn(pipe(parent, Behaviors.supervise(restart)))

    tellAll(actor, { _tag: 'GetState' })
    tellAll(actor, { _tag: 'Fail' })

    expect(log).toEqual([
      'setup',
      'State(children: c1,c2)',
      'PreRestart',
      'c1 PostStop',
      'other got stop',
      'other PostStop',
      'c2 PostStop',
      'setup',
      'State(children: )',
      'Terminated(other)',
    ])
  })

  it('E11: the new behavior hears nothing of the old children, not even of one that had stopped just before', () => {
    useKit({ settings: { throughput: 1 } })
    let starts = 0
    const parent = Behaviors.setup<string>((context) => {
      if (++starts === 1) {
        const [first, second] = ['first', 'second'].map((name) => context.spawn(mortal([], name), name))
        for (const child of [first, second]) if (child !== undefined) context.watch(child)
        first?.tell('stop')
        // It comes when the first child has stopped, and before the notice of that.
        context.self.tell('wait')
        context.self.tell('wait')
        context.self.tell('fail')
      }
      return Behaviors.receiveMessage<string>((text) => {
        log.push(text)
        if (text === 'fail') throw new ErrorA()
        return Behaviors.same
      }, logSignals(log))
    })
    const actor = kit.spawn(pipe(parent, Behaviors.supervise(restart)))

    tellAll(actor, 'done')

    expect(log).toEqual(['done', 'wait', 'wait', 'fail', 'PreRestart'])
  })

  it('E12: leaves them alone when the strategy says so', () => {
    let starts = 0
    const parent = Behaviors.setup<CounterCommand>((context) => {
      if (++starts === 1) context.spawn(mortal(log, 'child'), 'child')
      log.push(`setup with ${String(context.children.length)}`)
      return counter(log)
    })
    const actor = kit.spawn(pipe(parent, Behaviors.supervise(pipe(restart, withStopChildren(false)))))

    tellAll(actor, fail(), 'get')

    expect(log).toEqual(['setup with 1', 'PreRestart 0', 'setup with 1', 'state 0'])
  })
})

describe('messages that come during a restart', () => {
  type Ping = number | 'crash'

  const pinger = Behaviors.setup<Ping>(() => {
    log.push('setup')
    return Behaviors.receiveMessage((ping) => {
      if (ping === 'crash') throw new ErrorA()
      log.push(`Pong${String(ping)}`)
      return Behaviors.same
    })
  })

  const spawnPinger = (strategy: BackoffStrategy | RestartStrategy): ActorRef<Ping> =>
    kit.spawn(pipe(pinger, Behaviors.supervise(strategy)), 'pinger')

  it('E13: wait up to the stash capacity; those beyond are dropped with the reason (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(pipe(backoff(), withStashCapacity(2)))

    tellAll(actor, 'crash', 1, 2)
    tellAll(actor, 3, 4)
    expect(dropped.receiveMessages(2)).toMatchObject([
      { recipient: actor, message: 3, reason: 'Stash is full' },
      { recipient: actor, message: 4, reason: 'Stash is full' },
    ])

    kit.clock.timePasses(1_000)
    expect(log).toEqual(['setup', 'setup', 'Pong1', 'Pong2'])
    dropped.expectNoMessage()
  })

  it('E13: have the whole capacity again at the next restart (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(pipe(backoff(), withStashCapacity(1)))

    tellAll(actor, 'crash', 1)
    kit.clock.timePasses(1_000)
    tellAll(actor, 'crash', 2)
    kit.clock.timePasses(2_000)

    expect(log).toEqual(['setup', 'setup', 'Pong1', 'setup', 'Pong2'])
    dropped.expectNoMessage()
  })

  it('E13: are not displaced by the ends of watched actors, which take no room (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const friends = ['a', 'b'].map((name) => kit.spawn(mortal([], name), name))
    const actor = kit.spawn(
      pipe(
        Behaviors.setup<string>((context) => {
          for (const friend of friends) context.watchWith(friend, 'a friend is gone')
          return Behaviors.receiveMessage<string>((text) => {
            if (text === 'crash') throw new Error('boom')
            log.push(text)
            return Behaviors.same
          })
        }),
        Behaviors.supervise(pipe(backoff(), withStashCapacity(2))),
      ),
      'mourner',
    )

    tellAll(actor, 'crash')
    for (const friend of friends) tellAll(friend, 'stop')
    tellAll(actor, '1', '2', '3')
    kit.clock.timePasses(1_000)

    expect(dropped.receiveMessage()).toMatchObject({ message: '3', reason: 'Stash is full' })
    expect(log).toEqual(['a friend is gone', 'a friend is gone', '1', '2'])
    dropped.expectNoMessage()
  })

  it('E13: are all dropped with a capacity of 0 (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(pipe(backoff(), withStashCapacity(0)))

    tellAll(actor, 'crash', 1, 2)
    kit.clock.timePasses(1_000)

    expect(dropped.receiveMessages(2).map(({ message }) => message)).toEqual([1, 2])
    expect(log).toEqual(['setup', 'setup'])
  })

  it('E13: stay in the mailbox without a capacity, and nothing is dropped (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = spawnPinger(backoff())

    tellAll(actor, 'crash', ...Array.from({ length: 1_000 }, (_, index) => index))
    kit.clock.timePasses(1_000)

    expect(log).toHaveLength(1_002)
    dropped.expectNoMessage()
  })

  it('E13: stay under the bound of the mailbox (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(pipe(pinger, Behaviors.supervise(backoff())), 'bounded', { mailbox: boundedMailbox(1) })

    tellAll(actor, 'crash')
    tellAll(actor, 1, 2)
    kit.clock.timePasses(1_000)

    expect(dropped.receiveMessage()).toMatchObject({ message: 2, reason: 'mailbox full' })
    expect(log).toEqual(['setup', 'setup', 'Pong1'])
  })

  it('E13: are dead letters when a stop ends the pause: no setup, no second PreRestart (virtual time)', () => {
    for (const strategy of [backoff(), pipe(backoff(), withStashCapacity(2))]) {
      log.length = 0
      const deadLetters = kit.createDeadLetterProbe()
      const actor = spawnPinger(strategy)
      tellAll(actor, 'crash', 1, 2)

      kit.stop(actor)
      kit.clock.timePasses(10_000)

      expect(deadLetters.receiveMessages(2).map(({ message }) => message)).toEqual([1, 2])
      expect(log).toEqual(['setup'])
    }
  })

  it('E13: are dead letters when a stop comes while children stop: no setup', () => {
    const parent = (grandparent: ActorRef<string>): Behavior<Ping> =>
      Behaviors.setup((context) => {
        log.push('setup')
        context.spawn(
          Behaviors.receiveMessage<string>(
            () => Behaviors.same,
            (_, signal) => {
              log.push(`child ${signal._tag}`)
              context.self.tell(1)
              grandparent.tell('stop it')
              return Behaviors.same
            },
          ),
        )
        context.spawn(dynasty(log, 'slow', 10))
        return Behaviors.receiveMessage(() => {
          throw new ErrorA()
        }, logSignals(log))
      })
    const deadLetters = kit.createDeadLetterProbe()
    const grandparent = kit.spawn(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(pipe(parent(context.self), Behaviors.supervise(restart)), 'parent')
        return Behaviors.receiveMessage((text) => {
          if (text === 'stop it') context.stop(child)
          else child.tell('crash')
          return Behaviors.same
        })
      }),
    )
    kit.runUntilQuiet()

    tellAll(grandparent, 'crash it')

    expect(log).toEqual(['setup', 'PreRestart', 'child PostStop', 'slow PostStop'])
    expect(deadLetters.receiveMessage().message).toBe(1)
    deadLetters.expectNoMessage()
  })

  it('E13: a stale tick neither fills the stash nor is dropped (virtual time)', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(
      pipe(
        Behaviors.withTimers<Ping>((timers) => {
          log.push('setup')
          timers.startSingleTimer('tick', 99, 10)
          return Behaviors.receiveMessage((ping) => {
            if (ping === 'crash') {
              // The tick comes while the crash is being handled.
              kit.clock.timePasses(10)
              throw new ErrorA()
            }
            log.push(`Pong${String(ping)}`)
            return Behaviors.same
          })
        }),
        Behaviors.supervise(pipe(backoff(), withStashCapacity(1))),
      ),
    )

    tellAll(actor, 'crash')
    tellAll(actor, 1)
    kit.clock.timePasses(1_000)

    expect(log).toEqual(['setup', 'setup', 'Pong1'])
    dropped.expectNoMessage()
  })
})
