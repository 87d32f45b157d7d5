/**
 * What a behavior sees in a BehaviorTestKit is what it sees in a system, for programs that stash, unstash, pipe, ask themselves, adapt,
 * spawn, watch, fail and stop.
 *
 * The mail of both comes in the same order: the test tells one word, and everything that follows from it is handled before the next.
 */
import fc from 'fast-check'
import { left } from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { none } from 'fp-ts/lib/Option.js'
import { expect, it } from 'vitest'
import {
  Behaviors,
  SupervisorStrategy,
  type ActorContext,
  type ActorRef,
  type Behavior,
  type StashBuffer,
} from 'troupe'
import { ActorTestKit, BehaviorTestKit } from 'troupe/testkit'

type Plain =
  'Stash' | 'StashMore' | 'Clear' | 'Crash' | 'Stop' | 'Adapt' | 'AdaptBadly' | 'Rekey' | 'AskSelf' | 'TellSelf'

type Step =
  | { readonly _tag: Plain }
  | { readonly _tag: 'Unstash'; readonly count: number }
  | { readonly _tag: 'Pipe'; readonly outcome: Outcome }
  | { readonly _tag: 'Child'; readonly isWatchedWith: boolean }

/** What is done for each message: the steps of word 0, 1, 2 …; what follows from steps has none. */
type Program = readonly (readonly Step[])[]

interface Word {
  readonly _tag: 'Word'
  readonly index: number
  /** Whether it has been stashed: it is not stashed again, so that every program ends. */
  readonly isAgain: boolean
}
interface Reply {
  readonly _tag: 'Reply'
  readonly replyTo: ActorRef<string>
}
type Message = Word | Reply | { readonly _tag: 'Said'; readonly text: string }

const said = (text: string): Message => ({ _tag: 'Said', text })
const bad = (): never => {
  throw new Error('cannot be translated')
}

type Outcome = 'value' | 'left' | 'bad mapper'

const endOf = (outcome: Outcome): unknown => (outcome === 'left' ? left('no') : outcome)

type See = (what: string) => void

const performing =
  (see: See, stash: StashBuffer<Message>) =>
  (context: ActorContext<Message>, word: Word, step: Step, next: Behavior<Message>): Behavior<Message> => {
    switch (step._tag) {
      case 'Stash':
        if (!stash.isFull && !word.isAgain) stash.stash({ ...word, isAgain: true })
        return next
      case 'StashMore':
        if (!stash.isFull) stash.stash(said('kept'))
        return next
      case 'Clear':
        stash.clear()
        return next
      case 'Unstash':
        return stash.unstash(step.count, next)
      case 'Crash':
        throw new Error('crash')
      case 'Stop':
        return Behaviors.stopped(() => {
          see('last act')
        })
      case 'TellSelf':
        context.self.tell(said('self'))
        return next
      case 'Adapt':
        context.messageAdapter((text: string) => said(text)).tell('adapted')
        return next
      case 'AdaptBadly':
        context.messageAdapter(bad).tell('adapted')
        return next
      case 'Rekey':
        context.messageAdapter((text: string) => said(`old ${text}`), { key: 'key' }).tell('keyed')
        context.messageAdapter((text: string) => said(`new ${text}`), { key: 'key' })
        return next
      case 'AskSelf':
        context.ask(
          context.self,
          (replyTo: ActorRef<string>): Message => ({ _tag: 'Reply', replyTo }),
          { timeoutMs: 1_000 },
          (result) => said(result._tag === 'Right' ? result.right : result.left._tag),
        )
        return next
      case 'Pipe':
        context.pipeToSelf<unknown>(
          () => Promise.resolve(endOf(step.outcome)),
          step.outcome === 'bad mapper' ? bad : (result) => said(`piped ${JSON.stringify(result)}`),
        )
        return next
      case 'Child': {
        if (context.child('child')._tag === 'Some') return next
        const child = context.spawn(brief, 'child')
        if (step.isWatchedWith) context.watchWith(child, said('child gone'))
        else context.watch(child)
        return next
      }
    }
  }

/** Counts what it has handled, to show a state that was lost. */
const behaviorOf = (program: Program, see: See): Behavior<Message> =>
  Behaviors.withStash<Message>(8, (stash) => {
    const perform = performing(see, stash)
    const counting = (n: number): Behavior<Message> =>
      Behaviors.receive<Message>(
        (context, message) => {
          see(`${String(n)} ${describe(message)}`)
          if (message._tag === 'Reply') for (const text of ['first reply', 'second reply']) message.replyTo.tell(text)
          let next: Behavior<Message> = counting(n + 1)
          if (message._tag === 'Word')
            for (const step of program[message.index] ?? []) {
              next = perform(context, message, step, next)
              if (step._tag === 'Unstash' || step._tag === 'Stop' || (step._tag === 'Stash' && !message.isAgain)) break
            }
          return next
        },
        (_, { _tag }) => {
          see(`${String(n)} ${_tag}`)
          return counting(n + 1)
        },
      )
    return counting(0)
  })

