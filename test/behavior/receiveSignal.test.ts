/** Signal handlers that are put around behaviors of every kind. */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  TroupeError,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type Signal,
  type SystemEvent,
} from 'troupe'
import { ActorTestKit } from 'troupe/testkit'

let kit: ActorTestKit
let log: string[]

beforeEach(() => {
  log = []
  kit = ActorTestKit.create({ probe: { event } })
})

/** Messages that nobody handled, and failures. */
const event = (happened: SystemEvent): void => {
  if (happened._tag === 'UnhandledMessage') log.push(`unhandled ${String(happened.message)}`)
  if (happened._tag === 'ActorFailed') log.push(happened.cause instanceof TroupeError ? happened.cause._tag : 'failed')
}

type OnSignal = (context: ActorContext<string>, signal: Signal) => Behavior<string>

/** Logs what it sees, and handles the signals of these tags. */
const seeing =
  (name: string, ...tags: readonly Signal['_tag'][]): OnSignal =>
  (_, signal) => {
    log.push(`${name} ${signal._tag}`)
    return tags.includes(signal._tag) ? Behaviors.same : Behaviors.unhandled
  }

/** Gives it a child that ends, then a word, then another. */
const tryOut = (behavior: Behavior<string>): ActorRef<string> => {
  const actor = kit.spawn(
    Behaviors.setup<string>((context) => {
      context.watch(context.spawn(Behaviors.stopped, 'child'))
      return behavior
    }),
  )
  kit.runUntilQuiet()
  for (const word of ['one', 'two']) actor.tell(word)
  kit.runUntilQuiet()
  return actor
}

const logging = (name: string, onSignal?: OnSignal): Behavior<string> =>
  Behaviors.receive<string>((_, word) => {
    log.push(`${name} got ${word}`)
    return Behaviors.same
  }, onSignal)

describe('receiveSignal', () => {
  it.each<readonly [string, () => Behavior<string>, readonly string[]]>([
    [
      'a plain handler',
      () => Behaviors.receiveMessageWithSame<string>((word) => log.push(`got ${word}`) as unknown as undefined),
      ['added Terminated', 'got one', 'got two'],
    ],
    ['a handler', () => logging('inner'), ['added Terminated', 'inner got one', 'inner got two']],
    ['empty', () => Behaviors.empty, ['added Terminated', 'unhandled one', 'unhandled two']],
    ['ignore', () => Behaviors.ignore, ['added Terminated']],
    [
      'what an interceptor lies around',
      () => pipe(logging('inner'), Behaviors.monitor(kit.system.ignoreRef as ActorRef<string>)),
      ['added Terminated', 'inner got one', 'inner got two'],
    ],
    [
      'two behaviors side by side',
      () => pipe(logging('first'), Behaviors.orElse(logging('second', seeing('second', 'Terminated')))),
      ['added Terminated', 'first got one', 'first got two'],
    ],
  ])('gives %s a handler', (_, behavior, expected) => {
    tryOut(pipe(behavior(), Behaviors.receiveSignal(seeing('added', 'Terminated'))))

    expect(log).toEqual(expected)
  })

  it('leaves a signal that it does not handle to the handler inside', () => {
    tryOut(pipe(logging('inner', seeing('inner', 'Terminated')), Behaviors.receiveSignal(seeing('added'))))

    expect(log).toEqual(['added Terminated', 'inner Terminated', 'inner got one', 'inner got two'])
  })

  it('leaves a signal that it does not handle to the handler added before', () => {
    tryOut(
      pipe(
        logging('inner'),
        Behaviors.receiveSignal(seeing('before', 'Terminated')),
        Behaviors.receiveSignal(seeing('added')),
      ),
    )

    expect(log).toEqual(['added Terminated', 'before Terminated', 'inner got one', 'inner got two'])
  })

  it('leaves a signal that it does not handle to ignore, which handles all', () => {
    tryOut(pipe(Behaviors.ignore as Behavior<string>, Behaviors.receiveSignal(seeing('added'))))

    expect(log).toEqual(['added Terminated'])
  })

  it('leaves a signal that it does not handle to the second of two side by side', () => {
    tryOut(
      pipe(
        logging('first'),
        Behaviors.orElse(logging('second', seeing('second', 'Terminated'))),
        Behaviors.receiveSignal(seeing('added')),
      ),
    )

    expect(log).toEqual(['added Terminated', 'second Terminated', 'first got one', 'first got two'])
  })

  it('D8: lets Terminated fail the actor when nobody handles it', () => {
    const actor = tryOut(pipe(logging('inner', seeing('inner')), Behaviors.receiveSignal(seeing('added'))))

    kit.createProbe<never>().expectTerminated(actor)
    expect(log).toEqual(['added Terminated', 'inner Terminated', 'DeathPact', 'added PostStop', 'inner PostStop'])
  })

  it('D8: lets Terminated fail the actor when there is no other handler', () => {
    tryOut(pipe(logging('inner'), Behaviors.receiveSignal(seeing('added'))))

    expect(log).toEqual(['added Terminated', 'DeathPact', 'added PostStop'])
  })

  it('stays around a coroutine, which sees what it leaves', () => {
    tryOut(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          try {
            for (;;) log.push(`read ${yield* co.receive()}`)
          } finally {
            log.push('finally')
          }
        }),
        Behaviors.receiveSignal(seeing('added', 'Terminated')),
      ),
    )
    void kit.system.terminate()
    kit.runUntilQuiet()

    expect(log).toEqual(['added Terminated', 'read one', 'read two', 'added PostStop', 'finally'])
  })

  it('stays around a coroutine that has failed and is resumed, and lets it read on', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.coroutine<string>(function* (co) {
          for (;;) {
            const word = yield* co.receive()
            if (word === 'boom') throw new Error(word)
            log.push(`read ${word}`)
          }
        }),
        Behaviors.receiveSignal(seeing('added')),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
    )

    for (const word of ['one', 'boom', 'two', 'three']) actor.tell(word)
    kit.runUntilQuiet()
    kit.stop(actor)
    kit.runUntilQuiet()

    expect(log).toEqual(['read one', 'failed', 'read two', 'read three', 'added PostStop'])
  })

  it('stays when what a supervise inside of it started is started again', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>(() => {
          throw new Error('boom')
        }),
        Behaviors.supervise(SupervisorStrategy.restart),
        Behaviors.receiveSignal(seeing('added')),
      ),
    )

    for (const word of ['one', 'two']) actor.tell(word)
    kit.runUntilQuiet()

    expect(log).toEqual(['failed', 'added PreRestart', 'failed', 'added PreRestart'])
  })

  it('stays around what an awaiting behavior becomes', async () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.awaiting(
          () => Promise.resolve('done'),
          (text) => logging(text),
        ),
        Behaviors.receiveSignal(seeing('added')),
      ),
    )
    await kit.settle()
    actor.tell('word')
    kit.runUntilQuiet()
    kit.stop(actor)

    expect(log).toEqual(['done got word', 'added PostStop'])
  })
})
