/**
 * Children that wait before they can work: nothing blocks a supervisor.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, Supervisor } from 'troupe'
import { kit, log, newScene } from '../scene.js'
import { boom, child, endOf } from './support.js'

beforeEach(newScene)

const take = (): readonly string[] => log.splice(0)

describe('a child that awaits something', () => {
  it('has started: the next one starts, and a failure of what it awaits is its end', async () => {
    let breakDown: () => void = () => undefined
    const connection = new Promise<void>((_, reject) => {
      breakDown = () => {
        reject(boom)
      }
    })
    const end = endOf(
      kit,
      pipe(
        Supervisor.of({ intensity: 0 }),
        Supervisor.child('a', () =>
          Behaviors.awaiting(
            () => connection,
            () => child(log, 'a'),
          ),
        ),
        Supervisor.child('b', () => child(log, 'b')),
        Supervisor.behavior,
      ),
    )
    expect(take()).toEqual(['+b'])

    breakDown()
    await kit.settle()

    expect(end()).toMatchObject({ _tag: 'RestartIntensityReached', cause: boom })
    expect(take()).toEqual(['-b'])
  })
})

describe('a supervisor', () => {
  it('may be what an actor becomes that has awaited something: no child starts before', async () => {
    let connect: () => void = () => undefined
    const connection = new Promise<void>((resolve) => {
      connect = resolve
    })
    endOf(
      kit,
      Behaviors.awaiting(
        () => connection,
        () =>
          pipe(
            Supervisor.of(),
            Supervisor.child('a', () => child(log, 'a')),
            Supervisor.child('b', () => child(log, 'b')),
            Supervisor.behavior,
          ),
      ),
    )
    expect(take()).toEqual([])

    connect()
    await kit.settle()

    expect(take()).toEqual(['+a', '+b'])
  })
})
