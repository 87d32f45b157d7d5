/**
 * The program as a whole: in memory, and as the process that users start.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { text } from 'node:stream/consumers'
import { none, some } from 'fp-ts/lib/Option.js'
import type { Probe } from 'troupe'
import { describe, expect, it } from 'vitest'
import { run } from '../../examples/intrusion-watch/run.js'
import type { Input } from '../../examples/intrusion-watch/surroundings.js'
import { inMemory, options, piece, type JsonReport } from './intrusion-watch/inMemory.js'

const folder = 'examples/intrusion-watch'
const sample = readFileSync(`${folder}/sample.log`, 'utf8')

const failure = (at: string, source: string): string =>
  `${at} gate sshd(pam_unix)[12]: authentication failure; logname= uid=0 tty=ssh ruser= rhost=${source}`

/** Five failures of one source in a row, and a line break at the end. */
const attack = (source: string): string =>
  [1, 2, 3, 4, 5].map((second) => `${failure(`Jun 14 15:16:0${second}`, source)}\n`).join('')

describe('run', () => {
  it('finds in the sample what its lines say', async () => {
    const surroundings = inMemory({ log: [piece(sample)] })

    expect(await run(options, surroundings)).toBe(0)
    expect(JSON.parse(surroundings.written.join(''))).toMatchObject({
      linesRead: 68,
      linesParsed: 66,
      linesUnparsed: 2,
      authFailures: { total: 45 },
      alerts: [
        { source: '198.51.100.23', at: 'Dec 30 14:02:39', failuresInWindow: 5 },
        { source: 'mail.example.org', at: 'Jan  1 00:01:15', failuresInWindow: 5 },
        { source: '2001:db8::bad:cafe', at: 'Jan  1 05:20:00', failuresInWindow: 5 },
        { source: 'host-7.example.net', at: 'Feb 29 00:00:31', failuresInWindow: 5 },
        { source: 'host-9.example.net', at: 'Mar  1 00:01:40', failuresInWindow: 5 },
      ],
      crashes: 0,
      restarts: 0,
      deadLetters: 0,
    })
    expect(surroundings.complaints).toEqual([])
  })

  it.each([0.02, 0.2, 0.5, 0.9])('finds the same when it crashes at a rate of %d', async (rate) => {
    const calm = inMemory({ log: [piece(sample)] })
    const wild = inMemory({ log: [piece(sample)] })
    await run(options, calm)
    const expected = JSON.parse(calm.written.join('')) as JsonReport

    await run({ ...options, chaos: { rate, seed: 7 } }, wild)

    const { crashes, ...report } = JSON.parse(wild.written.join('')) as JsonReport
    expect({ ...report, crashes: 0, restarts: 0 }).toEqual(expected)
    expect(report.restarts).toBe(crashes)
    expect(crashes).toBeGreaterThan(0)
    expect(wild.complaints).toEqual([])
  })

  it('crashes the parser and the sources before, in the middle of and after their work', async () => {
    const sentences = new Set<string>()
    for (let seed = 0; seed < 40; seed++) {
      const surroundings = inMemory({ log: [piece(attack('192.0.2.1'))] })
      await run({ ...options, format: 'text', chaos: { rate: 0.2, seed } }, surroundings)
      for (const [, part, when] of surroundings.written.join('').matchAll(/user\/(\w+).*on purpose, (.+) line/g))
        sentences.add(`${part} ${when}`)
    }

    const moments = ['before', 'in the middle of', 'after']
    expect(sentences).toEqual(
      new Set(['parser', 'sources'].flatMap((part) => moments.map((when) => `${part} ${when}`))),
    )
  })

  it('reads several logs in order, each to its open last line', async () => {
    const surroundings = inMemory({
      one: [piece('Jun 14 15:16:02 gate su: a')],
      empty: [],
      two: [piece('Jun 14 15:16:02 ga'), piece('te ftpd: b\r\n\r\n')],
    })

    await run({ ...options, files: ['two', 'empty', 'one', 'two'] }, surroundings)

    expect(JSON.parse(surroundings.written.join(''))).toMatchObject({
      linesRead: 5,
      linesUnparsed: 2,
      byProgram: { ftpd: 2, su: 1 },
    })
  })

  it('counts hosts and programs with any name', async () => {
    const names = ['__proto__', 'constructor', 'source~1', 'a/b', '$x', 'ä', '"', '%zz', 'x'.repeat(300), '7']
    const lines = names.map((name) => `${failure('Jun 14 15:16:02', name)}\nJun 14 15:16:02 h ${name}: x\n`)
    const surroundings = inMemory({ log: [piece(lines.join(''))] })

    expect(await run(options, surroundings)).toBe(0)

    const { authFailures, byProgram } = JSON.parse(surroundings.written.join('')) as JsonReport
    expect(authFailures.bySource.map(({ source }) => source)).toEqual([...names].sort())
    expect(Object.keys(byProgram).sort()).toEqual([...names, 'sshd'].sort())
  })

  it('never has more lines on their way than it may, and reads on only when all it has read is', async () => {
    const [inFlight, linesPerPiece] = [8, 20]
    let sent = 0
    let settled = 0
    let most = 0
    const seen: boolean[] = []
    const probe: Probe = {
      enqueued: (_, message) => {
        const { _tag, line } = message as { readonly _tag: string; readonly line: number }
        if (_tag === 'Line') sent = Math.max(sent, line)
        if (_tag === 'Parsed' && !(message as { readonly isFailure: boolean }).isFailure) settled++
        if (_tag === 'FailureCounted') settled++
        most = Math.max(most, sent - settled)
      },
    }
    let pieces = 0
    const open = (): Input => ({
      next: () => {
        seen.push(sent === pieces * linesPerPiece)
        return Promise.resolve(++pieces > 10 ? none : some(piece(attack('192.0.2.1').repeat(linesPerPiece / 5))))
      },
      close: () => {},
    })
    const find = () =>
      Promise.resolve({ _tag: 'Right' as const, right: { name: 'log', bytes: undefined, open, explain: String } })
    const surroundings = inMemory({}, { find, system: { probe } })

    expect(await run(options, surroundings, { inFlight, idleMs: 1_000, awake: 10 })).toBe(0)

    expect(seen).toEqual(seen.map(() => true))
    expect(seen.length).toBe(11)
    expect(most).toBe(inFlight)
  })

  it('complains about a log that is not there, before it reads any', async () => {
    const surroundings = inMemory({ log: [piece(sample)] })

    expect(await run({ ...options, files: ['log', 'other'] }, surroundings)).toBe(2)
    expect(surroundings.complaints).toEqual(['no other'])
    expect(surroundings.written).toEqual([])
    expect(surroundings.piecesRead()).toBe(0)
  })

  it('complains about a log that breaks off, and reports nothing', async () => {
    const surroundings = inMemory({ log: [piece(sample), new Error('the disk is gone'), piece(sample)] })

    expect(await run(options, surroundings)).toBe(2)
    expect(surroundings.complaints).toEqual(['log broke off: the disk is gone'])
    expect(surroundings.written).toEqual([])
  })

  it('tells a defect in a sentence', async () => {
    const stopped: boolean[] = []
    const progress = some({
      update: () => {
        throw new Error('no more ink')
      },
      stop: () => stopped.push(true),
    })
    const surroundings = inMemory({ log: [piece(sample)] }, { progress: () => progress })

    expect(await run(options, surroundings)).toBe(1)
    expect(surroundings.complaints.at(-1)).toBe('It has stopped because of a defect: no more ink')
    expect(surroundings.complaints.join('\n')).not.toMatch(/^ +at /m)
    expect(surroundings.written).toEqual([])
    expect(stopped).toEqual([true])
  })

  it('shows how far it has got', async () => {
    const updates: (readonly [number, number])[] = []
    const progress = some({ update: (bytes: number, lines: number) => updates.push([bytes, lines]), stop: () => {} })
    const half = piece(attack('192.0.2.1'))
    const surroundings = inMemory({ log: [half, half] }, { progress: () => progress })

    await run(options, surroundings)

    expect(updates).toEqual([
      [half.length, 0],
      [2 * half.length, 5],
    ])
  })

  it('raises alerts at once when it follows standard input', async () => {
    const surroundings = inMemory({ '-': [piece(attack('192.0.2.1'))] })

    await run({ ...options, files: ['-'], format: 'text' }, surroundings)

    expect(surroundings.complaints).toEqual(['Jun 14 15:16:05  alert: 192.0.2.1'])
  })

  it('ends in order when it is interrupted, with what it has read', async () => {
    const user = new AbortController()
    const open = (): Input => {
      let close = (): void => {}
      let pieces = 0
      return {
        next: () => {
          if (pieces++ === 0) return Promise.resolve(some(piece(attack('192.0.2.1') + attack('192.0.2.2'))))
          user.abort()
          return new Promise((resolve) => {
            close = () => {
              resolve(none)
            }
          })
        },
        close: () => {
          close()
        },
      }
    }
    const find = () =>
      Promise.resolve({ _tag: 'Right' as const, right: { name: 'log', bytes: undefined, open, explain: String } })
    const surroundings = inMemory({}, { find, interruption: user.signal })

    expect(await run(options, surroundings)).toBe(130)
    expect(JSON.parse(surroundings.written.join(''))).toMatchObject({ linesRead: 10, deadLetters: 0 })
    expect(surroundings.complaints).toEqual(['Interrupted: the report is about the lines that were read until then.'])
  })

  it('ends in order when it was interrupted before it began', async () => {
    const surroundings = inMemory({ log: [piece(sample)] }, { interruption: AbortSignal.abort() })

    expect(await run(options, surroundings)).toBe(130)
    expect(JSON.parse(surroundings.written.join(''))).toMatchObject({ deadLetters: 0 })
  })
})

