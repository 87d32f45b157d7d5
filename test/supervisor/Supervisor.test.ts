/**
 * What OTP promises of supervisors: section M of the semantics.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  ActorSystem,
  Behaviors,
  Supervisor,
  SupervisorFailure,
  type ActorRef,
  type Behavior,
  type SupervisorCommand,
} from 'troupe'
import { kit, log, newScene } from '../scene.js'
import { askNow, boom, child, endOf, failing, refOf, states, tree, type ChildMessage } from './support.js'

beforeEach(newScene)

const take = (): readonly string[] => log.splice(0)

const spawn = (behavior: Behavior<SupervisorCommand>): ActorRef<SupervisorCommand> => {
  const ref = kit.spawn(behavior, 'supervisor')
  kit.runUntilQuiet()
  return ref
}

/** Tells a child and lets everything that follows happen. */
const tell = (supervisor: ActorRef<SupervisorCommand>, id: string, message: ChildMessage): void => {
  refOf(kit, supervisor, id).tell(message)
  kit.runUntilQuiet()
}

const many = { intensity: 100 }

const watched = (behavior: Behavior<SupervisorCommand>): (() => unknown) => endOf(kit, behavior)

describe('a child that ends', () => {
  it('M1: is restarted whenever it is permanent', () => {
    const supervisor = spawn(tree(log, many, { a: { restart: 'permanent' } }))
    const before = refOf(kit, supervisor, 'a')

    tell(supervisor, 'a', 'stop')
    tell(supervisor, 'a', 'fail')

    expect(take()).toEqual(['+a', '-a', '+a', '-a', '+a'])
    expect(refOf(kit, supervisor, 'a').equals(before)).toBe(false)
  })

  it('M1: is restarted when it is transient and has failed; else it stays known, and can be started again', () => {
    const supervisor = spawn(tree(log, many, { a: { restart: 'transient' } }))

    tell(supervisor, 'a', 'fail')
    expect(take()).toEqual(['+a', '-a', '+a'])
    tell(supervisor, 'a', 'stop')
    expect(take()).toEqual(['-a'])
    expect(states(kit, supervisor)).toEqual(['a stopped'])

    expect(askNow(kit, supervisor, Supervisor.restartChild('a'))._tag).toBe('Right')
    expect(states(kit, supervisor)).toEqual(['a running'])
  })

  it.each(['stop', 'fail'] as const)('M1: is forgotten when it is temporary (%s)', (message) => {
    const supervisor = spawn(tree(log, many, { a: { restart: 'temporary' }, b: {} }))

    tell(supervisor, 'a', message)

    expect(take()).toEqual(['+a', '+b', '-a'])
    expect(states(kit, supervisor)).toEqual(['b running'])
  })

  it('M2: is restarted alone by oneForOne, until there were too many', () => {
    const supervisor = spawn(tree(log, { intensity: 2 }, { a: {}, b: {} }))
    const b = refOf(kit, supervisor, 'b')
    take()

    tell(supervisor, 'a', 'fail')
    tell(supervisor, 'a', 'fail')
    expect(take()).toEqual(['-a', '+a', '-a', '+a'])
    expect(refOf(kit, supervisor, 'b').equals(b)).toBe(true)

    tell(supervisor, 'a', 'fail')
    expect(take()).toEqual(['-a', '-b'])
    kit.createProbe().expectTerminated(supervisor)
  })

  it('M2: counts restarts within the period only', () => {
    const supervisor = spawn(tree(log, { intensity: 1, periodMs: 1_000 }, { a: {} }))

    tell(supervisor, 'a', 'fail')
    kit.clock.timePasses(1_001)
    tell(supervisor, 'a', 'fail')
    expect(states(kit, supervisor)).toEqual(['a running'])

    kit.clock.timePasses(1_000)
    tell(supervisor, 'a', 'fail')
    kit.createProbe().expectTerminated(supervisor)
  })

  it('M2: with intensity 0 ends its supervisor at once', () => {
    const supervisor = spawn(tree(log, { intensity: 0 }, { a: {} }))

    tell(supervisor, 'a', 'stop')

    kit.createProbe().expectTerminated(supervisor)
  })

  it('M3: takes all with it in oneForAll', () => {
    const supervisor = spawn(tree(log, { strategy: 'oneForAll' }, { a: {}, b: {}, c: { restart: 'temporary' }, d: {} }))
    take()

    tell(supervisor, 'b', 'fail')

    expect(take()).toEqual(['-b', '-d', '-c', '-a', '+a', '+b', '+d'])
    expect(states(kit, supervisor)).toEqual(['a running', 'b running', 'd running'])
  })

  it('M3: a second child that does not start has the whole set tried again', () => {
    let fails = 0
    const supervisor = spawn(
      pipe(
        Supervisor.of({ strategy: 'oneForAll', intensity: 5 }),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', () => failing(log, 'b', () => fails-- > 0)),
        Supervisor.behavior,
      ),
    )
    take()
    fails = 2

    tell(supervisor, 'a', 'fail')

    expect(take()).toEqual(['-a', '-b', '+a', '!b', '-a', '+a', '!b', '-a', '+a', '+b'])
  })

  it('M4: takes with it in restForOne those that were started after it', () => {
    const supervisor = spawn(tree(log, { strategy: 'restForOne' }, { c1: {}, c2: {}, c3: {}, c4: {}, c5: {} }))
    expect(take()).toEqual(['+c1', '+c2', '+c3', '+c4', '+c5'])

    tell(supervisor, 'c3', 'fail')
    expect(take()).toEqual(['-c3', '-c5', '-c4', '+c3', '+c4', '+c5'])

    kit.stop(supervisor)
    expect(take()).toEqual(['-c5', '-c4', '-c3', '-c2', '-c1'])
  })

  it('M4: starts the next one when the one before has ended its start, also when that one is a supervisor', () => {
    spawn(
      pipe(
        Supervisor.of(),
        Supervisor.child('inner', () => tree(log, {}, { a: {}, b: {} }), { type: 'supervisor' }),
        Supervisor.child('outer', () => child(log, 'outer')),
        Supervisor.behavior,
      ),
    )

    expect(take()).toEqual(['+a', '+b', '+outer'])
  })

  it('M4: that ends while others are being restarted is seen to afterwards', () => {
    let starts = 0
    const supervisor = spawn(
      pipe(
        Supervisor.of({ strategy: 'restForOne', intensity: 2 }),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', () => child(log, 'b')),
        Supervisor.child('c', ({ a }) =>
          Behaviors.setup<ChildMessage>(() => {
            if (++starts === 2) a.tell('fail')
            return child(log, 'c')
          }),
        ),
        Supervisor.behavior,
      ),
    )
    take()

    tell(supervisor, 'b', 'fail')

    expect(take()).toEqual(['-b', '-c', '+b', '+c', '-a', '-c', '-b', '+a', '+b', '+c'])
  })

  it('M4: that has ended already need not be stopped with the others', () => {
    const supervisor = spawn(tree(log, { strategy: 'oneForAll' }, { a: {}, b: {}, c: {} }))
    take()
    const [a, b] = [refOf(kit, supervisor, 'a'), refOf(kit, supervisor, 'b')]

    a.tell('fail')
    b.tell('fail')
    kit.runUntilQuiet()

    expect(take()).toEqual(['-a', '-b', '-c', '+a', '+b', '+c'])
    expect(states(kit, supervisor)).toEqual(['a running', 'b running', 'c running'])
  })
})

