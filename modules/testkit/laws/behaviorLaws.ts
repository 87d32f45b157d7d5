/**
 * What a behavior has to keep to: it is a value.
 */
import { pipe } from 'fp-ts/lib/function.js'
import { Behaviors } from '../../behavior/index.js'
import type { Behavior } from '../../model/index.js'
import { SupervisorStrategy } from '../../model/index.js'
import { BehaviorTestKit } from '../behavior/BehaviorTestKit.js'
import type { Effect } from '../behavior/Effect.js'
import { show } from '../show.js'
import { lawOnLists, listOf, type Law } from './Law.js'

/** What can be seen of a behavior that handles messages: what it does, says, leaves and throws. */
class Observer<A> {
  readonly seen: string[] = []
  readonly #kit: BehaviorTestKit<A>

  constructor(behavior: Behavior<A>) {
    this.#kit = BehaviorTestKit.create(behavior)
    this.#look()
  }

  tell(message: A): void {
    if (!this.#kit.isAlive) return
    try {
      this.#kit.run(message)
    } catch (error) {
      // A failure is a thing to be seen like any other.
      this.seen.push(`throws ${show(error)}`)
    }
    this.#look()
  }

  #look(): void {
    const kit = this.#kit
    for (const effect of kit.effects()) this.seen.push(describe(effect))
    for (const { level, message, fields } of kit.logEntries())
      this.seen.push(`logs ${level} ${message} ${show(fields)}`)
    for (const message of kit.selfInbox.receiveAll()) this.seen.push(`tells itself ${show(message)}`)
    for (const message of kit.unhandled()) this.seen.push(`leaves ${show(message)}`)
    if (!kit.isAlive) this.seen.push('stops')
  }
}

/** The facts of an effect; functions say nothing. */
const describe = (effect: Effect): string =>
  show(Object.fromEntries(Object.entries(effect).filter(([, fact]) => typeof fact !== 'function')))

/** What is seen of a behavior when it is told these messages. */
export const observe = <A>(behavior: Behavior<A>, messages: readonly A[]): readonly string[] => {
  const observer = new Observer(behavior)
  for (const message of messages) observer.tell(message)
  return observer.seen
}

/** Where two observations differ, undefined when they do not. */
export const difference = (expected: readonly string[], actual: readonly string[]): string | undefined => {
  for (let at = 0; at < Math.max(expected.length, actual.length); at++)
    if (expected[at] !== actual[at])
      return `it ${actual[at] ?? 'does nothing more'} where it ${expected[at] ?? 'did nothing more'}`
  return undefined
}

/**
 * The laws of behaviors, for one of yours and the messages that it handles. What is compared is what the behavior does, logs, tells itself,
 * leaves unhandled and throws.
 *
 * @example
 * ```ts
 * import { Behaviors, type Behavior } from 'troupe'
 * import { behaviorLaws } from 'troupe/testkit'
 *
 * const counter = (n: number): Behavior<'add'> => Behaviors.receive((context) => {
 *   context.log.info(`${String(n)} so far`)
 *   return counter(n + 1)
 * })
 * for (const { check } of behaviorLaws(counter(0), ['add'])) await check()
 * ```
 *
 * @category testing
 * @since 0.1.0
 */
export const behaviorLaws = <A>(behavior: Behavior<A>, messages: readonly [A, ...A[]]): readonly Law[] => {
  const draw = (from: Parameters<typeof listOf>[0]): readonly A[] =>
    listOf(from, 20, ({ below }) => messages[below(messages.length)] as A)
  return [
    lawOnLists('a behavior can be used again: the second actor does what the first did', draw, (told) =>
      difference(observe(behavior, told), observe(behavior, told)),
    ),
    lawOnLists('two actors with one behavior share nothing', draw, (told) => {
      const alone = observe(behavior, told)
      const [first, second] = [new Observer(behavior), new Observer(behavior)]
      for (const message of told) {
        first.tell(message)
        second.tell(message)
      }
      return difference(alone, first.seen) ?? difference(alone, second.seen)
    }),
    lawOnLists('an interceptor that passes everything on changes nothing', draw, (told) =>
      difference(observe(behavior, told), observe(pipe(behavior, Behaviors.intercept({ name: 'nothing' })), told)),
    ),
    lawOnLists('supervision that stops changes nothing', draw, (told) =>
      difference(observe(behavior, told), observe(pipe(behavior, Behaviors.supervise(SupervisorStrategy.stop)), told)),
    ),
    lawOnLists('a setup that gives it changes nothing', draw, (told) =>
      difference(
        observe(behavior, told),
        observe(
          Behaviors.setup<A>(() => behavior),
          told,
        ),
      ),
    ),
  ]
}