/** What a process did. */
interface Ended {
  readonly code: number | null
  readonly out: string
  readonly error: string
}

const start = (script: string, args: readonly string[]) =>
  spawn(process.execPath, ['--conditions=troupe-source', '--import', './.ci/typescript.mjs', script, ...args])

type Child = ReturnType<typeof start>

const endOf = async (child: Child): Promise<Ended> => {
  const ended = once(child, 'close') as Promise<[number | null]>
  const [out, error, [code]] = await Promise.all([text(child.stdout), text(child.stderr), ended])
  return { code, out, error }
}

const program = async (args: readonly string[], input = ''): Promise<Ended> => {
  const child = start(`${folder}/main.ts`, args)
  child.stdin.end(input)
  return endOf(child)
}

describe('examples/intrusion-watch/main.ts', { timeout: 60_000 }, () => {
  it('writes one JSON object to standard output and nothing else anywhere', async () => {
    const { code, out, error } = await program(['--format', 'json', '--chaos', '0.2', '--seed', '7'])

    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out.trimEnd().split('\n').length).toBe(1)
    expect(Object.keys(JSON.parse(out) as JsonReport)).toEqual([
      'linesRead',
      'linesParsed',
      'linesUnparsed',
      'byProgram',
      'authFailures',
      'alerts',
      'crashes',
      'restarts',
      'deadLetters',
    ])
  })

  it('reads the sample when it is given no file', async () => {
    const { code, out, error } = await program([])

    expect({ code, error }).toEqual({ code: 0, error: '' })
    expect(out).toContain('sample.log: 68 lines read, 66 parsed, 2 not of a system log')
    expect(out).toContain('0 crashes, 0 restarts, 0 dead letters')
  })

  it('reads standard input', async () => {
    const { code, out } = await program(['--format=json', '-'], sample.replaceAll('\n', '\r\n'))

    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ linesRead: 68, linesParsed: 66, authFailures: { total: 45 } })
  })

  it('explains itself', async () => {
    const { code, out } = await program(['--help'])

    expect(code).toBe(0)
    expect(out).toContain('usage: npm start')
  })

  it.each([
    [['no-such.log'], "There is no file 'no-such.log'."],
    [['package.json/x'], "There is no file 'package.json/x': a part of its path is not a directory."],
    [[folder], `'${folder}' is a directory; name the logs in it.`],
    [['--chaos=2'], "--chaos is '2', but must be a number from 0 to 0.95, such as 0.02: the chance of a crash."],
  ])('answers %s with a sentence and the exit code 2', async (args, sentence) => {
    const { code, out, error } = await program(args)

    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toContain(`intrusion-watch: ${sentence}`)
    expect(error.trimEnd().split('\n').length).toBe(1)
  })

  it('is quiet when nobody wants to read its report any more', async () => {
    const child = start(`${folder}/main.ts`, ['-'])
    child.stdout.destroy()
    child.stdin.end(sample)
    const ended = once(child, 'close') as Promise<[number | null]>
    const error = await text(child.stderr)

    expect(error).not.toMatch(/EPIPE|^ +at /m)
    expect(await ended).toEqual([0, null])
  })

  it('ends in order at Ctrl-C, and reports what it has read', async () => {
    const child = start(`${folder}/main.ts`, ['-'])
    const ended = endOf(child)
    // The alert tells that it has read this much; more never comes.
    child.stderr.once('data', () => child.kill('SIGINT'))
    child.stdin.write(attack('192.0.2.1'))
    const { code, out, error } = await ended

    expect(code).toBe(130)
    expect(out).toContain('standard input: 5 lines read')
    expect(error).toContain('Interrupted')
  })
})

