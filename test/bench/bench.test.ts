/** What surrounds the measuring: options, ratios, the shape of the results, the tables and the targets. */
import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { chartOf } from '../../bench/chart.js'
import { parseOptions } from '../../bench/options.js'
import { figuresOf, floorsPerHop, peers, ratiosOf, type Results } from '../../bench/results.js'
import { mediansOf, reportOf, short } from '../../bench/table.js'
import { verdictOf } from '../../bench/targets.js'
import { armsOf, workloads } from '../../bench/workloads.js'

const exactly = (value: number): ReturnType<typeof figuresOf> => figuresOf([value])

const results: Results = {
  node: '20.19.0',
  cpu: 'some, 2 cores',
  rounds: 1,
  workloads: {
    ring: {
      unit: 'hops/s',
      better: 'higher',
      arms: {
        troupe: exactly(12e6),
        nact: exactly(0.5e6),
        xstate: exactly(3e6),
        'xstate-transition': exactly(1e6),
        erlang: exactly(4e6),
      },
    },
    'bytes-shared': {
      unit: 'bytes/actor',
      better: 'lower',
      arms: { troupe: exactly(150), nact: exactly(1_200), erlang: exactly(2_700) },
    },
    floor: { unit: 'calls/s', better: 'higher', arms: { floor: exactly(30e6) } },
  },
}

describe('parseOptions', () => {
  it('takes every workload and every peer when nothing is said', () => {
    expect(parseOptions([])).toEqual({
      json: undefined,
      chart: undefined,
      from: undefined,
      clock: 'wall',
      rounds: 3,
      workloads: Object.keys(workloads),
      peers,
    })
  })

  it('takes what is said', () => {
    const args = ['--json', 'a.json', '--rounds', '5', '--workloads', 'tell,ring', '--peers', 'nact']

    expect(parseOptions(args)).toMatchObject({
      json: 'a.json',
      rounds: 5,
      workloads: ['tell', 'ring'],
      peers: ['nact'],
    })
  })

  it.each([
    [['--fast'], "There is no option '--fast'."],
    [['--json'], 'The option --json needs a value'],
    [['--rounds', '0'], "--rounds is '0', but must be a whole number from 1 up."],
    [['--rounds', '1.5'], "--rounds is '1.5'"],
    [['--workloads', 'tell,tale'], "There is no workload 'tale'. The workloads are: tell,"],
    [['--clock', 'sun'], "--clock is 'sun', but must be wall or cpu."],
    [
      ['--peers', 'akka'],
      "There is no peer 'akka'. The peers are: nact, xstate, xstate-transition, effect, comedy, erlang.",
    ],
  ])('refuses %j with a sentence', (args, sentence) => {
    expect(parseOptions(args)).toContain(sentence)
  })
})

describe('the results', () => {
  it('hold median, least and greatest of the rounds, and how many there were', () => {
    expect(figuresOf([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3, n: 3 })
    expect(figuresOf([4, 1, 2, 3])).toEqual({ median: 2.5, min: 1, max: 4, n: 4 })
  })

  it('give ratios above 1 when troupe is better, against the best peer and against Erlang', () => {
    const { ring, 'bytes-shared': bytes } = results.workloads

    expect(ratiosOf(ring!)).toMatchObject({ peers: 12, erlang: 3 })
    expect(ratiosOf(bytes!)).toMatchObject({ peers: 8, erlang: 18 })
  })

  it('compare with callback actors of XState apart where others of it hold a state, and as with any peer where none do', () => {
    const { ring } = results.workloads
    const { 'xstate-transition': _, ...without } = ring!.arms

    expect(ratiosOf(ring!)).toMatchObject({ peers: 12, callbacks: 4 })
    expect(ratiosOf({ ...ring!, arms: without })).toMatchObject({ peers: 4, callbacks: undefined })
  })

  it('give no ratio where nobody is to compare with', () => {
    expect(ratiosOf(results.workloads['floor']!)).toEqual({ peers: undefined, callbacks: undefined, erlang: undefined })
  })

  it('compare a hop of the ring with the floor', () => {
    expect(floorsPerHop(results)).toBe(2.5)
    expect(floorsPerHop({ ...results, workloads: {} })).toBeUndefined()
  })

  it('are committed in this shape, with the chart that is made of them', () => {
    const committed = JSON.parse(readFileSync('bench/results.json', 'utf8')) as Results
    const { node, cpu, rounds, workloads: found, ...more } = committed

    expect(more).toEqual({})
    expect([typeof node, typeof cpu, typeof rounds]).toEqual(['string', 'string', 'number'])
    for (const [name, { unit, better, arms }] of Object.entries(found)) {
      expect({ unit, better }).toEqual({ unit: workloads[name]?.unit, better: workloads[name]?.better })
      for (const figures of Object.values(arms)) expect(Object.keys(figures)).toEqual(['median', 'min', 'max', 'n'])
    }
    expect(chartOf(committed)).toBe(readFileSync('bench/chart.svg', 'utf8'))
  })
})

describe('the tables', () => {
  it.each([
    [0.5, '0.50'],
    [99.9, '100'],
    [145.2, '145'],
    [9_994, '9994'],
    [12_345, '12.3k'],
    [999_499, '999k'],
    [999_500, '1.00M'],
    [26_600_000, '26.6M'],
  ])('show %d as %s', (value, shown) => {
    expect(short(value)).toBe(shown)
  })

  it('show medians with ratios, and none where there is no figure', () => {
    expect(mediansOf(results)).toContain(
      '| ring of 1,000 actors                      | hops/s      |  12.0M | 500k |  3.00M |             1.00M |  4.00M |       12× |      4.0× |   3.0× |',
    )
    expect(mediansOf(results)).toMatch(/idle actor, shared behavior .* none \|/)
  })

  it('say what arms do differently', () => {
    expect(reportOf(results)).toContain('xstate: on the stack of the sender, as deep as the ring')
    expect(reportOf(results)).toContain('A hop of the ring costs 2.50 times the floor.')
  })
})

describe('the workloads', () => {
  it('have for every peer an arm or a reason', () => {
    const silent = Object.entries(workloads).flatMap(([name, { none }]) =>
      Object.entries(none).flatMap(([arm, reason]) => (peers.includes(arm) && reason !== '' ? [] : [`${name} ${arm}`])),
    )

    expect(silent).toEqual([])
  })

  it('run troupe first, and leave out who has none', () => {
    expect(armsOf('ask', peers)).toEqual(['troupe', 'nact', 'effect', 'comedy', 'erlang'])
    expect(armsOf('floor', peers)).toEqual(['floor'])
  })
})

describe('verdictOf', () => {
  const wanted = {
    allowance: 0.15,
    againstPeers: { ring: 14, tell: 4 },
    againstErlang: { ring: 4 },
    atMost: { 'bytes-shared': 149 },
    floorsPerHop: 2.5,
    timerLatenessP99Ms: 5,
  }

  it('allows a part of each target, nothing for bytes, and says what was not measured', () => {
    const { lines, missed } = verdictOf(results, 5.5, wanted)

    expect(lines).toEqual([
      'reached       ring, times the best peer: 12.00, target 14',
      'not judged    ring, times the callback actors of XState: 4.00',
      'not measured  tell, times the best peer, target 4',
      'MISSED        ring, times Erlang: 3.00, target 4',
      'MISSED        bytes-shared, at most bytes: 150.00, target 149',
      'reached       a hop of the ring, at most floors: 2.50, target 2.5',
      'reached       timer lateness p99 under flood, at most ms: 5.50, target 5',
    ])
    expect(missed).toBe(2)
  })
})
