/**
 * What a supervisor does to its children, whatever they do: held against a model that is a few lines long.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  Behaviors,
  Supervisor,
  type ActorRef,
  type Behavior,
  type ChildRestart,
  type RestartScope,
  type SupervisorCommand,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

interface Plan {
  readonly strategy: RestartScope
  readonly intensity: number
  readonly restarts: readonly ChildRestart[]
  /** Which of the children that run ends next, and how. */
  readonly ends: readonly { readonly of: number; readonly fails: boolean }[]
}

const plans: fc.Arbitrary<Plan> = fc.record({
  strategy: fc.constantFrom('oneForOne', 'oneForAll', 'restForOne'),
  intensity: fc.integer({ min: 0, max: 6 }),
  restarts: fc.array(fc.constantFrom<ChildRestart>('permanent', 'transient', 'temporary'), {
    minLength: 1,
    maxLength: 6,
  }),
  ends: fc.array(fc.record({ of: fc.nat(5), fails: fc.boolean() }), { maxLength: 8 }),
})

/** What a supervisor of OTP does: starts `+i` and ends `-i`, in order. */
const expected = ({ strategy, intensity, restarts, ends }: Plan): readonly string[] => {
  const log = restarts.map((_, i) => `+${String(i)}`)
  let known = restarts.map((_, i) => i)
  let running = new Set(known)
  let left = intensity
  for (const { of, fails } of ends) {
    const living = known.filter((i) => running.has(i))
    const i = living[of % Math.max(1, living.length)]
    if (i === undefined) continue
    log.push(`-${String(i)}`)
    running.delete(i)
    const restart = restarts[i]
    if (restart === 'temporary') known = known.filter((each) => each !== i)
    if (restart === 'temporary' || (restart === 'transient' && !fails)) continue
    const scope = known.filter(
      (each) => strategy === 'oneForAll' || each === i || (strategy === 'restForOne' && each > i),
    )
    if (left-- === 0) {
      log.push(
        ...known
          .filter((each) => running.has(each))
          .reverse()
          .map((each) => `-${String(each)}`),
      )
      return log
    }
    log.push(
      ...scope
        .filter((each) => running.has(each))
        .reverse()
        .map((each) => `-${String(each)}`),
    )
    known = known.filter((each) => !scope.includes(each) || restarts[each] !== 'temporary')
    const started = scope.filter((each) => known.includes(each))
    log.push(...started.map((each) => `+${String(each)}`))
    running = new Set([...running].filter((each) => known.includes(each)).concat(started))
  }
  log.push(
    ...known
      .filter((each) => running.has(each))
      .reverse()
      .map((each) => `-${String(each)}`),
  )
  return log
}

/** What ours does; between two ends the actors come to rest. */
const observed = ({ strategy, intensity, restarts, ends }: Plan): readonly string[] => {
  const log: string[] = []
  const living = new Map<number, ActorRef<boolean>>()
  const child = (i: number): Behavior<boolean> =>
    Behaviors.setup<boolean>((context) => {
      log.push(`+${String(i)}`)
      living.set(i, context.self)
      return Behaviors.receiveMessage<boolean>(
        (fails) => {
          if (fails) throw new Error('boom')
          return Behaviors.stopped
        },
        (_, signal) => {
          if (signal._tag === 'PostStop') {
            log.push(`-${String(i)}`)
            living.delete(i)
          }
          return Behaviors.same
        },
      )
    })
  const kit = ActorTestKit.create()
  const tree: Behavior<SupervisorCommand> = Supervisor.behavior(
    restarts.reduce(
      (grown, restart, i) => Supervisor.child(String(i), () => child(i), { restart })(grown),
      Supervisor.of({ strategy, intensity }),
    ),
  )
  const supervisor = kit.spawn(tree)
  kit.runUntilQuiet()
  for (const { of, fails } of ends) {
    const inOrder = [...living.keys()].sort((a, b) => a - b)
    const i = inOrder[of % Math.max(1, inOrder.length)]
    if (i !== undefined) living.get(i)?.tell(fails)
    kit.runUntilQuiet()
  }
  kit.stop(supervisor)
  return log
}

describe('whatever its children do, a supervisor', () => {
  it('restarts exactly those that its strategy names, in order, and stops them in reverse', () => {
    fc.assert(
      fc.property(plans, (plan) => {
        expect(observed(plan)).toEqual(expected(plan))
      }),
    )
  })
})
