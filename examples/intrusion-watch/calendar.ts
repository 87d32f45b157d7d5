/**
 * Seconds from times without a year: where in the years the log has got to.
 *
 * A month that jumps back begins the next year. Whether a year is a leap year the log does not say until it comes to February 29; a
 * year without one is taken for a common year, so that the minutes around midnight lie side by side either way.
 */
import type { LogTime } from './syslog.js'

/** Where a log has got to. */
export interface Calendar {
  /** Days from the start of the first year to the start of the present one. */
  readonly daysBefore: number
  /** From 0 for January. */
  readonly month: number
  readonly hasLeapDay: boolean
}

/** Before the first line: any month comes after it in the same year. */
export const firstYear: Calendar = { daysBefore: 0, month: 0, hasLeapDay: false }

const february = 1
const secondsPerDay = 86_400
/** Days of a common year before each month. */
const daysBeforeMonth = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334]

/** Goes on to the time of a line. The same calendar comes back when nothing about it changes. */
export const advance = (calendar: Calendar, { month, day }: LogTime): Calendar => {
  const isLeapDay = month === february && day === 29
  if (month === calendar.month && (!isLeapDay || calendar.hasLeapDay)) return calendar
  if (month >= calendar.month) return { ...calendar, month, hasLeapDay: calendar.hasLeapDay || isLeapDay }
  return { daysBefore: calendar.daysBefore + 365 + leapDays(calendar), month, hasLeapDay: isLeapDay }
}

/** Seconds from the start of the first year to a time in the calendar's present month. */
export const secondsAt = (calendar: Calendar, { month, day, second }: LogTime): number => {
  const leapDay = month > february ? leapDays(calendar) : 0
  // A month lies between 0 and 11.
  const daysBefore = daysBeforeMonth[month] as number
  return (calendar.daysBefore + daysBefore + leapDay + day - 1) * secondsPerDay + second
}

const leapDays = ({ hasLeapDay }: Calendar): number => (hasLeapDay ? 1 : 0)
