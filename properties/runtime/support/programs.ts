/**
 * Random programs: what a tree of actors is to do, as data that shrinks.
 */
import fc from 'fast-check'

/** What the actor that gets a message does. Numbers pick an actor, a child or a kind, whatever their size. */
export type Act =
  | { readonly _tag: 'Send'; readonly to: number; readonly acts: readonly Act[] }
  | { readonly _tag: 'Spawn'; readonly strategy: number; readonly mailbox: number; readonly failingStarts: number }
  | { readonly _tag: 'Watch'; readonly whom: number }
  | { readonly _tag: 'WatchWith'; readonly whom: number }
  | { readonly _tag: 'Unwatch'; readonly whom: number }
  | { readonly _tag: 'StopChild'; readonly which: number }
  | { readonly _tag: 'Stash' }
  | { readonly _tag: 'Unstash' }
  | { readonly _tag: 'Clear' }
  | { readonly _tag: 'Unhandled' }
  | { readonly _tag: 'Crash' }
  | { readonly _tag: 'Stop' }

/** What the test does from outside: it sends, lets some turns happen, lets time pass. */
export type Command =
  | { readonly _tag: 'Tell'; readonly to: number; readonly acts: readonly Act[] }
  | { readonly _tag: 'Turns'; readonly count: number }
  | { readonly _tag: 'TimePasses'; readonly ms: number }

export interface Program {
  /** Decides who has the next turn. */
  readonly schedule: number
  readonly commands: readonly Command[]
}

const pick = fc.nat({ max: 12 })

const actsOf = (act: fc.Arbitrary<Act>): fc.Arbitrary<readonly Act[]> => fc.array(act, { maxLength: 4, size: 'max' })

const leaf: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      _tag: fc.constant('Spawn' as const),
      strategy: pick,
      mailbox: pick,
      failingStarts: fc.oneof({ weight: 8, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.nat({ max: 3 }) }),
    }),
  },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant('Watch' as const), whom: pick }) },
  { weight: 2, arbitrary: fc.record({ _tag: fc.constant('WatchWith' as const), whom: pick }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant('Unwatch' as const), whom: pick }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant('StopChild' as const), which: pick }) },
  { weight: 2, arbitrary: fc.constant<Act>({ _tag: 'Stash' }) },
  { weight: 1, arbitrary: fc.constant<Act>({ _tag: 'Unstash' }) },
  { weight: 1, arbitrary: fc.constantFrom<Act>({ _tag: 'Clear' }, { _tag: 'Unhandled' }) },
  { weight: 2, arbitrary: fc.constant<Act>({ _tag: 'Crash' }) },
  { weight: 1, arbitrary: fc.constant<Act>({ _tag: 'Stop' }) },
)

const sendOf = (inner: fc.Arbitrary<Act>): fc.Arbitrary<Act> =>
  fc.record({ _tag: fc.constant('Send' as const), to: pick, acts: actsOf(inner) })

const shallow: fc.Arbitrary<Act> = fc.oneof(leaf, sendOf(leaf))
const act: fc.Arbitrary<Act> = fc.oneof(leaf, sendOf(shallow))

const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ _tag: fc.constant('Tell' as const), to: pick, acts: actsOf(act) }) },
  { weight: 3, arbitrary: fc.record({ _tag: fc.constant('Turns' as const), count: fc.nat({ max: 10 }) }) },
  { weight: 1, arbitrary: fc.record({ _tag: fc.constant('TimePasses' as const), ms: fc.nat({ max: 60 }) }) },
)

/** Programs of up to some two hundred messages among up to some dozens of actors. */
export const programs: fc.Arbitrary<Program> = fc.record({
  schedule: fc.integer(),
  commands: fc.array(command, { maxLength: 30, size: 'max' }),
})
