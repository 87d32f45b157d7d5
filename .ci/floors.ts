/** The floor plan as data, and the map that is drawn from it. `.dependency-cruiser.cjs` holds the imports to the same plan. */
import { readFileSync } from 'node:fs'

export interface Room {
  /** Imports go to lower floors only; 0 is the ground. */
  readonly floor: number
  /** What the room holds, in a few words, for the map. */
  readonly holds: string
  /** The rooms whose doors it may enter. */
  readonly imports: readonly string[]
  /** The npm packages that it may import, be it for their types. */
  readonly packages: readonly string[]
  /** Whether it may import Node's own modules. */
  readonly touchesMachine: boolean
  /** Whether the package has its `index.ts` for users, at the front door or as a subpath. */
  readonly public: boolean
}

export type Plan = Readonly<Record<string, Room>>

export const plan: Plan = (JSON.parse(readFileSync('.ci/floors.json', 'utf8')) as { readonly rooms: Plan }).rooms

/** The map as a Mermaid flowchart: a box per floor, the highest on top, and an arrow for each import that is allowed. */
export const mapOf = (rooms: Plan): string => {
  const entries = Object.entries(rooms)
  const floors = [...new Set(entries.map(([, { floor }]) => floor))].sort((a, b) => b - a)
  const idOf = (room: string): string => room.replaceAll(/\W/g, '_')

  return [
    'flowchart TB',
    ...floors.flatMap((floor) => [
      `  subgraph floor${floor}["floor ${floor}"]`,
      ...entries
        .filter(([, room]) => room.floor === floor)
        .map(([name, { holds }]) => `    ${idOf(name)}["<b>${name}</b><br/>${holds}"]`),
      '  end',
    ]),
    ...entries.flatMap(([name, { imports }]) => imports.map((lower) => `  ${idOf(name)} --> ${idOf(lower)}`)),
  ].join('\n')
}
