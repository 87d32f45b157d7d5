/**
 * The actor beside a consumer: hands it one message after the other, in order, and asks for what is missing.
 */
import { Behaviors } from '../behavior/index.js'
import { Receptionist, type ServiceKey } from '../discovery/index.js'
import type { ActorContext, ActorRef, Behavior, TimerScheduler } from '../model/index.js'
import { period, requireThat, wholeFrom } from '../model/internal.js'
import { join, type ChunkCodec } from './chunks.js'
import {
  consumerWith,
  stepConsumer,
  type Arrived,
  type Consumer,
  type ConsumerEffect,
  type ConsumerEvent,
  type Source,
} from './consumer.js'
import type {
  Confirmed,
  ConsumerControllerCommand,
  ConsumerReply,
  Delivery,
  Poll,
  ProducerControllerCommand,
  SequencedMessage,
} from './messages.js'
import { replaceWatch } from './replaceWatch.js'
import { once, turn } from './turn.js'

/**
 * Options of a consumer controller.
 *
 * @category model
 * @since 0.1.0
 */
export interface ConsumerControllerOptions<A> {
  /** How many messages may be on their way and waiting here. A whole number from 1. Default: 20. */
  readonly window?: number
  /** Slows the producer down and asks for nothing again: what is lost stays lost. Default: false. */
  readonly onlyFlowControl?: boolean
  /** What puts messages together that come in pieces. Default: none does. */
  readonly codec?: ChunkCodec<A>
  /** Registers this controller at the receptionist, for work pulling. Default: it does not. */
  readonly serviceKey?: ServiceKey<ConsumerControllerCommand<A>>
  /** Milliseconds after which a registration that was not answered is repeated. Above 0. Default: 1,000. */
  readonly registerIntervalMs?: number
}

/** What the consumer has told. A class, so that no message can pass for it; so is the other. */
class Done<A> {
  readonly _tag = 'Done'
  readonly arrived: Arrived<A>

  constructor(arrived: Arrived<A>) {
    this.arrived = arrived
  }
}

class Ticked {
  readonly _tag = 'Ticked'
}

type Replies = ActorRef<ConsumerReply>
type State<A> = Consumer<A, Replies>
type Message<A> = ConsumerControllerCommand<A> | Done<A> | Ticked

/** What stays the same while a controller lives. */
interface Shell<A> {
  readonly context: ActorContext<Message<A>>
  readonly timers: TimerScheduler<Message<A>>
  readonly options: ConsumerControllerOptions<A>
}

/** Whom it works for, and how far it is. */
interface Work<A> {
  readonly state: State<A>
  readonly consumer: ActorRef<Delivery<A>> | undefined
  /** Whom it registers at until something comes from there. */
  readonly registering: ActorRef<ProducerControllerCommand<A>> | undefined
  readonly hasStopped: boolean
}

const consumerController = <A>(options: ConsumerControllerOptions<A> = {}): Behavior<ConsumerControllerCommand<A>> => {
  const { window = 20, onlyFlowControl = false, registerIntervalMs = 1_000 } = options
  requireThat('window of ConsumerController', window, wholeFrom(1))
  requireThat('registerIntervalMs of ConsumerController', registerIntervalMs, period)
  return Behaviors.setup<Message<A>>((context) =>
    Behaviors.withTimers<Message<A>>((timers) => {
      if (options.serviceKey !== undefined)
        Receptionist.get(context.system).tell(Receptionist.register(options.serviceKey, context.self))
      return running(
        { context, timers, options },
        {
          state: consumerWith<A, Replies>(window, !onlyFlowControl),
          consumer: undefined,
          registering: undefined,
          hasStopped: false,
        },
      )
    }),
  )
}

const running = <A>(shell: Shell<A>, initial: Work<A>): Behavior<Message<A>> => {
  // In a variable, because the end tells what the last message has confirmed.
  let work = initial
  return Behaviors.receive<Message<A>>(
    (_, message) => {
      work = handle(shell, work, message)
      return work.hasStopped ? Behaviors.stopped : Behaviors.same
    },
    (_, signal) => {
      if (signal._tag === 'PostStop' || signal._tag === 'PreRestart') acknowledge(work.state)
      if (signal._tag !== 'Terminated') return Behaviors.same
      if (work.consumer?.equals(signal.ref) === true) return Behaviors.stopped
      if (work.registering?.equals(signal.ref) === true) work = registered(shell, work)
      return Behaviors.same
    },
  )
}

const acknowledge = <A>({ source, confirmedSeqNr }: State<A>): void => {
  if (confirmedSeqNr > 0) source?.ref.tell({ _tag: 'Ack', confirmedSeqNr })
}

const handle = <A>(shell: Shell<A>, work: Work<A>, message: Message<A>): Work<A> => {
  const { context } = shell
  switch (message._tag) {
    case 'Start':
      replaceWatch(context, work.consumer, message.deliverTo)
      return advance(shell, { ...work, consumer: message.deliverTo }, { _tag: 'Started' })
    case 'RegisterToProducerController':
      return register(shell, registeringAt(shell, registered(shell, work), message.producerController))
    case 'Ticked':
      return register(shell, work)
    case 'SequencedMessage': {
      const { seqNr, payload, first, ack } = message
      const received = { source: sourceOf(message), seqNr, payload, first, ack }
      // What follows from the producer of before says nothing about a registration at another.
      const isAnswer = first || work.registering?.equals(message.producerController) === true
      return advance(shell, isAnswer ? registered(shell, work) : work, { _tag: 'Received', received })
    }
    case 'Poll':
      return advance(shell, work, { _tag: 'Polled', source: sourceOf(message), lastSeqNr: message.lastSeqNr })
    case 'DeliverThenStop':
      return advance(shell, work, { _tag: 'DeliverThenStop' })
    case 'Done':
      return advance(shell, work, { _tag: 'Confirmed', arrived: message.arrived })
  }
}

