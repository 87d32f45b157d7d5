/**
 * Asking for what may be refused: how a status reply is opened.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { left, right } from 'fp-ts/lib/Either.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  StatusReply,
  TroupeError,
  askWithStatus,
  type ActorContext,
  type ActorRef,
  type Behavior,
} from 'troupe'
import { ErrorA } from './support.js'
import { kit, newScene } from '../scene.js'

beforeEach(newScene)

/** Runs something in the turn of an actor, and all that comes of it. */
const inside = (run: (context: ActorContext<unknown>) => void): void => {
  kit.spawn(
    Behaviors.setup<unknown>((context) => {
      run(context)
      return Behaviors.ignore
    }),
  )
  kit.runUntilQuiet()
}

describe('askWithStatus', () => {
  interface Order {
    readonly _tag: 'Order'
    readonly answer: StatusReply<string>
    readonly replyTo: ActorRef<StatusReply<string>>
  }

  const shop: Behavior<Order> = Behaviors.receiveMessage(({ answer, replyTo }: Order) => {
    replyTo.tell(answer)
    return Behaviors.same
  })
  const error = new ErrorA('exception')
  const answers: readonly (readonly [string, StatusReply<string>, unknown])[] = [
    ['a value', StatusReply.success('shipped'), right('shipped')],
    ['a text', StatusReply.error('out of stock'), left({ _tag: 'ErrorMessage', message: 'out of stock' })],
    ['an error', StatusReply.error(error), left(error)],
  ]

  it.each(answers)('H4: opens %s, from outside and from inside', async (_, answer, expected) => {
    const target = kit.spawn(shop)
    const order = (replyTo: ActorRef<StatusReply<string>>): Order => ({ _tag: 'Order', answer, replyTo })
    const results: unknown[] = []

    const outside = pipe(target, askWithStatus(order, { timeoutMs: 1_000 }))()
    inside((context) => {
      context.askWithStatus(target, order, { timeoutMs: 1_000 }, (result) => {
        results.push(result)
        return 'done'
      })
    })

    expect(await outside).toEqual(expected)
    expect(results).toEqual([expected])
  })

  it.each<readonly [string, unknown, string]>([
    ['a number', 5, '5'],
    ['a record without a tag', { value: 5 }, '{"value":5}'],
    ['a record of another tag', { _tag: 'Done' }, '{"_tag":"Done"}'],
  ])('H4: says what arrived that is no status reply: %s', async (_, reply, shown) => {
    const careless = Behaviors.receiveMessageWithSame<{ readonly replyTo: ActorRef<never> }>(({ replyTo }) => {
      ;(replyTo as ActorRef<unknown>).tell(reply)
    })
    const target = kit.spawn(careless, 'careless')
    const make = (replyTo: ActorRef<StatusReply<string>>) => ({ replyTo })
    const results: unknown[] = []

    const outside = pipe(target, askWithStatus(make, { timeoutMs: 1_000 }))()
    inside((context) => {
      context.askWithStatus(target, make, { timeoutMs: 1_000 }, (result) => {
        results.push(result)
        return 'done'
      })
    })

    const expected = left(
      new TroupeError(
        'IllegalArgument',
        `troupe://test/user/careless was asked for a StatusReply and replied ${shown}. Let it reply with StatusReply.success(value) or ` +
          `StatusReply.error(error), or ask it with ask.`,
      ),
    )
    expect([await outside, ...results]).toEqual([expected, expected])
  })

  it('H4: passes on that there was no reply (virtual time)', async () => {
    const order = (replyTo: ActorRef<StatusReply<string>>): Order => ({
      _tag: 'Order',
      answer: StatusReply.success(''),
      replyTo,
    })
    const result = pipe(kit.system.ignoreRef, askWithStatus(order, { timeoutMs: 1_000 }))()
    kit.clock.timePasses(1_000)

    expect(await result).toMatchObject(left({ _tag: 'AskTimeout' }))
  })
})
