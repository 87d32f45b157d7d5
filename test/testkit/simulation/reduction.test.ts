/** Every order and every order that makes a difference lead to the same results. */
import { describe, expect, it } from 'vitest'
import { ask, Behaviors, Receptionist, ServiceKey, type ActorRef, type Behavior } from 'troupe'
import { find } from 'troupe/discovery'
import { CoordinatedShutdown } from 'troupe/patterns'
import { Simulation, type SimulatedWorld } from 'troupe/testkit'

/** Writes down what an actor has seen; the order in which two actors see something says nothing. */
type Note = (who: string, what: string) => void
type NotedApp = (world: SimulatedWorld, note: Note) => void | Promise<void>

interface Explored {
  readonly runs: number
  readonly results: readonly string[]
}

const explored = async (app: NotedApp, reduce: boolean): Promise<Explored> => {
  const seen = new Set<string>()
  const { runs, isComplete } = await Simulation.explore({ orders: 'every', maxRuns: 10_000, reduce }, (world) => {
    const notes = new Map<string, string[]>()
    world.finally(() => {
      seen.add(
        [...notes]
          .map(([who, what]) => `${who}: ${what.join(' ')}`)
          .sort()
          .join(', '),
      )
    })
    return app(world, (who, what) => {
      notes.set(who, [...(notes.get(who) ?? []), what])
    })
  })
  expect(isComplete).toBe(true)
  return { runs, results: [...seen].sort() }
}

const listener = (note: Note, name: string): Behavior<string> =>
  Behaviors.receiveMessageWithSame((word) => {
    note(name, word)
  })

const teller = (to: ActorRef<string>, word: string): Behavior<string> =>
  Behaviors.receiveMessageWithSame(() => {
    to.tell(word)
  })

/** Does it when it is told to go. */
const doing = (
  act: (context: Parameters<Parameters<typeof Behaviors.receive<string>>[0]>[0]) => void,
): Behavior<string> =>
  Behaviors.receive((context) => {
    act(context)
    return Behaviors.same
  })

const subscriber = (tag: string, note: Note): Behavior<string | { readonly _tag: string }> =>
  Behaviors.receive((context, message) => {
    if (typeof message === 'string') context.system.eventStream.subscribe<{ readonly _tag: string }>(context.self, tag)
    else note('subscriber', message._tag)
    return Behaviors.same
  })

const asksFirst: NotedApp = async (world, note) => {
  const heard = world.spawn(listener(note, 'heard'), 'heard')
  const a = world.spawn(
    Behaviors.receiveMessageWithSame<ActorRef<string>>((replyTo) => {
      replyTo.tell('yes')
    }),
    'a',
  )
  world.spawn(teller(heard, 'c'), 'c').tell('go')
  await ask((replyTo: ActorRef<string>) => replyTo, { timeoutMs: 1_000 })(a)()
  heard.tell('app')
}

const waitsForAPromise: NotedApp = async (world, note) => {
  const heard = world.spawn(listener(note, 'heard'), 'heard')
  let open: () => void = () => undefined
  const opened = new Promise<void>((resolve) => {
    open = resolve
  })
  world.spawn(doing(open), 'a').tell('go')
  world.spawn(teller(heard, 'c'), 'c').tell('go')
  await opened
  heard.tell('app')
}

const watchesAnswers: NotedApp = async (world, note) => {
  const asked = ['a', 'b'].map(async (name) => {
    const actor = world.spawn(
      Behaviors.receiveMessageWithSame<ActorRef<string>>((replyTo) => {
        replyTo.tell('yes')
      }),
      name,
    )
    await ask((replyTo: ActorRef<string>) => replyTo, { timeoutMs: 1_000 })(actor)()
    note('app', name)
  })
  await Promise.all(asked)
}

const subscribesWhilePublishing: NotedApp = (world, note) => {
  world.spawn(subscriber('Ping', note), 'subscriber').tell('go')
  const publish = doing(({ system }) => {
    system.eventStream.publish({ _tag: 'Ping' })
  })
  world.spawn(publish, 'publisher').tell('go')
}

const subscribesWhileALetterIsDead: NotedApp = async (world, note) => {
  const dead = world.spawn<string>(Behaviors.stopped, 'dead')
  await world.quiet()
  world.spawn(subscriber('DeadLetter', note), 'subscriber').tell('go')
  world.spawn(teller(dead, 'word'), 'teller').tell('go')
}

const registersWhileFinding: NotedApp = (world, note) => {
  const key = ServiceKey.of<string>('service')
  const receptionist = Receptionist.get(world.system)
  const register = doing(({ self }) => {
    receptionist.tell(Receptionist.register(key, self))
  })
  world.spawn(register, 'service').tell('go')
  const look = doing(({ system }) => {
    note('finder', String(find.byKey(key)(system).length))
  })
  world.spawn(look, 'finder').tell('go')
}

const spawnsWhileFinding: NotedApp = (world, note) => {
  const spawns = doing((context) => {
    context.spawn(Behaviors.ignore, 'kid')
  })
  world.spawn(spawns, 'a').tell('go')
  const look = doing(({ system }) => {
    note('finder', String(find.byPath('/user/a/kid')(system).length))
  })
  world.spawn(look, 'finder').tell('go')
}

const spawnsWhilePrinting: NotedApp = (world, note) => {
  const spawns = doing((context) => {
    context.spawn(Behaviors.ignore, 'kid')
  })
  world.spawn(spawns, 'a').tell('go')
  const look = doing(({ system }) => {
    note('printer', String(system.printTree().includes('kid')))
  })
  world.spawn(look, 'printer').tell('go')
}

/** Two add the same phase: the second is refused. */
const plansAShutdown: NotedApp = (world, note) => {
  const shutdown = CoordinatedShutdown.get(world.system)
  for (const name of ['a', 'b']) {
    const add = doing(() => {
      try {
        shutdown.addPhase('own')
        note(name, 'added')
      } catch {
        note(name, 'refused')
      }
    })
    world.spawn(add, name).tell('go')
  }
}

describe('Simulation.explore in every order that makes a difference', () => {
  const programs: readonly (readonly [title: string, app: NotedApp, results: number])[] = [
    ['the application tells after an answer', asksFirst, 2],
    ['the application tells after a promise that an actor resolves', waitsForAPromise, 2],
    ['the application sees which answer is first', watchesAnswers, 2],
    ['one subscribes while another publishes', subscribesWhilePublishing, 2],
    ['one subscribes while another makes a dead letter', subscribesWhileALetterIsDead, 2],
    ['one finds by key while another registers', registersWhileFinding, 2],
    ['one finds by path while another spawns', spawnsWhileFinding, 2],
    ['one prints the tree while another spawns', spawnsWhilePrinting, 2],
    ['two add a phase to the shutdown', plansAShutdown, 2],
  ]

  it.each(programs)('finds all results, in fewer runs, when %s', async (_, app, results) => {
    const all = await explored(app, false)
    const reduced = await explored(app, true)

    expect(all.results).toHaveLength(results)
    expect(reduced.results).toEqual(all.results)
    expect(reduced.runs).toBeLessThan(all.runs)
  })
})
