/** The floor plan, the map in the documentation and the folders of modules/ agree. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { mapOf, plan, type Plan } from '../.ci/floors.js'

const room = (floor: number, imports: readonly string[]): Plan[string] => ({
  floor,
  holds: 'something',
  imports,
  packages: [],
  touchesMachine: false,
  public: false,
})

describe('the floor plan', () => {
  it('lets imports go down only', () => {
    const upward = Object.entries(plan).flatMap(([name, { floor, imports }]) =>
      imports.filter((lower) => (plan[lower]?.floor ?? Infinity) >= floor).map((lower) => `${name} -> ${lower}`),
    )

    expect(upward).toEqual([])
  })

  it('names rooms that exist', () => {
    expect(Object.keys(plan).filter((name) => !existsSync(`modules/${name}`))).toEqual([])
  })
})

describe('docs/architecture.md', () => {
  const page = readFileSync('docs/architecture.md', 'utf8')

  it('shows the map that is drawn from the plan (vitest -u draws it anew)', async () => {
    const redrawn = page.replace(/(?<=```mermaid\n)[^`]*(?=\n```)/, () => mapOf(plan))

    await expect(redrawn).toMatchFileSnapshot('../docs/architecture.md')
  })

  it('has one map', () => {
    expect(page.split('```mermaid\n')).toHaveLength(2)
  })

  it('says of each room what always holds in it', () => {
    const silent = Object.keys(plan).filter((name) => !new RegExp(`^\\| \`${name}\` +\\|`, 'm').test(page))

    expect(silent).toEqual([])
  })
})

describe('mapOf', () => {
  it('draws the highest floor first, then an arrow for each import', () => {
    expect(mapOf({ low: room(0, []), 'high/nested': room(1, ['low']) })).toBe(
      [
        'flowchart TB',
        '  subgraph floor1["floor 1"]',
        '    high_nested["<b>high/nested</b><br/>something"]',
        '  end',
        '  subgraph floor0["floor 0"]',
        '    low["<b>low</b><br/>something"]',
        '  end',
        '  high_nested --> low',
      ].join('\n'),
    )
  })
})
