/**
 * The laws of contravariant functors, for behaviors and for references: two are equal when nobody can tell them apart.
 */
import { identity, pipe } from 'fp-ts/lib/function.js'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Behaviors,
  ContravariantActorRef,
  ContravariantBehavior,
  SupervisorStrategy,
  type ActorRef,
  type Behavior,
  type Signal,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

/** What a machine does with a message in a state. */
interface Move {
  readonly to: number
  readonly kind: 'next' | 'same' | 'unhandled' | 'fail' | 'stop'
}

interface Machine {
  /** By state, then by message. */
  readonly table: readonly (readonly Move[])[]
  readonly supervision: 'none' | 'resume' | 'restart'
}

const states = 3
const inputs = 4

const moves: fc.Arbitrary<Move> = fc.record({
  to: fc.nat({ max: states - 1 }),
  kind: fc.oneof(
    { weight: 5, arbitrary: fc.constant<Move['kind']>('next') },
    { weight: 3, arbitrary: fc.constantFrom<Move['kind'][]>('same', 'unhandled', 'fail', 'stop') },
  ),
})

const machines: fc.Arbitrary<Machine> = fc.record({
  table: fc.array(fc.array(moves, { minLength: inputs, maxLength: inputs }), { minLength: states, maxLength: states }),
  supervision: fc.constantFrom('none', 'resume', 'restart'),
})

const messages = fc.array(fc.nat({ max: 20 }), { maxLength: 12 })

/** Functions on numbers, by a table and a remainder: any function will do. */
const functions: fc.Arbitrary<(n: number) => number> = fc
  .array(fc.nat({ max: 20 }), { minLength: 1, maxLength: 8 })
  .map((results) => (n) => results[n % results.length] ?? 0)

const behaviorOf = (machine: Machine, log: string[]): Behavior<number> => {
  const inState = (state: number): Behavior<number> =>
    Behaviors.receiveMessage<number>(
      (input) => {
        const move = machine.table[state]?.[input % inputs]
        log.push(`${String(input)} in ${String(state)}`)
        switch (move?.kind) {
          case 'next':
            return inState(move.to)
          case 'unhandled':
            return Behaviors.unhandled
          case 'fail':
            throw new Error('fail')
          case 'stop':
            return Behaviors.stopped
          default:
            return Behaviors.same
        }
      },
      (_, signal: Signal) => {
        log.push(`${signal._tag} in ${String(state)}`)
        return Behaviors.same
      },
    )
  if (machine.supervision === 'none') return inState(0)
  return pipe(inState(0), Behaviors.supervise(SupervisorStrategy[machine.supervision]))
}

/** All that can be seen of an actor that is made by `spawn` and told these messages. */
const observe = (
  machine: Machine,
  sent: readonly number[],
  change: (behavior: Behavior<number>) => Behavior<number>,
  through: (ref: ActorRef<number>) => ActorRef<number>,
): readonly string[] => {
  const log: string[] = []
  const kit = ActorTestKit.create({
    settings: { logLevel: 'off' },
    probe: {
      event: (event) => {
        if (event._tag === 'UnhandledMessage') log.push(`unhandled ${String(event.message)}`)
        if (event._tag === 'DeadLetter') log.push(`dead letter ${String(event.message)}`)
      },
    },
  })
  const actor = through(kit.spawn(change(behaviorOf(machine, log)), 'actor'))
  for (const message of sent) actor.tell(message)
  kit.runUntilQuiet()
  return log
}

describe('ContravariantBehavior', () => {
  const { contramap } = ContravariantBehavior

  it('contramap of the identity changes nothing', () => {
    fc.assert(
      fc.property(machines, messages, (machine, sent) => {
        const mapped = observe(machine, sent, (behavior) => contramap(behavior, identity<number>), identity)

        expect(mapped).toEqual(observe(machine, sent, identity, identity))
      }),
    )
  })

  it('contramap of a composition is the composition of contramaps', () => {
    fc.assert(
      fc.property(machines, messages, functions, functions, (machine, sent, f, g) => {
        const twice = observe(machine, sent, (behavior) => contramap(contramap(behavior, f), g), identity)
        const once = observe(machine, sent, (behavior) => contramap(behavior, (n: number) => f(g(n))), identity)

        expect(twice).toEqual(once)
      }),
    )
  })
})

describe('ContravariantActorRef', () => {
  const { contramap } = ContravariantActorRef

  it('contramap of the identity changes nothing', () => {
    fc.assert(
      fc.property(machines, messages, (machine, sent) => {
        const mapped = observe(machine, sent, identity, (ref) => contramap(ref, identity<number>))

        expect(mapped).toEqual(observe(machine, sent, identity, identity))
      }),
    )
  })

  it('contramap of a composition is the composition of contramaps', () => {
    fc.assert(
      fc.property(machines, messages, functions, functions, (machine, sent, f, g) => {
        const twice = observe(machine, sent, identity, (ref) => contramap(contramap(ref, f), g))
        const once = observe(machine, sent, identity, (ref) => contramap(ref, (n: number) => f(g(n))))

        expect(twice).toEqual(once)
      }),
    )
  })

  it('contramap keeps the identity of the target: equals and path', () => {
    fc.assert(
      fc.property(functions, (f) => {
        const kit = ActorTestKit.create()
        const [actor, other] = [kit.spawn<number>(Behaviors.ignore), kit.spawn<number>(Behaviors.ignore)]
        const mapped = contramap(actor, f)

        expect([mapped.equals(actor), actor.equals(mapped), mapped.equals(other)]).toEqual([true, true, false])
        expect(mapped.path.equals(actor.path)).toBe(true)
      }),
    )
  })
})
