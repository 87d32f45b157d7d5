/** What a behavior sees in a BehaviorTestKit is what it sees in a system. The property of that name tries programs. */
import { left, right } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { none } from 'fp-ts/lib/Option.js'
import { left as taskLeft } from 'fp-ts/lib/TaskEither.js'
import { describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type StashBuffer,
} from 'troupe'
import { BehaviorTestKit } from 'troupe/testkit'
import { show } from '../../../modules/testkit/show.js'

describe('BehaviorTestKit does what the runtime does', () => {
  const reading = (
    seen: string[],
    onRead: (message: string, stash: StashBuffer<string>) => Behavior<string> | undefined,
    first: (stash: StashBuffer<string>, open: Behavior<string>) => Behavior<string>,
  ): BehaviorTestKit<string> =>
    BehaviorTestKit.create(
      Behaviors.withStash<string>(10, (stash) => {
        const open: Behavior<string> = Behaviors.receiveMessage((message) => {
          seen.push(message)
          return onRead(message, stash) ?? Behaviors.same
        })
        return Behaviors.receiveMessage((message) => {
          if (message === 'open') return first(stash, open)
          stash.stash(message)
          return Behaviors.same
        })
      }),
    )

  it('what a reading inside of another takes is taken from both', () => {
    const seen: string[] = []
    const kit = reading(
      seen,
      (message, stash) => (message === '1' ? stash.unstash(1, Behaviors.same) : undefined),
      (stash, open) => stash.unstash(2, open),
    )

    for (const word of ['1', '2', '3', '4', 'open']) kit.run(word)

    expect(seen).toEqual(['1', '2'])
  })

  it('what is stashed after clear stays stashed, though the stash was being read', () => {
    const seen: string[] = []
    const kit = reading(
      seen,
      (message, stash) => {
        if (message !== '1') return undefined
        stash.clear()
        for (const word of ['x', 'y']) stash.stash(word)
        return undefined
      },
      (stash, open) => stash.unstashAll(open),
    )

    for (const word of ['1', '2', '3', 'open', 'z']) kit.run(word)

    expect(seen).toEqual(['1', 'z'])
  })

  /** Fails, asks, pipes and adapts on demand, and counts what it has handled. */
  const busy = (seen: string[]): Behavior<unknown> => {
    const counting = (n: number): Behavior<unknown> =>
      Behaviors.receive<unknown>(
        (context, message) => {
          seen.push(`${String(n)} ${typeof message === 'function' ? message.name : show(message)}`)
          if (typeof message === 'function') (message as (context: ActorContext<unknown>) => void)(context)
          return counting(n + 1)
        },
        (_, signal) => {
          seen.push(signal._tag)
          return Behaviors.same
        },
      )
    return counting(0)
  }
  const bad = (): never => {
    throw new Error('no such word')
  }

  it('a piped TaskEither that is left is left for the mapper', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(busy(seen))
    kit.run(function loads(context: ActorContext<unknown>) {
      for (let tasks = 0; tasks < 2; tasks++) context.pipeToSelf(taskLeft('no'), (result) => result)
    })

    kit.expectEffect('Piped').succeed(left('no'))
    kit.expectEffect('Piped').succeed(right('yes'))

    expect(seen).toEqual(['0 loads', "1 { _tag: 'Left', left: 'no' }", "2 { _tag: 'Right', right: 'yes' }"])
  })

  it('a mapper that throws is a failure of the behavior, for its supervisors to decide', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(pipe(busy(seen), Behaviors.supervise(SupervisorStrategy.restart)))
    kit.run(function asks(context: ActorContext<unknown>) {
      context.pipeToSelf(() => Promise.resolve(1), bad)
      context.ask(context.self, (replyTo: ActorRef<string>) => ({ replyTo }), { timeoutMs: 10 }, bad)
    })

    kit.expectEffect('Piped').succeed(1)
    kit.expectEffect('AskInitiated').timeout()

    expect([kit.isAlive, seen]).toEqual([true, ['0 asks', 'PreRestart', 'PreRestart']])
  })

  it('a reply that it gives itself waits until its turn is over', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(busy(seen))

    kit.run(function asks(context: ActorContext<unknown>) {
      context.ask(
        context.self,
        (replyTo: ActorRef<string>) =>
          function replies() {
            replyTo.tell('done')
          },
        { timeoutMs: 10 },
        (result) => result,
      )
    })
    kit.runOne()
    expect(seen).toEqual(['0 asks', '1 replies'])
    kit.runOne()

    expect(seen.slice(2)).toEqual(["2 { _tag: 'Right', right: 'done' }"])
  })

  it('a second reply to an ask, and one that comes too late, are dead letters', () => {
    const seen: string[] = []
    const asked: ActorRef<number>[] = []
    const kit = BehaviorTestKit.create(busy(seen))
    kit.run(function asks(context: ActorContext<unknown>) {
      for (let n = 0; n < 2; n++)
        context.ask(
          context.self,
          (replyTo: ActorRef<number>) => {
            asked.push(replyTo)
            return 'question'
          },
          { timeoutMs: 10 },
          ({ _tag }) => _tag,
        )
    })
    kit.expectEffect('AskInitiated').timeout()

    for (const replyTo of [...asked, ...asked]) replyTo.tell(1)

    expect(seen).toEqual(['0 asks', "1 'Left'", "2 'Right'"])
  })

  it('an adapter adapts when the message is handled, by the function that it has then', () => {
    const seen: string[] = []
    const kit = BehaviorTestKit.create(busy(seen))

    kit.run(function adapts(context: ActorContext<unknown>) {
      context.messageAdapter((word: string) => `old ${word}`, { key: 'word' }).tell('x')
      context.messageAdapter((word: string) => `new ${word}`, { key: 'word' })
    })
    kit.runOne()

    expect(seen).toEqual(['0 adapts', "1 'new x'"])
  })

  it('an adapter that throws is a signal, and a failure when that is left unhandled', () => {
    const seen: string[] = []
    const [hearing, deaf] = [
      BehaviorTestKit.create(busy(seen)),
      BehaviorTestKit.create(
        Behaviors.receive<unknown>((context) => {
          context.messageAdapter(bad).tell('x')
          return Behaviors.same
        }),
      ),
    ]
    hearing.run(function adapts(context: ActorContext<unknown>) {
      context.messageAdapter(bad).tell('x')
    })
    deaf.run('go')

    hearing.runOne()

    expect([seen, hearing.isAlive]).toEqual([['0 adapts', 'MessageAdaptionFailure'], true])
    expect(() => {
      deaf.runOne()
    }).toThrow('no such word')
    expect(deaf.isAlive).toBe(false)
  })

  it('a child that has terminated leaves its name, and the message of watchWith', () => {
    const seen: string[] = []
    const respawning = Behaviors.receive<string>(
      (context, message) => {
        if (message === 'watch') context.watch(context.spawn(Behaviors.ignore, 'child'))
        else if (message === 'watchWith') context.watchWith(context.spawn(Behaviors.ignore, 'child'), 'gone')
        else seen.push(message)
        return Behaviors.same
      },
      (context, { _tag }) => {
        seen.push(`${_tag} ${context.spawn(Behaviors.ignore, 'child').path.name}`)
        return Behaviors.same
      },
    )
    const seenAfter = (message: string): readonly string[] => {
      const kit = BehaviorTestKit.create(respawning)
      kit.run(message)
      kit.signal({ _tag: 'Terminated', ref: kit.expectEffect('Spawned').ref, cause: none })
      return seen.splice(0)
    }

    expect([seenAfter('watch'), seenAfter('watchWith')]).toEqual([['Terminated child'], ['gone']])
  })

  it('what comes of an effect after it has stopped is nothing', () => {
    const kit = BehaviorTestKit.create(
      Behaviors.withTimers<string>((timers) => {
        timers.startSingleTimer('bell', 'ring', 10)
        return Behaviors.receive((context) => {
          context.pipeToSelf(
            () => Promise.resolve(1),
            () => 'piped',
          )
          return Behaviors.stopped
        })
      }),
    )
    const timer = kit.expectEffect('TimerStarted')
    kit.run('stop')
    const piped = kit.expectEffect('Piped')

    timer.send()
    piped.succeed(1)

    expect([kit.isAlive, piped.isCompleted, kit.selfInbox.hasMessages]).toEqual([false, true, false])
    expect(() => {
      kit.signal({ _tag: 'Terminated', ref: kit.ref, cause: none })
    }).toThrow('has stopped')
  })
})

