/**
 * Counting restarts: the decision whether a supervisor goes on.
 */
import type { RestartLimits } from './flags.js'

/**
 * The restarts of the last `periodMs`, with one more at `nowMs`; undefined when that is one too many. The list never holds more than
 * `intensity` entries.
 */
export const countRestart = (
  restartsMs: readonly number[],
  nowMs: number,
  { intensity, periodMs }: Required<Pick<RestartLimits, 'intensity' | 'periodMs'>>,
): readonly number[] | undefined => {
  const recent = [...restartsMs.filter((atMs) => nowMs - atMs <= periodMs), nowMs]
  return recent.length > intensity ? undefined : recent
}
