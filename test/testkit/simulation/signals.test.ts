/** Signals in the trace of a simulation. */
import { pipe } from 'fp-ts/lib/function.js'
import { some } from 'fp-ts/lib/Option.js'
import { describe, expect, it } from 'vitest'
import { Behaviors, SupervisorStrategy, type Behavior } from 'troupe'
import { Simulation } from 'troupe/testkit'

/** Sees every kind of signal: a child stops, one fails, an adapter throws, it is restarted and stops. */
const watchful: Behavior<string> = pipe(
  Behaviors.setup<string>((context) => {
    const adapted = context.messageAdapter((word: number): string => {
      throw new Error(`no ${String(word)}`)
    })
    return Behaviors.receive<string>(
      (_, word) => {
        if (word === 'begin') {
          const good = context.spawn(Behaviors.stopped, 'good')
          const bad = context.spawn(
            Behaviors.setup<string>(() => {
              throw new Error('bad')
            }),
            'bad',
          )
          context.watch(good)
          context.watch(bad)
          adapted.tell(7)
          context.scheduleOnce(10, context.self, 'fail')
        }
        if (word === 'fail') {
          context.scheduleOnce(10, context.self, 'stop')
          throw new Error('failed')
        }
        return word === 'stop' ? Behaviors.stopped : Behaviors.same
      },
      () => Behaviors.same,
    )
  }),
  Behaviors.supervise(SupervisorStrategy.restart),
)

describe('a trace', () => {
  it('names each signal that a behavior sees, and whom it is about', async () => {
    const trace = await Simulation.run({ schedule: { seed: 0, picks: [], faults: [] } }, (world) => {
      world.spawn(watchful, 'parent').tell('begin')
    })

    expect(trace.outcome).toBe('done')
    expect(trace.toString().replace(/^.*\n/, '')).toMatchInlineSnapshot(`
      "          outside tells parent 'begin'
          #1  parent starts
          #2  parent handles 'begin' from outside
                parent tells parent 7
          #3  parent/good starts
                parent/bad FAILS with Error('bad'): stopped
          #4  parent/bad has a turn without message or signal
          #5  parent sees MessageAdaptionFailure of 7, Error('no 7')
          #6  parent/good sees PostStop
          #6  parent/good has stopped
          #7  parent/bad has stopped
          #7  parent/bad has a turn without message or signal
          #8  parent sees Terminated of parent/good
          #9  parent sees ChildFailed of parent/bad, Error('bad')
              it is 10 ms
                clock tells parent 'fail'
         #10  parent handles 'fail' from clock
                parent FAILS with Error('failed'): restarted
         #11  parent sees PreRestart
         #12  parent starts again
              it is 20 ms
                clock tells parent 'stop'
         #13  parent handles 'stop' from clock
         #14  parent sees PostStop
         #14  parent has stopped"
    `)
    expect(trace.toMermaid()).toMatchInlineSnapshot(`
      "sequenceDiagram
        participant p0 as outside
        participant p1 as parent
        participant p2 as parent/bad
        participant p3 as parent/good
        participant p4 as clock
        p0->>p1: 'begin'
        Note over p2: fails, stopped
        Note over p1: sees MessageAdaptionFailure of 7, Error('no 7')
        Note over p3: sees PostStop
        Note over p3: stopped
        Note over p2: stopped
        Note over p1: sees Terminated of parent/good
        Note over p1: sees ChildFailed of parent/bad, Error('bad')
        p4->>p1: 'fail'
        Note over p1: fails, restarted
        Note over p1: sees PreRestart
        Note over p1: starts again
        p4->>p1: 'stop'
        Note over p1: sees PostStop
        Note over p1: stopped
        Note over p0: done"
    `)
    expect(trace.events.find((event) => event._tag === 'Signalled' && event.name === 'ChildFailed')).toEqual({
      _tag: 'Signalled',
      step: 9,
      actor: 'parent',
      signal: { _tag: 'Terminated', ref: expect.anything() as unknown, cause: some(new Error('bad')) },
      name: 'ChildFailed',
      of: 'parent/bad',
    })
    // The same on every version of Node.
    expect(trace.sha256).toMatchInlineSnapshot(`"fd5ddd829c9ec0abe6cd92a7c7e09a2cb59829d4b6a81a26ec3dcf245e61ddef"`)
  })
})
