/**
 * What somebody can do to a reference who knows nothing of actors: a tool that freezes, prints or copies whatever is in a message.
 */
import { inspect } from 'node:util'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, type ActorRef } from 'troupe'
import { kit, log, newScene } from '../scene.js'

beforeEach(newScene)

/** Freezes all that can be reached by properties, as tools for immutable data do. */
const freezeAll = (value: unknown): void => {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return
  Object.freeze(value)
  for (const key of Reflect.ownKeys(value)) freezeAll(Reflect.get(value, key))
}

interface Question {
  readonly replyTo: ActorRef<string>
}

describe('a reference', () => {
  const spawnTeller = (): ActorRef<string> =>
    kit.spawn(
      Behaviors.receiveMessage<string>((text) => {
        log.push(text)
        return Behaviors.same
      }),
      'teller',
    )

  it('of an actor can be frozen, and the actor goes on', () => {
    const teller = spawnTeller()
    freezeAll({ teller })

    teller.tell('one')
    teller.tell('two')
    kit.runUntilQuiet()

    expect(log).toEqual(['one', 'two'])
  })

  it('that an ask replies to can be frozen, and takes the reply', () => {
    const asked = kit.spawn(
      Behaviors.receive<Question>((context, question) => {
        freezeAll(question)
        context.watch(question.replyTo)
        question.replyTo.tell('here')
        return Behaviors.same
      }),
    )
    kit.spawn(
      Behaviors.setup<string>((context) => {
        context.ask(
          asked,
          (replyTo: ActorRef<string>) => ({ replyTo }),
          { timeoutMs: 1_000 },
          (result) => (result._tag === 'Right' ? result.right : result.left.message),
        )
        return Behaviors.receiveMessage((text) => {
          log.push(text)
          return Behaviors.stopped
        })
      }),
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['here'])
  })

  it('that adapts can be frozen, and adapts', () => {
    kit.spawn(
      Behaviors.setup<string>((context) => {
        const adapter = context.messageAdapter<number>(String)
        freezeAll({ adapter })
        adapter.tell(7)
        return Behaviors.receiveMessage((text) => {
          log.push(text)
          return Behaviors.same
        })
      }),
    )
    kit.runUntilQuiet()

    expect(log).toEqual(['7'])
  })

  it('is printed as its path with its uid, as text, in JSON and by the console', () => {
    const teller = spawnTeller()
    const path = teller.path.toStringWithUid()

    expect(path).toMatch(/^troupe:\/\/test\/user\/teller#\d+$/)
    expect(String(teller)).toBe(path)
    expect(JSON.stringify({ teller })).toBe(`{"teller":"${path}"}`)
    expect(inspect({ teller })).toBe(`{ teller: ${path} }`)
  })

  it('has a context that is printed as such, and shows nothing of the inside either', () => {
    const actor = kit.spawn(
      Behaviors.setup<string>((context) => {
        context.setReceiveTimeout(1_000, 'timeout')
        log.push(inspect({ context }), JSON.stringify({ context }))
        return Behaviors.empty
      }),
      'actor',
    )
    kit.runUntilQuiet()

    expect(log).toEqual([`{ context: ActorContext of ${actor.path.toString()} }`, '{"context":{}}'])
  })

  it('of a dead actor keeps its path', () => {
    const teller = spawnTeller()
    const path = teller.path.toStringWithUid()

    kit.stop(teller)
    kit.runUntilQuiet()

    expect(teller.path.toStringWithUid()).toBe(path)
  })
})
