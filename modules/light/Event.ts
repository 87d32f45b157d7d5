/**
 * A flag that many can wait for.
 */
import { Behaviors } from '../behavior/index.js'
import type { ActorRef, Behavior } from '../model/index.js'
import { Waiters } from './Waiters.js'

/**
 * What an event understands.
 *
 * @category model
 * @since 0.1.0
 */
export type EventCommand =
  | { readonly _tag: 'Set' }
  | { readonly _tag: 'Clear' }
  | { readonly _tag: 'Wait'; readonly replyTo: ActorRef<true> }
  | { readonly _tag: 'IsSet'; readonly replyTo: ActorRef<boolean> }

/**
 * An event: it is set or not. `wait` is answered when it is set, at once if it is.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Event } from 'troupe/light'
 *
 * const ready = ActorSystem.create(Event.behavior(), 'demo')
 * const waiting = pipe(ready, ask(Event.wait, { timeoutMs: 1_000 }))()
 * ready.tell(Event.set)
 * console.log(await waiting) // { _tag: 'Right', right: true }
 * ```
 *
 * @see https://www.gevent.org/api/gevent.event.html
 * @category constructors
 * @since 0.1.0
 */
export const behavior = (): Behavior<EventCommand> =>
  Behaviors.setup(() => {
    const waiters = new Waiters<{ readonly replyTo: ActorRef<true> }>()
    let isOn = false
    return Behaviors.receiveMessageWithSame((command) => {
      switch (command._tag) {
        case 'Set':
          isOn = true
          for (const { replyTo } of waiters.takeAll()) replyTo.tell(true)
          return
        case 'Clear':
          isOn = false
          return
        case 'Wait':
          if (isOn) command.replyTo.tell(true)
          else waiters.add(command)
          return
        case 'IsSet':
          command.replyTo.tell(isOn)
      }
    })
  })

/**
 * Sets the event: all who wait are answered.
 *
 * @example
 * ```ts
 * import { Event } from 'troupe/light'
 *
 * const command = Event.set
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const set: EventCommand = { _tag: 'Set' }

/**
 * Takes `set` back: who waits from now on waits for the next.
 *
 * @example
 * ```ts
 * import { Event } from 'troupe/light'
 *
 * const command = Event.clear
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const clear: EventCommand = { _tag: 'Clear' }

/**
 * Waits for the event, for `ask` and `co.ask`.
 *
 * @example
 * ```ts
 * import { Behaviors, type ActorRef } from 'troupe'
 * import { Event, type EventCommand } from 'troupe/light'
 *
 * const runner = (start: ActorRef<EventCommand>) =>
 *   Behaviors.coroutine<never>(function* (co) {
 *     yield* co.ask(start, Event.wait, { timeoutMs: 1_000 })
 *     return Behaviors.stopped
 *   })
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const wait = (replyTo: ActorRef<true>): { readonly _tag: 'Wait'; readonly replyTo: ActorRef<true> } => ({
  _tag: 'Wait',
  replyTo,
})

/**
 * Asks whether it is set.
 *
 * @example
 * ```ts
 * import { pipe } from 'fp-ts/lib/function.js'
 * import { ActorSystem, ask } from 'troupe'
 * import { Event } from 'troupe/light'
 *
 * const ready = ActorSystem.create(Event.behavior(), 'demo')
 * console.log(await pipe(ready, ask(Event.isSet, { timeoutMs: 1_000 }))()) // { _tag: 'Right', right: false }
 * ```
 *
 * @category constructors
 * @since 0.1.0
 */
export const isSet = (replyTo: ActorRef<boolean>): { readonly _tag: 'IsSet'; readonly replyTo: ActorRef<boolean> } => ({
  _tag: 'IsSet',
  replyTo,
})
