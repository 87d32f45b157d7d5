/**
 * Taking a service down in order.
 */
import { EventEmitter } from 'node:events'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { ActorSystem, Behaviors, TroupeError, type LogRecord } from 'troupe'
import { CoordinatedShutdown } from 'troupe/patterns'
import { ManualClock } from 'troupe/testkit'
import { isTerminated } from '../../modules/runtime/internal.js'

let clock: ManualClock
let system: ActorSystem<string>
let shutdown: CoordinatedShutdown
let log: string[]
let records: LogRecord[]

beforeEach(() => {
  clock = ManualClock.create()
  log = []
  records = []
  system = ActorSystem.create(
    Behaviors.receiveMessage<string>(
      () => Behaviors.stopped,
      (_, signal) => {
        log.push(`guardian ${signal._tag}`)
        return Behaviors.same
      },
    ),
    'demo',
    { clock, logger: { log: (record) => records.push(record) } },
  )
  shutdown = CoordinatedShutdown.get(system)
})

const note =
  (text: string) =>
  (reason: string): Promise<unknown> => {
    log.push(`${text} for ${reason}`)
    return Promise.resolve()
  }
const never = (): Promise<unknown> => new Promise(() => undefined)
const warnings = (): readonly string[] => records.filter(({ level }) => level === 'warn').map(({ message }) => message)

/** Lets promises and turns that are due go on, then time pass. */
const pass = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setImmediate(resolve))
  clock.timePasses(ms)
  await new Promise((resolve) => setImmediate(resolve))
}

