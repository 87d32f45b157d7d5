/**
 * Three ways to write an actor, as parents and children of each other in every combination: a plain behavior, a coroutine that waits
 * for messages, and a generator that works step by step and looks for messages in between.
 */
import { none } from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef, type Behavior } from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

interface Visit {
  readonly path: readonly string[]
  readonly replyTo: ActorRef<readonly string[]>
}

/** Makes an actor that adds its name to a visit and hands it to its child, or back when it has none. */
type Kind = (name: string, child: Behavior<Visit> | undefined, log: string[]) => Behavior<Visit>

const pass = (name: string, child: ActorRef<Visit> | undefined, { path, replyTo }: Visit): void => {
  const visited = [...path, name]
  if (child === undefined) replyTo.tell(visited)
  else child.tell({ path: visited, replyTo })
}

const plain: Kind = (name, below, log) =>
  Behaviors.setup((context) => {
    const child = below && context.spawn(below, 'child')
    return Behaviors.receiveMessage<Visit>(
      (visit) => {
        pass(name, child, visit)
        return Behaviors.same
      },
      (_, signal) => {
        if (signal._tag === 'PostStop') log.push(`${name} ends`)
        return Behaviors.same
      },
    )
  })

const coroutine: Kind = (name, below, log) =>
  Behaviors.coroutine<Visit>(function* (co) {
    const child = below && (yield* co.spawn(below, 'child'))
    try {
      for (;;) pass(name, child, yield* co.receive())
    } finally {
      log.push(`${name} ends`)
    }
  })

const generator: Kind = (name, below, log) =>
  Behaviors.coroutine<Visit>(function* (co) {
    const child = below && (yield* co.spawn(below, 'child'))
    try {
      for (;;) {
        const visit = yield* co.receiveWithin(10)
        if (visit !== none && visit._tag === 'Some') pass(name, child, visit.value)
        yield* co.sleep(0)
      }
    } finally {
      log.push(`${name} ends`)
    }
  })

const kinds: readonly (readonly [string, Kind])[] = [
  ['plain', plain],
  ['coroutine', coroutine],
  ['generator', generator],
]
const combinations = kinds.flatMap(([top, makeTop]) =>
  kinds.flatMap(([middle, makeMiddle]) =>
    kinds.map(([low, makeLow]) => [top, middle, low, makeTop, makeMiddle, makeLow] as const),
  ),
)

describe('one tree of three kinds', () => {
  it.each(combinations)('%s above %s above %s', async (top, middle, low, makeTop, makeMiddle, makeLow) => {
    await using kit = ActorTestKit.create()
    const log: string[] = []
    const probe = kit.createProbe<readonly string[]>()
    const tree = makeTop(`1 ${top}`, makeMiddle(`2 ${middle}`, makeLow(`3 ${low}`, undefined, log), log), log)
    const ref = kit.spawn(tree)
    const names = [`1 ${top}`, `2 ${middle}`, `3 ${low}`]

    for (let round = 0; round < 3; round++) {
      ref.tell({ path: [], replyTo: probe.ref })
      expect(probe.receiveMessage()).toEqual(names)
      kit.clock.timePasses(25)
    }
    kit.stop(ref)

    expect(log).toEqual([...names].reverse().map((name) => `${name} ends`))
  })
})
