/** What cannot be sent is no item of a queue, no value of an agent and no state of a participant. */
import { expectTypeOf, test } from 'vitest'
import type { Behavior } from 'troupe'
import { Queue, type QueueCommand } from 'troupe/light'
import { Agent, type AgentCommand } from 'troupe/patterns'
import { Transactor, type ParticipantCommand } from 'troupe/transactor'

const perhaps = (): string | undefined => undefined

test('what is a value is taken, and its type is found', () => {
  expectTypeOf(Queue.behavior<string>(1)).toEqualTypeOf<Behavior<QueueCommand<string>>>()
  expectTypeOf(Queue.put('sweep')).returns.toHaveProperty('item').toEqualTypeOf<string>()
  expectTypeOf(Agent.of(1)).toEqualTypeOf<Behavior<AgentCommand<number>>>()
  expectTypeOf(Transactor.participant({ initial: 100 })).toEqualTypeOf<Behavior<ParticipantCommand<number>>>()
})

test('what may be null or undefined is refused', () => {
  // @ts-expect-error -- null could not be taken
  Queue.behavior<string | null>(1)
  // @ts-expect-error -- null could not be taken
  Queue.put(null)
  // @ts-expect-error -- undefined could not be got
  Agent.of(perhaps())
  // @ts-expect-error -- an update may not lead there
  Agent.update<string | undefined>(perhaps)
  // @ts-expect-error -- null could not be read
  Transactor.participant<string | null>({ initial: 'a' })
})
