/** The changes that `npm run quality` applies fit the sources of today, and the page lists them all. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

interface Change {
  readonly case?: string
  readonly law?: string
  readonly file: string
  readonly line: string
  readonly becomes: string
}

const page = readFileSync('docs/quality.md', 'utf8')
const below = (folder: string, ending: string): string =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith(ending))
    .map((name) => readFileSync(join(folder, name), 'utf8'))
    .join('\n')

describe.each([
  ['case', 'test/scenarios/mutations.json', 'test', '.test.ts'],
  ['law', 'properties/mutations.json', 'properties', '.prop.ts'],
] as const)('each %s that is shown to fail', (what, list, folder, ending) => {
  const changes = JSON.parse(readFileSync(list, 'utf8')) as readonly Change[]
  const tests = below(folder, ending)

  it('changes a line that is there exactly once, names a test, and is listed with what was seen of it', () => {
    for (const change of changes) {
      const name = change[what] ?? ''
      const title = what === 'case' ? `${name}: ` : name

      expect(readFileSync(change.file, 'utf8').split(change.line), `${name}: ${change.line}`).toHaveLength(2)
      expect(tests, name).toContain(title)
      expect(page, name).toContain(`| ${name} `)
    }
    expect(changes.length).toBeGreaterThan(20)
  })
})
