import { describe, expect, it } from 'vitest'
import { LineSplitter, longestLine } from '../../../examples/intrusion-watch/LineSplitter.js'
import { piece } from './inMemory.js'

/** The lines of pieces of text. */
const split = (...pieces: readonly (string | Uint8Array)[]): readonly string[] => {
  const splitter = new LineSplitter()
  const lines = pieces.flatMap((each) => splitter.push(typeof each === 'string' ? piece(each) : each))
  return [...lines, ...splitter.end()]
}

describe('LineSplitter', () => {
  it.each([
    { pieces: [], lines: [] },
    { pieces: [''], lines: [] },
    { pieces: ['a'], lines: ['a'] },
    { pieces: ['a\nb\n'], lines: ['a', 'b'] },
    { pieces: ['a\nb'], lines: ['a', 'b'] },
    { pieces: ['a\r\nb\r\n\r\n'], lines: ['a', 'b', ''] },
    { pieces: ['\n\n'], lines: ['', ''] },
    { pieces: ['a', 'b', '\nc', '\n'], lines: ['ab', 'c'] },
    { pieces: ['a\r', '\nb\r'], lines: ['a', 'b'] },
    { pieces: ['a\rb\n'], lines: ['a\rb'] },
  ])('cuts $pieces', ({ pieces, lines }) => {
    expect(split(...pieces)).toEqual(lines)
  })

  it('keeps a character together that two pieces share', () => {
    const bytes = piece('ä€😀\nö')

    expect(split(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(['ä€😀', 'ö'])
  })

  it('takes bytes that are no text', () => {
    expect(split(Uint8Array.of(0xff, 0x00, 0x0a, 0xc3))).toEqual(['\ufffd\0', '\ufffd'])
  })

  it.each(['a', '€', '😀'])('looks at the beginning of a line of ever so many %s, wherever it is cut', (char) => {
    const line = char.repeat(longestLine)
    const pieces = Array.from({ length: 7 }, () => char.repeat(longestLine / 4))
    const expected = [line.slice(0, longestLine), 'next']

    expect(split(`${line}${line}\nnext\n`)).toEqual(expected)
    expect(split('x\n', ...pieces, '\nnext')).toEqual(['x', ...expected])
    expect(split(`x\n${line}${line}`, `${line}\nnext`)).toEqual(['x', ...expected])
  })

  it('takes a piece of very many lines', () => {
    expect(split('\n'.repeat(1_000_000)).length).toBe(1_000_000)
  })
})
