/**
 * Reliable delivery on links that lose, double and reorder, with crashes at both ends, in any order of turns.
 */
import fc from 'fast-check'
import { describe, it } from 'vitest'
import { Behaviors, ServiceKey, SupervisorStrategy, type ActorRef, type Behavior } from 'troupe'
import {
  Confirmed,
  ConsumerController,
  DurableProducerQueue,
  ProducerController,
  WorkPullingProducerController,
  type ConsumerControllerCommand,
  type ConsumerReply,
  type Delivery,
  type ProducerControllerCommand,
  type RequestNext,
  type WorkPullingCommand,
  type WorkRequestNext,
} from 'troupe/delivery'
import { Simulation, type Faults, type SimulatedWorld } from 'troupe/testkit'

const count = 15

/** The actors that may crash have a name that begins so. */
const only: Faults['only'] = (path) => path.elements.some((name) => name.startsWith('frail'))

const onBadLinks = (app: (world: SimulatedWorld) => void): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.nat(), (seed) =>
      Simulation.check(
        { seed, faults: { crash: 0.05, drop: 0.2, duplicate: 0.2, reorder: 0.2, only }, maxMs: 600_000 },
        app,
      ),
    ),
  )

const restarting = Behaviors.supervise(SupervisorStrategy.restart)

/** A controller as it is seen from the other end of a link. */
const far = <A>(
  world: SimulatedWorld,
  consumer: ActorRef<ConsumerControllerCommand<A>>,
): ActorRef<ConsumerControllerCommand<A>> => {
  const [there, back] = [world.link('there'), world.link('back')]
  const backs = new Map<string, ActorRef<ConsumerReply>>()
  const backTo = (to: ActorRef<ConsumerReply>): ActorRef<ConsumerReply> => {
    const known = backs.get(to.toString())
    if (known !== undefined) return known
    const ref = world.spawn(
      Behaviors.receiveMessageWithSame<ConsumerReply>((reply) => {
        back.send(() => {
          to.tell(reply)
        })
      }),
    )
    backs.set(to.toString(), ref)
    return ref
  }
  return world.spawn(
    Behaviors.receiveMessageWithSame<ConsumerControllerCommand<A>>((message) => {
      const sent =
        'producerController' in message && message._tag !== 'RegisterToProducerController'
          ? { ...message, producerController: backTo(message.producerController) }
          : message
      there.send(() => {
        consumer.tell(sent)
      })
    }),
  )
}

/** Sends the numbers up to `count`, each once, whatever becomes of it in between; `start` makes it the producer of a controller. */
const counting = (
  start: (self: ActorRef<Pick<RequestNext<number>, 'sendNextTo'>>) => void,
  given: { count: number },
): Behavior<Pick<RequestNext<number>, 'sendNextTo'>> =>
  restarting(
    Behaviors.setup((context) => {
      start(context.self)
      return Behaviors.receiveMessageWithSame(({ sendNextTo }) => {
        if (given.count < count) sendNextTo.tell(++given.count)
      })
    }),
  )

const sender = (
  controller: ActorRef<ProducerControllerCommand<number>>,
  given: { count: number },
): Behavior<RequestNext<number>> =>
  counting((self) => {
    controller.tell(ProducerController.start(self))
  }, given)

/** Keeps what it was given, and confirms it. */
const receiver = (
  controller: ActorRef<ConsumerControllerCommand<number>>,
  processed: number[],
): Behavior<Delivery<number>> =>
  restarting(
    Behaviors.setup((context) => {
      controller.tell(ConsumerController.start(context.self))
      return Behaviors.receiveMessageWithSame(({ message, confirmTo }) => {
        processed.push(message)
        confirmTo.tell(Confirmed)
      })
    }),
  )

const expectAll = (processed: readonly number[]): void => {
  const expected = Array.from({ length: count }, (_, i) => i + 1)
  if (JSON.stringify(processed) !== JSON.stringify(expected)) throw new Error(`processed ${JSON.stringify(processed)}`)
}

/** Runs one side after the other, four in all; each is stopped, whatever it does just then, before the next one begins. */
const restartingThrice = (world: SimulatedWorld, side: (name: string) => Behavior<never>): void => {
  const parent = Behaviors.setup<number>((context) => {
    const start = (n: number): ActorRef<never> => context.spawn(side(`producing-${String(n)}`), `side-${String(n)}`)
    let current = start(0)
    let next = 0
    return Behaviors.receive<number>(
      (_, n) => {
        next = n
        context.watch(current)
        context.stop(current)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag !== 'Terminated') return Behaviors.same
        // Two that write to one queue at a time would be a mistake.
        current = start(next)
        return Behaviors.same
      },
    )
  })
  const restarts = world.spawn(parent, 'parent')
  world.spawn(
    Behaviors.setup<never>((context) => {
      for (const n of [1, 2, 3]) context.scheduleOnce(n * 1_500, restarts, n)
      return Behaviors.ignore
    }),
  )
}

