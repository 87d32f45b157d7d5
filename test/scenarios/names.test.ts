/**
 * What actors may be called, and when a name is free again.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { ActorSystem, Behaviors, TroupeError, type ActorContext, type ActorRef } from 'troupe'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

const errorOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof TroupeError ? `${error._tag}: ${error.message}` : String(error)
  }
  return 'no error'
}

describe('names', () => {
  type Run = (context: ActorContext<Run>) => unknown

  /** Runs what it is sent in its turn, and logs what is thrown. */
  const spawnParent = (): ActorRef<Run> =>
    kit.spawn(
      Behaviors.receive<Run>(
        (context, run) => {
          const error = errorOf(() => run(context))
          if (error !== 'no error') log.push(error)
          return Behaviors.same
        },
        (context, signal) => {
          if (signal._tag === 'Terminated') log.push(`Terminated(${signal.ref.path.name})`)
          if (signal._tag === 'Terminated') onTerminated(context)
          return Behaviors.same
        },
      ),
      'parent',
    )
  let onTerminated: Run
  beforeEach(() => {
    onTerminated = () => undefined
  })

  it('C1: are unique among siblings: the second spawn throws at the caller', () => {
    tellAll(
      spawnParent(),
      (context) => context.spawn(Behaviors.empty, 'a'),
      (context) => context.spawn(Behaviors.empty, 'a'),
      (context) => log.push(`${String(context.children.length)} child`),
    )

    expect(log).toEqual([
      "InvalidActorName: The name 'a' is not unique among the children of troupe://test/user/parent. Choose another one; the name of " +
        'an actor that is being stopped is free when it has terminated, which watch tells.',
      '1 child',
    ])
  })

  it.each([
    ['+a +b +c', 'a b c'],
    ['+a +b +c -a', 'b c'],
    ['+a +b +c -b', 'a c'],
    ['+a +b +c -c', 'a b'],
    ['+a +b +c -b -c', 'a'],
    ['+a +b +c -c -b', 'a'],
    ['+a +b +c -a -b', 'c'],
    ['+a +b +c -b -a', 'c'],
    ['+a +b +c -a -b -c', ''],
    ['+a +b +c -c -a -b', ''],
    ['+a +b +c -b +b', 'a c b'],
    ['+a -a +a +b', 'a b'],
    ['+a +b +c -b +d -c +b', 'a d b'],
  ])(
    'are those of the children that live, oldest first: after %s there are "%s", found by name and stopped with the parent',
    (steps, names) => {
      const parent = spawnParent()
      const child = (name: string) =>
        Behaviors.receiveMessage<string>(
          () => Behaviors.same,
          (_, signal) => {
            if (signal._tag === 'PostStop') log.push(name)
            return Behaviors.same
          },
        )
      for (const [step, name = ''] of steps.split(' '))
        tellAll(parent, (context) => {
          const known = context.child(name)
          if (step === '+') context.spawn(child(name), name)
          else if (known._tag === 'Some') context.stop(known.value)
        })
      log.length = 0

      tellAll(parent, (context) => {
        log.push(context.children.map((ref) => ref.path.name).join(' '))
        log.push(['a', 'b', 'c', 'd'].filter((name) => context.child(name)._tag === 'Some').join(' '))
      })
      expect(log).toEqual([names, names.split(' ').sort().join(' ')])

      log.length = 0
      kit.stop(parent)
      expect([...log].sort().join(' ')).toBe(names.split(' ').sort().join(' '))
    },
  )

  it('C2: are free again with Terminated, not before; the new actor is another one', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const refs: ActorRef<string>[] = []
    onTerminated = (context) => {
      refs.push(
        context.spawn(
          Behaviors.receiveMessageWithSame<string>((text) => void log.push(text)),
          'a',
        ),
      )
    }

    tellAll(spawnParent(), (context) => {
      const old = context.spawn(Behaviors.ignore, 'a')
      refs.push(old)
      context.watch(old)
      context.stop(old)
      context.spawn(Behaviors.empty, 'a')
    })

    expect(log).toEqual([expect.stringContaining("The name 'a' is not unique"), 'Terminated(a)'])
    const [before, after] = refs as [ActorRef<string>, ActorRef<string>]
    expect(before.equals(after)).toBe(false)
    expect(before.path.equals(after.path)).toBe(false)
    expect(before.path.toString()).toBe(after.path.toString())
    expect(before.path.uid).not.toBe(after.path.uid)

    tellAll(before, 'to the old one')
    expect(deadLetters.receiveMessage()).toMatchObject({ recipient: before, message: 'to the old one' })
    tellAll(after, 'to the new one')
    expect(log.at(-1)).toBe('to the new one')
  })

  it('C3: that are malformed are refused, saying what may be in a name', () => {
    const malformed: readonly unknown[] = [
      '',
      null,
      '$x',
      'a/b',
      'ä',
      'a b',
      '%',
      '%4',
      '%G1',
      'a\n',
      7,
      'a#1',
      'a%4',
      'a%4G',
    ]
    const parent = spawnParent()

    for (const name of malformed) {
      log.length = 0
      tellAll(parent, (context) => context.spawn(Behaviors.empty, name as string))
      expect(log).toEqual([
        `InvalidActorName: ${JSON.stringify(name)} cannot be the name of a child of troupe://test/user/parent. A name has ASCII ` +
          "letters, digits and -_.*$+:@&=,!~'; (no $ at the start); anything else as %XX. Leave the name out to have one picked.",
      ])
    }
  })

  it('C3: are texts, whatever else somebody gives', () => {
    const parent = spawnParent()

    for (const name of [10n, Symbol('name'), { name: 10n }])
      tellAll(parent, (context) => context.spawn(Behaviors.empty, name as unknown as string))

    expect(log.map((line) => line.split(' cannot be')[0])).toEqual([
      'InvalidActorName: 10',
      'InvalidActorName: Symbol(name)',
      'InvalidActorName: object',
    ])
    expect(errorOf(() => ActorSystem.create(Behaviors.empty, 10n as unknown as string))).toContain(
      'InvalidActorName: 10 cannot be the name of a system.',
    )
  })

  it('C3: may have all that a path can hold', () => {
    const names = ["-_.*$+:@&=,!~';", '%41', 'a$', '0', 'A-z_9', '%20x', 'a%20b', 'x%7E']

    tellAll(spawnParent(), (context) => {
      for (const name of names) log.push(context.spawn(Behaviors.empty, name).path.name)
    })

    expect(log).toEqual(names)
  })

  it('C3: of a system are letters, digits, - and _', () => {
    for (const name of ['', 'a b', '-a', 'a/b', null])
      expect(errorOf(() => ActorSystem.create(Behaviors.empty, name as string))).toContain(
        `InvalidActorName: ${JSON.stringify(name)} cannot be the name of a system.`,
      )
  })

  it('C1: that are picked begin with $ and find their actor', () => {
    tellAll(spawnParent(), (context) => {
      const first = context.spawn(Behaviors.empty)
      const second = context.spawn(Behaviors.empty)
      const found = context.child(first.path.name)
      log.push(String(first.path.name.startsWith('$')), String(first.path.name !== second.path.name))
      log.push(found._tag === 'Some' ? String(found.value.equals(first)) : 'not found')
    })

    expect(log).toEqual(['true', 'true', 'true'])
  })
})
