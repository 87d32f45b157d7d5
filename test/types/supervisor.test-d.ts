/**
 * What the compiler knows of supervisors.
 */
import { pipe } from 'fp-ts/lib/function.js'
import type { Either } from 'fp-ts/lib/Either.js'
import { describe, expectTypeOf, it } from 'vitest'
import {
  Behaviors,
  DynamicSupervisor,
  Supervisor,
  ask,
  type ActorRef,
  type Behavior,
  type ChildStartFailed,
  type DynamicSupervisorCommand,
  type StartChildError,
  type SupervisorCommand,
} from 'troupe'

declare const store: Behavior<'store'>
declare const cache: (store: ActorRef<'store'>) => Behavior<'cache'>
const pool = DynamicSupervisor.behavior((_: number) => store)
declare const supervisor: ActorRef<SupervisorCommand>

describe('a tree', () => {
  it('gives each child the typed references of those before it', () => {
    const tree = pipe(
      Supervisor.of({ strategy: 'restForOne' }),
      Supervisor.child('store', () => store),
      Supervisor.child('cache', (siblings) => {
        expectTypeOf(siblings.store).toEqualTypeOf<ActorRef<'store'>>()
        return cache(siblings.store)
      }),
      Supervisor.child('import', ({ store, cache }) => {
        expectTypeOf(cache).toEqualTypeOf<ActorRef<'cache'>>()
        return Behaviors.receiveMessageWithSame<string>(() => {
          store.tell('store')
        })
      }),
      Supervisor.behavior,
    )
    expectTypeOf(tree).toEqualTypeOf<Behavior<SupervisorCommand>>()
  })

  it('refuses an id twice, and a sibling that comes later', () => {
    pipe(
      Supervisor.of(),
      Supervisor.child('a', () => store),
      // @ts-expect-error the id is taken
      Supervisor.child('a', () => store),
    )
    pipe(
      Supervisor.of(),
      Supervisor.child('b', (siblings) => {
        expectTypeOf(siblings).not.toHaveProperty('store')
        return store
      }),
    )
  })
})

describe('administration', () => {
  it('is for every dynamic supervisor of its arguments', () => {
    expectTypeOf(pool).toEqualTypeOf<Behavior<DynamicSupervisorCommand<number, 'store'>>>()
  })

  it('answers with what was asked', () => {
    const start = pipe(supervisor, ask(Supervisor.startChild({ id: 'a', start: () => store }), { timeoutMs: 1_000 }))
    expectTypeOf(start).returns.resolves.extract<{ _tag: 'Right' }>().toExtend<{
      right: Either<StartChildError, ActorRef<'store'>>
    }>()
  })

  it('of a dynamic supervisor is found by the tag of the request', () => {
    const start = (ref: ActorRef<typeof pool extends Behavior<infer C> ? C : never>) =>
      pipe(
        ref,
        ask((replyTo) => ({ _tag: 'StartChild', args: 1, replyTo }), { timeoutMs: 1_000 }),
      )
    expectTypeOf(start).returns.returns.resolves.extract<{ _tag: 'Right' }>().toExtend<{
      right: Either<ChildStartFailed, ActorRef<'store'>>
    }>()
  })
})
