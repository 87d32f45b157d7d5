/**
 * Supervisors in any order of turns, with children that crash in handlers and in starts.
 */
import fc from 'fast-check'
import { pipe } from 'fp-ts/lib/function.js'
import { describe, it } from 'vitest'
import {
  Behaviors,
  DynamicSupervisor,
  Supervisor,
  type ActorRef,
  type Behavior,
  type ChildInfo,
  type RestartScope,
  type SupervisorCommand,
} from 'troupe'
import { Simulation, type SimulatedWorld } from 'troupe/testkit'
import { isTerminated } from '../../modules/runtime/internal.js'

const faults = {
  crash: 0.1,
  crashInSetup: 0.1,
  delay: 0.1,
  delayMs: 50,
  only: (path: { readonly elements: readonly string[] }): boolean => path.elements.length > 2,
}
const inAnyOrder = (app: (world: SimulatedWorld) => void | Promise<void>): Promise<void> =>
  fc.assert(
    fc.asyncProperty(fc.nat(), (seed) => Simulation.check({ seed, faults, maxMs: 100_000 }, app).then(() => true)),
  )

const expectThat = (holds: boolean, what: string): void => {
  if (!holds) throw new Error(what)
}

/** One life of a child, and whom it was given. */
interface Life {
  readonly id: string
  readonly ref: ActorRef<string>
  readonly siblings: Readonly<Record<string, ActorRef<string>>>
}

/** Writes its life down, and takes letters. */
const child = (lives: Life[], id: string, siblings: Readonly<Record<string, ActorRef<string>>>): Behavior<string> =>
  Behaviors.setup<string>((context) => {
    lives.push({ id, ref: context.self, siblings })
    return Behaviors.receiveMessage<string>((text) => (text === 'stop' ? Behaviors.stopped : Behaviors.same))
  })

/** Tells children of a tree some letters from outside while they crash and stop. */
const disturb = async (world: SimulatedWorld, lives: readonly Life[], ids: readonly string[]): Promise<void> => {
  for (let i = 0; i < 6; i++) {
    const id = ids[Math.floor(world.random.next() * ids.length)]
    const last = lives.filter((life) => life.id === id).at(-1)
    last?.ref.tell(world.random.next() < 0.2 ? 'stop' : 'work')
    await world.sleep(Math.floor(world.random.next() * 20))
  }
}

/** Counts what was answered; what it got last. */
interface Answers {
  count: number
  last: unknown
}

/** An actor that takes answers of any kind. */
const listener = (world: SimulatedWorld, answers: Answers, name: string): ActorRef<unknown> =>
  world.spawn(
    Behaviors.receiveMessageWithSame<unknown>((answer) => {
      answers.count++
      answers.last = answer
    }),
    name,
  )

/** Asks for something, of which the answer tells that the first starts are over: from then on a supervisor goes on whatever its children do. */
const hasBegun = (world: SimulatedWorld, supervisor: ActorRef<SupervisorCommand>): (() => boolean) => {
  const answers: Answers = { count: 0, last: undefined }
  supervisor.tell(Supervisor.countChildren(listener(world, answers, 'counter')))
  return () => answers.count > 0
}

const abc = (lives: Life[], strategy: RestartScope): Behavior<SupervisorCommand> =>
  pipe(
    Supervisor.of({ strategy, intensity: 10_000 }),
    Supervisor.child('a', () => child(lives, 'a', {})),
    Supervisor.child('b', ({ a }) => child(lives, 'b', { a })),
    Supervisor.child('c', ({ a, b }) => child(lives, 'c', { a, b })),
    Supervisor.behavior,
  )

const pick = <A>(world: SimulatedWorld, choices: readonly A[]): A =>
  // The index lies within the list.
  choices[Math.floor(world.random.next() * choices.length)] as A

type Request = (replyTo: ActorRef<unknown>) => SupervisorCommand

/** What can be asked of a child, running or not. */
const commands = (lives: Life[], id: string): readonly Request[] => [
  Supervisor.terminateChild(id),
  Supervisor.restartChild(id),
  Supervisor.deleteChild(id),
  Supervisor.startChild({ id, start: () => child(lives, id, {}) }),
  Supervisor.whichChildren,
]

const last = (lives: readonly Life[], id: string): Life | undefined => lives.filter((life) => life.id === id).at(-1)

