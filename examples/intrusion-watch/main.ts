/**
 * Watches system logs for break-in attempts: `npm start -- --help`. The process around it: arguments, files, streams, signals.
 */
import { createReadStream, fstatSync } from 'node:fs'
import { access, constants, stat } from 'node:fs/promises'
import { relative } from 'node:path'
import type { Readable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import { SingleBar } from 'cli-progress'
import { left, right, type Either } from 'fp-ts/lib/Either.js'
import { none, some, type Option } from 'fp-ts/lib/Option.js'
import { help, parse } from './options.js'
import { exitCodes, run } from './run.js'
import type { Input, Log, Progress, Surroundings } from './surroundings.js'

const sample = relative('', fileURLToPath(new URL('sample.log', import.meta.url)))

/** Bytes of log from which on a progress bar is worth the space. */
const longJob = 16_777_216

const complain = (line: string): void => {
  process.stderr.write(`intrusion-watch: ${line}\n`)
}

const find = async (file: string): Promise<Either<string, Log>> => {
  if (file === '-') return findStandardInput()
  try {
    const stats = await stat(file)
    if (stats.isDirectory()) return left(sentences.EISDIR(file))
    await access(file, constants.R_OK)
    return right(logOf(file, stats.isFile() ? stats.size : undefined, () => createReadStream(file)))
  } catch (error) {
    // The file system says no by throwing.
    return left(explain(file, error))
  }
}

const findStandardInput = (): Either<string, Log> =>
  // Node takes a directory on this descriptor for an empty file.
  fstatSync(process.stdin.fd).isDirectory()
    ? left('Standard input is a directory; give it a log.')
    : right(logOf('standard input', undefined, () => process.stdin))

const logOf = (name: string, bytes: number | undefined, stream: () => Readable): Log => ({
  name,
  bytes,
  open: () => inputOf(stream()),
  explain: (error) => explain(name, error),
})

const inputOf = (stream: Readable): Input => {
  // Nobody has called setEncoding, so these are bytes.
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>
  return {
    next: async () => {
      const piece = await pieces.next()
      return piece.done === true ? none : some(piece.value)
    },
    close: () => {
      stream.destroy()
    },
  }
}

/** What is wrong with a file, by the code of the error that it leads to. */
const sentences = {
  ENOENT: (file: string) => `There is no file '${file}'.`,
  ENOTDIR: (file: string) => `There is no file '${file}': a part of its path is not a directory.`,
  EISDIR: (file: string) => `'${file}' is a directory; name the logs in it.`,
  EACCES: (file: string) => `'${file}' cannot be read: permission denied.`,
  EPERM: (file: string) => `'${file}' cannot be read: permission denied.`,
}

const explain = (file: string, error: unknown): string => {
  const { code = '', message = String(error) } = error as Partial<NodeJS.ErrnoException>
  // Any code may come; one that is not listed has a message.
  const sentence = (sentences as Readonly<Record<string, (file: string) => string>>)[code]
  return sentence === undefined ? `'${file}' cannot be read: ${message}` : sentence(file)
}

const progress = (bytes: number | undefined): Option<Progress> => {
  if (!process.stderr.isTTY || bytes === undefined || bytes < longJob) return none
  const format = '{bar} {percentage}% | {lines} lines | {eta_formatted} left'
  const bar = new SingleBar({ format, stream: process.stderr, clearOnComplete: true, gracefulExit: false })
  bar.start(bytes, 0, { lines: 0 })
  return some({
    update: (bytes, lines) => {
      bar.update(bytes, { lines: lines.toLocaleString('en') })
    },
    stop: () => {
      bar.stop()
    },
  })
}

/** The first signal asks for an end in order; the second is not caught any more and ends the process at once. */
const interruptionBySignal = (): AbortSignal => {
  const controller = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      controller.abort()
    })
  return controller.signal
}

const surroundings = (): Surroundings => ({
  find,
  complain,
  progress,
  write: (text) => process.stdout.write(text),
  interruption: interruptionBySignal(),
})

const main = async (): Promise<number> => {
  const command = parse(process.argv.slice(2))
  if (command._tag === 'Left') {
    complain(`${command.left} --help shows what there is.`)
    return exitCodes.wrongUse
  }
  if (command.right._tag === 'Help') {
    process.stdout.write(help)
    return exitCodes.done
  }
  const { options } = command.right
  return run(options.files.length === 0 ? { ...options, files: [sample] } : options, surroundings())
}

// Whoever reads the output may have had enough of it: `npm start | head -3`.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') return
  complain(`The report could not be written: ${error.message}`)
  process.exitCode = exitCodes.defect
})
process.stderr.on('error', () => {
  // There is nowhere left to say so.
})

try {
  process.exitCode = await main()
} catch (error) {
  // A defect: it is told in a sentence, like everything else.
  complain(`It has stopped because of a defect: ${error instanceof Error ? error.message : String(error)}`)
  process.exitCode = exitCodes.defect
}
