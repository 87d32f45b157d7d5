/**
 * What is in the house keeps the laws that are published for others.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it, inject } from 'vitest'
import {
  Behaviors,
  boundedMailbox,
  contramapRef,
  defaultSettings,
  SupervisorStrategy,
  type ActorRef,
  type Behavior,
} from 'troupe'
import {
  ActorTestKit,
  behaviorLaws,
  BehaviorTestKit,
  contravariantLaws,
  dispatcherLaws,
  mailboxLaws,
  supervisionLaws,
  type Law,
} from 'troupe/testkit'
import { LoopDispatcher } from '../../modules/runtime/LoopDispatcher.js'
import { ManualDispatcher } from '../../modules/testkit/ManualDispatcher.js'
import { SimDispatcher } from '../../modules/testkit/simulation/SimDispatcher.js'
import { seededRandom } from '../../modules/base/index.js'
import { PickingDispatcher } from '../runtime/support/PickingDispatcher.js'

/** A case of a law is a whole conversation, told several times over. */
const casesPerRun = 10

const holds = (laws: readonly Law[]): void => {
  it.each(laws)('$name', async ({ check }) => {
    await check({ seed: inject('seed'), runs: Math.ceil(inject('runs') / casesPerRun) })
  })
}

describe('bounded mailboxes', () => {
  for (const capacity of [1, 2, 7])
    for (const overflow of ['dropNewest', 'dropOldest'] as const)
      describe(`of ${String(capacity)}, ${overflow}`, () => {
        holds(mailboxLaws(boundedMailbox(capacity, overflow)))
      })
})

describe('the dispatcher of the event loop', () => {
  holds(dispatcherLaws(() => ({ dispatcher: new LoopDispatcher(defaultSettings) })))
})

describe('the dispatcher of the test kit', () => {
  holds(
    dispatcherLaws(() => {
      const dispatcher = new ManualDispatcher(1)
      return {
        dispatcher,
        drive: () => {
          dispatcher.runUntilQuiet()
        },
      }
    }),
  )
})

describe('the dispatcher of a simulation', () => {
  holds(
    dispatcherLaws(() => {
      const dispatcher = new SimDispatcher({
        scheduled: () => undefined,
        taskStarted: () => undefined,
        taskDelivered: () => undefined,
      })
      return {
        dispatcher,
        drive: () => {
          if (dispatcher.count > 0) dispatcher.take(0).run(1)
        },
      }
    }),
  )
})

describe('the dispatcher of the properties', () => {
  holds(
    dispatcherLaws(() => {
      const dispatcher = new PickingDispatcher(seededRandom(inject('seed')))
      return {
        dispatcher,
        drive: () => {
          dispatcher.run(1)
        },
      }
    }),
  )
})

const counter = (n: number): Behavior<string> =>
  Behaviors.receive((context, message) => {
    context.log.info(`${message} ${String(n)}`)
    if (message === 'odd') return Behaviors.unhandled
    if (message === 'stop' && n > 3) return Behaviors.stopped
    if (message === 'fail') throw new Error('fail')
    context.self.tell(`again ${message}`)
    return counter(n + 1)
  })

const busy = Behaviors.withTimers<string>((timers) =>
  Behaviors.withStash<string>(3, (stash) =>
    Behaviors.receive<string>((context, message) => {
      timers.startSingleTimer(message, message, 10)
      if (message === 'odd') context.watch(context.spawn(Behaviors.ignore))
      if (message === 'stop' || stash.isFull) return stash.unstashAll(counter(0))
      stash.stash(message)
      return Behaviors.same
    }),
  ),
)

describe('behaviors', () => {
  for (const [name, behavior] of [
    ['that count', counter(0)],
    ['with timers, stash and children', busy],
    ['that are supervised', pipe(busy, Behaviors.supervise(SupervisorStrategy.restart))],
    ['that are ignored', Behaviors.ignore],
    ['that are empty', Behaviors.empty],
  ] as const)
    describe(name, () => {
      holds(behaviorLaws<string>(behavior, ['word', 'odd', 'stop', 'fail']))
    })
})

describe('Behaviors.contramap', () => {
  holds(
    contravariantLaws<Behavior<number>>({
      make: () =>
        pipe(
          counter(0),
          Behaviors.contramap((n: number) => (n % 5 === 0 ? 'odd' : `word ${String(n)}`)),
        ),
      contramap: Behaviors.contramap,
      observe: (behavior, inputs) => {
        const kit = BehaviorTestKit.create(behavior)
        for (const input of inputs) kit.run(input)
        return [kit.logEntries().map(({ message }) => message), kit.unhandled().length]
      },
    }),
  )
})

describe('contramapRef', () => {
  const kit = ActorTestKit.create()
  const probe = kit.createProbe<number>()
  holds(
    contravariantLaws<ActorRef<number>>({
      make: () => probe.ref,
      contramap: contramapRef,
      observe: (ref, inputs) => {
        for (const input of inputs) ref.tell(input)
        return probe.receiveMessages(inputs.length)
      },
    }),
  )
})

describe('Behaviors.supervise', () => {
  holds(supervisionLaws(Behaviors.supervise))
})
