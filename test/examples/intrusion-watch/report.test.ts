import { none } from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { printable, ranked, toJson, toText, type Outcome } from '../../../examples/intrusion-watch/report.js'

const outcome: Outcome = {
  report: {
    linesRead: 12_345,
    linesParsed: 12_340,
    linesUnparsed: 5,
    byProgram: [
      { name: 'sshd', count: 12_339 },
      { name: '__proto__', count: 1 },
    ],
    authFailures: {
      total: 8,
      bySource: [
        { name: '192.0.2.1', count: 7 },
        { name: '192.0.2.2', count: 1 },
      ],
    },
    alerts: [{ source: '192.0.2.1', line: 17, at: 'Jun 14 15:16:02', failuresInWindow: 5 }],
    crashes: 4,
    restarts: 4,
    deadLetters: 0,
  },
  tree: 'troupe://intrusion-watch\n└── user\n    ├── sources\n    │   └── 192.0.2.1\n    └── parser',
  firstCrashes: ['troupe://intrusion-watch/user/parser: a crash on purpose, before line 3'],
  trouble: none,
}

const heading = { logs: ['a.log', 'b.log'], rule: { threshold: 5, windowSeconds: 600 } }

describe('toJson', () => {
  it('is one object on one line', () => {
    expect(toJson(outcome)).toBe(
      '{"linesRead":12345,"linesParsed":12340,"linesUnparsed":5,"byProgram":{"sshd":12339,"__proto__":1},' +
        '"authFailures":{"total":8,"bySource":[{"source":"192.0.2.1","count":7},{"source":"192.0.2.2","count":1}]},' +
        '"alerts":[{"source":"192.0.2.1","at":"Jun 14 15:16:02","failuresInWindow":5}],' +
        '"crashes":4,"restarts":4,"deadLetters":0}\n',
    )
  })
})

describe('toText', () => {
  it('tells everything', () => {
    expect(toText(outcome, heading)).toMatchInlineSnapshot(`
      "a.log, b.log: 12,345 lines read, 12,340 parsed, 5 not of a system log

      The actors when the work was done:
      troupe://intrusion-watch
      └── user
          ├── sources
          │   └── 192.0.2.1
          └── parser

      2 programs:
           12,339  sshd
                1  __proto__

      8 authentication failures from 2 sources:
                7  192.0.2.1  alert
                1  192.0.2.2

      1 alert (5 failures within 600 s):
        Jun 14 15:16:02  192.0.2.1

      4 crashes, 4 restarts, 0 dead letters
        troupe://intrusion-watch/user/parser: a crash on purpose, before line 3
        … and 3 more
      "
    `)
  })

  it('cuts long lists and says so', () => {
    const names = Array.from({ length: 1_100 }, (_, index) => ({ name: `host-${index}`, count: 1 }))
    const branch = names.map(({ name }) => `    │   ├── ${name}`).join('\n')
    const tree = `troupe://intrusion-watch\n└── user\n    ├── sources\n${branch}\n    └── parser`
    const alerts = names.map(({ name }, line) => ({ source: name, line, at: 'Jun 14 15:16:02', failuresInWindow: 5 }))
    const authFailures = { total: 1_100, bySource: names }
    const text = toText({ ...outcome, tree, report: { ...outcome.report, authFailures, alerts } }, heading)

    expect(text).toContain('    │   ├── host-9\n    │   … and 1,090 more\n    └── parser\n')
    expect(text).toContain('host-19  alert\n  … and 1,080 more\n')
    expect(text).toContain('  host-49\n  … and 1,050 more\n')
  })
})

describe('ranked', () => {
  it('puts most first, and equals by name', () => {
    const counts = [
      { name: 'b', count: 1 },
      { name: 'B', count: 1 },
      { name: 'c', count: 2 },
      { name: 'a', count: 1 },
    ]

    expect(ranked(counts).map(({ name }) => name)).toEqual(['c', 'B', 'a', 'b'])
  })
})

describe('printable', () => {
  it('shows what would command the terminal', () => {
    expect(printable('a\u001b[2J\u202e\n\u2028ä €😀')).toBe('a\\u{1b}[2J\\u{202e}\\u{a}\\u{2028}ä €😀')
  })

  it('cuts what is too long', () => {
    expect(printable('a'.repeat(101))).toBe(`${'a'.repeat(100)}…`)
  })
})
