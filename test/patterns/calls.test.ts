/**
 * Calls of services that may fail: breaker and retry.
 */
import { left, right, type Either } from 'fp-ts/lib/Either.js'
import { beforeEach, describe, expect, it } from 'vitest'
import { Behaviors, TroupeError } from 'troupe'
import { CircuitBreaker, retry, type CircuitBreakerOptions, type RetryOptions } from 'troupe/patterns'
import { ActorTestKit } from 'troupe/testkit'

let kit: ActorTestKit

beforeEach(() => {
  kit = ActorTestKit.create()
})

/** Lets promises that are settled already be followed up. */
const followUp = async (): Promise<void> => {
  for (let i = 0; i < 20; i++) await Promise.resolve()
}

const fails = (): Promise<Either<string, number>> => Promise.resolve(left('down'))
const works = (): Promise<Either<string, number>> => Promise.resolve(right(1))
const never = (): Promise<Either<string, number>> => new Promise(() => undefined)

describe('a circuit breaker', () => {
  const make = (
    options: Partial<CircuitBreakerOptions<string>> = {},
  ): ReturnType<typeof CircuitBreaker.create<string>> =>
    CircuitBreaker.create<string>(kit.system, {
      name: 'the bank',
      maxFailures: 2,
      callTimeoutMs: 100,
      resetTimeoutMs: 1_000,
      ...options,
    })

  it('opens after so many failures in a row, and refuses calls without making them', async () => {
    const breaker = make()
    let calls = 0

    await breaker.protect(fails)()
    await breaker.protect(works)()
    await breaker.protect(fails)()
    expect(breaker.state).toBe('closed')
    await breaker.protect(fails)()
    expect(breaker.state).toBe('open')

    const refused = await breaker.protect(() => {
      calls++
      return works()
    })()
    expect(refused).toEqual(
      left({
        _tag: 'CircuitOpen',
        message: 'the bank failed 2 times in a row and is left alone for 1000 ms more.',
        retryAfterMs: 1_000,
      }),
    )
    expect(calls).toBe(0)
  })

  it('lets one call through after a while: a success closes it, a failure opens it again', async () => {
    const breaker = make({ maxFailures: 1 })
    await breaker.protect(fails)()

    kit.clock.timePasses(999)
    expect(await breaker.protect(works)()).toMatchObject({ left: { _tag: 'CircuitOpen', retryAfterMs: 1 } })
    kit.clock.timePasses(1)
    await breaker.protect(fails)()
    expect(breaker.state).toBe('open')

    kit.clock.timePasses(1_000)
    const trial = breaker.protect(never)()
    expect(breaker.state).toBe('halfOpen')
    expect(await breaker.protect(works)()).toMatchObject({ left: { _tag: 'CircuitOpen', retryAfterMs: 0 } })
    kit.clock.timePasses(100)
    expect(await trial).toMatchObject({ left: { _tag: 'CallTimeout' } })

    kit.clock.timePasses(1_000)
    expect(await breaker.protect(works)()).toEqual(right(1))
    expect(breaker.state).toBe('closed')
  })

  it('counts a call that takes too long, and fires its signal', async () => {
    const breaker = make({ maxFailures: 1 })
    let isAborted = false

    const call = breaker.protect((signal) => {
      signal.addEventListener('abort', () => {
        isAborted = true
      })
      return never()
    })()
    kit.clock.timePasses(100)

    expect(await call).toEqual(
      left({ _tag: 'CallTimeout', message: 'the bank has not answered within 100 ms.', timeoutMs: 100 }),
    )
    expect([isAborted, breaker.state]).toEqual([true, 'open'])
  })

  it('passes a signal on, before the call and during it', async () => {
    const fired = AbortSignal.abort('no need')
    const later = new AbortController()
    const seen: AbortSignal[] = []
    const call = (signal: AbortSignal): Promise<Either<string, number>> => {
      seen.push(signal)
      return works()
    }

    await make().protect(call)(fired)
    const open = make().protect(call)(later.signal)
    later.abort('no more')
    await open

    expect(seen.map(({ aborted }) => aborted)).toEqual([true, true])
    expect(seen.map(({ reason }): unknown => reason)).toEqual(['no need', 'no more'])
  })

  it('counts a rejection, which stays one', async () => {
    const breaker = make({ maxFailures: 1 })

    await expect(breaker.protect(() => Promise.reject<Either<string, number>>(new Error('bug')))()).rejects.toThrow(
      'bug',
    )
    expect(breaker.state).toBe('open')
  })

  it('does not count errors that are none of the service', async () => {
    const breaker = make({ maxFailures: 1, isFailure: (error) => error !== 'no such account' })

    await breaker.protect(() => Promise.resolve(left('no such account')))()

    expect(breaker.state).toBe('closed')
  })

  it('learns nothing from a call that began before the state that it is in', async () => {
    const breaker = make({ maxFailures: 1, callTimeoutMs: 10_000 })
    const ends: ((result: Either<string, number>) => void)[] = []
    const slow = (): Promise<Either<string, number>> => new Promise((resolve) => ends.push(resolve))
    const early = [breaker.protect(slow)(), breaker.protect(slow)(), breaker.protect(slow)()]
    await breaker.protect(fails)()

    ends[0]?.(right(1))
    await early[0]
    expect(breaker.state).toBe('open')
    kit.clock.timePasses(1_000)
    const trial = breaker.protect(slow)()
    ends[1]?.(right(1))
    await early[1]
    expect(breaker.state).toBe('halfOpen')
    ends[3]?.(right(1))
    await trial
    ends[2]?.(left('down'))
    await early[2]
    expect(breaker.state).toBe('closed')
  })

  it('lets a call time out after the system has terminated', async () => {
    const call = make().protect(never)()
    const end = kit.system.terminate()
    kit.runUntilQuiet()
    await end
    kit.clock.timePasses(100)
    expect(await call).toMatchObject({ left: { _tag: 'CallTimeout' } })
  })

  it('works in an actor, by pipeToSelf', async () => {
    const breaker = make({ maxFailures: 1 })
    const probe = kit.createProbe<string>()
    const actor = kit.spawn(
      Behaviors.receive<'call' | { readonly done: string }>((context, message) => {
        if (message === 'call')
          context.pipeToSelf(breaker.protect(fails), (result) => ({
            done: result._tag === 'Left' ? (typeof result.left === 'string' ? result.left : result.left._tag) : 'fine',
          }))
        else probe.ref.tell(message.done)
        return Behaviors.same
      }),
    )

    actor.tell('call')
    await kit.settle()
    actor.tell('call')
    await kit.settle()

    expect(probe.receiveMessages(2)).toEqual(['down', 'CircuitOpen'])
  })

  it.each([
    [{ maxFailures: 0 }, /maxFailures of the circuit breaker of the bank is 0/],
    [{ callTimeoutMs: 0 }, /callTimeoutMs of the circuit breaker of the bank is 0/],
    [{ resetTimeoutMs: 0 }, /resetTimeoutMs of the circuit breaker of the bank is 0/],
  ])('refuses %o', (wrong, words) => {
    expect(() => make(wrong)).toThrow(TroupeError)
    expect(() => make(wrong)).toThrow(words)
  })
})

