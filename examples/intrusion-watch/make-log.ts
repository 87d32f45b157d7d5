/**
 * Makes a system log of any length: the same one for the same seed, much like a real one, with made-up hosts.
 *
 * ```sh
 * node --conditions=troupe-source --import ./.ci/typescript.mjs examples/intrusion-watch/make-log.ts --lines 5000000 --out big.log
 * ```
 */
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'
import { parseArgs } from 'node:util'
import { bind, Do, map, tryCatch, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { sentenceOf, whole } from './options.js'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Lines that are written at once. */
const linesPerWrite = 1_000

/** A generator of numbers from 0 up to but not including 1 (mulberry32). */
const randomFrom = (seed: number): (() => number) => {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** Line after line: an hour of one day may have a burst from one host, and most hosts are heard of a few times only. */
function* linesOf(count: number, sources: number, seed: number): Generator<string> {
  const random = randomFrom(seed)
  const below = (limit: number): number => Math.floor(random() * limit)
  let time = Date.UTC(2023, 10, 1)
  let burst = 0
  let attacker = ''
  for (let line = 0; line < count; line++) {
    time += below(burst > 0 ? 20 : 60) * 1_000
    const head = `${stamp(new Date(time))} combo`
    const pid = below(30_000)
    if (burst === 0 && random() < 0.02) {
      burst = 2 + below(20)
      attacker = hostOf(Math.floor(random() ** 3 * sources))
    }
    const chance = random()
    if (burst > 0 && chance < 0.7) {
      burst--
      yield `${head} sshd(pam_unix)[${pid}]: authentication failure; logname= uid=0 euid=0 tty=NODEVssh ruser= rhost=${attacker}  user=root`
    } else if (chance < 0.4)
      yield `${head} ftpd[${pid}]: connection from ${hostOf(below(sources))} () at ${new Date(time).toUTCString()}`
    else if (chance < 0.6) yield `${head} sshd(pam_unix)[${pid}]: check pass; user unknown`
    else if (chance < 0.8) yield `${head} su(pam_unix)[${pid}]: session opened for user news by (uid=0)`
    else if (chance < 0.99) yield `${head} kernel: usb 1-1: new full speed USB device using address ${below(128)}`
    else yield `${head} last message repeated ${below(9) + 2} times`
  }
}

const stamp = (time: Date): string =>
  `${months[time.getUTCMonth()] ?? ''} ${String(time.getUTCDate()).padStart(2)} ${time.toISOString().slice(11, 19)}`

/** Every other one has a name, the rest an address for documentation. */
const hostOf = (index: number): string => {
  if (index % 2 === 0) return `host-${index}.example.net`
  return index < 512 ? `192.0.2.${index % 256}` : `2001:db8::${index.toString(16)}`
}

interface Plan {
  readonly lines: number
  readonly sources: number
  readonly seed: number
  readonly out: string | undefined
}

const shape = {
  lines: { type: 'string', default: '5000000' },
  sources: { type: 'string', default: '5000' },
  seed: { type: 'string', default: '1' },
  out: { type: 'string' },
} as const

/** Understands the arguments; left is a sentence that says what is wrong with them. */
const planOf = (args: readonly string[]): Either<string, Plan> =>
  pipe(
    Do,
    bind('values', () => tryCatch(() => parseArgs({ args: [...args], options: shape }).values, sentenceOf)),
    bind('lines', ({ values }) => whole('--lines', values.lines, 0, 1_000_000_000)),
    bind('sources', ({ values }) => whole('--sources', values.sources, 1, 100_000_000)),
    bind('seed', ({ values }) => whole('--seed', values.seed, 0, 4_294_967_295)),
    map(({ lines, sources, seed, values: { out } }) => ({ lines, sources, seed, out })),
  )

const write = async ({ lines, sources, seed, out: file }: Plan): Promise<void> => {
  const out = file === undefined ? process.stdout : createWriteStream(file)
  const failed = once(out, 'error').then(([error]: unknown[]) => Promise.reject(error as Error))
  const drained = async (text: string): Promise<void> => {
    if (!out.write(text)) await Promise.race([once(out, 'drain'), failed])
  }
  let text = ''
  let waiting = 0
  for (const line of linesOf(lines, sources, seed)) {
    text += `${line}\n`
    if (++waiting < linesPerWrite) continue
    await drained(text)
    text = ''
    waiting = 0
  }
  out.end(text)
  await Promise.race([once(out, 'finish'), failed])
}

const refuse = (sentence: string): void => {
  process.stderr.write(`make-log: ${sentence}\n`)
  process.exitCode = 2
}

const plan = planOf(process.argv.slice(2))
if (plan._tag === 'Left') refuse(plan.left)
else
  await write(plan.right).catch((error: unknown) => {
    const { code, message = String(error) } = error as Partial<NodeJS.ErrnoException>
    // Whoever reads the log may have had enough of it: `… | head -3`.
    if (code !== 'EPIPE') refuse(`The log could not be written: ${message}.`)
  })