const describe = (message: Message): string =>
  message._tag === 'Word' ? `word ${String(message.index)}` : message._tag === 'Said' ? message.text : message._tag

type Supervision = 'restart' | 'resume' | 'none'

const supervised = (behavior: Behavior<Message>, supervision: Supervision): Behavior<Message> =>
  supervision === 'none' ? behavior : pipe(behavior, Behaviors.supervise(SupervisorStrategy[supervision]))

/** A child that ends at once. */
const brief: Behavior<never> = Behaviors.stopped

const told = (program: Program): readonly Message[] =>
  program.map((_, index) => ({ _tag: 'Word', index, isAgain: false }))

const inSystem = async (program: Program, supervision: Supervision): Promise<readonly string[]> => {
  const seen: string[] = []
  const kit = ActorTestKit.create()
  const actor = kit.spawn(
    supervised(
      behaviorOf(program, (what) => seen.push(what)),
      supervision,
    ),
  )
  for (const message of told(program)) {
    actor.tell(message)
    await kit.settle()
  }
  // The end of the system is not part of it.
  const all = [...seen]
  await kit.shutdown()
  return all
}

const inKit = async (program: Program, supervision: Supervision): Promise<readonly string[]> => {
  const seen: string[] = []
  const kit = BehaviorTestKit.create(
    supervised(
      behaviorOf(program, (what) => seen.push(what)),
      supervision,
    ),
  )
  for (const message of told(program))
    if (kit.isAlive)
      try {
        kit.run(message)
        await followUp(kit)
      } catch (error) {
        // Without supervisors the failure is thrown here, too.
        if (lives(kit)) throw error
      }
  if (!kit.isAlive) kit.signal({ _tag: 'PostStop' })
  return seen
}

const lives = (kit: BehaviorTestKit<Message>): boolean => kit.isAlive

/** As in a system: all mail, then the ends of children, then those of tasks, and what follows from each. */
const followUp = async (kit: BehaviorTestKit<Message>): Promise<void> => {
  const handleMail = (): void => {
    while (kit.isAlive && kit.selfInbox.hasMessages) kit.runOne()
  }
  for (;;) {
    handleMail()
    const effects = kit.effects()
    if (!kit.isAlive || effects.length === 0) return
    for (const { ref } of effects.filter((effect) => effect._tag === 'Spawned'))
      if (!effects.some((effect) => effect._tag === 'Stopped' && effect.ref.equals(ref)))
        kit.signal({ _tag: 'Terminated', ref, cause: none })
    for (const piped of effects.filter((effect) => effect._tag === 'Piped')) {
      handleMail()
      piped.succeed(await piped.task(new AbortController().signal))
    }
  }
}

const plain = (...tags: readonly Plain[]): fc.Arbitrary<Step> => fc.constantFrom(...tags).map((_tag) => ({ _tag }))

const unstash = fc.integer({ min: 1, max: 4 }).map((count): Step => ({ _tag: 'Unstash', count }))

const steps: fc.Arbitrary<Step> = fc.oneof(
  { arbitrary: unstash, weight: 6 },
  { arbitrary: plain('Clear', 'StashMore'), weight: 4 },
  { arbitrary: plain('Adapt', 'AdaptBadly', 'Rekey', 'AskSelf', 'TellSelf'), weight: 5 },
  {
    arbitrary: fc
      .constantFrom<Outcome>('value', 'left', 'bad mapper')
      .map((outcome): Step => ({ _tag: 'Pipe', outcome })),
    weight: 2,
  },
  { arbitrary: fc.boolean().map((isWatchedWith): Step => ({ _tag: 'Child', isWatchedWith })), weight: 1 },
  { arbitrary: plain('Crash', 'Stop'), weight: 1 },
)

const words = fc.array(steps, { maxLength: 3 })
const stashed = words.map((todo): readonly Step[] => [{ _tag: 'Stash' }, ...todo])

/** Words that are stashed, one that reads some of them, and others. */
const programs = fc
  .tuple(
    fc.array(stashed, { maxLength: 6, size: 'max' }),
    unstash,
    fc.array(fc.oneof(words, stashed), { maxLength: 6, size: 'max' }),
  )
  .map(([first, reads, others]): Program => [...first, [reads], ...others])

it('what a behavior sees in a BehaviorTestKit is what it sees in a system', async () => {
  await fc.assert(
    fc.asyncProperty(
      programs,
      fc.constantFrom<Supervision>('restart', 'resume', 'none'),
      async (program, supervision) => {
        expect(await inKit(program, supervision)).toEqual(await inSystem(program, supervision))
      },
    ),
  )
})