describe('a coordinated shutdown', () => {
  it('runs phase after phase, whatever the order of their tasks, and then stops the actors', async () => {
    shutdown.addTask('beforeActorSystemTerminate', 'd', note('d'))
    shutdown.addTask('serviceUnbind', 'b', note('b'))
    shutdown.addTask('serviceStop', 'c', note('c'))
    shutdown.addTask('beforeServiceUnbind', 'a', note('a'))

    const cause = await shutdown.run('upgrade')

    expect(log).toEqual(['a for upgrade', 'b for upgrade', 'c for upgrade', 'd for upgrade', 'guardian PostStop'])
    expect(cause).toEqual({ _tag: 'None' })
    expect(shutdown.reason).toEqual({ _tag: 'Some', value: 'upgrade' })
  })

  it('B9: is run by system.terminate, with the reason ActorSystemTerminate', async () => {
    shutdown.addTask('serviceStop', 'a', note('a'))
    expect(shutdown.reason).toEqual({ _tag: 'None' })

    await Promise.all([system.terminate(), system.terminate(), shutdown.run('too late')])

    expect(log).toEqual(['a for ActorSystemTerminate', 'guardian PostStop'])
  })

  it('B9: is run when the guardian stops by itself', async () => {
    shutdown.addTask('serviceStop', 'a', note('a'))

    system.tell('stop')
    await system.whenTerminated

    expect(log).toEqual(['guardian PostStop', 'a for ActorSystemTerminate'])
  })

  it('keeps the failure of a guardian as the cause', async () => {
    const failing = ActorSystem.create(
      Behaviors.receiveMessage<string>((text) => {
        throw new Error(text)
      }),
      'failing',
      { settings: { logLevel: 'off' } },
    )
    CoordinatedShutdown.get(failing).addTask('serviceStop', 'a', note('a'))

    failing.tell('boom')

    expect(await failing.whenTerminated).toEqual({ _tag: 'Some', value: new Error('boom') })
    expect(log).toEqual(['a for ActorSystemTerminate'])
  })

  it('waits for its tasks when the guardian stops meanwhile', async () => {
    let finish: (value: unknown) => void = () => undefined
    shutdown.addTask('serviceStop', 'a', () => new Promise((resolve) => (finish = resolve)))

    const terminated = shutdown.run('upgrade')
    system.tell('stop')
    await pass(0)
    expect(isTerminated(system)).toBe(true)
    log.push('finish')
    finish(undefined)
    await terminated

    expect(log).toEqual(['guardian PostStop', 'finish'])
  })

  it('runs the tasks of a phase side by side', async () => {
    const begun: string[] = []
    const finish: (() => void)[] = []
    for (const name of ['a', 'b'])
      shutdown.addTask('serviceStop', name, () => {
        begun.push(name)
        return new Promise<void>((resolve) => finish.push(resolve))
      })

    const terminated = shutdown.run('upgrade')
    await pass(0)
    expect(begun).toEqual(['a', 'b'])

    for (const each of finish) each()
    await terminated
  })

  it('leaves a task that takes longer than its phase may, and goes on', async () => {
    let isAborted = false
    shutdown.addPhase('drain', { after: ['serviceUnbind'], before: ['serviceStop'], timeoutMs: 100 })
    shutdown.addTask('drain', 'slow', (_, signal) => {
      signal.addEventListener('abort', () => {
        isAborted = true
      })
      return never()
    })
    shutdown.addTask('drain', 'quick', note('quick'))
    shutdown.addTask('serviceStop', 'next', note('next'))

    const terminated = shutdown.run('upgrade')
    await pass(99)
    expect(log).toEqual(['quick for upgrade'])
    await pass(1)
    await terminated

    expect(log).toEqual(['quick for upgrade', 'next for upgrade', 'guardian PostStop'])
    expect(isAborted).toBe(true)
    expect(warnings()).toEqual(["The phase 'drain' was to take 100 ms. It is left without 'slow'."])
  })

  it('goes on when a task fails, unless the phase is not to be passed over', async () => {
    shutdown.addPhase('save', { after: ['serviceStop'], before: ['beforeActorSystemTerminate'], goesOn: false })
    const fail = (): Promise<unknown> => Promise.reject(new Error('disk full'))
    shutdown.addTask('serviceUnbind', 'a', fail)
    shutdown.addTask('serviceStop', 'b', note('b'))
    shutdown.addTask('save', 'c', () => {
      throw new Error('at once')
    })
    shutdown.addTask('beforeActorSystemTerminate', 'd', note('d'))

    await shutdown.run('upgrade')

    expect(log).toEqual(['b for upgrade', 'guardian PostStop'])
    expect(warnings()).toEqual([
      "The task 'a' of the phase 'serviceUnbind' has failed.",
      "The task 'c' of the phase 'save' has failed.",
      "The phase 'save' has failed and is not to be passed over: the phases after it are left out.",
    ])
  })

  it('leaves out what is left when all of it has taken too long', async () => {
    shutdown.setDeadline(150)
    for (const phase of ['serviceUnbind', 'serviceStop']) shutdown.addTask(phase, phase, never)
    shutdown.addTask('beforeActorSystemTerminate', 'last', note('last'))

    const terminated = shutdown.run('upgrade')
    await pass(149)
    expect(isTerminated(system)).toBe(false)
    await pass(1)
    await terminated

    expect(log).toEqual(['guardian PostStop'])
    expect(warnings().at(-1)).toBe('The shutdown was to take 150 ms. What is left of its phases is left out.')
  })

  it('ends the phase of the moment at the deadline: no timer is left, and nothing is said of the time of the phase', async () => {
    let isAborted = false
    const armed = vi.spyOn(clock, 'setTimer')
    const cleared = vi.spyOn(clock, 'clearTimer')
    shutdown.addPhase('drain', { after: ['serviceStop'], timeoutMs: 8_000, goesOn: false })
    shutdown.setDeadline(100)
    shutdown.addTask('drain', 'hang', (_, signal) => {
      signal.addEventListener('abort', () => {
        isAborted = true
      })
      return never()
    })

    const terminated = shutdown.run('upgrade')
    await pass(100)
    await terminated
    const ofPhase = armed.mock.calls.findIndex(([delayMs]) => delayMs === 8_000)
    expect(cleared).toHaveBeenCalledWith(armed.mock.results[ofPhase]?.value)
    await pass(10_000)

    expect(isAborted).toBe(true)
    expect(warnings()).toEqual(['The shutdown was to take 100 ms. What is left of its phases is left out.'])
  })

  it('stops an actor by a message and waits for it, and forgets a task that is taken back', async () => {
    const child = ActorSystem.create(
      Behaviors.receiveMessage<'close'>(() => Behaviors.stopped(() => void log.push('closed'))),
      'other',
    )
    shutdown.addActorTask('serviceStop', child, 'close')
    const takeBack = shutdown.addTask('serviceStop', 'a', note('a'))
    takeBack()

    await shutdown.run('upgrade')

    expect(log).toEqual(['closed', 'guardian PostStop'])
  })

  it('is begun by a signal when it is asked to, and lets go of signals in the end', async () => {
    const machine = new EventEmitter()
    shutdown.onSignals(machine)
    expect(machine.listenerCount('SIGTERM')).toBe(1)

    machine.emit('SIGTERM')
    await system.whenTerminated
    await pass(0)

    expect(shutdown.reason).toEqual({ _tag: 'Some', value: 'SIGTERM' })
    expect([machine.listenerCount('SIGTERM'), machine.listenerCount('SIGINT')]).toEqual([0, 0])
  })

  it('leaves signals alone that it was not asked for, or no more', async () => {
    const machine = new EventEmitter()
    const takeBack = shutdown.onSignals(machine, ['SIGINT'])
    expect([machine.listenerCount('SIGTERM'), machine.listenerCount('SIGINT')]).toEqual([0, 1])

    takeBack()

    expect(machine.listenerCount('SIGINT')).toBe(0)
    await system.terminate()
  })

  it('refuses phases and tasks that cannot be', async () => {
    const illegal = (words: RegExp, make: () => unknown): void => {
      expect(make).toThrow(TroupeError)
      expect(make).toThrow(words)
    }
    illegal(/The phase 'serviceStop' is there already/, () => {
      shutdown.addPhase('serviceStop')
    })
    illegal(/undefined was sent to troupe:\/\/.*\. A message must be a value/, () =>
      shutdown.addActorTask('serviceStop', system.ignoreRef, undefined),
    )
    illegal(/There is no phase 'nowhere'. There are beforeServiceUnbind, serviceUnbind/, () =>
      shutdown.addTask('nowhere', 'a', never),
    )
    illegal(/There is no phase 'nowhere'/, () => {
      shutdown.addPhase('a', { after: ['nowhere'] })
    })
    illegal(/'circle' would have these wait for each other: .*circle/, () => {
      shutdown.addPhase('circle', { after: ['serviceStop'], before: ['serviceUnbind'] })
    })
    illegal(/timeoutMs of the phase 'a' is 0/, () => {
      shutdown.addPhase('a', { timeoutMs: 0 })
    })
    illegal(/deadlineMs of a shutdown is 0/, () => {
      shutdown.setDeadline(0)
    })

    await shutdown.run('upgrade')
    illegal(/The shutdown of system 'demo' has begun: the task 'late' cannot be added any more/, () =>
      shutdown.addTask('serviceStop', 'late', never),
    )
  })
})
