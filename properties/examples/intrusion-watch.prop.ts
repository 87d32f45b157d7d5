/**
 * Whatever the log, the crashes and the order of turns: the report is what a naive count says.
 */
import fc from 'fast-check'
import type { Clock, Dispatcher, Runnable } from 'troupe'
import { describe, expect, it } from 'vitest'
import { run } from '../../examples/intrusion-watch/run.js'
import { inMemory, options, type JsonReport } from '../../test/examples/intrusion-watch/inMemory.js'

/** What happened, before it was written to a log. */
type Happening =
  | { readonly _tag: 'Failure'; readonly afterS: number; readonly source: string }
  | { readonly _tag: 'Other'; readonly afterS: number; readonly program: string }
  | { readonly _tag: 'Rubbish'; readonly text: string }

const gapS = fc.oneof(
  // Multiples, so that failures lie exactly as far apart as the rule allows.
  { weight: 9, arbitrary: fc.nat({ max: 6 }).map((steps) => 50 * steps) },
  // Up to some weeks. A log without years cannot tell longer gaps, nor a gap around a leap day that it does not mention.
  { weight: 1, arbitrary: fc.integer({ min: 2 * 86_400, max: 40 * 86_400 }) },
)
const source = fc.constantFrom('192.0.2.1', 'host-2.example.net', 'a/b', '2001:db8::3', 'source~1', '__proto__')
const program = fc.constantFrom('ftpd', 'su', '__proto__', '7')

const happening: fc.Arbitrary<Happening> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ _tag: fc.constant('Failure' as const), afterS: gapS, source }) },
  { weight: 3, arbitrary: fc.record({ _tag: fc.constant('Other' as const), afterS: gapS, program }) },
  {
    weight: 1,
    arbitrary: fc.record({
      _tag: fc.constant('Rubbish' as const),
      text: fc.constantFrom(
        '',
        'Jun 31',
        'Feb 30 25:00:00 h p: rhost=x',
        'last message repeated 2 times',
        '\u0000\ufffd',
      ),
    }),
  },
)

interface Run {
  /** In milliseconds since the epoch. */
  readonly start: number
  readonly happenings: readonly Happening[]
  readonly lineEnd: string
  readonly isLastLineOpen: boolean
  /** Lengths of the pieces in which the log is read, again and again. */
  readonly pieces: readonly number[]
  readonly threshold: number
  readonly windowSeconds: number
  readonly rate: number
  readonly seed: number
  readonly inFlight: number
  readonly awake: number
}

const aRun: fc.Arbitrary<Run> = fc.record({
  start: fc.constantFrom(
    Date.UTC(2023, 9, 1),
    Date.UTC(2023, 11, 31, 23, 50),
    Date.UTC(2024, 1, 28, 23, 50),
    Date.UTC(2024, 1, 29, 23, 50),
  ),
  happenings: fc.array(happening, { maxLength: 40 }),
  lineEnd: fc.constantFrom('\n', '\r\n'),
  isLastLineOpen: fc.boolean(),
  pieces: fc.array(fc.integer({ min: 1, max: 500 }), { minLength: 1, maxLength: 4 }),
  threshold: fc.integer({ min: 1, max: 6 }),
  windowSeconds: fc.nat({ max: 18 }).map((steps) => 50 * steps),
  rate: fc.constantFrom(0, 0.02, 0.2, 0.5, 0.8),
  seed: fc.nat(),
  inFlight: fc.integer({ min: 1, max: 12 }),
  awake: fc.integer({ min: 1, max: 6 }),
})

const monthNames = 'JanFebMarAprMayJunJulAugSepOctNovDec'

const stampOf = (time: Date): string => {
  const month = monthNames.slice(3 * time.getUTCMonth(), 3 * time.getUTCMonth() + 3)
  return `${month} ${String(time.getUTCDate()).padStart(2)} ${time.toISOString().slice(11, 19)}`
}

/** The happenings as a system logger would write them down. */
const linesOf = ({ happenings, start }: Run): readonly string[] => {
  let time = start
  return happenings.map((each) => {
    if (each._tag === 'Rubbish') return each.text
    time += each.afterS * 1_000
    const head = `${stampOf(new Date(time))} gate`
    return each._tag === 'Other'
      ? `${head} ${each.program}[1]: connection from 192.0.2.9`
      : `${head} sshd(pam_unix)[12]: authentication failure; logname= uid=0 tty=NODEVssh ruser= rhost=${each.source}  user=root`
  })
}

