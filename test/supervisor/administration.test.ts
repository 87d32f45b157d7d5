/**
 * Administration of a running supervisor, how its children are stopped, and what it refuses to be.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import {
  Behaviors,
  Supervisor,
  TroupeError,
  type ActorRef,
  type Behavior,
  type ChildOptions,
  type ChildShutdown,
  type SupervisorCommand,
  type SupervisorFlags,
} from 'troupe'
import { kill, stopChildrenBy } from '../../modules/runtime/internal.js'
import { kit, log, newScene } from '../scene.js'
import { askNow, boom, child, failing, refOf, states, tree, whichChildren } from './support.js'

beforeEach(newScene)

const spawn = (behavior: Behavior<SupervisorCommand>): ActorRef<SupervisorCommand> => {
  const ref = kit.spawn(behavior, 'supervisor')
  kit.runUntilQuiet()
  return ref
}

const leftOf = (tag: string): unknown => ({ _tag: 'Left', left: expect.objectContaining({ _tag: tag }) as unknown })
const { deleteChild, getChildSpec, restartChild, startChild, terminateChild } = Supervisor

describe('administration', () => {
  it('M6: refuses to start what is there', () => {
    const supervisor = spawn(tree(log, {}, { a: {} }))
    const a = refOf(kit, supervisor, 'a')
    const start = startChild({ id: 'a', start: () => child(log, 'a') })

    expect(askNow(kit, supervisor, start)).toEqual({
      _tag: 'Left',
      left: expect.objectContaining({ _tag: 'ChildAlreadyStarted', id: 'a', ref: a }) as unknown,
    })
    askNow(kit, supervisor, terminateChild('a'))
    expect(askNow(kit, supervisor, start)).toEqual(leftOf('ChildAlreadyPresent'))
  })

  it('M6: neither restarts nor deletes what runs', () => {
    const supervisor = spawn(tree(log, {}, { a: {} }))

    expect(askNow(kit, supervisor, restartChild('a'))).toEqual(leftOf('ChildRunning'))
    expect(askNow(kit, supervisor, deleteChild('a'))).toEqual(leftOf('ChildRunning'))
  })

  it('M6: knows nothing of what is not there', () => {
    const supervisor = spawn(tree(log, {}, {}))

    for (const request of [restartChild, deleteChild, terminateChild, getChildSpec])
      expect(askNow<unknown, SupervisorCommand>(kit, supervisor, request('x') as never)).toEqual(
        leftOf('ChildNotFound'),
      )
  })

  it('M6: terminates twice, then deletes', () => {
    const supervisor = spawn(tree(log, {}, { a: {}, b: {} }))
    const done = { _tag: 'Right', right: undefined }

    expect(askNow(kit, supervisor, terminateChild('a'))).toEqual(done)
    expect(askNow(kit, supervisor, terminateChild('a'))).toEqual(done)
    expect(states(kit, supervisor)).toEqual(['a stopped', 'b running'])
    expect(askNow(kit, supervisor, deleteChild('a'))).toEqual(done)
    expect(states(kit, supervisor)).toEqual(['b running'])
  })

  it('adds a child behind the others, and gives its reference', () => {
    const supervisor = spawn(tree(log, { strategy: 'restForOne' }, { a: {} }))

    const added = askNow(kit, supervisor, startChild({ id: 'b', start: () => child(log, 'b') }))
    if (added._tag === 'Right') added.right.tell('fail')
    kit.runUntilQuiet()

    expect(log).toEqual(['+a', '+b', '-b', '+b'])
    expect(states(kit, supervisor)).toEqual(['a running', 'b running'])
  })

  it('forgets a child whose first start failed, and keeps one that failed to start again', () => {
    let isFailing = true
    const supervisor = spawn(tree(log, {}, {}))
    const start = startChild({ id: 'a', start: () => failing(log, 'a', () => isFailing) })

    expect(askNow(kit, supervisor, start)).toEqual({
      _tag: 'Left',
      left: {
        _tag: 'ChildStartFailed',
        id: 'a',
        cause: boom,
        message: `The child 'a' failed before it had started: boom`,
      },
    })
    expect(states(kit, supervisor)).toEqual([])

    isFailing = false
    askNow(kit, supervisor, start)
    askNow(kit, supervisor, terminateChild('a'))
    isFailing = true
    expect(askNow(kit, supervisor, restartChild('a'))).toEqual(leftOf('ChildStartFailed'))
    expect(states(kit, supervisor)).toEqual(['a stopped'])
  })

  it('answers commands in the order in which they came, also those that had to wait', () => {
    const supervisor = spawn(tree(log, {}, {}))
    const answers: string[] = []
    const noted = (what: string): ActorRef<unknown> =>
      kit.spawn(
        Behaviors.receiveMessageWithSame<unknown>(() => {
          answers.push(what)
        }),
      )

    for (let i = 0; i < 50; i++)
      supervisor.tell(startChild({ id: `c${String(i)}`, start: () => child(log, 'c') })(noted(String(i))))
    supervisor.tell(Supervisor.countChildren(noted('count')))
    kit.runUntilQuiet()

    expect(answers).toEqual([...Array.from({ length: 50 }, (_, i) => String(i)), 'count'])
  })

  it('tells of its children: who, how many, and how each is specified', () => {
    const supervisor = spawn(
      pipe(
        Supervisor.of(),
        Supervisor.child('a', () => child(log, 'a'), { restart: 'transient', shutdownMs: 20 }),
        Supervisor.child('s', () => tree(log, {}, {}), { type: 'supervisor' }),
        Supervisor.behavior,
      ),
    )
    refOf(kit, supervisor, 'a').tell('stop')
    kit.runUntilQuiet()

    expect(whichChildren(kit, supervisor)).toEqual([
      { id: 'a', ref: { _tag: 'None' }, state: 'stopped', restart: 'transient', type: 'worker' },
      { id: 's', ref: expect.anything() as unknown, state: 'running', restart: 'permanent', type: 'supervisor' },
    ])
    expect(askNow(kit, supervisor, Supervisor.countChildren)).toEqual({
      specs: 2,
      active: 1,
      supervisors: 1,
      workers: 1,
    })
    expect(askNow(kit, supervisor, getChildSpec('a'))).toEqual({
      _tag: 'Right',
      right: { id: 'a', restart: 'transient', shutdownMs: 20, significant: false, type: 'worker' },
    })
    expect(askNow(kit, supervisor, getChildSpec('s'))).toMatchObject({ right: { shutdownMs: 'infinity' } })
  })

  it('refuses a significant child where nothing shuts down', () => {
    const supervisor = spawn(tree(log, {}, {}))
    const start = startChild({ id: 'a', start: () => child(log, 'a'), restart: 'transient', significant: true })

    expect(askNow(kit, supervisor, start)).toEqual(leftOf('ChildSpecRefused'))
  })
})

describe('a child that is stopped', () => {
  /** A stop alone does not end it: it keeps a child that it does not stop. */
  const stubborn = (name: string): Behavior<string> =>
    Behaviors.setup<string>((context) => {
      context.spawn(Behaviors.ignore)
      stopChildrenBy(context, () => {
        log.push(`${name} is asked`)
      })
      return Behaviors.receiveMessage<string>(
        () => Behaviors.same,
        (_, signal) => {
          log.push(`${name} ${signal._tag}`)
          return Behaviors.same
        },
      )
    })

  const withStubborn = (shutdownMs: ChildShutdown): ActorRef<SupervisorCommand> =>
    spawn(
      pipe(
        Supervisor.of(),
        Supervisor.child('a', () => child(log, 'a')),
        Supervisor.child('b', () => stubborn('b'), { shutdownMs }),
        Supervisor.child('c', () => child(log, 'c')),
        Supervisor.behavior,
      ),
    )

  const distinct = (): readonly string[] => [...new Set(log.splice(0))]

  it('is killed when its time is over, without PostStop; those before it wait for that', () => {
    const supervisor = withStubborn(2_000)
    distinct()

    kit.stop(supervisor)
    kit.clock.timePasses(1_999)
    expect(distinct()).toEqual(['-c', 'b is asked'])

    kit.clock.timePasses(1)
    expect(distinct()).toEqual(['-a'])
    kit.createProbe().expectTerminated(supervisor)
  })

  it('is killed at once when its shutdown is brutal', () => {
    const supervisor = withStubborn('brutalKill')
    distinct()

    kit.stop(supervisor)

    expect(distinct()).toEqual(['-c', '-a'])
  })

  it('is waited for as long as it takes when its shutdown is infinite', () => {
    const supervisor = withStubborn('infinity')
    distinct()

    kit.stop(supervisor)
    kit.clock.timePasses(1_000_000_000)

    expect(distinct()).toEqual(['-c', 'b is asked'])
    kill(supervisor)
    kit.createProbe().expectTerminated(supervisor)
  })

  it('has five seconds when nothing is said, and the same when it is terminated by a command', () => {
    const supervisor = spawn(
      pipe(
        Supervisor.of(),
        Supervisor.child('b', () => stubborn('b')),
        Supervisor.behavior,
      ),
    )
    const probe = kit.createProbe<unknown>()

    supervisor.tell(terminateChild('b')(probe.ref))
    kit.clock.timePasses(4_999)
    probe.expectNoMessage()
    kit.clock.timePasses(1)

    probe.expectMessage({ _tag: 'Right', right: undefined })
  })

  it('leaves no timer behind', () => {
    const supervisor = spawn(tree(log, {}, { a: {}, b: {} }))
    const armed = vi.spyOn(kit.clock, 'setTimer')
    const cleared = vi.spyOn(kit.clock, 'clearTimer')

    askNow(kit, supervisor, terminateChild('b'))
    kit.stop(supervisor)

    expect(armed).toHaveBeenCalledTimes(2)
    const handles = cleared.mock.calls.map(([handle]) => handle)
    for (const { value } of armed.mock.results) expect(handles).toContain(value)
  })
})

