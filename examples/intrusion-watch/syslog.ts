/**
 * Lines of a system log: what they say, as data. Pure, and linear in the length of a line, however odd the line is.
 */
import { none, some, type Option } from 'fp-ts/lib/Option.js'

/** A time as the log tells it: without a year. */
export interface LogTime {
  /** From 0 for January. */
  readonly month: number
  /** From 1. */
  readonly day: number
  /** Seconds since midnight. */
  readonly second: number
  /** As it stands in the log. */
  readonly text: string
}

/** A line of the shape `Mmm d hh:mm:ss host program…: text`. */
export interface SyslogLine {
  readonly time: LogTime
  readonly program: string
  readonly text: string
}

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Month, day, time and host. Each part ends where the next begins, so there is nothing to try twice. */
const headShape = /^(([A-Z][a-z]{2}) +(\d{1,2}) +(\d\d):(\d\d):(\d\d)) +[^ ]+ +/

/** What it finds: always all of its groups. */
type Head = readonly [
  all: string,
  time: string,
  month: string,
  day: string,
  hours: string,
  minutes: string,
  seconds: string,
]

/**
 * Takes a line apart; none when it has another shape. A colon ends the tag; the program is what the tag begins with, up to the
 * first space, `[` or `(`.
 */
export const parseLine = (line: string): Option<SyslogLine> => {
  const head = headShape.exec(line)
  if (head === null) return none
  const [{ length }, time, name, day, hours, minutes, seconds] = head as unknown as Head
  const colon = line.indexOf(':', length)
  if (colon === -1) return none
  const program = programOf(line, length, colon)
  const month = months.indexOf(name)
  const isTime = +day >= 1 && +day <= 31 && +hours <= 23 && +minutes <= 59 && +seconds <= 60
  if (program === '' || month === -1 || !isTime) return none
  const second = (+hours * 60 + +minutes) * 60 + +seconds
  return some({ time: { month, day: +day, second, text: time }, program, text: line.slice(colon + 1) })
}

const programOf = (line: string, start: number, colon: number): string => {
  for (let end = start; end < colon; end++) {
    const char = line[end]
    if (char === ' ' || char === '[' || char === '(') return line.slice(start, end)
  }
  return line.slice(start, colon)
}

const failureMark = 'authentication failure;'
const sourceMark = 'rhost='

/** The remote host that failed to log in: the value of `rhost=`. None when the line is of something else, or names no host. */
export const failedSource = (text: string): Option<string> => {
  if (!text.includes(failureMark)) return none
  const mark = fieldAt(text)
  if (mark === -1) return none
  const start = mark + sourceMark.length
  let end = start
  while (end < text.length && !isBlank(text[end])) end++
  return end === start ? none : some(text.slice(start, end))
}

/** Where the field begins: the mark alone will not do, because it may be the end of another word or of a value. */
const fieldAt = (text: string): number => {
  let mark = text.indexOf(sourceMark)
  while (mark > 0 && !isBlank(text[mark - 1]) && text[mark - 1] !== ';') mark = text.indexOf(sourceMark, mark + 1)
  return mark
}

const isBlank = (char: string | undefined): boolean => char === ' ' || char === '\t'

/**
 * The same text in memory of its own. A line is a view into the piece of the file that it was read with; whoever keeps a part of
 * it for long would keep all of that piece.
 */
export const detached = (text: string): string => Buffer.from(text).toString()
