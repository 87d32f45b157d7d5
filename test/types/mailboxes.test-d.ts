/**
 * A mailbox that looks at messages is for actors that handle such messages.
 */
import { describe, expectTypeOf, it } from 'vitest'
import { boundedMailbox, type ActorContext, type ActorRef, type Behavior, type Mailbox, type Props } from 'troupe'
import { controlAwareMailbox, deduplicatingMailbox, priorityMailbox } from 'troupe/mailboxes'

interface Job {
  readonly urgent: boolean
}

interface NamedJob extends Job {
  readonly name: string
}

declare const context: ActorContext<never>
declare const worker: Behavior<Job>
declare const named: Behavior<NamedJob>
declare const anything: Behavior<unknown>
declare const own: () => Mailbox<unknown>

describe('spawn', () => {
  it('takes a mailbox for the messages of the actor, or for more', () => {
    const byUrgency = priorityMailbox((job: Job) => (job.urgent ? 0 : 1))

    expectTypeOf(context.spawn(worker, 'a', { mailbox: byUrgency })).toEqualTypeOf<ActorRef<Job>>()
    expectTypeOf(context.spawn(named, 'b', { mailbox: byUrgency })).toEqualTypeOf<ActorRef<NamedJob>>()
    expectTypeOf(context.spawn(worker, 'c', { mailbox: boundedMailbox(10) })).toEqualTypeOf<ActorRef<Job>>()
    expectTypeOf(context.spawn(worker, 'd', { mailbox: own })).toEqualTypeOf<ActorRef<Job>>()
  })

  it('narrows an actor that handles more to what its mailbox understands', () => {
    const ref = context.spawn(anything, 'a', { mailbox: controlAwareMailbox((job: Job) => job.urgent) })

    expectTypeOf(ref).toEqualTypeOf<ActorRef<Job>>()
  })

  it('refuses a mailbox for other messages', () => {
    // @ts-expect-error -- a job is no text
    context.spawn(worker, 'a', { mailbox: priorityMailbox((text: string) => text.length) })
    // @ts-expect-error -- not every job has a name
    context.spawn<Job>(worker, 'b', { mailbox: deduplicatingMailbox((job: NamedJob) => job.name) })
  })
})

describe('Props', () => {
  it('suit every actor unless they say for which messages they are', () => {
    const any: Props = { mailbox: boundedMailbox(10) }
    const ofJobs: Props<Job> = { mailbox: priorityMailbox((job: Job) => (job.urgent ? 0 : 1)) }

    expectTypeOf(any).toExtend<Props<Job>>()
    expectTypeOf(ofJobs).toExtend<Props<NamedJob>>()
    expectTypeOf(ofJobs).not.toExtend<Props>()
  })
})