/** Three who take work under the key, each piece of which takes `ms`; the last is restarted when it crashes, the others end. */
const workers = (
  world: SimulatedWorld,
  key: ServiceKey<ConsumerControllerCommand<number>>,
  processed: number[],
  ms: number,
): void => {
  const worker: Behavior<Delivery<number>> = Behaviors.setup((context) => {
    const controller = context.spawn(ConsumerController.of<number>({ serviceKey: key, window: 3 }), 'controller')
    controller.tell(ConsumerController.start(context.self))
    return Behaviors.receiveMessageWithSame(({ message, confirmTo }) => {
      processed.push(message)
      context.scheduleOnce(ms, confirmTo, Confirmed)
    })
  })
  world.spawn(worker, 'frail-a')
  world.spawn(worker, 'frail-b')
  world.spawn(restarting(worker), 'firm')
}

const giver = (
  controller: ActorRef<WorkPullingCommand<number>>,
  given: { count: number },
): Behavior<WorkRequestNext<number>> =>
  counting((self) => {
    controller.tell(WorkPullingProducerController.start(self))
  }, given)

describe('reliable delivery on bad links', () => {
  it('processes every message once, in order, although producer and consumer crash and are restarted', async () => {
    await onBadLinks((world) => {
      const processed: number[] = []
      const consuming = world.spawn(ConsumerController.of<number>({ window: 5 }), 'consuming')
      const producing = world.spawn(ProducerController.of<number>('p'), 'producing')
      world.spawn(receiver(consuming, processed), 'frail-consumer')
      world.spawn(sender(producing, { count: 0 }), 'frail-producer')
      producing.tell(ProducerController.registerConsumer(far(world, consuming)))
      world.finally(() => {
        expectAll(processed)
      })
    })
  })

  it('processes every message once, in order, although the producer controller is restarted on its durable queue', async () => {
    await onBadLinks((world) => {
      const processed: number[] = []
      const given = { count: 0 }
      const durableQueue = DurableProducerQueue.inMemory<number>('q')
      const consuming = world.spawn(ConsumerController.of<number>({ window: 5 }), 'consuming')
      world.spawn(receiver(consuming, processed), 'frail-consumer')
      const link = far(world, consuming)
      restartingThrice(world, (name) =>
        Behaviors.setup<never>((context) => {
          const producing = context.spawn(ProducerController.of<number>('p', { durableQueue }), name)
          producing.tell(ProducerController.registerConsumer(link))
          // What was never stored is given again by whoever has it.
          given.count = durableQueue.state().currentSeqNr - 1
          context.spawn(sender(producing, given), 'producer')
          return Behaviors.ignore
        }),
      )
      world.finally(() => {
        expectAll(processed)
      })
    })
  })

  it('gives every piece of work to somebody who confirms it, although workers crash', async () => {
    await onBadLinks((world) => {
      const key = ServiceKey.of<ConsumerControllerCommand<number>>('workers')
      const processed: number[] = []
      workers(world, key, processed, 0)
      const pulling = world.spawn(WorkPullingProducerController.of<number>('p', key), 'pulling')
      world.spawn(giver(pulling, { count: 0 }), 'producer')
      world.finally(() => {
        expectAll([...new Set(processed)].sort((a, b) => a - b))
      })
    })
  })

  it('gives every piece of work that was stored to somebody, although workers crash and the controller is restarted', async () => {
    await onBadLinks((world) => {
      const key = ServiceKey.of<ConsumerControllerCommand<number>>('workers')
      const processed: number[] = []
      const durableQueue = DurableProducerQueue.inMemory<number>('q')
      const given = { count: 0 }
      workers(world, key, processed, 400)
      restartingThrice(world, (name) =>
        Behaviors.setup<never>((context) => {
          const pulling = context.spawn(WorkPullingProducerController.of<number>('p', key, { durableQueue }), name)
          // What was never stored is given again by whoever has it.
          given.count = durableQueue.state().currentSeqNr - 1
          context.spawn(giver(pulling, given), 'frail-producer')
          return Behaviors.ignore
        }),
      )
      world.finally(() => {
        expectAll([...new Set(processed)].sort((a, b) => a - b))
        const { currentSeqNr, unconfirmed } = durableQueue.state()
        if (currentSeqNr !== count + 1 || unconfirmed.length > 0)
          throw new Error(`the queue is at ${String(currentSeqNr)} and keeps ${String(unconfirmed.length)}`)
      })
    })
  })
})
