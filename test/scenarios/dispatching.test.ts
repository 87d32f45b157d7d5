/**
 * What a dispatcher sees of actors: when they want a turn, and how much of it they have used.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { ActorSystem, Behaviors, type Behavior, type Dispatcher, type Mailbox, type Runnable } from 'troupe'

/** Who has been scheduled, in order; the test gives the turns. */
let scheduled: Runnable[]

const dispatcher: Dispatcher = {
  schedule: (runnable) => void scheduled.push(runnable),
  taskStarted: () => ({
    settled: (deliver) => {
      deliver()
    },
  }),
}

beforeEach(() => {
  scheduled = []
})

/** Gives the first in the queue a turn, and answers what it says that it has used. */
const run = (budget: number): number | undefined => scheduled.shift()?.run(budget)

/** A system that has started. */
const started = (behavior: Behavior<string>): ActorSystem<string> => {
  const system = ActorSystem.create(behavior, 'manual', { dispatcher, settings: { logLevel: 'off' } })
  while (scheduled.length > 0) run(100)
  return system
}

const tell = (system: ActorSystem<string>, count: number): void => {
  for (let n = 0; n < count; n++) system.tell('m')
}

const keeping = Behaviors.receiveMessage<string>(() => Behaviors.same)
/** The receive timeout takes its messages through the longer way. */
const withTimeout = Behaviors.setup<string>((context) => {
  context.setReceiveTimeout(1_000_000, 'late')
  return keeping
})

/** Says that it has something, and then has nothing. */
class Sieve implements Mailbox<unknown> {
  readonly size = 0

  enqueue(): undefined {
    return undefined
  }

  dequeue(): undefined {
    return undefined
  }
}

describe('a turn', () => {
  it.each([
    ['a plain handler', keeping],
    ['a handler with a receive timeout', withTimeout],
  ])('of %s takes as many messages as there are, or as many as it may, and says how many', (_, behavior) => {
    const system = started(behavior)

    tell(system, 5)
    expect(scheduled).toHaveLength(1)
    expect(run(3)).toBe(3)
    expect(scheduled).toHaveLength(1)
    expect(run(10)).toBe(2)
    expect(scheduled).toHaveLength(0)

    tell(system, 4)
    expect(run(4)).toBe(4)
    expect(scheduled).toHaveLength(0)
  })

  it('counts a message whose handler throws', () => {
    const system = started(
      Behaviors.receiveMessage<string>((text) => {
        if (text === 'boom') throw new Error(text)
        return Behaviors.same
      }),
    )

    tell(system, 2)
    system.tell('boom')

    // The stop that follows takes a step of its own.
    expect(run(3)).toBe(3)
    expect(scheduled).toHaveLength(1)
  })

  it('in which there is nothing to do counts as one: a dispatcher that waits for a sum shall see its end', () => {
    const system = started(
      Behaviors.setup<string>((context) => {
        const child = context.spawn(Behaviors.empty, 'child', { mailbox: () => new Sieve() })
        return Behaviors.receiveMessage<string>(() => {
          child.tell('lost')
          return Behaviors.same
        })
      }),
    )

    tell(system, 1)
    expect(run(10)).toBe(1)
    expect(scheduled.map(({ ref }) => ref.path.name)).toEqual(['child'])
    expect(run(10)).toBe(1)
    expect(scheduled).toHaveLength(0)
  })
})
