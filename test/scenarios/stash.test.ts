/**
 * Messages that an actor puts aside, and takes up again.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, TroupeError, type Behavior, type StashBuffer } from 'troupe'
import { ErrorA } from './support.js'
import { kit, log, newScene, tellAll } from '../scene.js'

beforeEach(newScene)

/** Stashes everything until 'open', then goes on as `next` says. */
const closedUntilOpen = (next: (stash: StashBuffer<string>) => Behavior<string>, capacity = 100): Behavior<string> =>
  Behaviors.withStash(capacity, (stash) =>
    Behaviors.receiveMessage((text) => {
      if (text === 'open') return next(stash)
      stash.stash(text)
      return Behaviors.same
    }),
  )

/** Logs each message with how many it has seen. */
const counting = (count: number): Behavior<string> =>
  Behaviors.receiveMessage((text) => {
    log.push(`${text} is number ${String(count + 1)}`)
    return counting(count + 1)
  })

const errorOf = (run: () => unknown): string => {
  try {
    run()
  } catch (error) {
    return error instanceof TroupeError ? `${error._tag}: ${error.message}` : String(error)
  }
  return 'no error'
}

describe('unstashAll', () => {
  it('F1: hands each message to the behavior that the one before returned, in order, before any other message', () => {
    const actor = kit.spawn(closedUntilOpen((stash) => stash.unstashAll(counting(0))))

    tellAll(actor, 'a', 'b', 'c', 'open', 'd', 'e')

    expect(log).toEqual(['a is number 1', 'b is number 2', 'c is number 3', 'd is number 4', 'e is number 5'])
  })

  it('F1: leaves a message that is stashed meanwhile for the next time', () => {
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        const again: Behavior<string> = Behaviors.receiveMessage((text: string) => {
          log.push(text)
          if (text === 'b') stash.stash('b again')
          return text === 'more' ? stash.unstashAll(again) : Behaviors.same
        })
        return stash.unstashAll(again)
      }),
    )

    tellAll(actor, 'a', 'b', 'c', 'open', 'd', 'more')

    expect(log).toEqual(['a', 'b', 'c', 'd', 'more', 'b again'])
  })

  it('F1: takes a hundred thousand messages without growing the stack', () => {
    let seen = 0
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        const counter: Behavior<string> = Behaviors.receiveMessage(() => {
          seen++
          return stash.unstashAll(counter)
        })
        return stash.unstashAll(counter)
      }, 100_000),
    )

    for (let index = 0; index < 100_000; index++) actor.tell('m')
    tellAll(actor, 'open')

    expect(seen).toBe(100_000)
  })

  it('F3: refuses unhandled', () => {
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        log.push(errorOf(() => stash.unstashAll(Behaviors.unhandled)))
        return Behaviors.same
      }),
      'actor',
    )

    tellAll(actor, 'a', 'open')

    expect(log).toEqual([
      expect.stringMatching(/^IllegalArgument: troupe:\/\/test\/user\/actor: .*'unhandled'.* Give .*Behaviors\.same/),
    ])
  })

  it('F3: with same goes on with the behavior of the moment, also inside an unstash', () => {
    const actor = kit.spawn(
      Behaviors.withStash<string>(10, (stash) => {
        const state = (count: number): Behavior<string> =>
          Behaviors.receiveMessage((text) => {
            if (text === 'open') return stash.unstashAll(Behaviors.same)
            if (text.startsWith('hold')) {
              stash.stash(text.slice(5))
              return Behaviors.same
            }
            log.push(`${text} is number ${String(count + 1)}`)
            return text === 'nested' ? stash.unstashAll(state(count + 1)) : state(count + 1)
          })
        return state(0)
      }),
    )

    tellAll(actor, 'x', 'hold nested', 'hold a', 'hold b', 'open', 'y')

    expect(log).toEqual(['x is number 1', 'nested is number 2', 'a is number 3', 'b is number 4', 'y is number 5'])
  })

  it('F3: with stopped stops the actor; what is stashed goes to dead letters before the mailbox', () => {
    const deadLetters = kit.createDeadLetterProbe()
    const actor = kit.spawn(closedUntilOpen((stash) => stash.unstashAll(Behaviors.stopped)))

    tellAll(actor, 'a', 'b', 'open', 'c')

    expect(deadLetters.receiveMessages(3).map(({ message }) => message)).toEqual(['a', 'b', 'c'])
  })

  it('F4: publishes what is left unhandled, and goes on', () => {
    const unhandled = kit.createUnhandledProbe()
    const picky = (count: number): Behavior<string> =>
      Behaviors.receiveMessage((text) => {
        if (text.startsWith('un')) return Behaviors.unhandled
        log.push(`handled ${String(count + 1)}`)
        return picky(count + 1)
      })
    const actor = kit.spawn(closedUntilOpen((stash) => stash.unstashAll(picky(0))))

    tellAll(actor, 'a', 'un1', 'b', 'un2', 'c', 'open')

    expect(log).toEqual(['handled 1', 'handled 2', 'handled 3'])
    expect(unhandled.receiveMessages(2).map(({ message }) => message)).toEqual(['un1', 'un2'])
  })

  it('F5: ends with a failure; under resume the state stays and the rest stays stashed', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.withStash<string>(10, (stash) => {
          const state = (count: number): Behavior<string> =>
            Behaviors.receiveMessage((text) => {
              if (text === 'open') return stash.unstashAll(Behaviors.same)
              if (text === 'get') {
                log.push(`count ${String(count)}, stashed ${String(stash.size)}`)
                return Behaviors.same
              }
              if (text.startsWith('hold')) {
                stash.stash(text.slice(5))
                return Behaviors.same
              }
              if (text === 'bad') throw new ErrorA()
              return state(count + 1)
            })
          return state(0)
        }),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
    )

    tellAll(actor, ...['1', '2', 'bad', '3', '4', '5', '6', '7'].map((text) => `hold ${text}`), 'open', 'get')
    expect(log).toEqual(['count 2, stashed 5'])

    tellAll(actor, 'open', 'get')
    expect(log.at(-1)).toBe('count 7, stashed 0')
  })
})

