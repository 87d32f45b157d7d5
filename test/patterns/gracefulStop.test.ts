/**
 * Asking an actor to stop, and waiting for it.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, TroupeError, type Behavior } from 'troupe'
import { gracefulStop } from 'troupe/patterns'
import { kit, newScene } from '../scene.js'

beforeEach(newScene)

describe('gracefulStop', () => {
  const stopper = (log: string[]): Behavior<string> =>
    Behaviors.receiveMessage((text) => {
      log.push(text)
      return text === 'stop' ? Behaviors.stopped : Behaviors.same
    })

  it('waits until the actor has handled what came before, and has stopped', async () => {
    const log: string[] = []
    const ref = kit.spawn(stopper(log))
    ref.tell('a')

    const stopped = gracefulStop(kit.system, ref, { message: 'stop', timeoutMs: 100 })()
    kit.runUntilQuiet()

    expect(await stopped).toEqual({ _tag: 'Right', right: undefined })
    expect(log).toEqual(['a', 'stop'])
    kit.clock.timePasses(1_000)
    expect(kit.system.printTree()).not.toContain('$')
  })

  it('is left with an error when the actor does not stop in time', async () => {
    const ref = kit.spawn(
      Behaviors.receiveMessage<string>(() => Behaviors.same),
      'stubborn',
    )

    const stopped = gracefulStop(kit.system, ref, { message: 'stop', timeoutMs: 100 })()
    kit.clock.timePasses(100)

    expect(await stopped).toMatchObject({ left: { _tag: 'StopTimeout', ref, timeoutMs: 100 } })
    expect(await stopped).toMatchObject({
      left: { message: expect.stringContaining('/user/stubborn has not stopped within 100 ms') as unknown },
    })
  })

  it('is right at once when the actor has stopped already', async () => {
    const ref = kit.spawn(stopper([]))
    kit.stop(ref)

    const stopped = gracefulStop(kit.system, ref, { message: 'stop', timeoutMs: 100 })()
    kit.runUntilQuiet()

    expect((await stopped)._tag).toBe('Right')
  })

  it('is right in a system that has terminated', async () => {
    const ref = kit.spawn(stopper([]))
    const terminated = kit.system.terminate()
    kit.runUntilQuiet()
    await terminated

    const stopped = gracefulStop(kit.system, ref, { message: 'stop', timeoutMs: 100 })()
    kit.runUntilQuiet()

    expect((await stopped)._tag).toBe('Right')
  })

  it('refuses a time of 0, and what is no message', () => {
    const { ignoreRef } = kit.system

    expect(() => gracefulStop(kit.system, ignoreRef, { message: 1, timeoutMs: 0 })).toThrow(TroupeError)
    expect(() => gracefulStop(kit.system, ignoreRef, { message: null, timeoutMs: 1 })).toThrow('null was sent to')
  })
})
