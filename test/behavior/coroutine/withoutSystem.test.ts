/** Coroutines run in the synchronous test kit, as far as they need neither time nor others. */
import { right } from 'fp-ts/lib/Either.js'
import { none, some } from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef } from 'troupe'
import { BehaviorTestKit } from 'troupe/testkit'

describe('a coroutine in a BehaviorTestKit', () => {
  it('receives what it wants, and the others in their order', () => {
    const log: string[] = []
    const kit = BehaviorTestKit.create(
      Behaviors.coroutine<string>(function* (co) {
        log.push(yield* co.receive((text) => text === 'x'))
        yield* co.sleep(0)
        for (;;) log.push(yield* co.receive())
      }),
    )

    for (const text of ['a', 'b', 'x', 'c']) kit.run(text)

    expect(log).toEqual(['x', 'a', 'b', 'c'])
  })

  it('goes on as the test lets asks and tasks end', () => {
    const log: unknown[] = []
    const target = BehaviorTestKit.create(Behaviors.ignore).ref as ActorRef<{ readonly replyTo: ActorRef<number> }>
    const kit = BehaviorTestKit.create(
      Behaviors.coroutine<string>(function* (co) {
        log.push(yield* co.ask(target, (replyTo: ActorRef<number>) => ({ _tag: 'Get', replyTo }), { timeoutMs: 1_000 }))
        log.push(yield* co.await(() => Promise.resolve('never run')))
        log.push(yield* co.receive())
        return Behaviors.stopped
      }),
    )
    kit.run('waits')

    kit.expectEffect('AskInitiated').respond(42)
    kit.expectEffect('Awaited').succeed('value')

    expect(log).toEqual([right(42), 'value', 'waits'])
    expect(kit.isAlive).toBe(false)
  })

  it('looks at what waits already', () => {
    const log: unknown[] = []
    const kit = BehaviorTestKit.create(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.receive((text) => text === 'go')
        for (let n = 0; n < 2; n++) log.push(yield* co.receiveWithin(0))
        return Behaviors.stopped
      }),
    )

    for (const text of ['a', 'go']) kit.run(text)

    expect(log).toEqual([some('a'), none])
    expect(kit.isAlive).toBe(false)
  })

  it('says that there is no time', () => {
    expect(() =>
      BehaviorTestKit.create(
        Behaviors.coroutine<string>(function* (co) {
          yield* co.sleep(10)
          return Behaviors.stopped
        }),
      ),
    ).toThrow('a BehaviorTestKit has no time. Test this behavior with an ActorTestKit.')
  })
})
