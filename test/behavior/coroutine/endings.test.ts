/** How coroutines end, and what they refuse. */
import { some } from 'fp-ts/lib/Option.js'
import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, TroupeError, type Behavior, type Coroutine } from 'troupe'
import { kit, log, newScene, tellAll } from '../../scene.js'

beforeEach(newScene)
afterEach(() => kit.shutdown())

const say = (text: string): void => void log.push(text)
const is =
  (wanted: string) =>
  (text: string): boolean =>
    text === wanted

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
        yield* co.spawn(
          Behaviors.receiveMessage<string>(
            () => Behaviors.same,
            (_, signal) => (say(`child ${signal._tag}`), Behaviors.same),
          ),
        )
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
    return taggedText(errors.receiveMessage().cause)
  }

  it.each<[string, unknown, string]>([
    ['a number', 42, '42'],
    ['a promise', Promise.resolve(1), 'a promise'],
    ['nothing', undefined, 'undefined'],
    ['null', null, 'null'],
    ['an object', { then: 1 }.constructor, 'function Object() { [native code] }'],
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
