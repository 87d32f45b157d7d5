/** The hunt for planted bugs, `npm run plant`, as the process that is started. */
import { spawnSync, type SpawnSyncReturns } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join('properties', 'plants')
const patches = readdirSync(folder).filter((name) => name.endsWith('.patch'))

const plant = (...args: readonly string[]): SpawnSyncReturns<string> =>
  spawnSync(
    process.execPath,
    ['--conditions=troupe-source', '--import', './.ci/typescript.mjs', '.ci/plant.ts', ...args],
    { encoding: 'utf8' },
  )

describe('a planted bug', () => {
  it.each(patches)('%s fits the sources of today', (name) => {
    const { status, stderr } = spawnSync('git', ['apply', '--check', join(folder, name)], { encoding: 'utf8' })

    expect([status, stderr]).toEqual([0, ''])
  })

  it('is listed with what was seen of it', () => {
    const page = readFileSync('docs/quality.md', 'utf8')

    expect(patches.length).toBeGreaterThanOrEqual(10)
    for (const name of patches) expect(page).toContain(`| ${name.replace('.patch', '')} `)
  })
})

// Each test starts processes.
describe('npm run plant', { timeout: 120_000 }, () => {
  it('says found, and shows the trace', () => {
    const { status, stdout } = plant(join(folder, 'swapped-pair.patch'))

    expect(status).toBe(0)
    expect(stdout).toMatch(
      /^found after \d+ schedules, by the laws of a tree of actors; [^]*came after[^]*sequenceDiagram/,
    )
  })

  it('fails with exit code 2 for wrong use and for a patch that does not apply or cannot be loaded', () => {
    const other = mkdtempSync(join(tmpdir(), 'troupe-test-'))
    const stale = join(other, 'stale.patch')
    writeFileSync(
      stale,
      '--- a/modules/index.ts\n+++ b/modules/index.ts\n@@ -1 +1 @@\n-it never was there\n+nor this\n',
    )

    const broken = join(other, 'broken.patch')
    const [first = '', ...others] = readFileSync('modules/index.ts', 'utf8').split('\n').slice(0, 4)
    const hunk = [`-${first}`, '+const = no program', ...others.map((line) => ` ${line}`)].join('\n')
    writeFileSync(broken, `--- a/modules/index.ts\n+++ b/modules/index.ts\n@@ -1,4 +1,4 @@\n${hunk}\n`)

    const runs = [
      plant(stale),
      plant(),
      plant('none.patch'),
      plant('--what'),
      plant('--seed', '-1', stale),
      plant(broken),
    ]
    rmSync(other, { recursive: true })

    expect(runs.map(({ status }) => status)).toEqual([2, 2, 2, 2, 2, 2])
    expect(runs[0]?.stderr).toContain('does not apply')
    expect(runs[5]?.stderr).toContain('leaves sources that cannot be loaded')
    expect(runs[2]?.stderr).toContain("there is no file 'none.patch'")
  })
})
