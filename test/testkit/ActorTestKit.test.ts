import { describe, expect, it } from 'vitest'
import { Behaviors, TroupeError, type Behavior, type Clock } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

const failing: Behavior<string> = Behaviors.receiveMessage((text: string) => {
  throw new Error(text)
})

describe('ActorTestKit', () => {
  it('runs nothing until it is told to', () => {
    const kit = ActorTestKit.create()
    const seen: string[] = []
    const actor = kit.spawn(
      Behaviors.receiveMessageWithSame<string>((text) => {
        seen.push(text)
      }),
    )
    actor.tell('hello')
    expect(seen).toEqual([])

    kit.runUntilQuiet()

    expect(seen).toEqual(['hello'])
  })

  it('names actors and checks names as any parent does', () => {
    const kit = ActorTestKit.create({ name: 'shop' })

    expect(kit.spawn(Behaviors.ignore, 'a').path.toString()).toBe('troupe://shop/user/a')
    expect(() => kit.spawn(Behaviors.ignore, 'a')).toThrow(
      "The name 'a' is not unique among the children of troupe://shop/user",
    )
  })

  it('stops what it has spawned, probes too, and nothing else', () => {
    const kit = ActorTestKit.create()
    const probe = kit.createProbe()
    const other = kit.createProbe()
    const child = kit.spawn(Behaviors.ignore, 'child')
    kit.stop(child)
    kit.stop(other.ref)

    probe.expectTerminated(child)
    probe.expectTerminated(other.ref)
    expect(() => {
      kit.stop(kit.system)
    }).toThrow(TroupeError)
  })

  it('hands dead letters, unhandled and dropped messages and log records to probes', () => {
    const kit = ActorTestKit.create()
    const [deadLetters, unhandled, dropped] = [
      kit.createDeadLetterProbe(),
      kit.createUnhandledProbe(),
      kit.createDroppedProbe(),
    ]
    const errors = kit.createLogProbe({ level: 'error', message: /boom$/ })
    const gone = kit.spawn(Behaviors.stopped, 'gone')
    const empty = kit.spawn(Behaviors.empty, 'empty')
    const stashing = kit.spawn(
      Behaviors.withStash<string>(1, (stash) =>
        Behaviors.receiveMessage((text) => {
          stash.stash(text)
          stash.clear()
          return Behaviors.same
        }),
      ),
    )
    kit.runUntilQuiet()

    gone.tell('to the dead')
    empty.tell('to nobody')
    stashing.tell('let go')
    kit.spawn(failing, 'failing').tell('boom')

    expect(deadLetters.receiveMessage()).toMatchObject({ message: 'to the dead' })
    expect(unhandled.receiveMessage()).toMatchObject({ message: 'to nobody' })
    expect(dropped.receiveMessage()).toMatchObject({ message: 'let go', reason: 'stash cleared' })
    expect(errors.receiveMessage()).toMatchObject({ level: 'error', message: 'It failed and stops. boom' })
    errors.expectNoMessage()
  })

  it('settles when all tasks have ended and their results are handled', async () => {
    const kit = ActorTestKit.create()
    const probe = kit.createProbe<string>()
    const actor = kit.spawn(
      Behaviors.receive<string>((context, text) => {
        probe.ref.tell(text)
        if (text.length < 4)
          context.pipeToSelf(
            async () => Promise.resolve(`${text}!`),
            (result) => (result._tag === 'Right' ? result.right : 'failed'),
          )
        return Behaviors.same
      }),
    )
    actor.tell('a')

    await kit.settle()

    expect(probe.receiveMessages(4)).toEqual(['a', 'a!', 'a!!', 'a!!!'])
  })

  it('says who has not settled after a while (real time)', async () => {
    const kit = ActorTestKit.create()
    const actor = kit.spawn(
      Behaviors.receiveMessage<string>(() =>
        Behaviors.awaiting(
          () => new Promise<never>(() => undefined),
          () => Behaviors.same,
        ),
      ),
      'waiting',
    )
    actor.tell('go')

    await expect(kit.settle({ timeoutMs: 5 })).rejects.toThrow(
      'not settled within 5 ms of real time. A task is pending, started by troupe://test/user/waiting.',
    )
  })

  it('gives up on an actor that begins a task after each result (real time)', async () => {
    const kit = ActorTestKit.create()
    const actor = kit.spawn(
      Behaviors.receive<string>((context) => {
        context.pipeToSelf(
          () => Promise.resolve(),
          () => 'again',
        )
        return Behaviors.same
      }),
      'poller',
    )
    actor.tell('go')

    await expect(kit.settle({ timeoutMs: 5 })).rejects.toThrow(/not settled within 5 ms of real time after \d+ rounds/)
  })

  it('settles for everybody who waits', async () => {
    const kit = ActorTestKit.create()
    const probe = kit.createProbe<string>()
    let end: (text: string) => void = () => undefined
    const actor = kit.spawn(
      Behaviors.receive<string>((context, text) => {
        probe.ref.tell(text)
        if (text === 'go')
          context.pipeToSelf(
            () =>
              new Promise<string>((resolve) => {
                end = resolve
              }),
            (result) => (result._tag === 'Right' ? result.right : 'failed'),
          )
        return Behaviors.same
      }),
    )
    actor.tell('go')

    const settled = [kit.settle(), kit.settle()]
    end('done')
    await Promise.all(settled)

    expect(probe.receiveMessages(2)).toEqual(['go', 'done'])
    await expect((async () => kit.settle({ timeoutMs: NaN }))()).rejects.toThrow('timeoutMs of settle is NaN')
  })

  it('gives a log probe each record that matches, though the expression is global', () => {
    const kit = ActorTestKit.create()
    const records = kit.createLogProbe({ message: /x/g })
    const actor = kit.spawn(
      Behaviors.receive<string>((context, text) => {
        context.log.info(text)
        return Behaviors.same
      }),
    )

    for (const text of ['x', 'x', 'y', 'x']) actor.tell(text)

    expect(records.receiveMessages(3)).toHaveLength(3)
    records.expectNoMessage()
  })

  it('refuses expectations inside an actor', () => {
    const kit = ActorTestKit.create()
    const probe = kit.createProbe()
    const errors = kit.createLogProbe({ level: 'error' })
    kit
      .spawn(
        Behaviors.receiveMessageWithSame<string>(() => {
          probe.expectNoMessage()
        }),
      )
      .tell('go')

    expect(errors.receiveMessage().message).toContain('was called inside an actor')
  })

  it('reports a system that never becomes quiet', () => {
    const kit = ActorTestKit.create()
    kit
      .spawn(
        Behaviors.receive<string>((context, text) => {
          context.self.tell(text)
          return Behaviors.same
        }),
        'restless',
      )
      .tell('again')

    expect(() => {
      kit.runUntilQuiet()
    }).toThrow('still not quiet; the last to run was troupe://test/user/restless')
  })

  it('takes another clock, and then cannot let time pass', () => {
    const clock: Clock = { now: () => 42, setTimer: () => undefined, clearTimer: () => undefined }
    const kit = ActorTestKit.create({ clock })

    expect(() => kit.clock).toThrow("Make it with { clock: 'manual' } to let time pass.")
    expect(() => {
      kit.createProbe().expectNoMessage({ forMs: 1 })
    }).toThrow("Make the kit with { clock: 'manual' }.")
  })

  it('shuts down the tree, even when a task never ends', async () => {
    const stopped: string[] = []
    const kit = ActorTestKit.create()
    const actor = kit.spawn(
      Behaviors.receiveMessage<string>(
        () =>
          Behaviors.awaiting(
            () => new Promise<never>(() => undefined),
            () => Behaviors.same,
          ),
        (_, signal) => {
          stopped.push(signal._tag)
          return Behaviors.same
        },
      ),
    )
    actor.tell('go')
    kit.runUntilQuiet()

    await kit.shutdown()
    await kit.shutdown()

    expect(stopped).toEqual(['PostStop'])
    expect(kit.system.printTree()).toBe('troupe://test')
  })
})
