/**
 * Programs that once broke a law, one to a file. They are run again for ever, with the whole set of laws.
 */
import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Program } from '../runtime/support/programs.js'
import { Theatre } from '../runtime/support/Theatre.js'

interface Seed {
  /** What went wrong, in a sentence. */
  readonly found: string
  readonly program: Program
}

const seeds = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.json'))
  .map((file): readonly [string, Seed] => [
    file,
    JSON.parse(readFileSync(join(import.meta.dirname, file), 'utf8')) as Seed,
  ])

describe('a program that once broke a law', () => {
  it.each(seeds)('keeps them all: %s', (_, { program }) => {
    const theatre = new Theatre(program.schedule)
    theatre.run(program.commands)
    theatre.settle()
    theatre.shutdown()

    expect(theatre.world.complaints).toEqual([])
  })
})
