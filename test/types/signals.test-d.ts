/** The signal handler has no say in the type of messages. */
import { pipe } from 'fp-ts/lib/function.js'
import { none } from 'fp-ts/lib/Option.js'
import { expectTypeOf, test } from 'vitest'
import { Behaviors, type Behavior } from 'troupe'

const quiet = (): Behavior<unknown> => Behaviors.same

test('a message handler is typed by the behavior that is wanted, also beside a signal handler without parameters', () => {
  const use = (text: string): Behavior<string> => (text === '' ? Behaviors.stopped : Behaviors.same)

  const a: Behavior<string> = Behaviors.receiveMessage(
    (text) => use(text),
    () => Behaviors.same,
  )
  const b: Behavior<string> = Behaviors.receive((_, text) => use(text), quiet)
  const c: Behavior<string> = Behaviors.receivePartial(
    (_, text) => (text === '' ? none : none),
    () => Behaviors.same,
  )
  const d: Behavior<string> = pipe(
    a,
    Behaviors.receiveSignal(() => Behaviors.same),
  )

  expectTypeOf([a, b, c, d]).toEqualTypeOf<Behavior<string>[]>()
})
