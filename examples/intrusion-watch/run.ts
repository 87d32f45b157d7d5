/**
 * The program, but for the process around it.
 */
import { isLeft, left, right, type Either } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ActorSystem, ask, type ActorRef, type Logger } from 'troupe'
import { guardian, type GuardianCommand } from './guardian.js'
import type { Options } from './options.js'
import { printable, toJson, toText, type Outcome } from './report.js'
import type { Log, Surroundings } from './surroundings.js'

/** How the work is done; what is found does not depend on it. */
export interface Tuning {
  /** Lines that may be on their way. */
  readonly inFlight: number
  /** Milliseconds after which a source without work leaves. */
  readonly idleMs: number
  /** Sources that may be awake at a time. */
  readonly awake: number
}

const defaultTuning: Tuning = { inFlight: 512, idleMs: 1_000, awake: 2_048 }

export const exitCodes = { done: 0, defect: 1, wrongUse: 2, interrupted: 130 } as const

/** Reads the logs and writes the report; answers the exit code. */
export const run = async (
  options: Options,
  surroundings: Surroundings,
  tuning: Tuning = defaultTuning,
): Promise<number> => {
  const logs = await findAll(options.files, surroundings)
  if (isLeft(logs)) {
    surroundings.complain(logs.left)
    return exitCodes.wrongUse
  }
  const outcome = await watch(options, logs.right, surroundings, tuning)
  if (isLeft(outcome)) {
    surroundings.complain(outcome.left)
    return exitCodes.defect
  }
  return conclude(options, logs.right, outcome.right, surroundings)
}

const findAll = async (files: readonly string[], { find }: Surroundings): Promise<Either<string, readonly Log[]>> => {
  const logs: Log[] = []
  for (const file of files) {
    const found = await find(file)
    if (isLeft(found)) return found
    logs.push(found.right)
  }
  return right(logs)
}

/** A log may be as long as it likes, but an ask has to have an end: the longest that a timer can wait is 24 days. */
const timeoutMs = 2_147_483_647

const watch = async (
  { rule, chaos, format, files }: Options,
  logs: readonly Log[],
  surroundings: Surroundings,
  tuning: Tuning,
): Promise<Either<string, Outcome>> => {
  const { complain, interruption } = surroundings
  const progress = surroundings.progress(sizeOf(logs))
  // Whoever follows a log that is still being written will not wait for the report.
  const isLive = format === 'text' && files.includes('-')
  const system = ActorSystem.create(
    guardian({
      ...tuning,
      logs,
      rule,
      chaos,
      onProgress: (bytes, lines) => {
        if (progress._tag === 'Some') progress.value.update(bytes, lines)
      },
      onAlert: ({ at, source }) => {
        if (isLive) complain(`${at}  alert: ${printable(source)}`)
      },
    }),
    'intrusion-watch',
    { ...surroundings.system, logger: oneLiners(complain), settings: { logLevel: 'warn' } },
  )
  const answer = pipe(
    system,
    ask((replyTo: ActorRef<Outcome>): GuardianCommand => ({ _tag: 'Watch', replyTo }), { timeoutMs }),
  )()
  const interrupt = (): void => {
    system.tell({ _tag: 'Interrupt' })
  }
  if (interruption.aborted) interrupt()
  else interruption.addEventListener('abort', interrupt, { once: true })
  const answered = await answer
  interruption.removeEventListener('abort', interrupt)
  if (progress._tag === 'Some') progress.value.stop()
  if (isLeft(answered)) {
    const cause = await system.terminate()
    return left(
      `It has stopped because of a defect: ${cause._tag === 'Some' ? textOf(cause.value) : answered.left.message}`,
    )
  }
  await system.whenTerminated
  return answered
}

/** How much there is to read; undefined when that cannot be known. */
const sizeOf = (logs: readonly Log[]): number | undefined =>
  logs.reduce<number | undefined>(
    (sum, { bytes }) => (sum === undefined || bytes === undefined ? undefined : sum + bytes),
    0,
  )

/** What the actors log, a line each: nobody wants to see stacks here. */
const oneLiners = (complain: (line: string) => void): Logger => ({
  log: ({ level, path, message }) => {
    complain(`${level}: ${path === undefined ? '' : `${path.toString()}: `}${message}`)
  },
})

const conclude = (
  { format, rule }: Options,
  logs: readonly Log[],
  outcome: Outcome,
  { write, complain, interruption }: Surroundings,
): number => {
  if (outcome.trouble._tag === 'Some') {
    complain(outcome.trouble.value)
    return exitCodes.wrongUse
  }
  write(format === 'json' ? toJson(outcome) : toText(outcome, { logs: logs.map(({ name }) => name), rule }))
  if (!interruption.aborted) return exitCodes.done
  complain('Interrupted: the report is about the lines that were read until then.')
  return exitCodes.interrupted
}

const textOf = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))
