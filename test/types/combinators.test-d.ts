/**
 * What a combinator makes of the protocol of a behavior.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { describe, expectTypeOf, it } from 'vitest'
import { Behaviors, type Behavior, type Interceptor, type TranslatingInterceptor } from 'troupe'

type Command = { readonly _tag: 'Add'; readonly n: number } | { readonly _tag: 'Clear' }

declare const counter: Behavior<Command>

describe('intercept', () => {
  it('leaves the protocol as it is when messages are not intercepted', () => {
    const started = pipe(
      counter,
      Behaviors.intercept({
        name: 'audit',
        aroundStart: (context, start) => {
          context.log.info('starts')
          return start()
        },
      }),
    )
    const signalled = pipe(
      counter,
      Behaviors.intercept({
        name: 'audit',
        aroundSignal: (_, signal, target) => (signal._tag === 'PostStop' ? Behaviors.same : target.signal(signal)),
      }),
    )
    const nothing = pipe(counter, Behaviors.intercept({ name: 'nothing' }))
    const wanted: (behavior: Behavior<string>) => Behavior<string> = Behaviors.intercept({ name: 'nothing' })

    expectTypeOf([started, signalled, nothing]).toEqualTypeOf<Behavior<Command>[]>()
    expectTypeOf(wanted).toEqualTypeOf<(behavior: Behavior<string>) => Behavior<string>>()
  })

  it('takes its protocol from aroundReceive', () => {
    const same = pipe(
      counter,
      Behaviors.intercept({ name: 'same', aroundReceive: (_, command: Command, target) => target.receive(command) }),
    )
    const texts = pipe(
      counter,
      Behaviors.intercept({
        name: 'texts',
        aroundReceive: (_, text: string, target) => target.receive({ _tag: 'Add', n: text.length }),
      }),
    )

    expectTypeOf(same).toEqualTypeOf<Behavior<Command>>()
    expectTypeOf(texts).toEqualTypeOf<Behavior<string>>()
  })

  it('takes a value of either type; one that may be without aroundReceive cannot lie between two protocols', () => {
    const loud: Interceptor<Command> = { name: 'loud' }
    const translating: TranslatingInterceptor<string, Command> = {
      name: 'translating',
      aroundReceive: (_, text, target) => target.receive({ _tag: 'Add', n: text.length }),
    }
    const deaf: Interceptor<string, Command> = { name: 'deaf' }
    const narrowing: Interceptor<Extract<Command, { readonly _tag: 'Clear' }>, Command> = { name: 'narrowing' }

    expectTypeOf(pipe(counter, Behaviors.intercept(loud))).toEqualTypeOf<Behavior<Command>>()
    expectTypeOf(pipe(counter, Behaviors.intercept(translating))).toEqualTypeOf<Behavior<string>>()
    expectTypeOf(pipe(counter, Behaviors.intercept(narrowing))).toEqualTypeOf<Behavior<{ readonly _tag: 'Clear' }>>()
    // @ts-expect-error -- nothing would make commands of the texts
    Behaviors.intercept(deaf)
    // @ts-expect-error -- nor here
    Behaviors.intercept<string, Command>({ name: 'deaf' })
  })
})

describe('orElse', () => {
  it('keeps the protocol of the first, whatever more the second takes', () => {
    const wider = Behaviors.receiveMessage<Command | string>(() => Behaviors.same)

    expectTypeOf(pipe(counter, Behaviors.orElse(Behaviors.ignore))).toEqualTypeOf<Behavior<Command>>()
    expectTypeOf(pipe(counter, Behaviors.orElse(Behaviors.empty))).toEqualTypeOf<Behavior<Command>>()
    expectTypeOf(pipe(counter, Behaviors.orElse(wider))).toEqualTypeOf<Behavior<Command>>()
    expectTypeOf(pipe(counter, Behaviors.orElse(counter))).toEqualTypeOf<Behavior<Command>>()
  })

  it('narrows to what the second takes', () => {
    const wider = Behaviors.receiveMessage<Command | string>(() => Behaviors.unhandled)

    expectTypeOf(pipe(wider, Behaviors.orElse(counter))).toEqualTypeOf<Behavior<Command>>()
  })

  it('gives its protocol to a handler, and can be put together beforehand', () => {
    const handled = pipe(
      counter,
      Behaviors.orElse(
        Behaviors.receiveMessage((command) => (command._tag === 'Add' ? Behaviors.same : Behaviors.stopped)),
      ),
    )
    const orCounter = Behaviors.orElse(counter)

    expectTypeOf(handled).toEqualTypeOf<Behavior<Command>>()
    expectTypeOf(pipe(counter, orCounter)).toEqualTypeOf<Behavior<Command>>()
  })

  it('refuses a second behavior of another protocol', () => {
    const texts = Behaviors.receiveMessage<string>(() => Behaviors.same)

    // @ts-expect-error -- a command is no text
    pipe(counter, Behaviors.orElse(texts))
  })
})
