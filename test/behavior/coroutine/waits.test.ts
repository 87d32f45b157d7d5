/** What a wait leaves behind when it is over: nothing. And what comes too late for it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, boundedMailbox, type Coroutine } from 'troupe'
import { armedClock, deferred } from '../../scenarios/support.js'
import { kit, log, newScene, tellAll, useKit } from '../../scene.js'
import { is, say } from './support.js'

beforeEach(newScene)
afterEach(() => kit.shutdown())

describe('a wait that is over', () => {
  it.each<[string, (co: Coroutine<string>) => Iterable<unknown>]>([
    ['a sleep', (co) => co.sleep(1_000)],
    ['a timeout', (co) => co.timeout(1_000, co.receive())],
    ['an ask', (co) => co.ask(kit.createProbe().ref, (replyTo) => ({ replyTo }), { timeoutMs: 1_000 })],
  ])('leaves no timer of %s behind', (_, wait) => {
    const { clock, armed } = armedClock()
    useKit({ clock })
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.race([wait(co) as Iterable<never>, co.receive(is('over'))])
        say('over')
        yield* co.receive(is('never'))
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()
    expect(armed.size).toBe(1)

    tellAll(ref, 'over')

    expect(log).toEqual(['over'])
    expect(armed.size).toBe(0)
  })

  it('has had what came in time: it is no dead letter', async () => {
    const letters = kit.createDeadLetterProbe()
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(yield* co.await(() => Promise.resolve('in time')))
        return Behaviors.empty
      }),
    )

    await kit.settle()

    expect(log).toEqual(['in time'])
    letters.expectNoMessage()
  })

  it('gets nothing that comes too late: a value is a dead letter, a rejection a record for those who debug', async () => {
    useKit({ settings: { logLevel: 'debug' } })
    const letters = kit.createDeadLetterProbe()
    const records = kit.createLogProbe({ level: 'debug' })
    const first = deferred<string>()
    const second = deferred<string>()
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.race([co.await(() => first.promise), co.await(() => second.promise), co.sleep(10)])
        say(yield* co.receive())
        return Behaviors.stopped
      }),
      'waiting',
    )
    kit.runUntilQuiet()
    kit.clock.timePasses(10)

    first.resolve('late')
    second.reject(new Error('too bad'))
    await kit.settle()

    expect(letters.receiveMessage()).toMatchObject({ message: 'late' })
    letters.expectNoMessage()
    const [record] = records.fishForMessage(({ message }) =>
      message.includes('nobody waited for') ? 'complete' : 'continueAndIgnore',
    )
    expect(record).toMatchObject({
      level: 'debug',
      message: 'A task that nobody waited for any more was rejected.',
      cause: new Error('too bad'),
    })
    expect(record?.path?.name).toBe('waiting')
  })

  it('gives way to one result only, though two came in the same turn', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const forked = yield* co.fork(
          (function* () {
            return yield* co.receive(is('go'))
          })(),
        )
        say(`race ${yield* co.race([co.join(forked), co.join(forked)])}`)
        say(`message ${yield* co.receive()}`)
        return Behaviors.stopped
      }),
    )

    tellAll(ref, 'go', 'a')

    expect(log).toEqual(['race go', 'message a'])
  })
})

describe('while no thread wants a message', () => {
  it('messages wait in the mailbox, whose bound they count against', () => {
    const dropped = kit.createDroppedProbe()
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        say(yield* co.receive())
        yield* co.sleep(10)
        for (;;) say(yield* co.receive())
      }),
      'small',
      { mailbox: boundedMailbox(1, 'dropNewest') },
    )
    tellAll(ref, 'first')

    tellAll(ref, 'a', 'b')
    kit.clock.timePasses(10)

    expect(log).toEqual(['first', 'a'])
    expect(dropped.receiveMessage()).toMatchObject({ message: 'b' })
  })
})

describe('a block that throws', () => {
  const failing = (co: Coroutine<string>) =>
    (function* () {
      yield* co.sleep(5)
      throw new Error('broken')
    })()

  it('within a timeout throws where it is waited for', () => {
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        try {
          yield* co.timeout(100, failing(co))
        } catch (error) {
          say((error as Error).message)
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(5)

    expect(log).toEqual(['broken'])
  })

  it('and was forked fails the whole coroutine, which ends the others', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const watcher = kit.createProbe()
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.fork(failing(co))
        try {
          yield* co.receive()
        } finally {
          say('finally')
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(5)

    expect(log).toEqual(['finally'])
    expect(errors.receiveMessage().cause).toEqual(new Error('broken'))
    watcher.expectTerminated(ref)
  })
})
