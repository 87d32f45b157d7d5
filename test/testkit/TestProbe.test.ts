import { beforeEach, describe, expect, it } from 'vitest'
import * as t from 'io-ts'
import { Behaviors, type Behavior } from 'troupe'
import { ActorTestKit, type TestProbe } from 'troupe/testkit'

interface Reply {
  readonly _tag: 'Ok' | 'Failed'
  readonly items: readonly number[]
}

const ok = (...items: number[]): Reply => ({ _tag: 'Ok', items })

let kit: ActorTestKit
let probe: TestProbe<unknown>

beforeEach(() => {
  kit = ActorTestKit.create()
  probe = kit.createProbe()
})

/** What the expectation threw. */
const failure = (expectation: () => unknown): string => {
  try {
    expectation()
  } catch (error) {
    return (error as Error).message
  }
  throw new Error('The expectation should have failed.')
}

/** An actor that tells the probe later. */
const late = (texts: readonly string[], everyMs: number): Behavior<string> =>
  Behaviors.withTimers((timers) => {
    texts.forEach((text, index) => {
      timers.startSingleTimer(text, text, everyMs * (index + 1))
    })
    return Behaviors.receiveMessageWithSame((text) => {
      probe.ref.tell(text)
    })
  })

describe('TestProbe.expectMessage', () => {
  it('accepts a message that equals the value part by part, and takes it', () => {
    probe.ref.tell(ok(1, 2))

    expect(probe.expectMessage(ok(1, 2))).toEqual(ok(1, 2))
    probe.expectNoMessage()
  })

  it('says what arrived instead, where it differs, what came after it, and whose mailbox it was', () => {
    probe.ref.tell(ok(1, 3))
    probe.ref.tell('more')

    expect(failure(() => probe.expectMessage(ok(1, 2)))).toBe(
      "troupe://test/system/probe-1 expected the message\n  { _tag: 'Ok', items: [1, 2] }\n" +
        "but got\n  { _tag: 'Ok', items: [1, 3] }\n" +
        "They differ at\n  message.items[1]: expected 2, got 3\nAfter it came\n  'more'",
    )
  })

  it('leaves a message that is not as expected where it is', () => {
    probe.ref.tell('here')
    failure(() => probe.expectMessage('there'))

    probe.expectMessage('here')
  })

  it('says so when nothing came', () => {
    expect(failure(() => probe.expectMessage('hello'))).toBe(
      "troupe://test/system/probe-1 expected the message\n  'hello', but no message came.",
    )
  })

  it('accepts by refinement and by predicate', () => {
    const isReply = (message: unknown): message is Reply => typeof message === 'object'
    probe.ref.tell(ok(1))
    probe.ref.tell(2)

    expect(probe.expectMessage(isReply).items).toEqual([1])
    expect(failure(() => probe.expectMessage(isReply))).toBe(
      'troupe://test/system/probe-1 expected a message for which isReply holds, but got\n  2',
    )
    expect(probe.expectMessage((message) => message === 2)).toBe(2)
  })

  it('accepts by codec and answers the decoded value', () => {
    const Ok = t.type({ _tag: t.literal('Ok'), items: t.array(t.number) })
    probe.ref.tell(ok(1))
    probe.ref.tell({ _tag: 'Ok', items: [1, 'two'] })

    expect(probe.expectMessage(Ok).items).toEqual([1])
    expect(failure(() => probe.expectMessage(Ok))).toContain("It is refused at\n  message.items.1: 'two' is not number")
  })

  it('names the owner of a pending task, and what to do about it', async () => {
    const actor = kit.spawn(
      Behaviors.receive<string>((context, text) => {
        context.pipeToSelf(
          () => Promise.resolve(text),
          (result) => `piped ${result._tag}`,
        )
        if (text.startsWith('piped')) probe.ref.tell(text)
        return Behaviors.same
      }),
      'slow',
    )
    actor.tell('go')

    expect(failure(() => probe.expectMessage('piped Right'))).toContain(
      "A task is pending, started by troupe://test/user/slow: use 'await kit.settle()' first.",
    )
    expect(
      failure(() => {
        probe.expectNoMessage()
      }),
    ).toContain("use 'await kit.settle()' first, or pass whileTasksRun")
    probe.expectNoMessage({ whileTasksRun: true })
    await Promise.resolve()
  })
})

describe('TestProbe.expectNoMessage', () => {
  it('lists what came', () => {
    probe.ref.tell('a')
    probe.ref.tell('b')

    expect(
      failure(() => {
        probe.expectNoMessage()
      }),
    ).toBe("troupe://test/system/probe-1 expected no message, but got\n  'a'\n  'b'")
  })

  it('can cover a stretch of time (virtual time)', () => {
    kit.spawn(late(['tick'], 100))

    probe.expectNoMessage({ forMs: 99 })
    expect(
      failure(() => {
        probe.expectNoMessage({ forMs: 1 })
      }),
    ).toContain("expected no message for 1 ms, but got\n  'tick'")
  })
})

