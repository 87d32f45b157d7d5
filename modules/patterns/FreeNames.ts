/**
 * The names of children that get a number when they are taken: `name`, `name-1`, `name-2`. Each name that a number was ever put behind has a
 * series, which knows the numbers that are free again, and is forgotten when all are.
 *
 * ```
 *   taken   name, name-1, name-3       series of name   next 4, freed 2
 * ```
 */
import { Heap } from '../base/index.js'

/** The numbers below `next` are taken, but for those that are freed. */
interface Series {
  next: number
  readonly freed: Heap<number>
}

export class FreeNames {
  readonly #series = new Map<string, Series>()
  readonly #isTaken: (name: string) => boolean

  constructor(isTaken: (name: string) => boolean) {
    this.#isTaken = isTaken
  }

  /** The name itself, or with the lowest number that is free. It stays free until `taken` is called. */
  free(name: string): string {
    if (!this.#isTaken(name)) return name
    const series = this.#series.get(name) ?? { next: 1, freed: new Heap<number>(isLower) }
    this.#series.set(name, series)
    // What was numbered here may be a name that somebody asked for: that is passed over.
    while (this.#isTaken(numbered(name, lowest(series)))) take(series)
    return numbered(name, lowest(series))
  }

  /** A name that was free is one no more. */
  taken(name: string, free: string): void {
    const series = free === name ? undefined : this.#series.get(name)
    if (series !== undefined) take(series)
  }

  /** Whether the end of an actor of this name is of interest. */
  hasNumber(name: string): boolean {
    return numberOf(name) !== undefined
  }

  /** An actor of this name is gone. */
  ended(name: string): void {
    const number = numberOf(name)
    if (number === undefined) return
    const first = name.slice(0, name.lastIndexOf('-'))
    const series = this.#series.get(first)
    if (series === undefined || number >= series.next) return
    series.freed.push(number)
    if (series.freed.size >= series.next - 1) this.#series.delete(first)
  }
}

const isLower = (a: number, b: number): boolean => a < b

const lowest = ({ next, freed }: Series): number => freed.first ?? next

const take = (series: Series): void => {
  if (series.freed.pop() === undefined) series.next++
}

const numbered = (name: string, number: number): string => `${name}-${String(number)}`

/** The number behind a name, as it is written here. */
const numberOf = (name: string): number | undefined => {
  const digits = /-([1-9]\d*)$/.exec(name)?.[1]
  return digits === undefined ? undefined : Number(digits)
}
