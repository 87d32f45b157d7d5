/**
 * What the function of a child is given, for few siblings and for many.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expect, it } from 'vitest'
import { Supervisor, type ActorRef, type SupervisorTree } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'
import { child, refOf, type ChildMessage } from './support.js'

describe('a supervisor', () => {
  it.each([3, 300])('tells a child of %i others before it, and none but these, as they are at its start', (others) => {
    const kit = ActorTestKit.create()
    let before: Readonly<Record<string, ActorRef<ChildMessage>>> = {}
    const ids = Array.from({ length: others }, (_, index) => `c${String(index)}`)
    const last = `c${String(others - 1)}`
    // The compiler does not know the ids; each child is one of these.
    let tree: SupervisorTree<object> = Supervisor.of({ intensity: 2 })
    for (const id of ids) tree = Supervisor.child(id as never, () => child([], id))(tree)
    const supervisor = kit.spawn(
      pipe(
        tree,
        Supervisor.child('reader' as never, (siblings) => {
          before = siblings as typeof before
          return child([], 'reader')
        }),
        Supervisor.child('behind' as never, () => child([], 'behind')),
        Supervisor.behavior,
      ),
    )
    const fail = (id: string): void => {
      refOf(kit, supervisor, id).tell('fail')
      kit.runUntilQuiet()
    }
    kit.runUntilQuiet()
    const first = before[last]
    expect(first).toBe(refOf(kit, supervisor, last))
    expect(before['reader']).toBeUndefined()
    expect(before['behind']).toBeUndefined()

    fail(last)
    expect(before[last]).toBe(first)
    expect(Object.isFrozen(Object.freeze(before))).toBe(true)
    expect(Object.keys(before)).toEqual(ids)
    expect('behind' in before).toBe(false)
    expect(last in before).toBe(true)
    expect({ ...before }[last]).toBe(first)
    expect(before[last]).toBe(first)

    fail('reader')
    expect({ ...before }[last]).toBe(refOf(kit, supervisor, last))
    expect(refOf(kit, supervisor, last)).not.toBe(first)
  })
})
