/** What an actor becomes when another behavior handles a message for it. */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type Behavior, type Interceptor } from 'troupe'
import { counting, kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

/** Counts; knows `same`, `unhandled` and `stop`. */
const counter = (name: string, count = 0): Behavior<string> =>
  Behaviors.receiveMessage<string>((text) => {
    log.push(`${name} ${text} ${String(count)}`)
    if (text === 'same') return Behaviors.same
    if (text === 'unhandled') return Behaviors.unhandled
    return text === 'stop' ? Behaviors.stopped : counter(name, count + 1)
  })

/** Lets the delegatee handle each message, until it has become it. */
const delegating = (delegatee: Behavior<string>): Behavior<string> =>
  Behaviors.receive<string>((context, text) => context.delegate(delegatee, text))

describe('context.delegate', () => {
  it('gives what the delegatee becomes', () => {
    const actor = kit.spawn(delegating(counter('other')))

    tellAll(actor, 'a', 'b')

    expect(log).toEqual(['other a 0', 'other b 1'])
  })

  it('gives the delegatee itself when it stays the same, started once', () => {
    const actor = kit.spawn(
      delegating(
        Behaviors.setup<string>(() => {
          log.push('setup')
          return counter('other')
        }),
      ),
    )

    tellAll(actor, 'same', 'a', 'b')

    expect(log).toEqual(['setup', 'other same 0', 'other a 0', 'other b 1'])
  })

  it('gives unhandled when the delegatee leaves the message, and the actor stays what it was', () => {
    const unhandled = kit.createUnhandledProbe()
    const actor = kit.spawn(delegating(counter('other')))

    tellAll(actor, 'unhandled', 'a')

    expect(log).toEqual(['other unhandled 0', 'other a 0'])
    expect(unhandled.receiveMessage().message).toBe('unhandled')
  })

  it('gives the delegatee itself when it answers with a setup that stays the same', () => {
    const once: Behavior<string> = Behaviors.receiveMessage<string>((text) => {
      log.push(`once ${text}`)
      return Behaviors.setup<string>(() => Behaviors.same)
    })
    const actor = kit.spawn(
      Behaviors.receive<string>((context, text) => {
        log.push(`actor ${text}`)
        return context.delegate(once, text)
      }),
    )

    tellAll(actor, 'a', 'b')

    expect(log).toEqual(['actor a', 'once a', 'once b'])
  })

  it('stops the actor when the delegatee stops', () => {
    const actor = kit.spawn(delegating(counter('other')))

    tellAll(actor, 'stop')

    kit.createProbe<never>().expectTerminated(actor)
  })

  it('keeps the interceptors that lie around the actor, also through a restart', () => {
    const guard: Interceptor<string> = {
      name: 'guard',
      aroundReceive: (_, text, target) => {
        log.push(`guard ${text}`)
        return text === 'forbidden' ? Behaviors.same : target.receive(text)
      },
    }
    const failing = Behaviors.receiveMessage<string>((text) => {
      if (text === 'fail') throw new Error('boom')
      log.push(text)
      return Behaviors.same
    })
    const actor = kit.spawn(
      pipe(delegating(pipe(failing, Behaviors.supervise(SupervisorStrategy.restart))), Behaviors.intercept(guard)),
    )

    tellAll(actor, 'a', 'fail', 'forbidden', 'b')

    expect(log).toEqual(['guard a', 'a', 'guard fail', 'guard forbidden', 'guard b', 'b'])
  })

  it('adds no interceptor that lies around the actor already, however often it delegates', () => {
    const page = (): Behavior<string> =>
      pipe(
        Behaviors.receiveMessage<string>(() => router()),
        Behaviors.intercept(counting),
      )
    const router = (): Behavior<string> => Behaviors.receive<string>((context, text) => context.delegate(page(), text))
    const actor = kit.spawn(pipe(router(), Behaviors.intercept(counting)))

    tellAll(actor, ...Array.from({ length: 20 }, (_, at) => String(at)))

    expect(log).toEqual(Array.from({ length: 20 }, (_, at) => String(at)))
  })

  it('refuses a delegatee that waits and does not take the message', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const waiting = Behaviors.awaiting(
      () => Promise.resolve(1),
      (): Behavior<string> => Behaviors.empty,
    )
    const actor = kit.spawn(delegating(waiting), 'actor')

    tellAll(actor, 'a')

    expect(errors.receiveMessage().message).toContain(
      'troupe://test/user/actor: the behavior that a message was delegated to waits and does not take it. Return that behavior, ' +
        'and tell yourself the message again or stash it.',
    )
  })

  it('lets a coroutine take the message that it is about to receive', () => {
    const actor = kit.spawn(
      delegating(
        Behaviors.coroutine<string>(function* (co) {
          for (;;) log.push(yield* co.receive())
        }),
      ),
    )

    tellAll(actor, 'a', 'b')

    expect(log).toEqual(['a', 'b'])
  })

  it('keeps the interceptors of the delegatee', () => {
    const probe = kit.createProbe<string>()
    const actor = kit.spawn(delegating(pipe(counter('other'), Behaviors.monitor(probe.ref))))

    tellAll(actor, 'a', 'b')

    expect(log).toEqual(['other a 0', 'other b 1'])
    expect(probe.receiveMessages(2)).toEqual(['a', 'b'])
  })
})