const registeringAt = <A>(
  { context }: Shell<A>,
  work: Work<A>,
  registering: ActorRef<ProducerControllerCommand<A>>,
): Work<A> => {
  context.watch(registering)
  return { ...work, registering }
}

const register = <A>({ context, timers, options }: Shell<A>, work: Work<A>): Work<A> => {
  work.registering?.tell({ _tag: 'RegisterConsumer', consumerController: context.self })
  timers.startSingleTimer(Ticked, new Ticked(), options.registerIntervalMs ?? 1_000)
  return work
}

const registered = <A>({ context, timers }: Shell<A>, work: Work<A>): Work<A> => {
  if (work.registering === undefined) return work
  timers.cancel(Ticked)
  context.unwatch(work.registering)
  return { ...work, registering: undefined }
}

const sourceOf = <A>(message: SequencedMessage<A> | Poll): Source<Replies> => ({
  id: message.producerId,
  numbering: message.numbering,
  ref: message.producerController,
})

/** One step, and what comes of it. */
const advance = <A>(shell: Shell<A>, work: Work<A>, event: ConsumerEvent<A, Replies>): Work<A> => {
  const [state, effects] = stepConsumer(work.state, event)
  const next = { ...work, state, hasStopped: effects.some(({ _tag }) => _tag === 'Stop') }
  for (const effect of effects) carryOut(shell, next, effect)
  return next
}

const carryOut = <A>(shell: Shell<A>, { state, consumer }: Work<A>, effect: ConsumerEffect<A, Replies>): void => {
  switch (effect._tag) {
    case 'Deliver':
      consumer?.tell(delivery(shell, effect.arrived))
      return
    case 'Request': {
      const { confirmedSeqNr, requestUpToSeqNr } = effect
      const { supportResend } = state
      effect.to.tell({ _tag: 'Request', confirmedSeqNr, requestUpToSeqNr, supportResend })
      return
    }
    case 'Resend':
      effect.to.tell({ _tag: 'Resend', fromSeqNr: effect.fromSeqNr })
      return
    case 'Ack':
      effect.to.tell({ _tag: 'Ack', confirmedSeqNr: effect.confirmedSeqNr })
      return
    case 'Stop':
  }
}

const delivery = <A>({ context, options }: Shell<A>, arrived: Arrived<A>): Delivery<A> => {
  const { payloads, producerId, seqNr } = arrived
  const where = context.self.path.toString()
  const oneConfirmation = turn(
    `${where}: the consumer has confirmed message ${String(seqNr)} of '${producerId}' twice. ` +
      'Confirm each delivery once, to its own confirmTo.',
  )
  return {
    _tag: 'Delivery',
    message: join(payloads, options.codec, where),
    confirmTo: once(context.self, oneConfirmation, (_: Confirmed): Message<A> => new Done(arrived)),
    producerId,
    seqNr,
  }
}

/**
 * The consumer's side of reliable delivery.
 *
 * A consumer is told one `Delivery` at a time, in the order in which they were sent, each once. The next comes when it has confirmed the one
 * before. The controller stops when the consumer stops.
 *
 * @example
 * ```ts
 * import { Behaviors } from 'troupe'
 * import { Confirmed, ConsumerController, type Delivery } from 'troupe/delivery'
 *
 * const consumer = Behaviors.setup<Delivery<string>>((context) => {
 *   const controller = context.spawn(ConsumerController.of<string>({ window: 50 }), 'controller')
 *   controller.tell(ConsumerController.start(context.self))
 *   return Behaviors.receiveMessageWithSame(({ message, confirmTo }) => {
 *     console.log(message)
 *     confirmTo.tell(Confirmed)
 *   })
 * })
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/reliable-delivery.html
 * @category constructors
 * @since 0.1.0
 */
export const ConsumerController: {
  /**
   * The behavior of a controller.
   *
   * @throws TroupeError IllegalArgument for an option that is out of range
   */
  readonly of: <A>(options?: ConsumerControllerOptions<A>) => Behavior<ConsumerControllerCommand<A>>
  /** Names the consumer. One that was restarted tells this again, and gets again what it has not confirmed. */
  readonly start: <A>(
    deliverTo: ActorRef<Delivery<A>>,
  ) => Extract<ConsumerControllerCommand<A>, { readonly _tag: 'Start' }>
  /** Registers at a producer controller, again and again until something comes from there. */
  readonly registerToProducerController: <A>(
    producerController: ActorRef<ProducerControllerCommand<A>>,
  ) => Extract<ConsumerControllerCommand<A>, { readonly _tag: 'RegisterToProducerController' }>
  /** Lets what has arrived be delivered and confirmed, takes nothing more, and stops. */
  readonly deliverThenStop: () => Extract<ConsumerControllerCommand<never>, { readonly _tag: 'DeliverThenStop' }>
} = {
  of: consumerController,
  start: (deliverTo) => ({ _tag: 'Start', deliverTo }),
  registerToProducerController: (producerController) => ({ _tag: 'RegisterToProducerController', producerController }),
  deliverThenStop: () => ({ _tag: 'DeliverThenStop' }),
}
