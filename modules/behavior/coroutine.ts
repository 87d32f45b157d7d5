/**
 * Behaviors written top to bottom.
 */
import type { Behavior } from '../model/index.js'
import { behaviorOf } from './nodes.js'
import { Conversation, type Make } from './coroutine/Conversation.js'
import type { Coroutine, Instruction } from './coroutine/Coroutine.js'

/**
 * A behavior as a light thread of control: a generator that gives way at `yield*` and goes on when what it waits for is there. It
 * returns the next behavior.
 *
 * While it wants no message, messages wait in the mailbox. A message that it does not want keeps its place. When the actor stops or
 * restarts, the generator is ended where it is and its `finally` blocks run; a yield in there is an error that is logged. A restart
 * begins a fresh generator, and so does a resume, for a generator that has thrown cannot be continued. Notices of watched actors
 * reach it as messages, by `watchWith`, or by `co.join`.
 *
 * @remarks
 * An actor has one conversation: two coroutines, or a coroutine and an awaiting behavior, in `orElse` fail the actor with a sentence.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors } from 'troupe'
 *
 * type Order = { readonly _tag: 'Order'; readonly sku: string }
 * type Payment = { readonly _tag: 'Payment'; readonly cents: number }
 *
 * const isOrder = (message: Order | Payment): message is Order => message._tag === 'Order'
 * const isPayment = (message: Order | Payment): message is Payment => message._tag === 'Payment'
 *
 * const till = Behaviors.coroutine<Order | Payment>(function* (co) {
 *   const order = yield* co.receive(isOrder)
 *   const payment = yield* co.receive(isPayment)
 *   console.log(order.sku, payment.cents) // A-1 50
 *   return Behaviors.stopped
 * })
 *
 * await using system = ActorSystem.create(till, 'demo')
 * system.tell({ _tag: 'Payment', cents: 50 })
 * system.tell({ _tag: 'Order', sku: 'A-1' })
 * await system.whenTerminated
 * ```
 *
 * @see https://www.erlang.org/doc/system/expressions.html#receive
 * @category constructors
 * @since 0.1.0
 */
export const coroutine = <A>(
  make: (co: Coroutine<A>) => Generator<Instruction<unknown>, Behavior<A>, unknown>,
): Behavior<A> =>
  // The context is the one of an actor that handles messages of type A.
  behaviorOf({ _tag: 'Setup', factory: (context) => new Conversation(context, make as unknown as Make).open() })
