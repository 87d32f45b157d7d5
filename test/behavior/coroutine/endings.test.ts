/** How coroutines end, and what they refuse. */
import { some } from 'fp-ts/lib/Option.js'
import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, TroupeError, type Behavior, type Coroutine, type LightThread } from 'troupe'
import { kit, log, newScene, tellAll } from '../../scene.js'
import { is, say } from './support.js'

beforeEach(newScene)
afterEach(() => kit.shutdown())

/** Waits for a task that never ends, and says when its signal fires. */
const endless = (co: Coroutine<string>, name: string) =>
  co.await((signal) => {
    signal.addEventListener('abort', () => {
      say(`${name} aborted`)
    })
    return new Promise<never>(() => undefined)
  })

/** Says which signals it sees. */
const child = Behaviors.receiveMessage<string>(
  () => Behaviors.same,
  (_, signal) => (say(`child ${signal._tag}`), Behaviors.same),
)

describe('an end', () => {
  const careful = (co: Coroutine<string>) =>
    function* () {
      try {
        yield* co.receive(is('never'))
      } finally {
        say('finally')
      }
    }

  it('by stop runs finally, also of blocks, after the children are gone', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.spawn(child)
        yield* co.fork(careful(co)())
        try {
          yield* co.all([careful(co)(), co.sleep(5)])
        } finally {
          say('last')
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.stop(ref)

    expect(log).toEqual(['child PostStop', 'finally', 'last', 'finally'])
  })

  it('by stop while it sleeps runs finally, too', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        try {
          yield* co.sleep(1_000)
        } finally {
          say('finally')
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.stop(ref)

    expect(log).toEqual(['finally'])
  })

  it('with a yield in finally is an error that is logged and does not delay the stop; outer finally blocks run', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const watcher = kit.createProbe()
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        try {
          try {
            yield* co.receive()
          } finally {
            yield* co.sleep(1_000)
            say('never')
          }
        } finally {
          say('outer')
        }
        return Behaviors.stopped
      }),
      'slow',
    )
    kit.runUntilQuiet()

    kit.stop(ref)

    expect(log).toEqual(['outer'])
    watcher.expectTerminated(ref)
    const { message, cause } = errors.receiveMessage()
    expect(message).toBe('A block of a coroutine failed while it was being ended.')
    expect(cause).toMatchObject({
      _tag: 'IllegalState',
      message:
        "troupe://test/user/slow: a block that is being ended cannot wait any more: there is a yield in its 'finally'. Clean " +
        'up without waiting, or send a message to somebody who waits for you.',
    })
  })

  it('by restart runs finally and starts afresh; postponed messages stay', () => {
    const ref = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          say('start')
          try {
            const text = yield* co.receive((text) => text === 'boom' || text === 'go')
            if (text === 'boom') throw new Error(text)
            for (;;) say(yield* co.receive())
          } finally {
            say('finally')
          }
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )

    tellAll(ref, 'a', 'b', 'boom', 'go', 'c')

    expect(log).toEqual(['start', 'finally', 'start', 'a', 'b', 'c'])
  })

  it('under resume it starts afresh, with one warning and without PreRestart', () => {
    const warnings = kit.createLogProbe({ level: 'warn' })
    const ref = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          say('start')
          for (;;) {
            const text = yield* co.receive()
            if (text === 'boom') throw new Error(text)
            say(text)
          }
        }),
        Behaviors.receiveSignal((_, signal) => {
          say(signal._tag)
          return Behaviors.unhandled
        }),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
    )

    tellAll(ref, 'a', 'boom', 'b')
    kit.stop(ref)

    expect(log).toEqual(['start', 'a', 'start', 'b', 'PostStop'])
    expect(warnings.receiveMessage().message).toContain('starts afresh')
    warnings.expectNoMessage()
  })

  it('a failure of something else under resume leaves the conversation where it was', () => {
    const ref = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          for (;;) {
            say(yield* co.receive())
            say(`then ${yield* co.receive()}`)
          }
        }),
        Behaviors.transformMessages((text: string) => {
          if (text === 'boom') throw new Error(text)
          return some(text)
        }),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
    )

    tellAll(ref, 'a', 'boom', 'b')

    expect(log).toEqual(['a', 'then b'])
  })

  it('of the first block is the end of all, also of those that could have gone on in the same turn', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const asked: LightThread<string> = yield* co.fork(
          (function* () {
            return yield* co.receive()
          })(),
        )
        yield* co.fork(
          (function* () {
            yield* co.sleep(0)
            yield* co.join(asked)
            say('too late')
          })(),
        )
        yield* co.join(asked)
        say('over')
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    tellAll(ref, 'go')

    expect(log).toEqual(['over'])
  })

  it('by stop fires the signals of all blocks before the children are gone', () => {
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.spawn(child)
        yield* co.fork(endless(co, 'forked'))
        yield* co.all([endless(co, 'inner'), co.sleep(1_000)])
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.stop(ref)

    expect(log).toEqual(['inner aborted', 'forked aborted', 'child PostStop'])
  })

  it('by a restart for what somebody else threw runs finally before the fresh start', () => {
    const ref = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          say('start')
          try {
            for (;;) say(yield* co.receive())
          } finally {
            say('finally')
          }
        }),
        Behaviors.transformMessages((text: string) => {
          if (text === 'boom') throw new Error(text)
          return some(text)
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )

    tellAll(ref, 'a', 'boom', 'b')

    expect(log).toEqual(['start', 'a', 'finally', 'start', 'b'])
  })

  it('of an actor that it watches is not for a coroutine to handle: the pact holds', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const friend = kit.spawn(
      Behaviors.receiveMessage<string>(() => Behaviors.stopped),
      'friend',
    )
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        co.context.watch(friend)
        yield* co.receive()
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    tellAll(friend, 'stop')

    expect(errors.receiveMessage().cause).toMatchObject({ _tag: 'DeathPact' })
  })

  it('is refused a hundred times by a block that goes on and on, and then comes all the same', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const watcher = kit.createProbe()
    let refusals = 0
    const ref = kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        try {
          yield* co.receive()
        } finally {
          for (;;)
            try {
              yield* co.sleep(1)
            } catch {
              refusals++
            }
        }
      }),
    )
    kit.runUntilQuiet()

    kit.stop(ref)

    watcher.expectTerminated(ref)
    expect(refusals).toBe(100)
    errors.expectNoMessage()
  })

  it('of a block that is a bare iterator needs neither its return nor its throw', () => {
    const bare = (...yields: readonly unknown[]): Iterable<never> => ({
      [Symbol.iterator]: () => {
        const left = [...yields]
        return { next: () => ({ done: false, value: left.shift() as never }) }
      },
    })
    const errors = kit.createLogProbe({ level: 'error' })
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        yield* co.race([bare(co.sleep(1_000)), co.sleep(1)])
        say('let go')
        try {
          yield* co.all([bare('no instruction')])
        } catch (error) {
          say((error as Error).message.includes('a coroutine yielded no instruction') ? 'refused' : String(error))
        }
        return Behaviors.stopped
      }),
    )
    kit.runUntilQuiet()

    kit.clock.timePasses(1)

    expect(log).toEqual(['let go', 'refused'])
    errors.expectNoMessage()
  })
})

