import { none, some } from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { failedSource, parseLine } from '../../../examples/intrusion-watch/syslog.js'

describe('parseLine', () => {
  it('takes a line apart', () => {
    const line = 'Jun 14 15:16:02 combo sshd(pam_unix)[19937]: check pass; user unknown'

    expect(parseLine(line)).toEqual(
      some({
        time: { month: 5, day: 14, second: 54_962, text: 'Jun 14 15:16:02' },
        program: 'sshd',
        text: ' check pass; user unknown',
      }),
    )
  })

  it.each([
    ['kernel: text', 'kernel'],
    ['rpc.statd[1618]: Version 1.0.6 Starting', 'rpc.statd'],
    ['su(pam_unix)[2605]: session opened', 'su'],
    ['syslogd 1.4.1: restart.', 'syslogd'],
    [' -- root[2421]: ROOT LOGIN ON tty2', '--'],
    ['named[2306]:', 'named'],
    ['a:b', 'a'],
  ])('finds the program of %j', (tag, program) => {
    const parsed = parseLine(`Jul  7 08:06:15 combo ${tag}`)

    expect(parsed).toMatchObject({ value: { program, time: { day: 7, text: 'Jul  7 08:06:15' } } })
  })

  it.each([
    '',
    ' ',
    '-- MARK --',
    'Jun 14 15:16:02 combo',
    'Jun 14 15:16:02 combo last message repeated 2 times',
    'Jun 14 15:16:02 combo : no program',
    'Jun 14 15:16:02 combo [12]: no program',
    'Jun 14 15:16 combo sshd: short time',
    'Jun 32 15:16:02 combo sshd: no such day',
    'Jun  0 15:16:02 combo sshd: no such day',
    'Jun 14 24:00:00 combo sshd: no such hour',
    'Jun 14 15:60:02 combo sshd: no such minute',
    'Juni 14 15:16:02 combo sshd: no such month',
    'Foo 14 15:16:02 combo sshd: no such month',
    ' Jun 14 15:16:02 combo sshd: it does not begin with the month',
    '<34>Jun 14 15:16:02 combo sshd: nor does this one',
    '2023-06-14T15:16:02Z combo sshd: another shape',
  ])('refuses %j', (line) => {
    expect(parseLine(line)).toEqual(none)
  })

  it('takes a leap second and a leap day', () => {
    expect(parseLine('Feb 29 23:59:60 h p: t')).toMatchObject({
      value: { time: { month: 1, day: 29, second: 86_400 } },
    })
  })

  it('is quick with long lines that are nearly of the shape', () => {
    const head = 'Jun 14 15:16:02 '
    const letters = 'a'.repeat(60_000)
    const blanks = ' '.repeat(60_000)

    for (const line of [
      head + letters,
      `${head}h ${letters}`,
      `${head}h${blanks}`,
      `Jun${blanks}`,
      `${head}h ${letters} ${letters}`,
    ])
      expect(parseLine(line)).toEqual(none)
  })
})

describe('failedSource', () => {
  it.each([
    ['authentication failure; logname= uid=0 tty=ssh ruser= rhost=192.0.2.7  user=root', '192.0.2.7'],
    ['authentication failure; logname= uid=0 tty=ssh ruser= rhost=192.0.2.7', '192.0.2.7'],
    ['authentication failure;rhost=a.example.com', 'a.example.com'],
    ['authentication failure; ruser=rhost=b rhost=c.example.com', 'c.example.com'],
    ['authentication failure; rhost=2001:db8::1\tuser=root', '2001:db8::1'],
  ])('finds the host of %j', (text, source) => {
    expect(failedSource(text)).toEqual(some(source))
  })

  it.each([
    'authentication failure; logname= uid=0 euid=0 tty=:0 ruser= rhost= ',
    'authentication failure; logname= uid=0 euid=0 tty=:0 ruser= rhost=',
    'authentication failure; logname= uid=0',
    'authentication failure; xrhost=192.0.2.7',
    'authentication failure: rhost=192.0.2.7',
    'connection from rhost=192.0.2.7',
    '',
  ])('finds none in %j', (text) => {
    expect(failedSource(text)).toEqual(none)
  })
})