describe('examples/intrusion-watch/make-log.ts', { timeout: 60_000 }, () => {
  it('is quiet when nobody wants to read its log any more', async () => {
    const child = start(`${folder}/make-log.ts`, [])
    child.stdout.once('data', () => child.stdout.destroy())
    const ended = once(child, 'close') as Promise<[number | null]>

    expect(await text(child.stderr)).toBe('')
    expect(await ended).toEqual([0, null])
  })

  it('makes the same log for the same seed, and the program understands it', async () => {
    const make = (seed: string) =>
      endOf(start(`${folder}/make-log.ts`, ['--lines=2500', '--sources=100', `--seed=${seed}`]))
    const [one, again, other] = await Promise.all([make('1'), make('1'), make('2')])
    const surroundings = inMemory({ log: [piece(one.out)] })
    await run(options, surroundings)

    expect(again).toEqual(one)
    expect(other.out).not.toBe(one.out)
    const report = JSON.parse(surroundings.written.join('')) as JsonReport
    expect(report.linesRead).toBe(2_500)
    expect(report.linesParsed).toBeGreaterThan(2_400)
    expect(report.authFailures.total).toBeGreaterThan(100)
    expect(report.alerts.length).toBeGreaterThan(0)
  })
  it.each([
    [['--bogus'], "Unknown option '--bogus'."],
    [['--lines=many'], "--lines is 'many', but must be a whole number from 0 to 1000000000."],
    [['--sources=0'], "--sources is '0', but must be a whole number from 1 to 100000000."],
    [['--lines=10', '--out=no/such/folder/log'], 'The log could not be written: '],
  ])('refuses %j with a sentence and exit code 2', async (args, sentence) => {
    const { code, out, error } = await endOf(start(`${folder}/make-log.ts`, args))
    expect({ code, out }).toEqual({ code: 2, out: '' })
    expect(error).toMatch(/^make-log: .*\n$/)
    expect(error).toContain(sentence)
  })
})