describe('unstash', () => {
  it('F1: takes so many messages and leaves the rest', () => {
    const actor = kit.spawn(closedUntilOpen((stash) => stash.unstash(2, counting(0))))

    tellAll(actor, 'a', 'b', 'c', 'open', 'd')

    expect(log).toEqual(['a is number 1', 'b is number 2', 'd is number 3'])
  })

  it('F1: inside an unstash of the same buffer does not cut that one short', () => {
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        const onlyOne: Behavior<string> = Behaviors.receiveMessage((text: string) => {
          log.push(text)
          return text === 'a' ? stash.unstash(1, onlyOne) : Behaviors.same
        })
        return stash.unstashAll(onlyOne)
      }),
    )

    tellAll(actor, 'a', 'b', 'c', 'd', 'open', 'e')

    expect(log).toEqual(['a', 'b', 'c', 'd', 'e'])
  })

  it('F1: inside an unstash of another buffer comes first', () => {
    const actor = kit.spawn(
      Behaviors.withStash<string>(10, (first) =>
        Behaviors.withStash(10, (second) => {
          const reading: Behavior<string> = Behaviors.receiveMessage((text: string) => {
            log.push(text)
            return text === 'a1' ? second.unstashAll(reading) : Behaviors.same
          })
          return Behaviors.receiveMessage((text) => {
            if (text === 'open') return first.unstashAll(reading)
            ;(text.startsWith('a') ? first : second).stash(text)
            return Behaviors.same
          })
        }),
      ),
    )

    tellAll(actor, 'a1', 'a2', 'b1', 'b2', 'open')

    expect(log).toEqual(['a1', 'b1', 'b2', 'a2'])
  })

  it('F1: refuses what is no count', () => {
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        log.push(errorOf(() => stash.unstash(-1, Behaviors.same)))
        return Behaviors.same
      }),
    )

    tellAll(actor, 'open')

    expect(log).toEqual([
      expect.stringMatching(/^IllegalArgument: .*unstash.* -1, but must be a whole number from 0 up/),
    ])
  })
})