describe('bad input', () => {
  const refused = (tag: string, words: RegExp) => (make: () => unknown) => {
    expect(make).toThrow(TroupeError)
    expect(make).toThrow(expect.objectContaining({ _tag: tag }))
    expect(make).toThrow(words)
  }
  const illegal = (words: RegExp): ((make: () => unknown) => void) => refused('IllegalArgument', words)
  const add = (id: string, options: ChildOptions, flags: SupervisorFlags = {}) =>
    Supervisor.child(id, () => Behaviors.ignore, options)(Supervisor.of(flags))

  it.each<[string, SupervisorFlags, RegExp]>([
    [
      'an intensity below 0',
      { intensity: -1 },
      /intensity of Supervisor.of is -1, but must be a whole number from 0 up/,
    ],
    ['an intensity that is not whole', { intensity: 0.5 }, /intensity of Supervisor.of is 0.5/],
    [
      'a period of 0',
      { periodMs: 0 },
      /periodMs of Supervisor.of is 0, but must be a finite number of milliseconds above 0/,
    ],
    ['an unknown strategy', { strategy: 'oneForTwo' as never }, /must be one of oneForOne, oneForAll, restForOne/],
    ['an unknown autoShutdown', { autoShutdown: 'some' as never }, /must be one of never, anySignificant/],
  ])('M8: refuses %s', (_, flags, words) => {
    illegal(words)(() => Supervisor.of(flags))
  })

  it.each<[string, ChildOptions, RegExp]>([
    ['an unknown restart', { restart: 'often' as never }, /restart of The child 'a' is often/],
    [
      'a shutdown below 0',
      { shutdownMs: -1 },
      /shutdownMs of The child 'a' is -1, but must be a number of mill.*'brutalKill'/,
    ],
    ['an unknown type', { type: 'boss' as never }, /type of The child 'a' is boss/],
    [
      'a significant permanent child',
      { significant: true },
      /'a' is significant and permanent.* Make it transient or temp/,
    ],
    [
      'a significant child where nothing shuts down',
      { significant: true, restart: 'temporary' },
      /autoShutdown.*Set auto/,
    ],
  ])('M8: refuses %s', (_, options, words) => {
    illegal(words)(() => add('a', options))
  })

  it('M8: refuses an id that is there twice, that is missing, or that cannot be a name', () => {
    const one = add('a', {})
    illegal(/The child 'a' is there twice. Give each child/)(() =>
      Supervisor.child<string, unknown, string>('a', () => Behaviors.ignore)(one),
    )
    for (const id of [undefined as unknown as string, '', 'a/b'])
      refused('InvalidActorName', /cannot be the name of a child/)(() => add(id, {}))
  })

  it('M8: refuses a child without a function that makes it', () => {
    illegal(/The child 'a' has no function that makes its behavior. Write \(\) => behavior/)(() =>
      Supervisor.child('a', Behaviors.ignore as never),
    )
    illegal(/The child 'a' has no function/)(() => startChild({ id: 'a', start: undefined as never }))
  })

  it('M8: ignores what it does not know', () => {
    expect(() => Supervisor.of({ colour: 'red' } as never)).not.toThrow()
    expect(() => add('a', { colour: 'red' } as never)).not.toThrow()
  })
})