/** What becomes of children `a` and `b` when `b` fails and cannot start any more. */
const breakB = (isBroken: { now: boolean }, intensity = 3): Behavior<SupervisorCommand> =>
  pipe(
    Supervisor.of({ intensity }),
    Supervisor.child('a', () => child(log, 'a')),
    Supervisor.child('b', () => failing(log, 'b', () => isBroken.now)),
    Supervisor.behavior,
  )

describe('a child that cannot be started again', () => {
  it('M5: counts with each try, and ends its supervisor and the other children with it', () => {
    const isBroken = { now: false }
    const supervisor = spawn(breakB(isBroken))
    take()
    isBroken.now = true

    tell(supervisor, 'b', 'fail')

    expect(take()).toEqual(['-b', '!b', '!b', '!b', '-a'])
    kit.createProbe().expectTerminated(supervisor)
  })

  it('M5: does not keep administration waiting between two tries', () => {
    const isBroken = { now: false }
    const supervisor = spawn(breakB(isBroken, 1_000))
    const b = refOf(kit, supervisor, 'b')
    const seen = kit.createProbe<readonly { readonly state: string }[]>()
    // Asks again and again, and ends it when it has been asked often enough.
    const nosy = kit.spawn(
      Behaviors.setup<readonly { readonly state: string }[]>((context) => {
        let asked = 0
        return Behaviors.receiveMessage((infos) => {
          seen.ref.tell(infos)
          if (++asked < 5) supervisor.tell(Supervisor.whichChildren(context.self))
          else supervisor.tell(Supervisor.terminateChild('b')(kit.system.ignoreRef))
          return Behaviors.same
        })
      }),
    )
    isBroken.now = true

    b.tell('fail')
    supervisor.tell(Supervisor.whichChildren(nosy))
    kit.runUntilQuiet()

    expect(seen.receiveMessages(5).some((infos) => infos.some(({ state }) => state === 'restarting'))).toBe(true)
    expect(states(kit, supervisor)).toEqual(['a running', 'b stopped'])
  })

  it('M5: is tried in its turn when another one cannot be started either, until both run', () => {
    let failures = 0
    const stubborn = (name: string) => (): Behavior<ChildMessage> => failing(log, name, () => failures-- > 0)
    const supervisor = spawn(
      pipe(
        Supervisor.of(many),
        Supervisor.child('a', stubborn('a')),
        Supervisor.child('b', stubborn('b')),
        Supervisor.behavior,
      ),
    )
    const both = ['a', 'b'].map((id) => refOf(kit, supervisor, id))
    take()
    failures = 6

    for (const ref of both) ref.tell('fail')
    kit.runUntilQuiet()

    expect(take()).toEqual(['-a', '-b', '!a', '!b', '!a', '!b', '!a', '!b', '+a', '+b'])
    expect(states(kit, supervisor)).toEqual(['a running', 'b running'])
  })

  it.each(['oneForOne', 'oneForAll', 'restForOne'] as const)(
    'M5: lets a command that came before its next try go first, in %s',
    (strategy) => {
      const added = kit.createProbe<unknown>()
      const supervisor: ActorRef<SupervisorCommand> = spawn(
        pipe(
          Supervisor.of({ strategy, intensity: 3 }),
          Supervisor.child('a', () =>
            failing(log, 'a', () => {
              const isRestart = log.includes('+a')
              if (isRestart)
                supervisor.tell(Supervisor.startChild({ id: 'c', start: () => child(log, 'c') })(added.ref))
              return isRestart && !log.includes('!a')
            }),
          ),
          Supervisor.child('b', () => child(log, 'b')),
          Supervisor.behavior,
        ),
      )

      tell(supervisor, 'a', 'fail')

      expect(added.receiveMessage()).toMatchObject({ _tag: 'Right' })
      expect(states(kit, supervisor)).toEqual(['a running', 'b running', 'c running'])
    },
  )

  it('M5: has had its try when another one fails in it: a command can start it', () => {
    const answers = kit.createProbe()
    let fails = ''
    const isFailing = (id: string) => (): boolean => {
      if (fails !== id) return false
      fails = id === 'b' ? 'a' : ''
      if (id === 'a') supervisor.tell(Supervisor.terminateChild('a')(answers.ref))
      return true
    }
    const supervisor: ActorRef<SupervisorCommand> = spawn(
      pipe(
        Supervisor.of({ strategy: 'oneForAll', intensity: 100 }),
        Supervisor.child('a', () => failing(log, 'a', isFailing('a'))),
        Supervisor.child('b', () => failing(log, 'b', isFailing('b'))),
        Supervisor.behavior,
      ),
    )
    fails = 'b'

    tell(supervisor, 'b', 'fail')

    expect(states(kit, supervisor)).toEqual(['a stopped', 'b stopped'])
    expect(askNow(kit, supervisor, Supervisor.restartChild('b'))).toMatchObject({ _tag: 'Right' })
    expect(states(kit, supervisor)).toEqual(['a stopped', 'b running'])
  })

  it('M5: gives its supervisor the failure of its last try as the cause', () => {
    const isBroken = { now: false }
    let b: ActorRef<ChildMessage> | undefined
    const end = watched(
      pipe(
        Supervisor.of({ intensity: 2 }),
        Supervisor.child('b', () =>
          Behaviors.setup<ChildMessage>(({ self }) => {
            b = self
            return failing(log, 'b', () => isBroken.now)
          }),
        ),
        Supervisor.behavior,
      ),
    )
    isBroken.now = true

    b?.tell('stop')

    expect(end()).toMatchObject({ _tag: 'RestartIntensityReached', cause: boom })
  })
})

