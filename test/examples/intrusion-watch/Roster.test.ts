import { describe, expect, it } from 'vitest'
import { Roster, type Member } from '../../../examples/intrusion-watch/Roster.js'

interface Named extends Member {
  readonly name: number
  isBusy: boolean
  isLeaving: boolean
}

const members = (count: number): readonly Named[] =>
  Array.from({ length: count }, (_, name) => ({ name, isBusy: false, wasBusy: false, isLeaving: false }))

const rosterOf = (all: readonly Named[]): Roster<Named> => {
  const roster = new Roster<Named>()
  for (const member of all) roster.add(member)
  return roster
}

/** Sends the idlest away. */
const dismiss = (roster: Roster<Named>): number | undefined => {
  const member = roster.idlest()
  if (member !== undefined) member.isLeaving = true
  return member?.name
}

describe('Roster', () => {
  it('sends away who came first', () => {
    const roster = rosterOf(members(3))

    expect([dismiss(roster), dismiss(roster), dismiss(roster), dismiss(roster)]).toEqual([0, 1, 2, undefined])
  })

  it('gives a second chance to who has had work', () => {
    const all = members(3)
    const roster = rosterOf(all)
    all[0]!.wasBusy = true

    expect([dismiss(roster), dismiss(roster), dismiss(roster)]).toEqual([1, 2, 0])
  })

  it('sends nobody away who has work', () => {
    const all = members(3)
    const roster = rosterOf(all)
    for (const member of all) member.isBusy = member.wasBusy = true

    expect(dismiss(roster)).toBe(undefined)
    all[1]!.isBusy = false
    expect(dismiss(roster)).toBe(1)
  })

  it('passes over who has left by itself', () => {
    const all = members(200)
    const roster = rosterOf(all)
    for (const member of all.slice(0, 150)) member.isLeaving = true

    expect(dismiss(roster)).toBe(150)
  })

  it('works on through thousands who come and go', () => {
    const roster = new Roster<Named>()
    const all = members(10_000)

    const dismissed = all.map((member, index) => {
      roster.add(member)
      return index < 100 ? undefined : dismiss(roster)
    })

    expect(dismissed.slice(100)).toEqual(all.slice(0, -100).map(({ name }) => name))
  })
})
