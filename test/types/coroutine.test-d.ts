/** What a coroutine gets is typed by what it waits for. */
import type { Either } from 'fp-ts/lib/Either.js'
import type { Option } from 'fp-ts/lib/Option.js'
import { expectTypeOf, test } from 'vitest'
import { Behaviors, type ActorRef, type AskError, type Behavior, type LightThread } from 'troupe'

interface Order {
  readonly _tag: 'Order'
  readonly sku: string
}
interface Extra {
  readonly _tag: 'Extra'
}
type ClerkMessage = Order | Extra
interface Quote {
  readonly _tag: 'Quote'
  readonly order: Order
  readonly replyTo: ActorRef<number>
}

declare const pricing: ActorRef<Quote | Extra>
declare const isOrder: (message: ClerkMessage) => message is Order
declare const isExtra: (message: ClerkMessage) => message is Extra

test('receive, ask, await, join and the combinators give exact types', () => {
  const clerk = Behaviors.coroutine<ClerkMessage>(function* (co) {
    const any = yield* co.receive()
    expectTypeOf(any).toEqualTypeOf<ClerkMessage>()
    const order = yield* co.receive(isOrder)
    expectTypeOf(order).toEqualTypeOf<Order>()
    // The compiler finds the refinement in the function.
    expectTypeOf(yield* co.receive((message) => message._tag === 'Extra')).toEqualTypeOf<Extra>()
    expectTypeOf(yield* co.receive(() => true)).toEqualTypeOf<ClerkMessage>()
    expectTypeOf(yield* co.receiveWithin(100, isExtra)).toEqualTypeOf<Option<Extra>>()
    expectTypeOf(yield* co.receiveWithin(100)).toEqualTypeOf<Option<ClerkMessage>>()
    expectTypeOf(yield* co.sleep(5)).toEqualTypeOf<void>()
    const quote = yield* co.ask(pricing, (replyTo) => ({ _tag: 'Quote', order, replyTo }), { timeoutMs: 500 })
    expectTypeOf(quote).toEqualTypeOf<Either<AskError, number>>()
    expectTypeOf(yield* co.await(() => Promise.resolve('a'))).toEqualTypeOf<string>()
    const child = yield* co.spawn(Behaviors.receiveMessage<boolean>(() => Behaviors.same))
    expectTypeOf(child).toEqualTypeOf<ActorRef<boolean>>()
    expectTypeOf(yield* co.join(child)).toEqualTypeOf<Option<unknown>>()
    const block = function* () {
      yield* co.sleep(1)
      return 42
    }
    const thread = yield* co.fork(block())
    expectTypeOf(thread).toEqualTypeOf<LightThread<number>>()
    expectTypeOf(yield* co.join(thread)).toEqualTypeOf<number>()
    expectTypeOf(yield* co.all([block(), co.receive(isOrder)])).toEqualTypeOf<readonly [number, Order]>()
    expectTypeOf(yield* co.race([block(), co.receive(isOrder)])).toEqualTypeOf<number | Order>()
    expectTypeOf(yield* co.timeout(10, block())).toEqualTypeOf<Option<number>>()
    return Behaviors.stopped
  })

  expectTypeOf(clerk).toEqualTypeOf<Behavior<ClerkMessage>>()
})

test('what is no instruction, and what is no behavior, does not compile', () => {
  // @ts-expect-error a promise is not an instruction
  Behaviors.coroutine<string>(function* () {
    yield Promise.resolve(1)
    return Behaviors.stopped
  })
  // @ts-expect-error it has to return a behavior
  Behaviors.coroutine<string>(function* (co) {
    yield* co.sleep(1)
  })
  // @ts-expect-error a behavior of another protocol
  Behaviors.coroutine<string>(function* (co) {
    yield* co.sleep(1)
    return Behaviors.receiveMessage<number>(() => Behaviors.same)
  })
  Behaviors.coroutine<string>(function* (co) {
    // @ts-expect-error a race of nothing has no winner
    yield* co.race([])
    return Behaviors.stopped
  })
  Behaviors.coroutine<ClerkMessage>(function* (co) {
    // @ts-expect-error a child takes its own messages only
    ;(yield* co.spawn(Behaviors.receiveMessage<boolean>(() => Behaviors.same))).tell('no')
    for (;;) yield* co.receive(isOrder)
  })
})
