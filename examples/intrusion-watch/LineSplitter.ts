/**
 * Lines out of the pieces in which a file arrives.
 */

const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Characters of a line that are looked at; what a line has beyond them is thrown away. */
export const longestLine = 65_536

/** Bytes that hold so many characters, whatever they are. */
const longestCarry = 3 * longestLine

/**
 * Cuts pieces of a file into lines, which may end in LF or CRLF. It holds on to one unfinished line at most, and of that line no more
 * than is looked at: a file without any line end does no harm.
 */
export class LineSplitter {
  #carry: Buffer = Buffer.alloc(0)

  /** The lines that end in this piece. */
  push(piece: Uint8Array): readonly string[] {
    // A view on the same bytes.
    const bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength)
    const first = bytes.indexOf(lineFeed)
    if (first === -1) {
      this.#keep(bytes)
      return []
    }
    this.#keep(bytes.subarray(0, first))
    const last = bytes.lastIndexOf(lineFeed)
    const lines = [this.#carry.toString(), ...(last > first ? bytes.toString('utf8', first + 1, last).split('\n') : [])]
    this.#carry = Buffer.from(bytes.subarray(last + 1, last + 1 + longestCarry))
    return lines.map(trimmed)
  }

  /** The last line, if it has no line end. */
  end(): readonly string[] {
    const rest = this.#carry
    this.#carry = Buffer.alloc(0)
    return rest.length === 0 ? [] : [trimmed(rest.toString())]
  }

  #keep(bytes: Buffer): void {
    const room = longestCarry - this.#carry.length
    if (bytes.length > 0 && room > 0) this.#carry = Buffer.concat([this.#carry, bytes.subarray(0, room)])
  }
}

const trimmed = (line: string): string => {
  const end = line.charCodeAt(line.length - 1) === carriageReturn ? line.length - 1 : line.length
  return end > longestLine || end < line.length ? line.slice(0, Math.min(end, longestLine)) : line
}
