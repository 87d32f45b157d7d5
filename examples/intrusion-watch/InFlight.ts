/**
 * The lines on their way through the pipeline: which are to be sent again after a crash, and whether there is room for more.
 */
import { firstYear, type Calendar } from './calendar.js'

/** A line as it was sent. */
export interface NumberedLine {
  /** From 1. */
  readonly line: number
  readonly text: string
}

/**
 * Numbers lines and follows each until it is settled. A line is parsed first; when it tells of a failure, it is settled later, when the
 * failure has been counted.
 *
 * ```
 *   1 … parsed │ parsed + 1 … sent          between the bars: kept, to be sent again
 * ```
 *
 * It belongs to one actor, the reader.
 */
export class InFlight {
  readonly #capacity: number
  /** The text of line n in slot n modulo capacity. */
  readonly #texts: string[]
  #sent = 0
  #parsed = 0
  #settled = 0
  #calendar: Calendar = firstYear

  constructor(capacity: number) {
    this.#capacity = capacity
    this.#texts = new Array<string>(capacity).fill('')
  }

  /** How many lines there have been. */
  get sent(): number {
    return this.#sent
  }

  /** Where the log had got to with the last line that was parsed. */
  get calendar(): Calendar {
    return this.#calendar
  }

  /** A failure may be counted before its line is known to be parsed, when the parser has crashed in between: both bounds count. */
  get hasRoom(): boolean {
    return this.#sent - Math.min(this.#parsed, this.#settled) < this.#capacity
  }

  get isSettled(): boolean {
    return this.#sent === this.#parsed && this.#sent === this.#settled
  }

  add(text: string): NumberedLine {
    const line = ++this.#sent
    this.#texts[line % this.#capacity] = text
    return { line, text }
  }

  /** The next line has been parsed. What comes twice, after a crash, is not heard twice. */
  parsed(line: number, calendar: Calendar, isFailure: boolean): void {
    if (line !== this.#parsed + 1) return
    this.#parsed = line
    this.#calendar = calendar
    if (!isFailure) this.#settled++
  }

  /** A failure has been counted; of each line once. */
  counted(): void {
    this.#settled++
  }

  /** The lines that are not parsed yet, in order. */
  unparsed(): readonly NumberedLine[] {
    return Array.from({ length: this.#sent - this.#parsed }, (_, index) => {
      const line = this.#parsed + 1 + index
      // Every line that is not parsed has its slot.
      return { line, text: this.#texts[line % this.#capacity] as string }
    })
  }
}
