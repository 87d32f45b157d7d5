/**
 * The laws of actors, under random trees, random programs, random failures and stops, and any order of turns.
 */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { programs, type Program } from './support/programs.js'
import { Theatre } from './support/Theatre.js'
import type { World } from './support/World.js'

const holds = (law: (world: World, theatre: Theatre) => void): void => {
  fc.assert(
    fc.property(programs, (program) => {
      const theatre = play(program)
      law(theatre.world, theatre)
    }),
  )
}

const play = ({ schedule, commands }: Program): Theatre => {
  const theatre = new Theatre(schedule)
  theatre.run(commands)
  theatre.settle()
  return theatre
}

const complaintsOf = (world: World, about: RegExp): readonly string[] =>
  world.complaints.filter((what) => about.test(what))

describe('whatever a tree of actors does', () => {
  it('letters of one sender to one receiver arrive in the order sent', () => {
    holds((world) => {
      expect(complaintsOf(world, /came after/)).toEqual([])
    })
  })

  it('one message is handled at a time, by a living actor, in the state that its last message or its start left', () => {
    holds((world) => {
      expect(complaintsOf(world, /another|alive|counted|started twice|published|stash|before what/)).toEqual([])
    })
  })

  it('an actor that neither failed nor was stopped, nor anyone above it, lives on and sees no signal of an end', () => {
    holds((world) => {
      expect(complaintsOf(world, /nobody had failed/)).toEqual([])
      for (const entry of world.entries)
        if (!world.isChangeable(entry))
          expect([entry.number, entry.isAlive, entry.isGone, entry.starts]).toEqual([entry.number, true, false, 1])
    })
  })

  it('children end before their parent, and before it starts again', () => {
    holds((world, theatre) => {
      theatre.shutdown()
      expect(complaintsOf(world, /ended before its child|started again before/)).toEqual([])
    })
  })

  it('every watch brings exactly one Terminated, after the end and after all that was sent before it', () => {
    holds((world) => {
      for (const watcher of world.entries)
        if (watcher.isAlive)
          for (const target of watcher.watching)
            expect([watcher.number, target.number, target.isGone]).toEqual([watcher.number, target.number, false])
      expect(complaintsOf(world, /told/)).toEqual([])
    })
  })

  it('every send ends exactly once: sent = handled + unhandled + dropped + dead letters + waiting, and nothing waits at the end', () => {
    holds((world, theatre) => {
      const { sent, handled, unhandled, dropped, deadLetter } = world.booked
      expect(handled + unhandled + dropped + deadLetter + world.waiting).toBe(sent)
      theatre.shutdown()
      expect(world.waiting).toBe(0)
      expect(complaintsOf(world, /came to an end|booked/)).toEqual([])
    })
  })

  it('no law is broken while the tree is taken down', () => {
    holds((world, theatre) => {
      theatre.shutdown()
      expect(world.complaints).toEqual([])
      expect(world.entries.every(({ isAlive, isGone }) => isGone && !isAlive)).toBe(true)
    })
  })
})
