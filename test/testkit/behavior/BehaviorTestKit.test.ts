/** Behaviors on the stack, with what they do as data. */
import { pipe } from 'fp-ts/lib/function.js'
import { isLeft, isRight } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  contramapRef,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type Signal,
  type StatusReply,
} from 'troupe'
import { BehaviorTestKit, type TimerStarted } from 'troupe/testkit'

const postStop: Signal = { _tag: 'PostStop' }

type Command = readonly [what: string, run: (context: ActorContext<Command>) => void] | string

/** Does what it is told to. */
const doing: Behavior<Command> = Behaviors.receive<Command>((context, command) => {
  if (typeof command !== 'string') command[1](context)
  return Behaviors.same
})

const effectsOf = (run: (context: ActorContext<Command>) => void): readonly string[] => {
  const kit = BehaviorTestKit.create(doing)
  kit.run(['it', run])
  return kit.effects().map(({ _tag }) => _tag)
}

/** Logs the signals that it sees. */
const mourning = (seen: string[], handle: (message: string) => Behavior<string>): Behavior<string> =>
  Behaviors.receiveMessage<string>(handle, (_, signal) => {
    seen.push(signal._tag)
    return Behaviors.same
  })

describe('L1: BehaviorTestKit', () => {
  it('L1: runs setup at construction', () => {
    const seen: string[] = []

    BehaviorTestKit.create(
      Behaviors.setup<string>((context) => {
        seen.push(context.self.path.name)
        return Behaviors.ignore
      }),
      'ann',
    )

    expect(seen).toEqual(['ann'])
  })

  it('L1: tells every effect, in the order of the calls', () => {
    const tags = effectsOf((context) => {
      const child = context.spawn(Behaviors.ignore, 'child')
      const other = context.spawn<string>(Behaviors.ignore)
      context.watch(child)
      context.watchWith(other, 'gone')
      context.unwatch(child)
      context.setReceiveTimeout(1_000, 'silence')
      context.cancelReceiveTimeout()
      context.scheduleOnce(10, other, 'soon')
      context.messageAdapter((text: string) => text)
      context.ask(
        other,
        (_: ActorRef<string>) => 'question',
        { timeoutMs: 100 },
        () => 'answer',
      )
      context.pipeToSelf(
        () => Promise.resolve(1),
        () => 'piped',
      )
      context.stop(child)
    })

    expect(tags).toEqual([
      ...['Spawned', 'Spawned', 'Watched', 'WatchedWith', 'Unwatched', 'ReceiveTimeoutSet', 'ReceiveTimeoutCancelled'],
      ...['Scheduled', 'AdapterMade', 'AskInitiated', 'Piped', 'Stopped'],
    ])
  })

  it('L1: a throw lets the behavior see PostStop, and is thrown in the test', () => {
    const seen: string[] = []
    const error = new Error('broken')
    const kit = BehaviorTestKit.create(
      mourning(seen, () => {
        throw error
      }),
    )

    expect(() => {
      kit.run('word')
    }).toThrow(error)

    expect(seen).toEqual(['PostStop'])
    expect(kit.isAlive).toBe(false)
    expect(() => {
      kit.run('word')
    }).toThrow('has stopped')
  })

  it('L1: returning stopped does not itself signal PostStop, which is for the test to give, once', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(
      mourning(seen, () =>
        Behaviors.stopped(() => {
          seen.push('last act')
        }),
      ),
    )
    kit.run('word')
    expect([seen, kit.isAlive]).toEqual([[], false])

    kit.signal(postStop)

    kit.signal(postStop)
    expect(seen).toEqual(['PostStop', 'last act'])
  })

  it('L1: a single timer sends once, a timer at a rate again and again', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(
      Behaviors.withTimers<string>((timers) => {
        timers.startSingleTimer('once', 'once', 10)
        timers.startTimerAtFixedRate('often', 'often', 10)
        return Behaviors.receiveMessageWithSame((message) => {
          seen.push(message)
          if (message === 'enough') timers.cancel('often')
        })
      }),
    )
    const [single, rate] = [kit.expectEffect('TimerStarted'), kit.expectEffect('TimerStarted')]

    for (const { send } of [single, single, rate, rate]) send()
    kit.run('enough')
    rate.send()

    expect(seen).toEqual(['once', 'often', 'often', 'enough'])
    expect(kit.effects()).toEqual([{ _tag: 'TimerCancelled', key: 'often' }])
  })

  it('L1: a timer that was replaced sends nothing', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(
      Behaviors.withTimers<string>((timers) => {
        for (const word of ['old', 'new']) timers.startSingleTimer('key', word, 10)
        return Behaviors.receiveMessageWithSame((message) => {
          seen.push(message)
        })
      }),
    )

    const [old, fresh] = kit.effects() as readonly TimerStarted[]
    for (const timer of [old, fresh]) timer?.send()

    expect([old?.isReplacing, fresh?.isReplacing, seen]).toEqual([false, true, ['new']])
  })

  it('L1: an ask has a reply or runs out of time, exactly once', () => {
    const results: unknown[] = []
    const asking = Behaviors.receive<unknown>((context, message) => {
      results.push(message)
      if (message !== 'go') return Behaviors.same
      context.ask(
        context.spawn<{ readonly replyTo: ActorRef<number> }>(Behaviors.ignore, 'oracle'),
        (replyTo: ActorRef<number>) => ({ replyTo }),
        { timeoutMs: 100 },
        (result) => result,
      )
      return Behaviors.same
    })
    const kits = [0, 1, 2].map(() => BehaviorTestKit.create(asking))
    const asks = kits.map((kit) => {
      kit.run('go')
      kit.expectEffect('Spawned')
      return kit.expectEffect('AskInitiated')
    })

    asks[0]?.respond(42)
    asks[1]?.timeout()
    kits[2]?.childInbox<{ readonly replyTo: ActorRef<number> }>('oracle').receiveMessage().replyTo.tell(7)

    expect(results.slice(3).map((result) => (isRight(result as never) ? (result as never)['right'] : 'late'))).toEqual([
      42,
      'late',
      7,
    ])
    expect(asks.every(({ isCompleted }) => isCompleted)).toBe(true)
    expect(() => {
      asks[0]?.respond(43)
    }).toThrow('has come to its end already')
    expect(() => {
      asks[1]?.timeout()
    }).toThrow('has come to its end already')
  })

  it('L1: returnedBehavior may be same, currentBehavior never is', () => {
    const next = Behaviors.receiveMessage<string>(() => Behaviors.same)
    const kit = BehaviorTestKit.create(
      Behaviors.receiveMessage<string>((message) => (message === 'next' ? next : Behaviors.same)),
    )
    const first = kit.currentBehavior

    kit.run('stay')
    expect([kit.returnedBehavior, kit.currentBehavior]).toEqual([Behaviors.same, first])
    kit.run('next')

    expect([kit.returnedBehavior, kit.currentBehavior]).toEqual([next, next])
  })
})

