/**
 * Programs that once broke a law, one to a file. They are run again for ever, with the whole set of laws. README.md tells how to add one.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Program } from '../runtime/support/programs.js'
import { suites } from '../runtime/support/suites.js'
import { Theatre } from '../runtime/support/Theatre.js'

/** A program in an order of turns of up to four messages, with its own dispatcher. */
interface ProgramSeed {
  /** What went wrong, in a sentence. */
  readonly found: string
  readonly program: Program
}

/** A case of one of the suites that are checked under simulation: program, order of messages and delays. */
interface SimulatedSeed {
  readonly found: string
  readonly suite: string
  readonly drawn: unknown
}

const seeds = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file): readonly [string, ProgramSeed | SimulatedSeed] => [
    file,
    JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as ProgramSeed | SimulatedSeed,
  ])

const complaintsAbout = ({ program }: ProgramSeed): readonly string[] => {
  const theatre = new Theatre(program.schedule)
  theatre.run(program.commands)
  theatre.settle()
  theatre.shutdown()
  return theatre.world.complaints
}

const traceOf = async ({ suite: name, drawn }: SimulatedSeed): Promise<string> => {
  const suite = suites.find((each) => each.name === name)
  if (suite === undefined) throw new Error(`No suite is called '${name}'.`)
  const trace = await suite.replay(drawn)
  return trace.outcome === 'done' ? 'done' : trace.toString()
}

describe('a program that once broke a law', () => {
  it.each(seeds)('keeps them all: %s', async (_, seed) => {
    if ('program' in seed) expect(complaintsAbout(seed)).toEqual([])
    else expect(await traceOf(seed)).toBe('done')
  })
})