/** The same findings, counted from the happenings and not from the lines. */
const naive = ({ happenings, start, threshold, windowSeconds }: Run) => {
  const byProgram = new Map<string, number>()
  const failures = new Map<string, number[]>()
  const alerts = new Map<string, string>()
  let timeS = start / 1_000
  for (const each of happenings) {
    if (each._tag === 'Rubbish') continue
    timeS += each.afterS
    const program = each._tag === 'Other' ? each.program : 'sshd'
    byProgram.set(program, (byProgram.get(program) ?? 0) + 1)
    if (each._tag === 'Other') continue
    const times = [...(failures.get(each.source) ?? []), timeS]
    failures.set(each.source, times)
    const isMet = times.length >= threshold && timeS - times[times.length - threshold]! <= windowSeconds
    if (isMet && !alerts.has(each.source)) alerts.set(each.source, stampOf(new Date(timeS * 1_000)))
  }
  const linesUnparsed = happenings.filter((each) => each._tag === 'Rubbish').length
  return {
    linesRead: happenings.length,
    linesParsed: happenings.length - linesUnparsed,
    linesUnparsed,
    byProgram: Object.fromEntries(byProgram),
    authFailures: {
      total: [...failures.values()].flat().length,
      bySource: [...failures]
        .map(([source, times]) => ({ source, count: times.length }))
        .sort((a, b) => b.count - a.count || (a.source < b.source ? -1 : 1)),
    },
    alerts: [...alerts].map(([source, at]) => ({ source, at, failuresInWindow: threshold })),
  }
}

/** The log of a run, in pieces. */
const piecesOf = (given: Run): readonly Uint8Array[] => {
  const { lineEnd, isLastLineOpen, pieces } = given
  const lines = linesOf(given)
  // An open last line that is empty is no line.
  const end = isLastLineOpen && lines[lines.length - 1] !== '' ? '' : lineEnd
  const bytes = new TextEncoder().encode(lines.length === 0 ? '' : lines.join(lineEnd) + end)
  const cut: Uint8Array[] = []
  for (let start = 0, index = 0; start < bytes.length; index++) {
    const length = pieces[index % pieces.length]!
    cut.push(bytes.subarray(start, start + length))
    start += length
  }
  return cut
}

/** Picks who has a turn next, and for how long, by this generator of numbers. */
const shuffling = (random: () => number): Dispatcher => {
  const waiting: Runnable[] = []
  let isArmed = false
  const takeTurns = (): void => {
    for (let turns = 0; turns < 50 && waiting.length > 0; turns++) {
      const [next] = waiting.splice(Math.floor(random() * waiting.length), 1)
      next!.run(1 + Math.floor(random() * 4))
    }
    isArmed = waiting.length > 0
    if (isArmed) setImmediate(takeTurns)
  }
  return {
    schedule: (runnable) => {
      waiting.push(runnable)
      if (isArmed) return
      isArmed = true
      setImmediate(takeTurns)
    },
    taskStarted: () => ({
      settled: (deliver) => {
        deliver()
      },
    }),
  }
}

/** Time passes whenever there is nothing else to do: a source asks for leave as soon as it is idle. What takes long never comes. */
const impatient: Clock = {
  now: () => 0,
  setTimer: (delayMs, fire) => (delayMs < 1_000 ? setImmediate(fire) : undefined),
  clearTimer: (handle) => {
    clearImmediate(handle as NodeJS.Immediate | undefined)
  },
}

const numbersFrom = (seed: number) => (): number => {
  seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0
  return seed / 2 ** 32
}

const reportOf = async (given: Run, shuffle: number): Promise<JsonReport> => {
  const system = { clock: impatient, dispatcher: shuffling(numbersFrom(shuffle)) }
  const surroundings = inMemory({ log: piecesOf(given) }, { system })
  const { threshold, windowSeconds, rate, seed, inFlight, awake } = given
  const chosen = { ...options, rule: { threshold, windowSeconds }, chaos: { rate, seed } }
  expect(await run(chosen, surroundings, { inFlight, awake, idleMs: 10 })).toBe(0)
  expect(surroundings.complaints).toEqual([])
  return JSON.parse(surroundings.written.join('')) as JsonReport
}

describe('examples/intrusion-watch', () => {
  it('finds what a naive count finds, for any log, with any crashes, in any order of turns', async () => {
    await fc.assert(
      fc.asyncProperty(aRun, fc.nat(), async (given, shuffle) => {
        const { crashes, restarts, deadLetters, ...findings } = await reportOf(given, shuffle)

        expect(findings).toEqual(naive(given))
        expect(Object.entries(findings.byProgram).length).toBe(Object.entries(naive(given).byProgram).length)
        expect(restarts).toBe(crashes)
        expect(deadLetters).toBe(0)
      }),
    )
  })

  it('crashes as often for one seed, in whatever order turns are taken', async () => {
    await fc.assert(
      fc.asyncProperty(aRun, fc.nat(), fc.nat(), async (given, one, other) => {
        expect(await reportOf(given, one)).toEqual(await reportOf(given, other))
      }),
    )
  })
})