describe('BehaviorTestKit', () => {
  it('takes what the behavior tells itself, one at a time', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(
      Behaviors.receive<string>((context, message) => {
        seen.push(message)
        if (message === 'one') context.self.tell('two')
        return Behaviors.same
      }),
    )

    kit.run('one')
    expect(kit.selfInbox.hasMessages).toBe(true)
    kit.runOne()

    expect(seen).toEqual(['one', 'two'])
    expect(() => {
      kit.runOne()
    }).toThrow('was told nothing')
  })

  it('asks, and hands out the replies', () => {
    const kit = BehaviorTestKit.create(
      Behaviors.receiveMessageWithSame<{ readonly replyTo: ActorRef<number> }>(({ replyTo }) => {
        replyTo.tell(1)
        replyTo.tell(2)
      }),
    )

    const replies = kit.runAsk<number>((replyTo) => ({ replyTo }))

    replies.expectMessage(1)
    expect(replies.receiveAll()).toEqual([2])
  })

  it('shows what the children were told, and runs them in kits of their own', () => {
    const child = Behaviors.receiveMessageWithSame<ActorRef<string>>((replyTo) => {
      replyTo.tell('hello')
    })
    const kit = BehaviorTestKit.create(
      Behaviors.receive<string>((context, name) => {
        context.spawn(child, name).tell(context.self)
        return Behaviors.same
      }),
    )
    kit.run('ann')

    const { ref } = kit.expectEffect('Spawned')
    kit
      .childKit<ActorRef<string>>('ann')
      .run(kit.childInbox<ActorRef<string>>(ref as ActorRef<unknown>).receiveMessage())

    kit.selfInbox.expectMessage('hello')
    expect(() => kit.childKit('ben')).toThrow("has no child 'ben'; it has ann")
  })

  it('lets it see signals; one that ends an actor throws', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(mourning(seen, () => Behaviors.same))
    const deaf = BehaviorTestKit.create(Behaviors.receiveMessage<string>(() => Behaviors.same))
    const gone: Signal = { _tag: 'Terminated', ref: kit.ref, cause: { _tag: 'None' } }

    kit.signal(gone)

    expect(seen).toEqual(['Terminated'])
    expect(() => {
      deaf.signal(gone)
    }).toThrow('does not handle that')
  })

  it('collects the log and what was left unhandled', () => {
    const kit = BehaviorTestKit.create(
      Behaviors.receive<string>((context, message) => {
        context.log.info('got it', { message })
        return message === 'odd' ? Behaviors.unhandled : Behaviors.same
      }),
    )

    for (const word of ['odd', 'even']) kit.run(word)

    expect(kit.logEntries().map(({ level, fields }) => [level, fields])).toEqual([
      ['info', { message: 'odd' }],
      ['info', { message: 'even' }],
    ])
    expect([kit.unhandled(), kit.unhandled()]).toEqual([['odd'], []])
  })

  it('reads a stash before anything else', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(
      Behaviors.withStash<string>(10, (stash) => {
        const open = Behaviors.receiveMessageWithSame<string>((message) => {
          seen.push(message)
        })
        return Behaviors.receiveMessage((message) => {
          if (message === 'open') return stash.unstashAll(open)
          stash.stash(message)
          return Behaviors.same
        })
      }),
    )

    for (const word of ['one', 'two', 'open', 'three']) kit.run(word)

    expect(seen).toEqual(['one', 'two', 'three'])
  })

  it('lets messages wait for a task, whose end is the test to say', () => {
    const seen: string[] = []
    const create = (): BehaviorTestKit<string> =>
      BehaviorTestKit.create(
        Behaviors.receiveMessage<string>((message) => {
          seen.push(message)
          return message === 'load'
            ? Behaviors.awaiting(
                () => Promise.resolve('never run'),
                (value: string) => {
                  seen.push(value)
                  return Behaviors.same
                },
              )
            : Behaviors.same
        }),
      )
    const [good, bad] = [create(), create()]
    for (const word of ['load', 'later']) good.run(word)
    bad.run('load')

    good.expectEffect('Awaited').succeed('loaded')

    expect(seen).toEqual(['load', 'load', 'loaded', 'later'])
    expect(() => {
      bad.expectEffect('Awaited').fail(new Error('no disk'))
    }).toThrow('no disk')
  })

  it('lets a piped task end well or badly, without running it', () => {
    const seen: unknown[] = []
    const piping = Behaviors.receive<unknown>((context, message) => {
      if (message === 'go')
        context.pipeToSelf(
          () => {
            throw new Error('it was run')
          },
          (result) => result,
        )
      else seen.push(isLeft(message as never) ? 'failed' : message)
      return Behaviors.same
    })
    const kits = [BehaviorTestKit.create(piping), BehaviorTestKit.create(piping)]
    const [first, second] = kits.map((kit) => {
      kit.run('go')
      return kit.expectEffect('Piped')
    })

    first?.succeed(5)
    second?.fail(new Error('no disk'))

    expect(seen).toEqual([{ _tag: 'Right', right: 5 }, 'failed'])
  })

  it('lets supervisors decide: resume keeps the state, restart begins afresh', () => {
    const counting = (strategy: SupervisorStrategy, seen: string[]): Behavior<string> => {
      const counter = (n: number): Behavior<string> =>
        mourning(seen, (message) => {
          if (message === 'fail') throw new Error('fail')
          seen.push(`${message} ${String(n)}`)
          return counter(n + 1)
        })
      return pipe(counter(0), Behaviors.supervise(strategy))
    }
    const seenBy = (strategy: SupervisorStrategy): readonly string[] => {
      const seen: string[] = []
      const kit = BehaviorTestKit.create(counting(strategy, seen))
      for (const word of ['a', 'fail', 'b']) kit.run(word)
      return seen
    }

    expect(seenBy(SupervisorStrategy.resume)).toEqual(['a 0', 'b 1'])
    expect(seenBy(SupervisorStrategy.restart)).toEqual(['a 0', 'PreRestart', 'b 0'])
    expect(() => seenBy(SupervisorStrategy.stop)).toThrow('fail')
  })

  it('runs interceptors, adapters and contramapped references as the runtime does', () => {
    const kit = BehaviorTestKit.create(
      pipe(
        Behaviors.receive<number>((context, n) => {
          const adapter = context.messageAdapter((text: string) => text.length)
          contramapRef((text: string) => `${text}!`)(adapter).tell('x'.repeat(n))
          return Behaviors.same
        }),
        Behaviors.contramap((text: string) => text.length),
      ),
    )

    kit.run('abc')

    expect((kit.selfInbox.receiveAll() as readonly unknown[])[0]).toBe(4)
  })

  it('opens a status', () => {
    const seen: unknown[] = []
    const kit = BehaviorTestKit.create(
      Behaviors.receive<unknown>((context, message) => {
        if (message !== 'go') seen.push(message)
        else
          context.askWithStatus(
            context.spawn<ActorRef<StatusReply<number>>>(Behaviors.ignore),
            (replyTo: ActorRef<StatusReply<number>>) => replyTo,
            { timeoutMs: 1 },
            (result) => result,
          )
        return Behaviors.same
      }),
    )
    kit.run('go')
    kit.expectEffect('Spawned')

    kit.expectEffect('AskInitiated').respond({ _tag: 'Success', value: 3 })

    expect(seen).toEqual([{ _tag: 'Right', right: 3 }])
  })

  it('refuses what the runtime refuses', () => {
    const refusal = (run: (context: ActorContext<Command>) => void): unknown => {
      try {
        effectsOf(run)
        return undefined
      } catch (error) {
        return (error as { readonly _tag: string })._tag
      }
    }
    const outside = BehaviorTestKit.create(Behaviors.ignore).ref
    let leaked: ActorContext<Command> | undefined
    effectsOf((context) => (leaked = context))

    expect(() => BehaviorTestKit.create(Behaviors.same)).toThrow('as a first behavior')
    expect(refusal((context) => context.spawn(Behaviors.unhandled))).toBe('IllegalArgument')
    expect(refusal((context) => [1, 2].map(() => context.spawn(Behaviors.ignore, 'twin')))).toBe('InvalidActorName')
    expect(refusal((context) => context.spawn(Behaviors.ignore, 'a/b'))).toBe('InvalidActorName')
    expect(
      refusal((context) => {
        context.stop(context.self)
      }),
    ).toBe('IllegalArgument')
    expect(
      refusal((context) => {
        context.stop(outside)
      }),
    ).toBe('IllegalArgument')
    expect(
      refusal((context) => {
        context.watch(outside)
        context.watchWith(outside, 'gone')
      }),
    ).toBe('IllegalState')
    expect(() => leaked?.children).toThrow('outside of its turn')
    expect(() => {
      BehaviorTestKit.create(doing).expectEffect('Spawned')
    }).toThrow('the next one is none')
  })

  it('has a system for behaviors that ask for one', () => {
    const names: string[] = []
    effectsOf((context) => {
      names.push(context.system.name)
      context.system.ignoreRef.tell('nothing')
    })

    expect(names).toEqual(['kit'])
  })
})
