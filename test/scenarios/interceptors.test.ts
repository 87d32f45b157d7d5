/**
 * Behaviors around behaviors.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { none, some } from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type Behavior, type Interceptor } from 'troupe'
import { ErrorA, ErrorB, isA, isB, logSignals, spawnWatcher } from './support.js'
import { counting, kit, log, newScene, receiving, tellAll, twice } from '../scene.js'

beforeEach(newScene)

/** Logs before and after. */
const tracing = (name: string): Interceptor<string> => ({
  name,
  aroundStart: (_, start) => {
    log.push(`${name} before start`)
    const started = start()
    log.push(`${name} after start`)
    return started
  },
  aroundReceive: (_, text, target) => {
    log.push(`${name} before ${text}`)
    const next = target.receive(text)
    log.push(`${name} after ${text}`)
    return next
  },
  aroundSignal: (_, signal, target) => {
    log.push(`${name} before ${signal._tag}`)
    const next = target.signal(signal)
    log.push(`${name} after ${signal._tag}`)
    return next
  },
})

describe('an interceptor', () => {
  it('H5: lies around starts, messages and signals, the outer one outside', () => {
    const inner = Behaviors.setup<string>(() => {
      log.push('setup')
      return receiving
    })
    const actor = kit.spawn(pipe(inner, Behaviors.intercept(tracing('inner')), Behaviors.intercept(tracing('outer'))))

    tellAll(actor, 'hello', 'stop')

    expect(log).toEqual([
      ...['outer before start', 'inner before start', 'setup', 'inner after start', 'outer after start'],
      ...['outer before hello', 'inner before hello', 'got hello', 'inner after hello', 'outer after hello'],
      ...['outer before stop', 'inner before stop', 'got stop', 'inner after stop', 'outer after stop'],
      ...[
        'outer before PostStop',
        'inner before PostStop',
        'saw PostStop',
        'inner after PostStop',
        'outer after PostStop',
      ],
    ])
  })

  it('H5: nested in itself lies around once, another one of the same kind twice', () => {
    const one = tracing('one')
    const once = kit.spawn(pipe(receiving, Behaviors.intercept(one), Behaviors.intercept(one)))
    tellAll(once, 'x')
    expect(log.filter((entry) => entry === 'one before x')).toHaveLength(1)
    log.length = 0

    const actor = kit.spawn(pipe(receiving, Behaviors.intercept(tracing('one')), Behaviors.intercept(tracing('one'))))
    tellAll(actor, 'x')
    expect(log.filter((entry) => entry === 'one before x')).toHaveLength(2)
  })

  it('H5: returned again with every message stays once when it is the same, and grows when it is not', () => {
    const recursive = (make: () => Interceptor<string>): Behavior<string> =>
      pipe(
        Behaviors.receiveMessage<string>(() => recursive(make)),
        Behaviors.intercept(make()),
      )
    const one = tracing('one')
    const depths = (make: () => Interceptor<string>): readonly number[] => {
      const actor = kit.spawn(recursive(make))
      return [1, 2, 3].map(() => {
        log.length = 0
        tellAll(actor, 'x')
        return log.filter((entry) => entry === 'one before x').length
      })
    }

    expect(depths(() => one)).toEqual([1, 1, 1])
    expect(depths(() => tracing('one'))).toEqual([1, 2, 3])
  })

  it('H5: lies around every behavior that the one inside becomes', () => {
    const second: Behavior<string> = Behaviors.receiveMessage((text: string) => {
      log.push(`second got ${text}`)
      return Behaviors.same
    })
    const shout: Interceptor<string> = {
      name: 'shout',
      aroundReceive: (_, text, target) => target.receive(text.toUpperCase()),
    }
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>(() => Behaviors.setup(() => second)),
        Behaviors.intercept(shout),
      ),
    )

    tellAll(actor, 'go', 'hello')

    expect(log).toEqual(['second got HELLO'])
  })

  it('H5: can hold a message back, or hand it on twice', () => {
    const odd: Interceptor<string> = {
      name: 'odd',
      aroundReceive: (_, text, target) => {
        if (text === 'swallow') return Behaviors.same
        if (text === 'twice') target.receive(text)
        return target.receive(text)
      },
    }
    const unhandled = kit.createUnhandledProbe()
    const actor = kit.spawn(pipe(receiving, Behaviors.intercept(odd)))

    tellAll(actor, 'swallow', 'twice')

    expect(log).toEqual(['got twice', 'got twice'])
    unhandled.expectNoMessage()
  })

  it('H5: lets what is thrown inside pass, where a supervise inside of it decides first', () => {
    const catching: Interceptor<string> = {
      name: 'catching',
      aroundReceive: (_, text, target) => {
        try {
          return target.receive(text)
        } catch (error) {
          log.push(`passing ${(error as Error).message}`)
          throw error
        }
      },
    }
    const fragile = Behaviors.receiveMessage<string>((text) => {
      if (text === 'a') throw new ErrorA('a')
      throw new ErrorB('b')
    }, logSignals(log))
    const actor = kit.spawn(
      pipe(
        fragile,
        Behaviors.supervise(SupervisorStrategy.resume, { when: isA }),
        Behaviors.intercept(catching),
        Behaviors.supervise(SupervisorStrategy.restart, { when: isB }),
      ),
    )

    tellAll(actor, 'a', 'b')

    expect(log).toEqual(['passing a', 'passing b', 'PreRestart'])
  })

  it('H5: that throws itself is the business of the supervise outside of it', () => {
    const broken: Interceptor<string> = {
      name: 'broken',
      aroundReceive: (_, text, target) => {
        if (text === 'fail') throw new ErrorA()
        return target.receive(text)
      },
    }
    const actor = kit.spawn(
      pipe(
        receiving,
        Behaviors.supervise(SupervisorStrategy.stop),
        Behaviors.intercept(broken),
        Behaviors.supervise(SupervisorStrategy.resume),
      ),
    )

    tellAll(actor, 'fail', 'x')

    expect(log).toEqual(['got x'])
  })

  it('H5: outside of the supervise stays through a restart and does not see PreRestart; inside it is made anew', () => {
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessage<string>((text) => {
          if (text === 'fail') throw new ErrorA()
          return Behaviors.same
        }),
        Behaviors.intercept(tracing('inner')),
        Behaviors.supervise(SupervisorStrategy.restart),
        Behaviors.intercept(tracing('outer')),
      ),
    )
    kit.runUntilQuiet()
    log.length = 0

    tellAll(actor, 'fail', 'x')

    expect(log).toEqual([
      ...['outer before fail', 'inner before fail', 'inner before PreRestart', 'inner after PreRestart'],
      ...['inner before start', 'inner after start'],
      ...['outer before x', 'inner before x', 'inner after x', 'outer after x'],
    ])
  })

  it('A9: that answers stopped to a start keeps the setup inside from running', () => {
    const refusing: Interceptor<string> = { name: 'refusing', aroundStart: () => Behaviors.stopped }
    const actor = kit.spawn(
      pipe(
        Behaviors.setup<string>(() => {
          log.push('setup')
          return receiving
        }),
        Behaviors.intercept(refusing),
      ),
      'actor',
    )
    spawnWatcher(kit, log, actor)

    expect(log).toEqual(['Terminated(actor)'])
  })

  it('H9: in a stack deeper than a hundred fails the actor with a sentence that names it', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    const growing = (): Behavior<string> =>
      pipe(
        Behaviors.receiveMessage<string>(() => growing()),
        Behaviors.intercept<string, string>({ name: 'growing' }),
      )
    const actor = kit.spawn(growing(), 'actor')

    for (let depth = 2; depth <= 100; depth++) tellAll(actor, 'deeper')
    errors.expectNoMessage()

    tellAll(actor, 'too deep')
    expect(errors.receiveMessage().message).toContain(
      "troupe://test/user/actor has more than 100 interceptors around its behavior, the last 'growing'. A handler that wraps what it " +
        'returns adds one with each message: use one interceptor value, give it isSame, or wrap the first behavior only.',
    )
  })
})

