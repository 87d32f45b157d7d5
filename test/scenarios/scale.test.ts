/**
 * What grows shall not slow down with its size: each of these takes a second or so, and took the better part of a minute where a step
 * looked at all that was there.
 */
import {
  Behaviors,
  Supervisor,
  type ActorRef,
  type Behavior,
  type SupervisorCommand,
  type SupervisorTree,
} from 'troupe'
import { find, Receptionist, ServiceKey } from 'troupe/discovery'
import { deduplicatingMailbox } from 'troupe/mailboxes'
import { aggregate, SpawnProtocol } from 'troupe/patterns'
import { ActorTestKit } from 'troupe/testkit'
import { describe, expect, it } from 'vitest'

const count = 20_000

describe('at scale', { timeout: 30_000 }, () => {
  it('services are registered under many keys, and forgotten when they stop', () => {
    const kit = ActorTestKit.create()
    const desk = Receptionist.get(kit.system)
    const keyOf = (index: number): ServiceKey<'stop'> => ServiceKey.of<'stop'>(`service-${String(index)}`)
    const services = Array.from({ length: count }, () => kit.spawn(oneWord))
    services.forEach((service, index) => {
      desk.tell(Receptionist.register(keyOf(index), service))
    })
    kit.runUntilQuiet()
    expect(find.byKey(keyOf(count - 1))(kit.system)).toEqual([services.at(-1)])

    for (const service of services) service.tell('stop')
    kit.runUntilQuiet()
    expect(find.byKey(keyOf(0))(kit.system)).toEqual([])
  })

  it('services are registered under one key, in their order, and forgotten when they stop', { timeout: 5_000 }, () => {
    const kit = ActorTestKit.create()
    const desk = Receptionist.get(kit.system)
    const key = ServiceKey.of<'stop'>('service')
    const services = Array.from({ length: count }, () => kit.spawn(oneWord))
    for (const service of services) desk.tell(Receptionist.register(key, service))
    kit.runUntilQuiet()
    const found = find.byKey(key)(kit.system)
    expect(found.length).toBe(count)
    expect(found.every((service, index) => service === services[index])).toBe(true)

    for (const service of services) service.tell('stop')
    kit.runUntilQuiet()
    expect(find.byKey(key)(kit.system)).toEqual([])
  })

  it('a deduplicating mailbox is filled with keys and emptied', () => {
    const kit = ActorTestKit.create()
    const seen: number[] = []
    const reader = kit.spawn(
      Behaviors.receiveMessageWithSame<number>((key) => void seen.push(key)),
      undefined,
      { mailbox: deduplicatingMailbox((key: number) => key) },
    )
    for (let key = 0; key < 10 * count; key++) reader.tell(key)
    kit.runUntilQuiet()
    expect(seen.length).toBe(10 * count)
  })

  it('replies are gathered', () => {
    const kit = ActorTestKit.create()
    const probe = kit.createProbe<number>()
    const ask = (replyTo: ActorRef<number>): void => {
      for (let reply = 0; reply < 5 * count; reply++) replyTo.tell(reply)
    }
    const combine = (replies: readonly number[]): number => replies.length
    kit.spawn(aggregate({ ask, replies: 5 * count, timeoutMs: 1_000, combine, replyTo: probe.ref }))
    kit.runUntilQuiet()
    probe.expectMessage(5 * count)
  })

  it('actors of one name are spawned on request, and their names are given again', () => {
    const kit = ActorTestKit.create()
    const [first, second] = [kit.createProbe<ActorRef<'stop'>>(), kit.createProbe<ActorRef<'stop'>>()]
    const spawner = kit.spawn(SpawnProtocol.behavior)
    const spawnAll = (replyTo: ActorRef<ActorRef<'stop'>>): void => {
      for (let index = 0; index < count; index++) spawner.tell(SpawnProtocol.spawn(oneWord, 'same')(replyTo))
      kit.runUntilQuiet()
    }
    const namesOf = (refs: readonly ActorRef<'stop'>[]): readonly string[] => refs.map(({ path }) => path.name)
    spawnAll(first.ref)
    const refs = first.receiveMessages(count)
    const names = Array.from({ length: count }, (_, index) => (index === 0 ? 'same' : `same-${String(index)}`))
    expect(namesOf(refs)).toEqual(names)

    // Each other one, from behind.
    for (let index = count - 1; index > 0; index -= 2) refs[index]?.tell('stop')
    kit.runUntilQuiet()
    spawnAll(second.ref)
    const freed = names.filter((_, index) => index % 2 === 1)
    expect(namesOf(second.receiveMessages(count / 2))).toEqual(freed)
  })

  it('children are added to a supervisor, end, start again, are found, terminated and deleted', () => {
    const some = count / 2
    const kit = ActorTestKit.create()
    const starts: ActorRef<'stop'>[] = []
    const probe = kit.createProbe<unknown>()
    const supervisor = kit.spawn(Supervisor.behavior(Supervisor.of({ intensity: some, periodMs: 1 })))
    const forEachChild = (request: (id: string) => (replyTo: ActorRef<unknown>) => SupervisorCommand): void => {
      for (let index = 0; index < some; index++) supervisor.tell(request(`child-${String(index)}`)(probe.ref))
      kit.runUntilQuiet()
    }
    forEachChild((id) => Supervisor.startChild({ id, start: () => reporting(starts) }))
    expect(starts.length).toBe(some)

    // Some in each millisecond: the period is over before the next come.
    for (let index = 0; index < some; index++) {
      starts[index]?.tell('stop')
      if (index % 100 === 0) kit.clock.timePasses(2)
    }
    kit.runUntilQuiet()
    expect(starts.length).toBe(2 * some)

    forEachChild((id) => Supervisor.getChildSpec(id))
    forEachChild((id) => Supervisor.terminateChild(id))
    forEachChild((id) => Supervisor.restartChild(id))
    expect(starts.length).toBe(3 * some)

    forEachChild((id) => Supervisor.terminateChild(id))
    forEachChild((id) => Supervisor.deleteChild(id))
    const counts = kit.createProbe<unknown>()
    supervisor.tell(Supervisor.countChildren(counts.ref))
    kit.runUntilQuiet()
    counts.expectMessage({ specs: 0, active: 0, supervisors: 0, workers: 0 })
  })

  it.each(['oneForAll', 'restForOne'] as const)('the children of a tree start, restart %s, and stop', (strategy) => {
    const kit = ActorTestKit.create()
    const starts: ActorRef<'stop'>[] = []
    // The compiler need not know the ids.
    let tree: SupervisorTree<object> = Supervisor.of({ strategy })
    for (let index = 0; index < count; index++) {
      const id: string = `child-${String(index)}`
      tree = Supervisor.child(id as never, () => reporting(starts))(tree)
    }
    const supervisor = kit.spawn(Supervisor.behavior(tree))
    kit.runUntilQuiet()
    expect(starts.length).toBe(count)

    starts[0]?.tell('stop')
    kit.runUntilQuiet()
    expect(starts.length).toBe(2 * count)

    kit.stop(supervisor)
  })

  it('temporary children end while another child takes its time to stop', () => {
    const kit = ActorTestKit.create()
    const starts: ActorRef<'stop'>[] = []
    const [probe, others] = [kit.createProbe<unknown>(), kit.createProbe<unknown>()]
    const supervisor = kit.spawn(Supervisor.behavior(Supervisor.of()))
    supervisor.tell(Supervisor.startChild({ id: 'deep', start: () => nested(count) })(others.ref))
    for (let index = 0; index < count; index++) {
      const id = `child-${String(index)}`
      const start = (): Behavior<'stop'> => reporting(starts)
      supervisor.tell(Supervisor.startChild({ id, start, restart: 'temporary' })(others.ref))
    }
    kit.runUntilQuiet()

    supervisor.tell(Supervisor.terminateChild('deep')(others.ref))
    for (const child of starts) child.tell('stop')
    supervisor.tell(Supervisor.countChildren(probe.ref))
    kit.runUntilQuiet()
    probe.expectMessage({ specs: 1, active: 0, supervisors: 0, workers: 1 })
  })

  it('temporary children that are significant end by themselves, the last one with their supervisor', () => {
    const kit = ActorTestKit.create()
    const starts: ActorRef<'stop'>[] = []
    let tree: SupervisorTree<object> = Supervisor.of({ autoShutdown: 'allSignificant' })
    for (let index = 0; index < count; index++) {
      const id: string = `child-${String(index)}`
      const options = { restart: index % 2 === 0 ? 'temporary' : 'transient', significant: true } as const
      tree = Supervisor.child(id as never, () => reporting(starts), options)(tree)
    }
    const supervisor = kit.spawn(Supervisor.behavior(tree))
    kit.runUntilQuiet()

    for (const child of starts) child.tell('stop')
    kit.runUntilQuiet()
    kit.createProbe().expectTerminated(supervisor)
  })
})

const reporting = (starts: ActorRef<'stop'>[]): Behavior<'stop'> =>
  Behaviors.setup((context) => {
    starts.push(context.self)
    return oneWord
  })

const nested = (depth: number): Behavior<never> =>
  Behaviors.setup((context) => {
    if (depth > 0) context.spawn(nested(depth - 1))
    return Behaviors.ignore
  })

const oneWord = Behaviors.receiveMessage<'stop'>(() => Behaviors.stopped)
