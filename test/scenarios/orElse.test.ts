/**
 * One behavior for what another leaves unhandled.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type Behavior } from 'troupe'
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