describe('a supervisor under crashes', () => {
  it.each(['oneForOne', 'oneForAll', 'restForOne'] as const)(
    'of %s has every child running in the end, and one of each at any time',
    async (strategy) => {
      await inAnyOrder(async (world) => {
        const lives: Life[] = []
        const supervisor = world.spawn(abc(lives, strategy), 'supervisor')
        const begun = hasBegun(world, supervisor)
        world.always(() => {
          for (const id of ['a', 'b', 'c'])
            expectThat(
              lives.filter((life) => life.id === id && !isTerminated(life.ref)).length <= 1,
              `there are two of ${id}`,
            )
        })
        await disturb(world, lives, ['a', 'b', 'c'])
        world.finally(() => {
          expectThat(begun() !== isTerminated(supervisor), 'the supervisor ended although it had begun')
          if (!begun()) return
          for (const id of ['a', 'b', 'c']) {
            const life = last(lives, id)
            expectThat(life !== undefined && !isTerminated(life.ref), `${id} does not run`)
          }
        })
      })
    },
  )

  it.each(['oneForOne', 'oneForAll', 'restForOne'] as const)(
    'of %s answers every command, and leaves no child between running and stopped',
    async (strategy) => {
      await inAnyOrder(async (world) => {
        const lives: Life[] = []
        const supervisor = world.spawn(abc(lives, strategy), 'supervisor')
        const begun = hasBegun(world, supervisor)
        const answers: Answers = { count: 0, last: undefined }
        const replyTo = listener(world, answers, 'listener')
        let asked = 0
        for (let i = 0; i < 12; i++) {
          const id = pick(world, ['a', 'b', 'c', 'd'])
          supervisor.tell(pick(world, commands(lives, id))(replyTo))
          asked++
          last(lives, id)?.ref.tell(pick(world, ['stop', 'work', 'work']))
          await world.sleep(pick(world, [0, 0, 1, 10]))
        }
        await world.sleep(1_000)
        supervisor.tell(Supervisor.whichChildren(replyTo))
        world.finally(() => {
          expectThat(begun() !== isTerminated(supervisor), 'the supervisor ended although it had begun')
          if (!begun()) return
          expectThat(
            answers.count === asked + 1,
            `${String(answers.count)} of ${String(asked + 1)} commands were answered`,
          )
          for (const { id, state } of answers.last as readonly ChildInfo[]) {
            const life = last(lives, id)
            const isRunning = life !== undefined && !isTerminated(life.ref)
            expectThat(state === (isRunning ? 'running' : 'stopped'), `${id} is said to be ${state}`)
          }
        })
      })
    },
  )

  it('of restForOne leaves every child with the current references of those before it', async () => {
    await inAnyOrder(async (world) => {
      const lives: Life[] = []
      const supervisor = world.spawn(abc(lives, 'restForOne'), 'supervisor')
      await disturb(world, lives, ['a', 'b', 'c'])
      world.finally(() => {
        if (isTerminated(supervisor)) return
        for (const id of ['b', 'c'])
          for (const [name, ref] of Object.entries(last(lives, id)?.siblings ?? {}))
            expectThat(last(lives, name)?.ref.equals(ref) === true, `${id} knows an ${name} that is gone`)
      })
    })
  })

  it('that stops, in the middle of whatever it does, leaves nobody behind', async () => {
    await inAnyOrder(async (world) => {
      const lives: Life[] = []
      const parent = world.spawn(
        Behaviors.setup<'stop'>((context) => {
          const supervisor = context.spawn(abc(lives, 'oneForAll'), 'inner')
          return Behaviors.receiveMessage<'stop'>(() => {
            context.stop(supervisor)
            return Behaviors.same
          })
        }),
        'parent',
      )
      await disturb(world, lives, ['a', 'b', 'c'])
      parent.tell('stop')
      world.finally(() => {
        // A parent that has crashed before has taken them all with it.
        for (const { id, ref } of lives) expectThat(isTerminated(ref), `${id} is left`)
      })
    })
  })
})

describe('a dynamic supervisor under crashes', () => {
  it('has every child running that it started and nobody terminated', async () => {
    await inAnyOrder(async (world) => {
      const lives: Life[] = []
      let started = 0
      const supervisor = world.spawn(
        DynamicSupervisor.behavior((id: string) => child(lives, id, {}), { intensity: 10_000 }),
        'supervisor',
      )
      const asker = world.spawn(
        Behaviors.receiveMessageWithSame<{ readonly _tag: string }>(({ _tag }) => {
          if (_tag === 'Right') started++
        }),
        'asker',
      )
      for (const args of ['a', 'b', 'c', 'd']) supervisor.tell({ _tag: 'StartChild', args, replyTo: asker })
      await disturb(world, lives, ['a', 'b', 'c', 'd'])
      world.finally(() => {
        const running = lives.filter(({ ref }) => !isTerminated(ref)).length
        expectThat(running === started, `${String(running)} run, ${String(started)} were started`)
      })
    })
  })
})
