/**
 * What only rooms above the runtime may do, through its inner door.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type ActorRef, type Behavior } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import { kill, spawnWithNotice, type StartNotice } from '../../modules/runtime/internal.js'

let kit: ActorTestKit
let log: unknown[]

beforeEach(() => {
  kit = ActorTestKit.create()
  log = []
})

const notice: StartNotice = (result) => {
  log.push(result._tag === 'Left' ? result.left : 'started')
}

/** Spawns the behavior below a parent and watches it there. */
const spawnNoticed = (behavior: Behavior<string>): void => {
  kit.spawn(
    Behaviors.setup<string>((context) => {
      const child = spawnWithNotice(context, behavior, 'child', undefined, notice)
      context.watchWith(child, 'gone')
      return Behaviors.receiveMessage((message) => {
        log.push(message)
        return Behaviors.same
      })
    }),
  )
  kit.runUntilQuiet()
}

const failingSetup = (times: number, error: Error): Behavior<string> => {
  let left = times
  return Behaviors.setup(() => {
    if (left-- > 0) throw error
    return Behaviors.ignore
  })
}

describe('spawnWithNotice', () => {
  it.each<[string, Behavior<string>]>([
    ['a plain handler', Behaviors.receiveMessage<string>(() => Behaviors.same)],
    ['a setup', Behaviors.setup<string>(() => Behaviors.ignore)],
    [
      'a setup that awaits',
      Behaviors.setup<string>(() =>
        Behaviors.awaiting(
          () => new Promise(() => undefined),
          () => Behaviors.same,
        ),
      ),
    ],
  ])('tells of the start of %s, once', (_, behavior) => {
    spawnNoticed(behavior)

    expect(log).toEqual(['started'])
  })

  it('tells the failure that ended starting', () => {
    const error = new Error('no disk')

    spawnNoticed(failingSetup(1, error))

    expect(log).toEqual([error, 'gone'])
  })

  it('waits for a start that is tried again, and tells nothing of later restarts (virtual time)', () => {
    const backoff = SupervisorStrategy.restartWithBackoff({ minMs: 100, maxMs: 100, randomFactor: 0 })
    spawnNoticed(pipe(failingSetup(2, new Error('not yet')), Behaviors.supervise(backoff)))
    kit.clock.timePasses(199)
    expect(log).toEqual([])

    kit.clock.timePasses(1)

    expect(log).toEqual(['started'])
  })

  it('counts a child that stops in its setup as started', () => {
    spawnNoticed(Behaviors.setup<string>(() => Behaviors.stopped))

    expect(log).toEqual(['started', 'gone'])
  })
})

describe('kill', () => {
  const mortal = (name: string): Behavior<string> =>
    Behaviors.receiveMessage<string>(
      () =>
        Behaviors.awaiting(
          (signal) =>
            new Promise(() => {
              signal.addEventListener('abort', () => log.push(`${name} aborted`))
            }),
          () => Behaviors.same,
        ),
      (_, signal) => {
        log.push(`${name} ${signal._tag}`)
        return Behaviors.same
      },
    )

  it('ends an actor and its children without PostStop, aborts their tasks and tells the watchers', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const children: ActorRef<string>[] = []
    const parent = kit.spawn(
      Behaviors.setup<string>((context) => {
        children.push(context.spawn(mortal('child'), 'child'))
        return mortal('parent')
      }),
      'parent',
    )
    kit.runUntilQuiet()
    const probe = kit.createProbe<string>()
    parent.tell('wait')
    parent.tell('left over')
    for (const child of children) child.tell('wait')
    kit.runUntilQuiet()

    kill(parent)
    kit.runUntilQuiet()

    expect(log).toEqual(['parent aborted', 'child aborted'])
    probe.expectTerminated(parent)
    expect(deadLetters.receiveMessage().message).toBe('left over')
  })
})