describe('a coroutine refuses', () => {
  const path = 'troupe://test/user/wrong'
  const advice = 'Give it instructions and generators: co.sleep(100), or a generator function that is called.'

  const taggedText = (error: unknown): string =>
    error instanceof TroupeError ? `${error._tag}: ${error.message}` : String(error)

  const failureOf = (behavior: Behavior<string>, ...messages: readonly string[]): string => {
    const errors = kit.createLogProbe({ level: 'error' })
    const ref = kit.spawn(behavior, 'wrong')
    tellAll(ref, ...messages)
    const { message, cause } = errors.receiveMessage()
    expect(message).toContain((cause as Error).message)
    return taggedText(cause)
  }

  it.each<[string, unknown, string]>([
    ['a number', 42, '42'],
    ['a promise', Promise.resolve(1), 'a promise'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object', {}, '{}'],
    ['a function', Object, 'function Object() { [native code] }'],
  ])('a yield of %s', (_, value, what) => {
    const wrong = function* () {
      yield value
      return Behaviors.stopped
    }

    expect(failureOf(Behaviors.coroutine<string>(wrong as never))).toBe(
      `IllegalArgument: ${path}: a coroutine yielded ${what}, which is not an instruction. Yield what co.* makes, as in ` +
        `'yield* co.receive()'; a promise waits in 'yield* co.await(() => promise)'.`,
    )
  })

  it.each<[string, unknown, string]>([
    ['nothing', undefined, 'undefined'],
    ['same', Behaviors.same, 'Behaviors.same'],
    ['unhandled', Behaviors.unhandled, 'Behaviors.unhandled'],
    ['a word', 'done', 'done'],
  ])('to end with %s', (_, value, what) => {
    const wrong = function* (co: Coroutine<string>) {
      yield* co.receive()
      return value
    }

    expect(failureOf(Behaviors.coroutine<string>(wrong as never), 'go')).toBe(
      `IllegalState: ${path}: a coroutine returned ${what}, which is nothing to go on with. Return the next ` +
        'behavior, Behaviors.stopped at the end, or keep it running in a loop.',
    )
  })

  it.each<[unknown, string]>([
    [5, '5'],
    [null, 'null'],
    [{ next: 1 }, '{"next":1}'],
  ])('a function that is no generator, but returns %j', (value, what) => {
    expect(failureOf(Behaviors.coroutine<string>((() => value) as never))).toBe(
      `IllegalArgument: ${path}: Behaviors.coroutine was given a function that returned ${what}. Give it a ` +
        'generator function: Behaviors.coroutine(function* (co) { … }).',
    )
  })

  it('a race of nothing, a block that is none, a task that is none, and to join itself', () => {
    const complaints: string[] = []
    kit.spawn(
      Behaviors.coroutine<string>(function* (co) {
        const attempts: (() => Iterable<never>)[] = [
          () => co.race([] as never) as never,
          () => co.race([5 as never]) as never,
          () => co.all([5 as never]) as never,
          () => co.fork(null as never) as never,
          () => co.timeout(1, 'x') as never,
          () => co.await(Promise.resolve(1) as never) as never,
          () => co.join(co.context.self) as never,
          () => co.timeout(0, co.sleep(1)) as never,
        ]
        for (const attempt of attempts)
          try {
            yield* attempt()
          } catch (error) {
            complaints.push(taggedText(error))
          }
        return Behaviors.stopped
      }),
      'wrong',
    )
    kit.runUntilQuiet()

    expect(complaints.map((text) => text.replace(`IllegalArgument: ${path}`, 'wrong'))).toEqual([
      `wrong: co.race got no blocks. Nobody could ever win: give it at least one.`,
      `wrong: co.race got 5. ${advice}`,
      `wrong: co.all got 5. ${advice}`,
      `wrong: co.fork got null. ${advice}`,
      `wrong: co.timeout got x. ${advice}`,
      `wrong: co.await got {}. Give it a function that starts the task: co.await(() => promise).`,
      `wrong cannot join itself: it would wait for its own end. Return Behaviors.stopped to end.`,
      `wrong: timeoutMs of a coroutine is 0, but must be a finite number of milliseconds above 0.`,
    ])
  })
})
