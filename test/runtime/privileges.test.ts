/**
 * What only rooms above the runtime may do, through its inner door.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors, SupervisorStrategy, type ActorRef, type Behavior } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  deferStart,
  isTerminated,
  kill,
  spawnSystemActor,
  spawnWithNotice,
  stopChildrenBy,
  type StartNotice,
} from '../../modules/runtime/internal.js'

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

  it('during a stop reaches the children that have not ended, and leaves out the last act', () => {
    const family = (name: string, inner: Behavior<string>): Behavior<string> =>
      Behaviors.setup<string>((context) => {
        context.spawn(inner, name)
        return Behaviors.receiveMessage<string>(
          () => Behaviors.stopped(() => void log.push('last act')),
          (_, signal) => {
            log.push(`parent of ${name}: ${signal._tag}`)
            return Behaviors.same
          },
        )
      })
    const parent = kit.spawn(family('child', family('grandchild', family('last', mortal('last')))), 'parent')
    kit.runUntilQuiet()

    // The killer has its turn behind that in which the parent begins to stop, and before the child has.
    parent.tell('stop')
    kit.spawn(
      Behaviors.setup<never>(() => {
        kill(parent)
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    expect(log).not.toContain('parent of child: PostStop')
    expect(log).not.toContain('parent of grandchild: PostStop')
    expect(log).not.toContain('last act')
    kit.createProbe<never>().expectTerminated(parent)
  })
})

describe('deferStart', () => {
  it('tells of the start when the actor says so, and not again at its end', () => {
    let hasStarted = (): void => undefined
    spawnNoticed(
      Behaviors.setup<string>((context) => {
        hasStarted = deferStart(context)
        return Behaviors.receiveMessage(() => Behaviors.stopped)
      }),
    )
    expect(log).toEqual([])

    hasStarted()
    hasStarted()

    expect(log).toEqual(['started'])
  })

  it('is told of the end of an actor that never said so', () => {
    spawnNoticed(
      Behaviors.setup<string>((context) => {
        deferStart(context)
        context.setReceiveTimeout(10, 'fail')
        return Behaviors.receiveMessage((text) => {
          throw new Error(text)
        })
      }),
    )

    kit.clock.timePasses(10)

    expect(log).toEqual([new Error('fail'), 'gone'])
  })
})

describe('stopChildrenBy', () => {
  const child = (name: string): Behavior<string> =>
    Behaviors.receiveMessage(
      () => Behaviors.same,
      (_, signal) => {
        log.push(`${name} ${signal._tag}`)
        return Behaviors.same
      },
    )

  /** Stops its children one at a time, the second first. */
  const orderly = (): Behavior<string> =>
    Behaviors.setup((context) => {
      const children = ['a', 'b', 'c'].map((name) => context.spawn(child(name), name))
      stopChildrenBy(context, () => {
        const next = [children[1], children[2], children[0]].find((ref) => ref !== undefined && !isTerminated(ref))
        log.push(`${String(context.children.length)} left`)
        if (next !== undefined) context.stop(next)
      })
      return Behaviors.receiveMessage(() => {
        throw new Error('boom')
      })
    })

  /** How often it is asked is the runtime's affair. */
  const stops = (): unknown[] => log.filter((entry, index) => entry !== log[index - 1])
  const inOrder = ['3 left', 'b PostStop', '2 left', 'c PostStop', '1 left', 'a PostStop']

  it('gives the order of a stop', () => {
    const parent = kit.spawn(orderly())
    kit.runUntilQuiet()

    kit.stop(parent)

    expect(stops()).toEqual(inOrder)
  })

  it('gives the order of a restart, which then asks anew', () => {
    const parent = kit.spawn(pipe(orderly(), Behaviors.supervise(SupervisorStrategy.restart)))

    parent.tell('fail')
    kit.runUntilQuiet()
    kit.stop(parent)

    expect(stops()).toEqual([...inOrder, ...inOrder])
  })

  it('is not asked when the parent is killed', () => {
    const parent = kit.spawn(orderly())
    kit.runUntilQuiet()

    kill(parent)
    kit.runUntilQuiet()

    expect(stops()).toEqual([])
    expect(isTerminated(parent)).toBe(true)
  })
})

describe('a first setup that stops', () => {
  it('is told of when the actor has ended', () => {
    const ended: boolean[] = []
    kit.spawn(
      Behaviors.setup<string>((context) => {
        const child: ActorRef<string> = spawnWithNotice(
          context,
          Behaviors.setup<string>(() => Behaviors.stopped),
          'child',
          undefined,
          () => {
            ended.push(isTerminated(child))
          },
        )
        return Behaviors.ignore
      }),
    )

    kit.runUntilQuiet()

    expect(ended).toEqual([true])
  })
})

describe('spawnSystemActor', () => {
  const noting = (name: string): Behavior<string> =>
    Behaviors.setup<string>((context) => {
      log.push(`${name} starts`)
      return Behaviors.receive(
        () => Behaviors.same,
        () => {
          log.push(`${name} ends`)
          if (name === 'first') spawnSystemActor(context.system, noting('late'), undefined)
          return Behaviors.same
        },
      )
    })

  it('gives an actor that ends without starting when those below /system are stopping already', async () => {
    spawnSystemActor(kit.system, noting('first'), undefined)
    kit.runUntilQuiet()

    const terminated = kit.system.terminate()
    kit.runUntilQuiet()

    expect(await terminated).toEqual({ _tag: 'None' })
    expect(log).toEqual(['first starts', 'first ends'])
    expect(kit.system.printTree()).toBe('troupe://test')
  })

  it.each([
    ['that had such actors', true],
    ['that had none', false],
  ])('gives an actor that ends without starting in a system %s and has terminated', async (_, hadSome) => {
    if (hadSome) spawnSystemActor(kit.system, Behaviors.ignore, undefined)
    const terminated = kit.system.terminate()
    kit.runUntilQuiet()
    await terminated

    const ref = spawnSystemActor(kit.system, noting('late'), undefined)
    kit.runUntilQuiet()

    expect(isTerminated(ref)).toBe(true)
    expect(log).toEqual([])
    expect(kit.system.printTree()).toBe('troupe://test')
  })
})