describe('what an interceptor is given', () => {
  it('cannot be used after the call, where what came of it would be lost', () => {
    let later: (() => unknown) | undefined
    const late: Interceptor<string> = {
      name: 'late',
      aroundReceive: (_, text, target) => {
        later = () => target.receive(text)
        return Behaviors.same
      },
    }
    tellAll(kit.spawn(pipe(receiving, Behaviors.intercept(late)), 'actor'), 'a')

    expect(() => later?.()).toThrow(
      "troupe://test/user/actor: the interceptor 'late' used its target when it was over. Use it before the call returns that it was " +
        'given for, and a start only once.',
    )
    expect(log).toEqual([])
  })

  it('cannot start the behavior after the call, either', () => {
    let later: (() => unknown) | undefined
    const late: Interceptor<string> = {
      name: 'late',
      aroundStart: (_, start) => {
        later = start
        return receiving
      },
    }
    tellAll(kit.spawn(pipe(receiving, Behaviors.intercept(late)), 'actor'), 'a')

    expect(() => later?.()).toThrow("the interceptor 'late' used its start when it was over.")
    expect(log).toEqual(['got a'])
  })

  it('starts the behavior once', () => {
    const errors = kit.createLogProbe({ level: 'error' })
    kit.spawn(pipe(receiving, Behaviors.intercept(twice)), 'actor')
    kit.runUntilQuiet()

    expect(errors.receiveMessage().message).toContain("the interceptor 'twice' used its start when it was over")
  })

  it('is asked once for each message also within a part of orElse that returns it again', () => {
    const part = (): Behavior<string> =>
      pipe(
        Behaviors.receiveMessage<string>(() => part()),
        Behaviors.intercept(counting),
      )
    const first = Behaviors.receiveMessage<string>(() => part())
    tellAll(
      kit.spawn(pipe(first, Behaviors.orElse<string>(Behaviors.ignore), Behaviors.intercept(counting))),
      'a',
      'b',
      'c',
    )

    expect(log).toEqual(['a', 'b', 'c'])
  })
})