describe('a supervisor', () => {
  it('M5: that gives up fails with a cause that says why, and stops its children in reverse', () => {
    let b: ActorRef<ChildMessage> | undefined
    const end = watched(
      pipe(
        Supervisor.of({ intensity: 0 }),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', () =>
          Behaviors.setup<ChildMessage>((context) => {
            b = context.self
            return child(log, 'b')
          }),
        ),
        Supervisor.child('c', () => child(log, 'c')),
        Supervisor.behavior,
      ),
    )
    take()

    b?.tell('fail')
    const cause = end()

    expect(take()).toEqual(['-b', '-c', '-a'])
    expect(cause).toBeInstanceOf(SupervisorFailure)
    expect(cause).toMatchObject({
      _tag: 'RestartIntensityReached',
      childId: 'b',
      cause: boom,
      message: `The child 'b' ended once more after 0 restarts within 5000 ms, the limit of its supervisor, which gives up.`,
    })
  })

  it('M5: under another is restarted by it: static children are back, added ones are gone', () => {
    const outer = spawn(
      pipe(
        Supervisor.of(),
        Supervisor.child('inner', () => tree(log, { intensity: 0 }, { a: {}, b: {} }), { type: 'supervisor' }),
        Supervisor.behavior,
      ),
    )
    // It is a supervisor.
    const inner = refOf(kit, outer, 'inner') as unknown as ActorRef<SupervisorCommand>
    askNow(kit, inner, Supervisor.startChild({ id: 'added', start: () => child(log, 'added') }))
    expect(take()).toEqual(['+a', '+b', '+added'])

    tell(inner, 'a', 'fail')

    expect(take()).toEqual(['-a', '-added', '-b', '+a', '+b'])
    const again = refOf(kit, outer, 'inner') as unknown as ActorRef<SupervisorCommand>
    expect(again.equals(inner)).toBe(false)
    expect(states(kit, again)).toEqual(['a running', 'b running'])
  })

  it('M5: that gave up counts as shut down: a transient one is not restarted', () => {
    const outer = spawn(
      pipe(
        Supervisor.of(),
        Supervisor.child('inner', () => tree(log, { intensity: 0 }, { a: {} }), {
          type: 'supervisor',
          restart: 'transient',
        }),
        Supervisor.behavior,
      ),
    )
    const inner = refOf(kit, outer, 'inner') as unknown as ActorRef<SupervisorCommand>

    tell(inner, 'a', 'fail')

    expect(states(kit, outer)).toEqual(['inner stopped'])
  })

  it('M7: whose child does not start stops those before it in reverse and fails, saying which', () => {
    const end = watched(
      pipe(
        Supervisor.of(),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', () => child(log, 'b')),
        Supervisor.child('c', () => failing(log, 'c', () => true)),
        Supervisor.child('d', () => child(log, 'd')),
        Supervisor.behavior,
      ),
    )

    expect(take()).toEqual(['+a', '+b', '!c', '-b', '-a'])
    expect(end()).toMatchObject({ _tag: 'ChildStartFailed', childId: 'c', cause: boom })
  })

  it('M7: whose child cannot even be made fails likewise', () => {
    const end = watched(
      pipe(
        Supervisor.of(),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', (): Behavior<string> => {
          throw boom
        }),
        Supervisor.behavior,
      ),
    )

    expect(take()).toEqual(['+a', '-a'])
    expect(end()).toMatchObject({ _tag: 'ChildStartFailed', childId: 'b', cause: boom })
  })

  it('M7: keeps a child that decides not to run as stopped, and forgets a temporary one', () => {
    const supervisor = spawn(
      pipe(
        Supervisor.of(),
        Supervisor.child('a', () => Behaviors.setup<string>(() => Behaviors.stopped)),
        Supervisor.child('b', () => Behaviors.stopped, { restart: 'temporary' }),
        Supervisor.child('c', () => child(log, 'c')),
        Supervisor.behavior,
      ),
    )

    expect(states(kit, supervisor)).toEqual(['a stopped', 'c running'])
    expect(take()).toEqual(['+c'])
  })

  it('M9: that shuts down with any significant child stops the rest in reverse, normally', () => {
    const children = { a: {}, b: { restart: 'transient', significant: true }, c: {} } as const
    const refs: Record<string, ActorRef<ChildMessage>> = {}
    const built = Object.entries(children).reduce(
      (grown, [id, options]) =>
        Supervisor.child(
          id,
          () =>
            Behaviors.setup<ChildMessage>((context) => {
              refs[id] = context.self
              return child(log, id)
            }),
          options,
        )(grown),
      Supervisor.of({ autoShutdown: 'anySignificant', intensity: 3 }),
    )
    const end = watched(Supervisor.behavior(built))
    take()

    refs['b']?.tell('fail')
    kit.runUntilQuiet()
    expect(take()).toEqual(['-b', '+b'])

    refs['b']?.tell('stop')
    expect(end()).toBe('normal')
    expect(take()).toEqual(['-b', '-c', '-a'])
  })

  it('M9: that shuts down with all significant children waits for the last of them', () => {
    const significant = { restart: 'temporary', significant: true } as const
    const supervisor = spawn(tree(log, { autoShutdown: 'allSignificant' }, { a: significant, b: {}, c: significant }))

    tell(supervisor, 'a', 'fail')
    expect(states(kit, supervisor)).toEqual(['b running', 'c running'])

    tell(supervisor, 'c', 'stop')
    kit.createProbe().expectTerminated(supervisor)
  })

  it('M9: does not shut down when a child ends that is not significant', () => {
    const supervisor = spawn(
      tree(log, { autoShutdown: 'anySignificant' }, { a: { restart: 'temporary' }, b: { restart: 'transient' } }),
    )

    tell(supervisor, 'a', 'fail')
    tell(supervisor, 'b', 'stop')

    expect(states(kit, supervisor)).toEqual(['b stopped'])
  })

  it('M9: does not shut down for a significant child that was terminated, or restarted with others', () => {
    const supervisor = spawn(
      tree(
        log,
        { strategy: 'oneForAll', autoShutdown: 'anySignificant' },
        { a: {}, b: { restart: 'temporary', significant: true }, c: { restart: 'transient', significant: true } },
      ),
    )

    askNow(kit, supervisor, Supervisor.terminateChild('c'))
    tell(supervisor, 'a', 'fail')

    expect(states(kit, supervisor)).toEqual(['a running', 'c running'])
  })

  it('tells a child the current references of those before it, at each start', () => {
    const seen: ActorRef<ChildMessage>[] = []
    const supervisor = spawn(
      pipe(
        Supervisor.of({ strategy: 'restForOne' }),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', (siblings) => {
          expect(Object.keys(siblings)).toEqual(['a'])
          seen.push(siblings.a)
          return child(log, 'b')
        }),
        Supervisor.child('c', () => child(log, 'c')),
        Supervisor.behavior,
      ),
    )

    tell(supervisor, 'a', 'fail')

    expect(seen).toHaveLength(2)
    expect(seen[1]?.equals(refOf(kit, supervisor, 'a'))).toBe(true)
    expect(seen[0]?.equals(refOf(kit, supervisor, 'a'))).toBe(false)
  })

  it.each([
    [false, 'Right'],
    [true, 'Left'],
  ])('as a guardian lets whenStarted know how its last child started (fails: %s)', async (isFailing, expected) => {
    const system = ActorSystem.create(
      pipe(
        Supervisor.of(),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', () => failing(log, 'b', () => isFailing)),
        Supervisor.behavior,
      ),
      'real',
      { settings: { logLevel: 'off' } },
    )

    expect((await system.whenStarted)._tag).toBe(expected)
    expect(take().slice(0, 2)).toEqual(['+a', isFailing ? '!b' : '+b'])
    await system.terminate()
  })
})
