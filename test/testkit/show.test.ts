import { expect, describe, it } from 'vitest'
import { show } from '../../modules/testkit/show.js'

describe('show', () => {
  it('writes short values on one line', () => {
    expect(show({ 'odd key': [1n, null, undefined, () => 1], map: new Map([['k', new Set(["it's"])]]) })).toBe(
      "{ 'odd key': [1n, null, undefined, [function ]], map: Map { 'k' => Set { 'it\\'s' } } }",
    )
  })

  it('breaks long values into lines, part by part', () => {
    const long = 'x'.repeat(60)

    expect(show({ a: long, b: [long, { c: 1 }] }, '  ')).toBe(
      `{\n    a: '${long}',\n    b: ['${long}', { c: 1 }],\n  }`,
    )
  })

  it('marks cycles and stops at some depth', () => {
    const cycle: Record<string, unknown> = {}
    cycle['again'] = cycle
    let deep: unknown = 'bottom'
    for (let i = 0; i < 20; i++) deep = [deep]

    expect(show(cycle)).toBe('{ again: [circular] }')
    expect(show(deep)).toBe('[[[[[[[[…]]]]]]]]')
  })
})
