/**
 * The clock of the machine, on the machine's own time: the one thing that no manual clock can stand for.
 */
import { afterAll, describe, expect, it } from 'vitest'
import { ActorSystem, Behaviors, type Cancellable } from 'troupe'

const system = ActorSystem.create(Behaviors.empty, 'real')
afterAll(() => system.terminate())

const now = (): number => performance.now()
const setTimer = (delayMs: number, end: () => void): Cancellable => system.scheduler.scheduleOnce(delayMs, end)

/** Starts a timer of that length whose end can be awaited, and notes when it came. */
const timer = (delayMs: number, ended: string[], name: string): Promise<number> =>
  new Promise((resolve) => {
    setTimer(delayMs, () => {
      ended.push(name)
      resolve(now())
    })
  })

/** How many timeouts of the platform keep the process alive. */
const holding = (): number => process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length

describe('the clock of the machine (real)', () => {
  it('ends timers in the order of their ends, and those of one length in the order of their beginnings', async () => {
    const ended: string[] = []
    await Promise.all([
      timer(31, ended, 'long'),
      timer(7, ended, 'first'),
      timer(7, ended, 'second'),
      timer(0, ended, 'at once'),
    ])
    expect(ended).toEqual(['at once', 'first', 'second', 'long'])
  })

  it('ends none before its time, but for the part of a millisecond that the platform does not count', async () => {
    const begun = now()
    for (const delayMs of [3, 3, 11]) {
      const from = now()
      expect((await timer(delayMs, [], 'one')) - from).toBeGreaterThan(delayMs - 1)
    }
    expect(now() - begun).toBeGreaterThan(14)
  })

  it('needs one timeout of the platform for lengths that differ by parts of a millisecond', async () => {
    const before = holding()
    const ends = Array.from({ length: 100 }, (_, part) => timer(20 + (part + 1) / 100, [], 'one'))
    expect(holding()).toBe(before + 1)
    await Promise.all(ends)
  })

  it('ends one that is started by another of the same length as that one ends', async () => {
    const ended: string[] = []
    const second = new Promise<void>((resolve) => {
      setTimer(5, () => {
        ended.push('first')
        setTimer(5, () => {
          ended.push('second')
          resolve()
        })
      })
    })
    await second
    expect(ended).toEqual(['first', 'second'])
  })

  it('never ends one that was stopped, wherever it stands among those of its length', async () => {
    const ended: string[] = []
    const handles: Cancellable[] = []
    const end = (name: string) => (): void => {
      ended.push(name)
    }
    for (const name of ['a', 'b', 'c', 'd', 'e']) handles.push(setTimer(9, end(name)))
    for (const index of [0, 2, 4]) handles[index]?.cancel()
    handles[2]?.cancel()
    await timer(9, ended, 'last')
    expect(ended).toEqual(['b', 'd', 'last'])
    for (const handle of handles) handle.cancel()
  })

  it('stops one in time from within another one of its length', async () => {
    const ended: string[] = []
    const first = setTimer(6, () => {
      ended.push('first')
      second.cancel()
    })
    const second = setTimer(6, () => {
      ended.push('second')
      first.cancel()
    })
    await timer(12, ended, 'last')
    expect(ended).toEqual(['first', 'last'])
  })

  it('keeps the process alive for timers that wait, and no longer', () => {
    const before = holding()
    const first = setTimer(60_013, () => undefined)
    const second = setTimer(60_013, () => undefined)
    expect(holding()).toBe(before + 1)
    first.cancel()
    expect(holding()).toBe(before + 1)
    second.cancel()
    expect(holding()).toBe(before)
    const third = setTimer(60_013, () => undefined)
    expect(holding()).toBe(before + 1)
    third.cancel()
    expect(holding()).toBe(before)
  })

  it('takes delays beyond what a timeout of the platform can do', () => {
    const before = holding()
    const handle = setTimer(Number.MAX_SAFE_INTEGER, () => {
      throw new Error('far too early')
    })
    expect(holding()).toBe(before + 1)
    handle.cancel()
    expect(holding()).toBe(before)
  })
})
