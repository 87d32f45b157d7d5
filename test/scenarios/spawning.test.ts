/**
 * In which order actors that are spawned have their first turns, on the dispatcher of the event loop. Nothing here measures time.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { afterEach, describe, expect, it } from 'vitest'
import { ActorSystem, Behaviors, type ActorRef, type Behavior } from 'troupe'

let system: ActorSystem<never> | undefined

afterEach(() => system?.terminate())

/** Runs a guardian until it calls `done`. */
const run = <A>(guardian: (done: (result: A) => void) => Behavior<never>): Promise<A> =>
  new Promise((resolve) => {
    system = ActorSystem.create(guardian(resolve), 'spawning', { settings: { logLevel: 'off' } })
  })

/** Counts actors as they come and go. */
class Census {
  #alive = 0
  most = 0

  readonly came = (): void => {
    this.most = Math.max(this.most, ++this.#alive)
  }

  readonly went = (): void => {
    this.#alive--
  }
}

/** Ten children, each with ten of its own, down to `depth`; each tells its parent, and stops, when all its children have told. */
const fanningOut = (depth: number, parent: ActorRef<'done'>, census: Census): Behavior<'done'> => {
  census.came()
  return Behaviors.setup((context) => {
    const finish = (): Behavior<'done'> => {
      parent.tell('done')
      census.went()
      return Behaviors.stopped
    }
    if (depth === 0) return finish()
    for (let child = 0; child < 10; child++) context.spawn(fanningOut(depth - 1, context.self, census))
    let open = 10
    return Behaviors.receiveMessage(() => (--open > 0 ? Behaviors.same : finish()))
  })
}

/** A guardian that nobody sends anything. */
const alone = <M>(guardian: Behavior<M>): Behavior<never> => pipe(guardian, Behaviors.narrow<never>())

describe('actors that are spawned', () => {
  it('by one actor in one turn start in the order of spawning', async () => {
    const starts = await run<readonly number[]>((done) => {
      const started: number[] = []
      const starting = (n: number): Behavior<never> =>
        Behaviors.setup(() => {
          if (started.push(n) === 6) done(started)
          return Behaviors.empty
        })
      const spawning = Behaviors.setup<number>((context) => {
        const spawnThree = (first: number): void => {
          for (const n of [first, first + 1, first + 2]) context.spawn(starting(n))
        }
        spawnThree(0)
        context.self.tell(3)
        return Behaviors.receiveMessageWithSame(spawnThree)
      })
      return alone(spawning)
    })

    expect(starts.filter((n) => n < 3)).toEqual([0, 1, 2])
    expect(starts.filter((n) => n >= 3)).toEqual([3, 4, 5])
  })

  it('walk a tree that fans out down to its leaves, so that few of them are alive at a time', async () => {
    const census = new Census()

    await run<void>((done) =>
      alone(
        Behaviors.setup<'done'>((context) => {
          context.spawn(fanningOut(4, context.self, census))
          return Behaviors.receiveMessageWithSame(() => {
            done()
          })
        }),
      ),
    )

    // Ten thousand leaves; level by level, all of them would be there at once.
    expect(census.most).toBeGreaterThan(30)
    expect(census.most).toBeLessThan(500)
  })

  it('leave turns to who waits, and to those spawned before, although each makes another one', async () => {
    const mostGenerations = 100_000
    const generations = await run<number>((done) =>
      Behaviors.setup<never>((context) => {
        let generation = 0
        const served = new Set<string>()
        const another = (): Behavior<never> =>
          Behaviors.setup((inner) => {
            if (++generation < mostGenerations && served.size < 2) inner.spawn(another())
            else done(generation)
            return Behaviors.empty
          })
        const waiting = context.spawn(Behaviors.receiveMessageWithSame<string>((text) => void served.add(text)))
        waiting.tell('waiting')
        context.spawn(another())
        context.spawn(
          Behaviors.setup<never>(() => {
            served.add('older')
            return Behaviors.empty
          }),
        )
        return Behaviors.empty
      }),
    )

    expect(generations).toBeLessThan(mostGenerations)
  })
})
