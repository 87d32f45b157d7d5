/**
 * The type of a reply is found by the request.
 */
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { describe, expectTypeOf, it } from 'vitest'
import { ask, type ActorRef, type AskError } from 'troupe'

type Query =
  | { readonly _tag: 'Count'; readonly replyTo: ActorRef<number> }
  | { readonly _tag: 'Name'; readonly from: ActorRef<string> }
  | { readonly _tag: 'Clear' }

declare const target: ActorRef<Query>
declare const untagged: ActorRef<{ readonly replyTo: ActorRef<number> }>
const options = { timeoutMs: 1_000 }

describe('ask', () => {
  it('finds the type of the reply in the protocol, by the tag of the request', () => {
    expectTypeOf(
      pipe(
        target,
        ask((replyTo) => ({ _tag: 'Count', replyTo }), options),
      ),
    ).toEqualTypeOf<TaskEither<AskError, number>>()
  })

  it('takes it from the annotation, whatever the field is called', () => {
    expectTypeOf(
      pipe(
        target,
        ask((from: ActorRef<string>) => ({ _tag: 'Name', from }), options),
      ),
    ).toEqualTypeOf<TaskEither<AskError, string>>()
  })

  it('makes the reply unknown, and never anything that one likes, when it cannot be found', () => {
    type Unfound = TaskEither<AskError, unknown>

    expectTypeOf(
      pipe(
        target,
        ask((from) => ({ _tag: 'Name', from }), options),
      ),
    ).toEqualTypeOf<Unfound>()
    expectTypeOf(
      pipe(
        target,
        ask(() => ({ _tag: 'Clear' }), options),
      ),
    ).toEqualTypeOf<Unfound>()
    expectTypeOf(
      pipe(
        untagged,
        ask((replyTo) => ({ replyTo }), options),
      ),
    ).toEqualTypeOf<Unfound>()
  })
})
