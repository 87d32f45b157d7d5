/**
 * What nearly every scenario begins with: a kit of its own, and a log of what its actors see. Both are new for each test.
 */
import { Behaviors, type ActorRef, type Behavior, type Interceptor } from 'troupe'
import { ActorTestKit, type ActorTestKitOptions } from 'troupe/testkit'

export let kit: ActorTestKit
export let log: string[]

/** Begins anew; for the `beforeEach` of a file. */
export const newScene = (): void => {
  kit = ActorTestKit.create()
  log = []
}

/** Goes on with another kit, for a test that needs options. */
export const useKit = (options: ActorTestKitOptions = {}): void => {
  kit = ActorTestKit.create(options)
}

/** Sends it all and lets the actors run. */
export const tellAll = <A>(ref: ActorRef<A>, ...messages: readonly A[]): void => {
  for (const message of messages) ref.tell(message)
  kit.runUntilQuiet()
}

/** Writes down what it gets and what it sees. */
export const receiving: Behavior<string> = Behaviors.receiveMessage<string>(
  (text) => {
    log.push(`got ${text}`)
    return text === 'stop' ? Behaviors.stopped : Behaviors.same
  },
  (_, signal) => {
    log.push(`saw ${signal._tag}`)
    return Behaviors.same
  },
)

/** Writes down each message that it is asked about. */
export const counting: Interceptor<string> = {
  name: 'counting',
  aroundReceive: (_, text, target) => {
    log.push(text)
    return target.receive(text)
  },
}

/** Starts the behavior once too often. */
export const twice: Interceptor<string> = {
  name: 'twice',
  aroundStart: (_, start) => {
    start()
    return start()
  },
  aroundReceive: (_, text, target) => target.receive(text),
}
