/**
 * The rule of the alarm: so many failures of one source within so many seconds. Pure.
 */

/** Both numbers of the rule. */
export interface Rule {
  /** Failures that raise the alarm, from 1. */
  readonly threshold: number
  /** Seconds that may lie between the first of them and the last. */
  readonly windowSeconds: number
}

/** The times of the latest failures, in the order of their lines, in seconds; never more than the threshold asks for. */
export type Window = readonly number[]

/** Where nothing has failed yet. */
export const emptyWindow: Window = []

/** Takes a failure in and lets go of the oldest one that no longer counts. */
export const slide = (window: Window, seconds: number, { threshold }: Rule): Window =>
  window.length < threshold ? [...window, seconds] : [...window.slice(1), seconds]

/** Whether the failures in the window are enough and lie close enough together. */
export const isReached = (window: Window, { threshold, windowSeconds }: Rule): boolean => {
  if (window.length < threshold) return false
  // Times may go back: the logs of a glob come with the latest one first.
  const earliest = window.reduce((a, b) => Math.min(a, b), Infinity)
  const latest = window.reduce((a, b) => Math.max(a, b), -Infinity)
  return latest - earliest <= windowSeconds
}

/** An alarm: when the rule was first met. */
export interface Alert {
  readonly source: string
  /** The line that met it, counted from 1. */
  readonly line: number
  /** Its time as it stands in the log. */
  readonly at: string
  readonly failuresInWindow: number
}

/** What is known of one source: all that its actor needs to go on after a crash or a rest. */
export interface Tally {
  readonly count: number
  readonly window: Window
  /** Raised at most once. */
  readonly alert: Alert | undefined
}

/** What is known of a source that nothing has been heard of. */
export const emptyTally: Tally = { count: 0, window: emptyWindow, alert: undefined }