describe('monitor', () => {
  it('H6: sends one copy of every message, however often the same reference is named', () => {
    const probe = kit.createProbe<string>()
    const recursive = (): Behavior<string> =>
      pipe(
        Behaviors.receiveMessage<string>((text) => {
          log.push(text)
          return recursive()
        }),
        Behaviors.monitor(probe.ref),
        Behaviors.monitor(probe.ref),
      )
    const actor = kit.spawn(recursive())

    tellAll(actor, 'a', 'b', 'c')

    expect(probe.receiveMessages(3)).toEqual(['a', 'b', 'c'])
    probe.expectNoMessage()
    expect(log).toEqual(['a', 'b', 'c'])
  })

  it('H6: sends to each of two references', () => {
    const [first, second] = [kit.createProbe<string>(), kit.createProbe<string>()]
    const actor = kit.spawn(pipe(receiving, Behaviors.monitor(first.ref), Behaviors.monitor(second.ref)))

    tellAll(actor, 'a')

    first.expectMessage('a')
    second.expectMessage('a')
  })
})

describe('logMessages', () => {
  it('writes every message and signal at its level, once', () => {
    const records = kit.createLogProbe({ level: 'info' })
    const recursive = (): Behavior<string> =>
      pipe(
        Behaviors.receiveMessage<string>((text) => (text === 'stop' ? Behaviors.stopped : recursive())),
        Behaviors.logMessages({ level: 'info' }),
      )
    const actor = kit.spawn(recursive(), 'actor')

    tellAll(actor, 'a', 'b', 'stop')

    expect(
      records.receiveMessages(4).map(({ message, fields, path }) => [message, fields?.['message'], path?.name]),
    ).toEqual([
      ['received a message', 'a', 'actor'],
      ['received a message', 'b', 'actor'],
      ['received a message', 'stop', 'actor'],
      ['received PostStop', undefined, 'actor'],
    ])
    records.expectNoMessage()
  })
})

describe('logMessages at several levels', () => {
  it('writes at each of them, an error as well, and says what the signal was', () => {
    const records = kit.createLogProbe()
    const actor = kit.spawn(
      pipe(
        receiving,
        Behaviors.logMessages({ level: 'error' }),
        Behaviors.logMessages({ level: 'warn' }),
        Behaviors.logMessages({ level: 'error' }),
      ),
    )

    tellAll(actor, 'stop')

    const seen = records.receiveMessages(4).map(({ level, message, fields, cause }) => [level, message, fields, cause])
    expect(seen).toEqual([
      ['error', 'received a message', { message: 'stop' }, undefined],
      ['warn', 'received a message', { message: 'stop' }, undefined],
      ['error', 'received PostStop', { signal: { _tag: 'PostStop' } }, undefined],
      ['warn', 'received PostStop', { signal: { _tag: 'PostStop' } }, undefined],
    ])
    records.expectNoMessage()
  })
})