describe('a stash', () => {
  it('F2: when cleared in the middle leaves nothing to read: the rest is dropped', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        const clearing: Behavior<string> = Behaviors.receiveMessage((text: string) => {
          log.push(text)
          if (text === 'b') {
            stash.clear()
            stash.stash('e')
          }
          return Behaviors.same
        })
        return stash.unstashAll(clearing)
      }),
    )

    tellAll(actor, 'a', 'b', 'c', 'd', 'open')

    expect(log).toEqual(['a', 'b'])
    expect(dropped.receiveMessages(2)).toMatchObject([
      { message: 'c', reason: 'stash cleared' },
      { message: 'd', reason: 'stash cleared' },
    ])
    dropped.expectNoMessage()
  })

  it('F2: has no head when it is empty, and says what to ask first', () => {
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        log.push(errorOf(() => stash.head))
        stash.stash('a')
        stash.stash('b')
        log.push(stash.head, String(stash.size), String(stash.isEmpty), String(stash.capacity))
        stash.forEach((text) => void log.push(`each ${text}`))
        return Behaviors.same
      }, 3),
      'actor',
    )

    tellAll(actor, 'open')

    expect(log).toEqual([
      'IllegalState: troupe://test/user/actor: the stash is empty and has no head. Ask isEmpty first.',
      ...['a', '2', 'false', '3', 'each a', 'each b'],
    ])
  })

  it('F2: refuses a message over its capacity and keeps its size', () => {
    const actor = kit.spawn(
      closedUntilOpen((stash) => {
        log.push(
          errorOf(() => {
            stash.stash('too many')
          }),
          `${String(stash.size)} ${String(stash.isFull)}`,
        )
        return stash.unstashAll(counting(0))
      }, 2),
      'actor',
    )

    tellAll(actor, 'a', 'b', 'open')

    expect(log).toEqual([
      expect.stringMatching(
        /^StashOverflow: troupe:\/\/test\/user\/actor: the stash is full with 2 messages. Ask isFull first/,
      ),
      '2 true',
      'a is number 1',
      'b is number 2',
    ])
  })

  it('F6: made outside of the supervise survives the restart inside, with its messages', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(
      Behaviors.withStash<string>(10, (stash) =>
        pipe(
          Behaviors.setup<string>(() => {
            log.push('setup')
            return Behaviors.receiveMessage((text) => {
              if (text === 'fail') throw new ErrorA()
              if (text === 'open') return stash.unstashAll(counting(0))
              stash.stash(text)
              return Behaviors.same
            })
          }),
          Behaviors.supervise(SupervisorStrategy.restart),
        ),
      ),
    )

    tellAll(actor, 'a', 'fail', 'b', 'open')

    expect(log).toEqual(['setup', 'setup', 'a is number 1', 'b is number 2'])
    dropped.expectNoMessage()
  })

  it('F6: made inside of the supervise is dropped by the restart, with the reason', () => {
    const dropped = kit.createDroppedProbe()
    const actor = kit.spawn(
      pipe(
        closedUntilOpen((stash) => {
          if (stash.isFull) throw new ErrorA()
          return stash.unstashAll(counting(0))
        }, 2),
        Behaviors.supervise(SupervisorStrategy.restart),
      ),
    )

    tellAll(actor, 'a', 'b', 'open', 'c', 'open')

    expect(dropped.receiveMessages(2)).toMatchObject([
      { recipient: actor, message: 'a', reason: 'restart' },
      { recipient: actor, message: 'b', reason: 'restart' },
    ])
    expect(log).toEqual(['c is number 1'])
  })
})