describe('childKit', () => {
  type Command = { readonly spawn: string } | { readonly stop: ActorRef<never> }
  const parent = Behaviors.receive<Command>((context, command) => {
    if ('stop' in command) context.stop(command.stop)
    else
      context.spawn(
        Behaviors.receiveMessageWithSame<ActorRef<string>>((replyTo) => {
          replyTo.tell(command.spawn)
        }),
        'child',
      )
    return Behaviors.same
  })
  const spawned = (kit: BehaviorTestKit<Command>, word: string): ActorRef<never> => {
    kit.run({ spawn: word })
    return kit.expectEffect('Spawned').ref
  }

  it('runs the child itself: its reference and its inbox', () => {
    const kit = BehaviorTestKit.create(parent)
    const ref = spawned(kit, 'hello') as ActorRef<unknown>
    const child = kit.childKit<ActorRef<string>>('child')
    const replies = BehaviorTestKit.create(Behaviors.ignore)

    ;(ref as ActorRef<never> as ActorRef<ActorRef<string>>).tell(replies.ref)
    child.runOne()

    replies.selfInbox.expectMessage('hello')
    expect([child.ref.equals(ref), kit.childKit(ref) === child]).toEqual([true, true])
  })

  it('gives the child that lives, and not the one before it of the same name', () => {
    const kit = BehaviorTestKit.create(parent)
    const first = spawned(kit, 'first')
    const old = kit.childKit<ActorRef<string>>('child')
    kit.run({ stop: first })
    kit.expectEffect('Stopped')
    const second = spawned(kit, 'second')
    // That one has stopped already.
    kit.run({ stop: first })
    const replies = BehaviorTestKit.create(Behaviors.ignore)

    kit.childKit<ActorRef<string>>('child').run(replies.ref)

    replies.selfInbox.expectMessage('second')
    expect(kit.childKit<ActorRef<string>>(second as ActorRef<ActorRef<string>>)).not.toBe(old)
    expect(() => kit.childInbox(first as ActorRef<unknown>)).toThrow('has no child')
  })
})
