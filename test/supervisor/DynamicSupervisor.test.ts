/**
 * Supervisors of children that are all alike.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  DynamicSupervisor,
  SupervisorFailure,
  TroupeError,
  type ActorRef,
  type Behavior,
  type DynamicSupervisorCommand,
  type DynamicSupervisorOptions,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { stopChildrenBy } from '../../modules/runtime/internal.js'
import { askNow, boom, child, failing, type ChildMessage } from './support.js'

type Command = DynamicSupervisorCommand<string, ChildMessage>

type ReplyOf<T extends Command['_tag']> =
  Extract<Command, { readonly _tag: T }> extends { readonly replyTo: ActorRef<infer R> } ? R : never

let kit: ActorTestKit
let log: string[]
let isBroken: boolean

beforeEach(() => {
  kit = ActorTestKit.create()
  log = []
  isBroken = false
})

const take = (): readonly string[] => log.splice(0)

const spawn = (options: DynamicSupervisorOptions = {}): ActorRef<Command> =>
  kit.spawn(
    DynamicSupervisor.behavior((name: string) => failing(log, name, () => isBroken), { intensity: 10, ...options }),
    'supervisor',
  )

const start = (supervisor: ActorRef<Command>, name: string): ActorRef<ChildMessage> => {
  const started = askNow<ReplyOf<'StartChild'>, Command>(kit, supervisor, (replyTo) => ({
    _tag: 'StartChild',
    args: name,
    replyTo,
  }))
  if (started._tag === 'Left') throw new Error(started.left.message)
  return started.right
}

const terminate = (supervisor: ActorRef<Command>, ref: ActorRef<never>): ReplyOf<'TerminateChild'> =>
  askNow<ReplyOf<'TerminateChild'>, Command>(kit, supervisor, (replyTo) => ({ _tag: 'TerminateChild', ref, replyTo }))

const states = (supervisor: ActorRef<Command>): readonly string[] =>
  askNow<ReplyOf<'WhichChildren'>, Command>(kit, supervisor, (replyTo): Command => ({
    _tag: 'WhichChildren',
    replyTo,
  })).map(({ state }) => state)

describe('a dynamic supervisor', () => {
  it('makes each child from the arguments that came for it, and again when it ends', () => {
    const supervisor = spawn()

    const a = start(supervisor, 'a')
    start(supervisor, 'b')
    a.tell('fail')
    kit.runUntilQuiet()

    expect(take()).toEqual(['+a', '+b', '-a', '+a'])
    expect(states(supervisor)).toEqual(['running', 'running'])
  })

  it.each([
    ['permanent', 'stop', 1],
    ['transient', 'stop', 0],
    ['transient', 'fail', 1],
    ['temporary', 'fail', 0],
  ] as const)('restarts as M1 says: a %s child after %s, %d left', (restart, message, left) => {
    const supervisor = spawn({ restart })

    start(supervisor, 'a').tell(message)
    kit.runUntilQuiet()

    expect(states(supervisor)).toHaveLength(left)
  })

  it('M5: gives up after too many restarts, and is started afresh without children by the one above', () => {
    const supervisor = spawn({ intensity: 1 })
    start(supervisor, 'b')
    const a = start(supervisor, 'a')
    isBroken = true
    take()

    a.tell('fail')
    kit.runUntilQuiet()

    expect(take()).toEqual(['-a', '!a', '-b'])
    kit.createProbe().expectTerminated(supervisor)
  })

  it('M5: gives up with the failure of the last try as the cause', () => {
    const supervisor = spawn({ intensity: 2 })
    const a = start(supervisor, 'a')
    const logged = kit.createLogProbe({ level: 'error' })
    isBroken = true

    a.tell('stop')
    kit.runUntilQuiet()

    const [last] = logged.fishForMessage(({ cause }) =>
      cause instanceof SupervisorFailure ? 'complete' : 'continueAndIgnore',
    )
    expect(last?.cause).toMatchObject({ _tag: 'RestartIntensityReached', cause: boom })
  })

  it('says that a child did not start, and forgets it', () => {
    const supervisor = spawn()
    isBroken = true

    expect(() => start(supervisor, 'a')).toThrow(/failed before it had started: boom/)
    expect(states(supervisor)).toEqual([])
  })

  it('says so, too, when a child cannot even be made', () => {
    const supervisor = kit.spawn(
      DynamicSupervisor.behavior((name: string): Behavior<never> => {
        throw new Error(`no ${name}`)
      }),
    )

    expect(
      askNow<unknown, DynamicSupervisorCommand<string, never>>(kit, supervisor, (replyTo) => ({
        _tag: 'StartChild',
        args: 'a',
        replyTo,
      })),
    ).toMatchObject({ left: { _tag: 'ChildStartFailed', cause: new Error('no a') } })
  })

  it('gives the reference of a child that decides not to run, and forgets it', () => {
    const supervisor = kit.spawn(
      DynamicSupervisor.behavior((_: string) => Behaviors.setup<ChildMessage>(() => Behaviors.stopped)),
    )

    const ref = start(supervisor, 'a')

    kit.createProbe().expectTerminated(ref)
    expect(
      askNow<ReplyOf<'CountChildren'>, Command>(kit, supervisor, (replyTo) => ({ _tag: 'CountChildren', replyTo })),
    ).toEqual({ specs: 0, active: 0, supervisors: 0, workers: 0 })
  })

  it('terminates a child by its reference, for good', () => {
    const supervisor = spawn()
    const a = start(supervisor, 'a')
    start(supervisor, 'b')

    expect(terminate(supervisor, a)).toEqual({ _tag: 'Right', right: undefined })
    expect(terminate(supervisor, a)).toMatchObject({ left: { _tag: 'ChildNotFound' } })
    expect(take()).toEqual(['+a', '+b', '-a'])
  })

  it('calls a restart off that is being tried, by terminating the child', () => {
    const supervisor = spawn({ intensity: 1_000 })
    const a = start(supervisor, 'a')
    isBroken = true
    const probe = kit.createProbe<unknown>()

    a.tell('fail')
    const nosy = kit.spawn(
      Behaviors.setup<ReplyOf<'WhichChildren'>>((context) => {
        supervisor.tell({ _tag: 'WhichChildren', replyTo: context.self })
        return Behaviors.receiveMessage((infos) => {
          if (infos[0]?.state === 'restarting') supervisor.tell({ _tag: 'TerminateChild', ref: a, replyTo: probe.ref })
          else supervisor.tell({ _tag: 'WhichChildren', replyTo: context.self })
          return Behaviors.same
        })
      }),
    )

    expect(nosy).toBeDefined()
    probe.receiveMessage()
    expect(states(supervisor)).toEqual([])
  })

  it('stops its children all at once, and kills those that take too long', () => {
    const stubborn = DynamicSupervisor.behavior(
      (name: string) =>
        Behaviors.setup<string>((context) => {
          context.spawn(Behaviors.ignore)
          stopChildrenBy(context, () => {
            log.push(name)
          })
          return Behaviors.ignore
        }),
      { shutdownMs: 300 },
    )
    const supervisor = kit.spawn(stubborn)
    for (const args of ['a', 'b']) supervisor.tell({ _tag: 'StartChild', args, replyTo: kit.system.ignoreRef })
    kit.runUntilQuiet()

    kit.stop(supervisor)
    expect([...new Set(take())]).toEqual(['a', 'b'])
    kit.clock.timePasses(300)

    kit.createProbe().expectTerminated(supervisor)
  })

  it('M9: shuts down with its last significant child', () => {
    const supervisor = spawn({ restart: 'temporary', significant: true, autoShutdown: 'allSignificant' })
    const [a, b] = [start(supervisor, 'a'), start(supervisor, 'b')]

    a.tell('stop')
    kit.runUntilQuiet()
    expect(states(supervisor)).toEqual(['running'])
    b.tell('stop')

    kit.createProbe().expectTerminated(supervisor)
  })

  it.each<[string, DynamicSupervisorOptions]>([
    ['an intensity below 0', { intensity: -1 }],
    ['a period of 0', { periodMs: 0 }],
    ['a shutdown below 0', { shutdownMs: -1 }],
    ['significant permanent children', { significant: true, autoShutdown: 'anySignificant' }],
    ['significant children where nothing shuts down', { significant: true, restart: 'transient' }],
  ])('M8: refuses %s', (_, options) => {
    expect(() => DynamicSupervisor.behavior(() => child(log, 'a'), options)).toThrow(TroupeError)
  })
})