describe('retry', () => {
  /** Fails so often, and notes when it was called. */
  const flaky = (failures: number): { readonly task: () => Promise<Either<string, number>>; readonly at: number[] } => {
    const at: number[] = []
    return {
      at,
      task: () => {
        at.push(kit.clock.now())
        return Promise.resolve(at.length <= failures ? left(`error ${String(at.length)}`) : right(at.length))
      },
    }
  }
  /** Lets so much time pass that every pause is over, one timer after the other. */
  const pass = async (ms: number): Promise<void> => {
    for (let i = 0; i < ms; i += 50) {
      await followUp()
      kit.clock.timePasses(50)
    }
    await followUp()
  }
  const exactly: RetryOptions<string> = { attempts: 5, minMs: 100, maxMs: 350, randomFactor: 0 }

  it('tries again after pauses that double up to the longest', async () => {
    const { task, at } = flaky(4)

    const result = retry(kit.system, task, exactly)()
    await pass(1_200)

    expect(await result).toEqual(right(5))
    expect(at).toEqual([0, 100, 300, 650, 1_000])
  })

  it('is left with the last error when all attempts have failed', async () => {
    const { task, at } = flaky(99)

    const result = retry(kit.system, task, { ...exactly, attempts: 3 })()
    await pass(1_000)

    expect(await result).toEqual(left('error 3'))
    expect(at).toHaveLength(3)
  })

  it('does not try again what is not worth it', async () => {
    const { task, at } = flaky(99)

    expect(await retry(kit.system, task, { ...exactly, when: (error) => error !== 'error 1' })()).toEqual(
      left('error 1'),
    )
    expect(at).toHaveLength(1)
  })

  it('stretches pauses at random, by up to the factor', async () => {
    kit = ActorTestKit.create({ random: { next: () => 0.5 } })
    const { task, at } = flaky(1)

    void retry(kit.system, task, { ...exactly, randomFactor: 1 })()
    await pass(500)

    expect(at).toEqual([0, 150])
  })

  it('gives up at once when its signal fires in a pause', async () => {
    const { task, at } = flaky(99)
    const abort = new AbortController()

    const result = retry(kit.system, task, exactly)(abort.signal)
    await followUp()
    abort.abort()

    expect(await result).toEqual(left('error 1'))
    await pass(1_000)
    expect(at).toHaveLength(1)
  })

  it('goes on after the system has terminated', async () => {
    const { task, at } = flaky(1)

    const result = retry(kit.system, task, exactly)()
    await followUp()
    const end = kit.system.terminate()
    kit.runUntilQuiet()
    await end
    await pass(100)

    expect(await result).toEqual(right(2))
    expect(at).toEqual([0, 100])
  })

  it.each([
    [{ attempts: 0 }, /attempts of retry is 0/],
    [{ minMs: 0 }, /minMs of retry is 0/],
    [{ minMs: 10, maxMs: 5 }, /maxMs of retry is 5/],
    [{ randomFactor: 2 }, /randomFactor of retry is 2/],
  ])('refuses %o', (wrong, words) => {
    expect(() => retry(kit.system, works, { ...exactly, ...wrong })).toThrow(words)
  })
})
