/**
 * One behavior for what another leaves unhandled.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type Behavior, type TroupeError } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { kit, log, newScene, receiving, tellAll } from '../scene.js'

beforeEach(newScene)

describe('orElse of what has to be supervised or waits', () => {
  const failing = pipe(
    Behaviors.receiveMessage<string>(() => Behaviors.same),
    Behaviors.supervise(SupervisorStrategy.restart),
  )

  it('is refused with a supervise in a part, at the start and later, with a sentence that says where it belongs', () => {
    const failures = kit.createLogProbe({ level: 'error' })
    kit.spawn(pipe(failing, Behaviors.orElse(receiving)), 'first')
    kit.spawn(pipe(receiving, Behaviors.orElse(failing)), 'second')
    const later = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>(() => failing),
        Behaviors.orElse(receiving),
      ),
      'later',
    )

    tellAll(later, 'go')

    expect(failures.receiveMessages(3).map(({ message }) => message)).toEqual(
      ['first', 'second', 'later'].map((name): unknown =>
        expect.stringContaining(
          `troupe://test/user/${name} has a supervise inside orElse, where it could not tell whose failure it sees. ` +
            `Supervise the combination instead: pipe(a, orElse(b), supervise(strategy)).`,
        ),
      ),
    )
  })

  it('may wait in one of three parts', async () => {
    const waiting = Behaviors.awaiting(
      () => Promise.resolve('waited'),
      (value): Behavior<string> => {
        log.push(value)
        return receiving
      },
    )
    const leaving = Behaviors.receiveMessage<string>(() => Behaviors.unhandled)
    const actor = kit.spawn(pipe(leaving, Behaviors.orElse(leaving), Behaviors.orElse(waiting)))

    tellAll(actor, 'a')
    await kit.settle()

    expect(log).toEqual(['waited', 'got a'])
  })

  it('stops when one of its parts stops as it starts', () => {
    const failures = kit.createLogProbe({ level: 'error' })
    const stopping = Behaviors.setup<string>(() => Behaviors.stopped)
    const actors = [pipe(stopping, Behaviors.orElse(receiving)), pipe(receiving, Behaviors.orElse(stopping))].map(
      (behavior) => kit.spawn(behavior),
    )

    for (const actor of actors) kit.createProbe<never>().expectTerminated(actor)
    failures.expectNoMessage()
  })

  it('goes on with both when a part has waited for a task', async () => {
    const waits: Behavior<string> = Behaviors.receiveMessage<string>((text) =>
      text === 'wait'
        ? Behaviors.awaiting(
            () => Promise.resolve('waited'),
            (value) => {
              log.push(value)
              return waits
            },
          )
        : Behaviors.unhandled,
    )
    const actor = kit.spawn(pipe(waits, Behaviors.orElse(receiving)))

    tellAll(actor, 'a', 'wait', 'b')
    await kit.settle()
    tellAll(actor, 'wait', 'stop')
    await kit.settle()

    expect(log).toEqual(['got a', 'waited', 'got b', 'waited', 'got stop', 'saw PostStop'])
  })

  it('E3: goes on with both when the task of a part failed and is resumed', async () => {
    const waits: Behavior<string> = Behaviors.receiveMessage<string>((text) =>
      text === 'wait'
        ? Behaviors.awaiting(
            () => Promise.reject(new Error('no')),
            () => Behaviors.stopped,
          )
        : Behaviors.unhandled,
    )
    const actor = kit.spawn(pipe(waits, Behaviors.orElse(receiving), Behaviors.supervise(SupervisorStrategy.resume)))

    tellAll(actor, 'wait', 'b')
    await kit.settle()
    tellAll(actor, 'wait', 'c')
    await kit.settle()

    expect(log).toEqual(['got b', 'got c'])
  })
})

describe('orElse', () => {
  const only =
    (name: string, ...texts: readonly string[]) =>
    (count: number): Behavior<string> =>
      Behaviors.receiveMessage<string>(
        (text) => {
          if (!texts.includes(text)) return Behaviors.unhandled
          log.push(`${name} ${text} ${String(count)}`)
          return text === 'stop' ? Behaviors.stopped : only(name, ...texts)(count + 1)
        },
        (_, signal) => {
          log.push(`${name} ${signal._tag}`)
          return name === 'first' ? Behaviors.unhandled : Behaviors.same
        },
      )

  it('hands the second what the first leaves unhandled, each with a state of its own', () => {
    const unhandled = kit.createUnhandledProbe()
    const actor = kit.spawn(pipe(only('first', 'a')(0), Behaviors.orElse(only('second', 'b', 'stop')(0))))

    tellAll(actor, 'a', 'b', 'a', 'c', 'b', 'stop')

    expect(log).toEqual([
      'first a 0',
      'second b 0',
      'first a 1',
      'second b 1',
      'second stop 2',
      'first PostStop',
      'second PostStop',
    ])
    expect(unhandled.receiveMessage().message).toBe('c')
    unhandled.expectNoMessage()
  })
})

describe('two that wait in orElse', () => {
  const coroutine = Behaviors.coroutine<string>(function* (co) {
    yield* co.receive()
    return Behaviors.stopped
  })
  const waiting = Behaviors.awaiting(
    () => new Promise<never>(() => undefined),
    () => Behaviors.stopped,
  )
  const sentence =
    'troupe://test/user/a has two parts of orElse that wait, coroutines or awaiting behaviors, but an actor waits for one thing at a ' +
    'time. Give one of them an actor of its own, or wait for both in one coroutine.'

  const failureOf = (behavior: Behavior<string>, ...messages: readonly string[]): string => {
    const kit = ActorTestKit.create()
    const log = kit.createLogProbe({ level: 'error' })
    const ref = kit.spawn(behavior, 'a')
    for (const message of messages) ref.tell(message)
    kit.runUntilQuiet()
    const { cause } = log.receiveMessage()
    kit.createProbe().expectTerminated(ref)
    return (cause as TroupeError).message
  }

  it.each<readonly [string, Behavior<string>, Behavior<string>]>([
    ['two coroutines', coroutine, coroutine],
    ['a coroutine and an awaiting behavior', coroutine, waiting],
    ['two of three, inside one another', pipe(Behaviors.ignore, Behaviors.orElse(coroutine)), coroutine],
    ['one behind an interceptor', pipe(coroutine, Behaviors.logMessages()), coroutine],
  ])('are refused at the start: %s', (_, first, second) => {
    expect(failureOf(pipe(first, Behaviors.orElse(second)))).toBe(sentence)
  })

  it('are refused when a part returns the second one later', () => {
    const deaf = Behaviors.coroutine<string>(function* (co) {
      yield* co.receive(() => false)
      return Behaviors.stopped
    })
    const first = Behaviors.receiveMessage<string>((text) => (text === 'first' ? deaf : Behaviors.unhandled))
    const second = Behaviors.receiveMessage<string>(() => deaf)

    expect(failureOf(pipe(first, Behaviors.orElse(second)), 'second', 'first')).toBe(sentence)
  })

  it('go beside one that does not wait', async () => {
    await using kit = ActorTestKit.create()
    const heard: string[] = []
    const other = Behaviors.receiveMessageWithSame<string>((text) => void heard.push(text))
    const picky = Behaviors.coroutine<string>(function* (co) {
      heard.push(`picked ${yield* co.receive((text) => text === 'mine')}`)
      return Behaviors.ignore
    })

    const ref = kit.spawn(pipe(other, Behaviors.orElse(picky)))
    ref.tell('mine')
    kit.runUntilQuiet()

    expect(heard).toEqual(['mine'])
  })
})
