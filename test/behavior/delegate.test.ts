/** What an actor becomes when another behavior handles a message for it. */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, type Behavior } from 'troupe'
import { kit, log, newScene, tellAll } from '../scene.js'

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

  it('stops the actor when the delegatee stops', () => {
    const actor = kit.spawn(delegating(counter('other')))

    tellAll(actor, 'stop')

    kit.createProbe<never>().expectTerminated(actor)
  })

  it('keeps the interceptors of the delegatee', () => {
    const probe = kit.createProbe<string>()
    const actor = kit.spawn(delegating(pipe(counter('other'), Behaviors.monitor(probe.ref))))

    tellAll(actor, 'a', 'b')

    expect(log).toEqual(['other a 0', 'other b 1'])
    expect(probe.receiveMessages(2)).toEqual(['a', 'b'])
  })
})
