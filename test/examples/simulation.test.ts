/** The examples under simulation, and the process that runs them, examples/simulation/main.ts. */
import { spawn, spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { isRight, left } from 'fp-ts/lib/Either.js'
import { describe, expect, it } from 'vitest'
import { Simulation } from 'troupe/testkit'
import { bank, faults } from '../../examples/simulation/bank.js'
import { help, parse } from '../../examples/simulation/options.js'
import { carefulClerk, transfer } from '../../examples/simulation/transfer.js'

describe('the bank', () => {
  it('loses no money and forgets no transfer, whatever crashes', async () => {
    for (let seed = 0; seed < 5; seed++) {
      const trace = await Simulation.run({ seed, faults }, bank(25))

      expect(trace.toString().slice(-200)).not.toContain('Error')
      expect(trace.outcome).toBe('done')
      expect(trace.schedule.faults.length).toBeGreaterThan(1)
    }
  })

  it('has more than a hundred actors, timers and crashes', async () => {
    const trace = await Simulation.run({ seed: 1, faults, stopAfter: 10_000 }, bank())

    const count = (tag: string): number => trace.events.filter(({ _tag }) => _tag === tag).length
    expect(trace.outcome).toBe('stopped')
    expect(count('Started')).toBeGreaterThan(110)
    expect(count('TimePassed')).toBeGreaterThan(2)
    expect(count('Failed')).toBeGreaterThan(5)
  })

  it('gives this digest on every version of Node', async () => {
    const { sha256 } = await Simulation.run({ seed: 1, faults, stopAfter: 10_000 }, bank())

    expect(sha256).toMatchInlineSnapshot(`"1fee820fd123d4d811258bae16b21ec59ae4dbb554e10da58d83f52db5e11a4c"`)
  })
})

describe('the transfer', () => {
  it('is a race when clerks write what they have read', async () => {
    const { failure } = await Simulation.explore({}, transfer())

    expect(String(failure?.failure)).toContain('which is not 200 together')
  })

  it('is right in every order when accounts do the sum', async () => {
    const exploration = await Simulation.explore({ orders: 'every', maxRuns: 10_000 }, transfer(carefulClerk))

    expect(exploration).toMatchObject({ isComplete: true, failure: undefined })
  })
})

describe('the command line of sim', () => {
  it('has defaults', () => {
    expect(parse(['--example', 'bank'])).toMatchObject({
      right: { _tag: 'Run', options: { example: 'bank', seed: 0, steps: 100_000, format: 'text' } },
    })
  })

  it('gives help, which explains every option', () => {
    expect(isRight(parse(['--help']))).toBe(true)
    for (const name of ['example', 'seed', 'steps', 'format', 'help']) expect(help).toContain(`--${name}`)
  })

  it.each([
    [[], '--example is missing; give one of bank, transfer-race, transfer-mended.'],
    [['--example=x'], "There is no example 'x'; give one of bank, transfer-race, transfer-mended."],
    [['--example=toString'], "There is no example 'toString'; give one of bank, transfer-race, transfer-mended."],
    [['--example=bank', '--seed=-1'], "--seed is '-1', but must be a whole number from 0 to 4294967295."],
    [
      ['--example=bank', '--seed=4294967296'],
      "--seed is '4294967296', but must be a whole number from 0 to 4294967295.",
    ],
    [['--example=bank', '--steps=0'], "--steps is '0', but must be a whole number from 1 to 10000000."],
    [['--example=bank', '--steps=1e3'], "--steps is '1e3', but must be a whole number from 1 to 10000000."],
    [['--example=bank', '--format=xml'], "--format is 'xml', but must be text or json."],
    [['--example'], "Option '--example <value>' argument missing."],
    [['--what'], "Unknown option '--what'."],
    [['bank'], "Unexpected argument 'bank'."],
  ])('refuses %j', (args, sentence) => {
    expect(parse(args)).toEqual(left(sentence))
  })
})

const main = ['--conditions=troupe-source', '--import', './.ci/typescript.mjs', 'examples/simulation/main.ts']

const sim = (...args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(process.execPath, [...main, ...args], { encoding: 'utf8' })

// Each test starts processes.
describe('npm run sim', { timeout: 60_000 }, () => {
  it('prints one object, the same but for the speed each time', () => {
    const args = ['--example', 'bank', '--seed', '7', '--steps', '5000', '--format', 'json']

    const runs = [sim(...args), sim(...args)].map(({ status, stdout }) => {
      const { stepsPerSecond, ...rest } = JSON.parse(stdout) as Record<string, unknown>
      expect(stepsPerSecond).toBeGreaterThan(0)
      return { status, ...rest }
    })

    expect(runs[0]).toEqual({
      status: 0,
      example: 'bank',
      seed: 7,
      steps: 5_000,
      traceSha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
      outcome: 'stopped',
    })
    expect(runs[1]).toEqual(runs[0])
  })

  it('prints the trace for people, and fails when the example does', async () => {
    const { found } = await Simulation.explore({}, transfer())

    const { status, stdout } = sim('--example', 'transfer-race', '--seed', String(found?.seed))

    expect(status).toBe(1)
    expect(stdout).toMatch(/morning tells ann [^]*which is not 200 together\n$/)
  })

  it('is quiet when nobody wants to read its trace any more', async () => {
    const child = spawn(process.execPath, [...main, '--example', 'bank', '--steps', '5000'])
    child.stdout.destroy()
    const ended = once(child, 'close') as Promise<[number | null]>

    expect(await text(child.stderr)).toBe('')
    expect(await ended).toEqual([0, null])
  })

  it('fails with exit code 2 for wrong use, and says on standard error what is wrong', () => {
    const { status, stdout, stderr } = sim('--example', 'none')

    expect([status, stdout]).toEqual([2, ''])
    expect(stderr).toContain("There is no example 'none'")
  })
})