describe('TestProbe.receiveMessages', () => {
  it('takes so many messages in order', () => {
    for (const message of [1, 2, 3]) probe.ref.tell(message)

    expect(probe.receiveMessages(2)).toEqual([1, 2])
    expect(probe.receiveMessage()).toBe(3)
  })

  it('shows what there is when there are fewer', () => {
    probe.ref.tell(1)

    expect(failure(() => probe.receiveMessages(2))).toContain('expected 2 messages, but got 1:\n  1')
  })
})

describe('TestProbe.fishForMessage', () => {
  it('keeps, lets go and completes as the fisher says', () => {
    for (const message of ['skip', 'keep', 'skip', 'done', 'after']) probe.ref.tell(message)

    const kept = probe.fishForMessage((message) => {
      if (message === 'skip') return 'continueAndIgnore'
      return message === 'done' ? 'complete' : 'continue'
    })

    expect(kept).toEqual(['keep', 'done'])
    probe.expectMessage('after')
  })

  it('fails with the reason of the fisher', () => {
    probe.ref.tell('bad')

    expect(failure(() => probe.fishForMessage(() => ({ fail: 'not this one' })))).toContain(
      "fished 'bad', which is refused: not this one",
    )
  })

  it('fails when no message completes it, and shows what was kept', () => {
    probe.ref.tell('a')

    expect(failure(() => probe.fishForMessage(() => 'continue'))).toContain(
      "none of 1 completed it, and no more came; kept were ['a'].",
    )
  })
})

describe('TestProbe.expectTerminated', () => {
  it('accepts an actor that stops, and one that had stopped long before, again and again', () => {
    const actor = kit.spawn(Behaviors.receiveMessage<string>(() => Behaviors.stopped))

    expect(
      failure(() => {
        probe.expectTerminated(actor)
      }),
    ).toContain('to have terminated, but it lives')
    actor.tell('stop')
    probe.expectTerminated(actor)
    probe.expectTerminated(actor)
    probe.expectNoMessage()
  })
})

describe('TestProbe.within', () => {
  it('lets time pass, timer by timer, for what is expected inside (virtual time)', () => {
    kit.spawn(late(['a', 'b'], 100))

    probe.within(200, () => {
      probe.expectMessage('a')
      expect(kit.clock.now()).toBe(100)
      probe.expectMessage('b')
    })
  })

  it('fails when it takes longer (virtual time)', () => {
    kit.spawn(late(['a', 'b'], 100))

    expect(failure(() => probe.within(199, () => probe.receiveMessages(2)))).toContain('expected 2 messages, but got 1')
    expect(
      failure(() => {
        probe.within(10, () => {
          kit.clock.timePasses(11)
        })
      }),
    ).toBe('Expected to be done within 10 ms, but it took 11 ms.')
  })
})

describe('TestProbe.awaitAssert', () => {
  it('tries again after each timer until the assertion holds (virtual time)', () => {
    const seen: string[] = []
    kit.spawn(
      Behaviors.withTimers<string>((timers) => {
        timers.startTimerWithFixedDelay('tick', 'tick', 100)
        return Behaviors.receiveMessageWithSame((text) => {
          seen.push(text)
        })
      }),
    )

    probe.awaitAssert(() => {
      expect(seen).toHaveLength(3)
    })

    expect(kit.clock.now()).toBe(300)
  })

  it('fails as the assertion did when time is up (virtual time)', () => {
    expect(
      failure(() =>
        probe.awaitAssert(() => {
          throw new Error('never')
        }, 1_000),
      ),
    ).toBe('never')
  })
})

describe('what an expectation refuses', () => {
  it('a number that is none', () => {
    expect(failure(() => probe.within(NaN, () => 1))).toContain('maxMs is NaN, but must be')
    for (const endless of [() => probe.within(Infinity, () => 1), () => probe.awaitAssert(() => 1, Infinity)])
      expect(failure(endless)).toMatch(/maxMs is Infinity, but must be a finite .* a timer that comes again and again/)
    expect(
      failure(() => {
        probe.expectNoMessage({ forMs: NaN })
      }),
    ).toContain('forMs of expectNoMessage is NaN, but must be')
    expect(failure(() => probe.receiveMessages(1.5))).toContain('is 1.5, but must be a whole number')
  })

  it('what cannot be known after shutdown', async () => {
    const actor = kit.spawn(Behaviors.ignore)
    await kit.shutdown()
    probe.ref.tell('lost')

    expect(
      failure(() => {
        probe.expectNoMessage()
      }),
    ).toContain("'expectNoMessage' was called after the kit was shut down")
    expect(
      failure(() => {
        probe.expectTerminated(actor)
      }),
    ).toContain("'expectTerminated' was called after the kit was shut down")
  })
})

describe('a message that is refused', () => {
  it.each([
    ['by the fisher', () => ({ fail: 'not that one' })],
    [
      'with an error',
      () => {
        throw new Error('not that one')
      },
    ],
  ])('%s stays where it is', (_, fisher) => {
    probe.ref.tell('fish')

    expect(failure(() => probe.fishForMessage(fisher))).toContain('not that one')

    expect(probe.receiveMessage()).toBe('fish')
  })
})
