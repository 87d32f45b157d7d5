/**
 * Sessions: one actor for each question.
 */
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, TroupeError, type ActorRef, type Behavior } from 'troupe'
import { aggregate, scatterGather, tailChop } from 'troupe/patterns'
import { ActorTestKit, type TestProbe } from 'troupe/testkit'

let kit: ActorTestKit
let probe: TestProbe<string>

beforeEach(() => {
  kit = ActorTestKit.create()
  probe = kit.createProbe<string>()
})

/** Replies after so long; never when that is undefined. */
const server = (name: string, afterMs: number | undefined): Behavior<ActorRef<string>> =>
  Behaviors.receive<ActorRef<string>>((context, replyTo) => {
    if (afterMs !== undefined) context.scheduleOnce(afterMs, replyTo, name)
    return Behaviors.same
  })

const servers = (...delays: readonly (number | undefined)[]): readonly ActorRef<ActorRef<string>>[] =>
  delays.map((afterMs, i) => kit.spawn(server(`s${String(i)}`, afterMs)))

const askAll =
  (targets: readonly ActorRef<ActorRef<string>>[]) =>
  (replyTo: ActorRef<string>): void => {
    for (const target of targets) target.tell(replyTo)
  }

describe('aggregate', () => {
  const gather = (replies: number, ...delays: readonly (number | undefined)[]): ActorRef<string> =>
    kit.spawn(
      aggregate<string, string>({
        ask: askAll(servers(...delays)),
        replies,
        timeoutMs: 100,
        combine: (all) => all.join(','),
        replyTo: probe.ref,
      }),
    )

  it('sends what the replies add up to when the last has come, and stops', () => {
    const session = gather(3, 30, 10, 20)

    kit.clock.timePasses(29)
    probe.expectNoMessage()
    kit.clock.timePasses(1)

    probe.expectMessage('s1,s2,s0')
    probe.expectTerminated(session)
  })

  it('makes do with what has come when the time is up', () => {
    const session = gather(3, 10, undefined, 100_000)

    kit.clock.timePasses(99)
    probe.expectNoMessage()
    kit.clock.timePasses(1)

    probe.expectMessage('s0')
    probe.expectTerminated(session)
  })

  it('takes the first of more, and leaves the rest to dead letters', () => {
    const dead = kit.createDeadLetterProbe()
    gather(1, 10, 20)

    kit.clock.timePasses(50)

    probe.expectMessage('s0')
    expect(dead.receiveMessage().message).toBe('s1')
  })

  it('has a place of its own for each question: replies do not get mixed up', () => {
    const [a, b] = [gather(2, 10, 20), gather(2, 5, 15)]

    kit.clock.timePasses(100)

    expect(a.equals(b)).toBe(false)
    expect(probe.receiveMessages(2)).toEqual(['s0,s1', 's0,s1'])
  })

  it.each([
    [{ replies: 0 }, /replies of aggregate is 0, but must be a whole number from 1 up/],
    [{ timeoutMs: 0 }, /timeoutMs of aggregate is 0, but must be a finite number of milliseconds above 0/],
  ])('refuses %o', (wrong, words) => {
    const make = (): unknown =>
      aggregate({
        ask: () => undefined,
        replies: 1,
        timeoutMs: 1,
        combine: String,
        replyTo: probe.ref,
        ...wrong,
      })
    expect(make).toThrow(TroupeError)
    expect(make).toThrow(words)
  })
})

describe('scatterGather', () => {
  const first = (...delays: readonly (number | undefined)[]): ActorRef<string> =>
    kit.spawn(
      scatterGather<string>({
        ask: askAll(servers(...delays)),
        timeoutMs: 100,
        onTimeout: () => 'nobody',
        replyTo: probe.ref,
      }),
    )

  it('sends the first reply on and stops', () => {
    const session = first(30, 10, 20)

    kit.clock.timePasses(10)

    probe.expectMessage('s1')
    probe.expectTerminated(session)
  })

  it('says so when nobody has replied in time', () => {
    first(undefined, 500)

    kit.clock.timePasses(100)

    probe.expectMessage('nobody')
  })

  it('refuses a time of 0', () => {
    expect(() =>
      scatterGather({ ask: () => undefined, timeoutMs: 0, onTimeout: () => 'nobody', replyTo: probe.ref }),
    ).toThrow(/timeoutMs of scatterGather is 0/)
  })
})

describe('tailChop', () => {
  const attempts: number[] = []
  const chop = (...delays: readonly (number | undefined)[]): ActorRef<string> => {
    const targets = servers(...delays)
    attempts.length = 0
    return kit.spawn(
      tailChop<string>({
        ask: (attempt, replyTo) => {
          attempts.push(kit.clock.now())
          targets[attempt]?.tell(replyTo)
          return attempt < targets.length
        },
        nextAfterMs: 20,
        timeoutMs: 100,
        onTimeout: () => 'nobody',
        replyTo: probe.ref,
      }),
    )
  }

  it('asks one alone when that one is quick', () => {
    const session = chop(15, 1, 1)

    kit.clock.timePasses(100)

    probe.expectMessage('s0')
    expect(attempts).toEqual([0])
    probe.expectTerminated(session)
  })

  it('asks another one each time that has taken too long, and takes the first reply', () => {
    chop(undefined, 90, 5)

    kit.clock.timePasses(100)

    probe.expectMessage('s2')
    expect(attempts).toEqual([0, 20, 40])
  })

  it('stops asking when nobody is left, and waits until the time is up', () => {
    chop(undefined)

    kit.clock.timePasses(99)
    probe.expectNoMessage()
    kit.clock.timePasses(1)

    probe.expectMessage('nobody')
    expect(attempts).toEqual([0, 20])
  })

  it.each([
    [{ nextAfterMs: 0 }, /nextAfterMs of tailChop is 0/],
    [{ timeoutMs: -1 }, /timeoutMs of tailChop is -1/],
  ])('refuses %o', (wrong, words) => {
    expect(() =>
      tailChop({
        ask: () => true,
        nextAfterMs: 1,
        timeoutMs: 1,
        onTimeout: () => 'nobody',
        replyTo: probe.ref,
        ...wrong,
      }),
    ).toThrow(words)
  })
})

describe('a child for each session', () => {
  it('keeps what belongs to one question apart, and goes when it is answered', () => {
    interface Ask {
      readonly _tag: 'Greet'
      readonly name: string
      readonly replyTo: ActorRef<string>
    }
    const translator = kit.spawn(
      Behaviors.receive<{ readonly text: string; readonly replyTo: ActorRef<string> }>((context, { text, replyTo }) => {
        context.scheduleOnce(text === 'slow' ? 50 : 10, replyTo, text.toUpperCase())
        return Behaviors.same
      }),
    )
    const session = ({ name, replyTo }: Ask): Behavior<string> =>
      Behaviors.setup((context) => {
        translator.tell({ text: name, replyTo: context.self })
        return Behaviors.receiveMessage((translated) => {
          replyTo.tell(`Hello, ${translated}`)
          return Behaviors.stopped
        })
      })
    const parent = kit.spawn(
      Behaviors.receive<Ask>((context, ask) => {
        context.spawn(session(ask))
        return Behaviors.same
      }),
      'parent',
    )

    for (const name of ['slow', 'quick']) parent.tell({ _tag: 'Greet', name, replyTo: probe.ref })
    kit.clock.timePasses(60)

    expect(probe.receiveMessages(2)).toEqual(['Hello, QUICK', 'Hello, SLOW'])
    expect(kit.system.printTree()).not.toMatch(/parent\/|parent\n.*\$/)
  })
})