describe('transformMessages', () => {
  const numbers: Behavior<number> = Behaviors.receiveMessage<number>(
    (n) => {
      log.push(`got ${String(n)}`)
      return n < 0 ? Behaviors.stopped : Behaviors.same
    },
    (_, signal) => {
      log.push(signal._tag)
      return Behaviors.same
    },
  )

  it('H7: hands on what the function makes; none is unhandled, with the original', () => {
    const unhandled = kit.createUnhandledProbe()
    const actor = kit.spawn(
      pipe(
        numbers,
        Behaviors.transformMessages((text: string) => (text === '' ? none : some(text.length))),
      ),
    )

    tellAll(actor, 'four', '')

    expect(log).toEqual(['got 4'])
    expect(unhandled.receiveMessage()).toMatchObject({ recipient: actor, message: '' })
  })

  it('H7: nested ones compose, the outer first, also when the function is the same', () => {
    const unhandled = kit.createUnhandledProbe()
    const double = (n: number): ReturnType<typeof some<number>> => (n === 4 ? none : some(n * 2))
    const actor = kit.spawn(
      pipe(
        numbers,
        Behaviors.transformMessages(double),
        Behaviors.transformMessages(double),
        Behaviors.transformMessages((text: string) => some(text.length)),
      ),
    )

    tellAll(actor, 'x', 'xx')

    expect(log).toEqual(['got 4'])
    // The original is what was sent, not what some transform made of it.
    expect(unhandled.receiveMessage().message).toBe('xx')
  })

  it('H7: lets signals pass untouched', () => {
    const actor = kit.spawn(
      pipe(
        numbers,
        Behaviors.transformMessages((text: string) => some(Number(text))),
      ),
    )

    tellAll(actor, '-1')

    expect(log).toEqual(['got -1', 'PostStop'])
  })

  it('H7: contramap is the same with some', () => {
    const actor = kit.spawn(
      pipe(
        numbers,
        Behaviors.contramap((text: string) => text.length),
      ),
    )

    tellAll(actor, 'four')

    expect(log).toEqual(['got 4'])
  })
})

describe('decode', () => {
  it('hands on what decodes; what does not is unhandled, with the report of the decoder', () => {
    const unhandled = kit.createUnhandledProbe()
    const Order = t.type({ sku: t.string, quantity: t.number })
    const actor = kit.spawn(
      pipe(
        Behaviors.receiveMessage<t.TypeOf<typeof Order>>(({ sku }) => {
          log.push(sku)
          return Behaviors.same
        }),
        Behaviors.decode(Order),
      ),
      'orders',
    )

    tellAll<unknown>(actor, { sku: 'A-1', quantity: 2 }, { sku: 'A-2', quantity: 'two' }, { sku: 'A-3', quantity: 1 })

    expect(log).toEqual(['A-1', 'A-3'])
    const { recipient, message, report } = unhandled.receiveMessage()
    expect(recipient.path.toString()).toBe('troupe://test/user/orders')
    expect(message).toEqual({ sku: 'A-2', quantity: 'two' })
    expect((report as t.Errors).map(({ context, value }) => [context.at(-1)?.key, value])).toEqual([
      ['quantity', 'two'],
    ])
  })
})

describe('decode in a decode', () => {
  const halves = new t.Type<number, number, number>(
    'halves',
    t.number.is,
    (n) => t.success(n / 2),
    (n) => n * 2,
  )
  const quarters = new t.Type<number, number, number>('quarters', t.number.is, (n) => t.success(n / 4), String as never)
  const numbers = (): Behavior<number> =>
    Behaviors.receiveMessage<number>((n) => {
      log.push(String(n))
      return Behaviors.same
    })

  it('H5: decodes once with the same decoder, and with each of two', () => {
    const once = kit.spawn(pipe(numbers(), Behaviors.decode(halves), Behaviors.decode(halves)))
    const twice = kit.spawn(pipe(numbers(), Behaviors.decode(halves), Behaviors.decode(quarters)))

    tellAll(once, 8)
    tellAll(twice, 8)

    expect(log).toEqual(['4', '1'])
  })
})

describe('narrow', () => {
  it('is the behavior itself', () => {
    const actor = kit.spawn(pipe(receiving, Behaviors.narrow<'a'>()))

    tellAll(actor, 'a')

    expect(log).toEqual(['got a'])
  })
})
