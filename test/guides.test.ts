/** What is promised of the guides: that each row of the table for those who come from elsewhere leads to a program that runs. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'

const folder = join('docs', 'guides')
const read = (page: string): readonly string[] => readFileSync(join(folder, page), 'utf8').split('\n')

/** As the pages are shown: small letters, no marks, dashes for spaces. */
const anchorOf = (heading: string): string =>
  heading
    .replace(/^#+ /, '')
    .toLowerCase()
    .replaceAll(/[^\w\- ]/g, '')
    .replaceAll(' ', '-')

/** The lines below a heading, up to the next of its rank; the whole page without an anchor, nothing when there is no such heading. */
const sectionOf = (lines: readonly string[], anchor: string | undefined): readonly string[] => {
  if (anchor === undefined) return lines
  const begin = lines.findIndex((line) => line.startsWith('#') && anchorOf(line) === anchor)
  if (begin < 0) return []
  const rest = lines.slice(begin + 1)
  const end = rest.findIndex((line) => /^##? /.test(line))
  return end < 0 ? rest : rest.slice(0, end)
}

const rows = read('coming-from.md').filter((line) => line.startsWith('| ') && !/^\| (?:-|you know)/.test(line))

describe('the table of what things are called here', () => {
  it.each(rows)('links to a program that runs: %s', (row) => {
    const links = [...row.matchAll(/\]\(([\w-]+\.md)(?:#([\w-]+))?\)/g)]

    expect(links.length).toBeGreaterThan(0)
    for (const [link, page = '', anchor] of links)
      expect(
        sectionOf(read(page), anchor).some((line) => /^```ts(?!.*no-run)/.test(line)),
        link,
      ).toBe(true)
  })

  it('is not empty', () => {
    expect(rows.length).toBeGreaterThan(40)
  })
})
