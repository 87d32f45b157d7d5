import { isRight, left, right } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { help, parse } from '../../../examples/intrusion-watch/options.js'

describe('the command line', () => {
  it('has defaults', () => {
    expect(parse([])).toEqual(
      right({
        _tag: 'Run',
        options: {
          files: [],
          rule: { threshold: 5, windowSeconds: 600 },
          chaos: { rate: 0, seed: 1 },
          format: 'text',
        },
      }),
    )
  })

  it('takes files and options in any order', () => {
    const args = ['a.log', '--chaos=.02', '--seed', '7', '-', '--format', 'json', '--threshold=3', '--window-seconds=0']

    expect(parse([...args, '--', '--b.log'])).toEqual(
      right({
        _tag: 'Run',
        options: {
          files: ['a.log', '-', '--b.log'],
          rule: { threshold: 3, windowSeconds: 0 },
          chaos: { rate: 0.02, seed: 7 },
          format: 'json',
        },
      }),
    )
  })

  it.each([['--help'], ['-h'], ['a.log', '--help']])('gives help to %s', (...args) => {
    expect(parse(args)).toEqual(right({ _tag: 'Help' }))
  })

  it('explains every option in the help', () => {
    for (const name of ['threshold', 'window-seconds', 'format', 'chaos', 'seed', 'help'])
      expect(help).toContain(`--${name}`)
  })

  it.each([
    [['--thresh'], "Unknown option '--thresh'."],
    [['--thresh.x'], "Unknown option '--thresh.x'."],
    [['-x'], "Unknown option '-x'."],
    [['--seed'], "Option '--seed <value>' argument missing."],
    [['--help=1'], "Option '-h, --help' does not take an argument."],
    [['--threshold=0'], "--threshold is '0', but must be a whole number from 1 to 1000."],
    [['--threshold=1e2'], "--threshold is '1e2', but must be a whole number from 1 to 1000."],
    [['--threshold='], "--threshold is '', but must be a whole number from 1 to 1000."],
    [['--threshold=1001'], "--threshold is '1001', but must be a whole number from 1 to 1000."],
    [['--window-seconds=-1'], "--window-seconds is '-1', but must be a whole number from 0 to 31536000."],
    [['--window-seconds=1.5'], "--window-seconds is '1.5', but must be a whole number from 0 to 31536000."],
    [['--seed=x'], "--seed is 'x', but must be a whole number from 0 to 4294967295."],
    [['--chaos=1'], "--chaos is '1', but must be a number from 0 to 0.95, such as 0.02: the chance of a crash."],
    [['--chaos=.'], "--chaos is '.', but must be a number from 0 to 0.95, such as 0.02: the chance of a crash."],
    [['--format=xml'], "--format is 'xml', but must be text or json."],
    [['-', 'a.log', '-'], '- is given more than once, but standard input can be read only once.'],
  ])('refuses %s', (args, sentence) => {
    expect(parse(args)).toEqual(left(sentence))
  })

  it.each(['0', '0.', '0.95', '.5', '00.1'])('takes %s for a rate', (rate) => {
    expect(isRight(parse([`--chaos=${rate}`]))).toBe(true)
  })
})
