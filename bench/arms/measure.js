/**
 * What the arms share: waiting, checking, and how often something is run before and while it is measured.
 */
const runMs = 300
const warmUpMs = 800
const repeats = 5
/** A run that takes longer is not repeated in the same process. */
const longMs = 3_000

/**
 * Milliseconds: of the clock on the wall, or those that this process had a processor for, its collector included. On a machine
 * that others use too, the second varies far less.
 */
export const now =
  process.env.TROUPE_BENCH_CLOCK === 'cpu'
    ? () => {
        const { user, system } = process.cpuUsage()
        return (user + system) / 1_000
      }
    : () => performance.now()

/** Longer than any run, for what stays open all along. */
export const foreverMs = 1e9

/** A promise and its resolve. */
export const gate = () => {
  let open
  const opened = new Promise((resolve) => {
    open = resolve
  })
  return { opened, open }
}

/** A result that is not what was asked for ends the run: intended work does not count. */
export const expectEqual = (what, found, wanted) => {
  if (found !== wanted) throw new Error(`${what}: found ${String(found)}, wanted ${String(wanted)}`)
}

const collect = async () => {
  for (let round = 0; round < 2; round += 1) {
    globalThis.gc()
    await new Promise((resolve) => setImmediate(resolve))
  }
}

/** Bytes of heap per actor that `fill` puts into `refs`; the array itself is there before. */
export const bytesPerActor = async (n, fill) => {
  const refs = new Array(n).fill(undefined)
  await collect()
  const before = process.memoryUsage().heapUsed
  const completed = await fill(refs)
  await collect()
  const bytes = (process.memoryUsage().heapUsed - before) / n
  return { completed: refs.every((ref) => ref !== undefined) ? completed : 0, bytes }
}

const runOnce = async (run, n) => {
  globalThis.gc()
  const result = await run(n)
  expectEqual('completed', result.completed, n)
  return result
}

/**
 * Runs a workload, first to warm up, with more and more work, then to measure. The value is a rate, or bytes per actor.
 * Of the measured runs the best one counts: whatever else the machine does can only take from it.
 */
export const measure = async (run, { first, most, step, exact = false }) => {
  let n = first
  let completed = 0
  let spentMs = 0
  let best = 0
  const once = async (count) => {
    const { ms, bytes } = await runOnce(run, count)
    completed += count
    spentMs += ms
    best = Math.max(best, count / (Math.max(ms, 0.001) / 1_000))
    return { ms, bytes }
  }

  let last = await once(n)
  if (last.bytes !== undefined) return { value: last.bytes, completed }
  while (exact ? n < most : (last.ms < runMs && n < most) || spentMs < warmUpMs) {
    // Exact sizes are powers of ten.
    if (exact) n *= 10
    else if (last.ms < runMs) n = Math.min(most, n * 2)
    last = await once(n)
  }
  const rate = exact ? n / (last.ms / 1_000) : best
  if (exact && last.ms > longMs) return { value: rate, completed }

  const size = exact ? most : Math.max(step, Math.min(most, Math.round((rate * runMs) / 1_000 / step) * step))
  best = 0
  for (let runs = 0; runs < repeats; runs += 1) await once(size)
  return { value: best, completed }
}
