/**
 * Whose turn it is: a context works for its own actor only, and only while that has its turn.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, TroupeError, type ActorContext } from 'troupe'
import { ErrorA } from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

const errorOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof TroupeError ? `${error._tag}: ${error.message}` : String(error)
  }
  return 'no error'
}

describe('the context', () => {
  const operations: readonly (readonly [string, (context: ActorContext<string>) => unknown])[] = [
    ['children', (context) => context.children],
    ['log', (context) => context.log],
    ['child', (context) => context.child('x')],
    ['spawn', (context) => context.spawn(Behaviors.empty)],
    [
      'stop',
      (context) => {
        context.stop(context.self)
      },
    ],
    [
      'watch',
      (context) => {
        context.watch(context.system)
      },
    ],
    [
      'watchWith',
      (context) => {
        context.watchWith(context.system, 'x')
      },
    ],
    [
      'unwatch',
      (context) => {
        context.unwatch(context.system)
      },
    ],
    [
      'setReceiveTimeout',
      (context) => {
        context.setReceiveTimeout(1, 'x')
      },
    ],
    [
      'cancelReceiveTimeout',
      (context) => {
        context.cancelReceiveTimeout()
      },
    ],
    ['scheduleOnce', (context) => context.scheduleOnce(1, context.self, 'x')],
    ['messageAdapter', (context) => context.messageAdapter((n: number) => String(n))],
    [
      'ask',
      (context) => {
        context.ask(
          kit.system.deadLetters,
          () => 'x',
          { timeoutMs: 1 },
          () => 'x',
        )
      },
    ],
    [
      'pipeToSelf',
      (context) => {
        context.pipeToSelf(
          () => Promise.resolve(),
          () => 'x',
        )
      },
    ],
    ['delegate', (context) => context.delegate(Behaviors.empty, 'x')],
  ]

  it.each(operations)(
    'H8: refuses %s outside of the turn of its actor, and says what to do instead',
    async (name, use) => {
      let stray: ActorContext<string> | undefined
      const parent = kit.spawn(
        Behaviors.setup<string>((context) => {
          stray = context
          const child = context.spawn(
            Behaviors.receiveMessageWithSame<string>(() => void log.push(errorOf(() => use(context)))),
          )
          return Behaviors.receiveMessage((text) => {
            if (text === 'child') child.tell('use the context of your parent')
            else void Promise.resolve().then(() => void log.push(errorOf(() => use(context))))
            return Behaviors.same
          })
        }),
        'parent',
      )
      tellAll(parent, 'promise')
      await Promise.resolve()
      tellAll(parent, 'child')
      log.push(errorOf(() => stray !== undefined && use(stray)))

      const refusal = new RegExp(
        `^UnsupportedOperation: Unsupported access to ActorContext of troupe://test/user/parent: '${name}' was called outside of ` +
          '.*turn.*Send .*a message, or .*context.pipeToSelf',
      )
      expect(log).toEqual([
        expect.stringMatching(refusal),
        expect.stringMatching(refusal),
        expect.stringMatching(refusal),
      ])
    },
  )

  it('H8: lets timers and stashes be used in the turn of their actor only', () => {
    const strays: (() => unknown)[] = []
    kit.spawn(
      Behaviors.withTimers<string>((timers) =>
        Behaviors.withStash(1, (stash) => {
          strays.push(
            () => {
              timers.startSingleTimer('key', 'x', 1)
            },
            () => timers.isTimerActive('key'),
            () => {
              timers.cancel('key')
            },
            () => {
              timers.cancelAll()
            },
            () => {
              stash.stash('x')
            },
            () => {
              stash.clear()
            },
            () => stash.unstashAll(Behaviors.same),
            () => {
              stash.forEach(() => undefined)
            },
          )
          return Behaviors.empty
        }),
      ),
    )
    kit.runUntilQuiet()

    const operations = strays.map(
      (stray) => /^UnsupportedOperation: .*: '(.*)' was called outside/.exec(errorOf(stray))?.[1],
    )
    expect(operations).toEqual([
      'startTimer',
      'isTimerActive',
      'cancel',
      'cancelAll',
      'stash',
      'clear',
      'unstash',
      'forEach',
    ])
  })

  it('H8: shows self and system anywhere', () => {
    let stray: ActorContext<string> | undefined
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        stray = context
        return Behaviors.empty
      }),
    )
    kit.runUntilQuiet()

    expect(stray?.self).toBe(actor)
    expect(stray?.system).toBe(kit.system)
  })

  it('H8: belongs to nobody once a turn has failed', () => {
    let stray: ActorContext<string> | undefined
    const actor = kit.spawn(
      pipe(
        Behaviors.receive<string>((context) => {
          stray = context
          throw new ErrorA()
        }),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
    )

    tellAll(actor, 'fail')

    expect(errorOf(() => stray?.children)).toMatch(/^UnsupportedOperation/)
  })
})
