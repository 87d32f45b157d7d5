/**
 * The actor beside a producer: numbers what it sends, and sends it again until it is confirmed.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Behaviors } from '../behavior/index.js'
import type { ActorContext, ActorRef, Behavior, TimerScheduler } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { period, requireThat, wholeFrom } from '../model/internal.js'
import { requireMessage } from '../runtime/internal.js'
import { split, type ChunkCodec } from './chunks.js'
import { keep, keptOrAgain, loading, requireAttempts } from './durable.js'
import type { DurableOptions, StoreAgain, StoreEnded } from './durable.js'
import type { DurableProducerState, MessageSent } from './DurableProducerQueue.js'
import type {
  ConsumerControllerCommand,
  MessageWithConfirmation,
  Payload,
  ProducerControllerCommand,
  RequestNext,
} from './messages.js'
import { isWaiting, producerFrom, stepProducer, type Numbered, type Producer, type ProducerEffect } from './producer.js'
import { replaceWatch } from './replaceWatch.js'
import { once, turn } from './turn.js'

/**
 * Options of a producer controller.
 *
 * @category model
 * @since 0.1.0
 */
export interface ProducerControllerOptions<A> extends DurableOptions<A> {
  /** Sends messages in pieces of at most `chunkBytes`, a whole number from 1. The consumer controller needs the same codec. Default: whole. */
  readonly chunking?: { readonly codec: ChunkCodec<A>; readonly chunkBytes: number }
  /** Milliseconds without a confirmation after which the consumer controller is asked. Above 0. Default: 1,000. */
  readonly resendIntervalMs?: number
}

/** What the producer has told. A class, so that no message can pass for it; so are the others. */
class Given<A> {
  readonly _tag = 'Given'
  readonly starts: number
  readonly message: A
  readonly replyTo: ActorRef<number> | undefined

  constructor(starts: number, message: A, replyTo: ActorRef<number> | undefined) {
    this.starts = starts
    this.message = message
    this.replyTo = replyTo
  }
}

class Ticked {
  readonly _tag = 'Ticked'
}

type State<A> = Producer<A, ActorRef<number>>
type Effect<A> = ProducerEffect<A, ActorRef<number>>
type Store<A> = Extract<Effect<A>, { readonly _tag: 'Store' | 'StoreConfirmed' }>
type Message<A> = ProducerControllerCommand<A> | Given<A> | Ticked | StoreEnded<Store<A>> | StoreAgain<Store<A>>

/** What stays the same while a controller lives. */
interface Shell<A> {
  readonly producerId: string
  readonly context: ActorContext<Message<A>>
  readonly timers: TimerScheduler<Message<A>>
  readonly options: ProducerControllerOptions<A>
  readonly numbering: string | undefined
}

/** Whom it works for, and how far it is. */
interface Work<A> {
  readonly state: State<A>
  readonly producer: ActorRef<RequestNext<A>> | undefined
  /** How often a producer has started: what one of before was asked for is not what this one is. */
  readonly starts: number
  readonly consumer: ActorRef<ConsumerControllerCommand<A>> | undefined
}

const producerController = <A>(
  producerId: string,
  options: ProducerControllerOptions<A> = {},
): Behavior<ProducerControllerCommand<A>> => {
  checkOptions(producerId, options)
  return Behaviors.setup<Message<A>>((context) =>
    Behaviors.withTimers<Message<A>>((timers) => {
      const begin = (stored?: DurableProducerState<A>): Behavior<Message<A>> => {
        const shell = { producerId, context, timers, options, numbering: stored?.numbering }
        const state = producerFrom<A, ActorRef<number>>(withAcks(stored))
        return running(shell, { state, producer: undefined, starts: 0, consumer: undefined })
      }
      return options.durableQueue === undefined ? begin() : loading(context, options.durableQueue, options, begin)
    }),
  )
}

const checkOptions = <A>(producerId: string, options: ProducerControllerOptions<A>): void => {
  if (typeof producerId !== 'string' || producerId === '')
    throw new TroupeError(
      'IllegalArgument',
      'The producerId of a ProducerController is empty. Give it a name that no other producer of its consumer has.',
    )
  const where = `of the ProducerController of '${producerId}'`
  requireThat(`resendIntervalMs ${where}`, options.resendIntervalMs ?? 1_000, period)
  requireAttempts(options, where)
  if (options.chunking !== undefined) requireThat(`chunkBytes ${where}`, options.chunking.chunkBytes, wholeFrom(1))
}

/** Who waited for a confirmation is not known any more. */
const withAcks = <A>(
  stored: DurableProducerState<A> | undefined,
): { readonly currentSeqNr: number; readonly unconfirmed: readonly Numbered<A>[] } | undefined =>
  stored === undefined
    ? undefined
    : { ...stored, unconfirmed: stored.unconfirmed.map((message) => ({ ...message, ack: false })) }

const running = <A>(shell: Shell<A>, work: Work<A>): Behavior<Message<A>> =>
  Behaviors.receive<Message<A>>(
    (_, message) => running(shell, handle(shell, work, message)),
    (_, signal) => {
      if (signal._tag !== 'Terminated') return Behaviors.same
      if (work.producer?.equals(signal.ref) === true) return Behaviors.stopped
      if (work.consumer?.equals(signal.ref) !== true) return Behaviors.same
      return running(shell, advance(shell, { ...work, consumer: undefined }, { _tag: 'ConsumerEnded' }))
    },
  )

const handle = <A>(shell: Shell<A>, work: Work<A>, message: Message<A>): Work<A> => {
  switch (message._tag) {
    case 'Start':
      replaceWatch(shell.context, work.producer, message.producer)
      return advance(shell, { ...work, producer: message.producer, starts: work.starts + 1 }, { _tag: 'Started' })
    case 'RegisterConsumer':
      replaceWatch(shell.context, work.consumer, message.consumerController)
      return advance(shell, { ...work, consumer: message.consumerController }, { _tag: 'ConsumerRegistered' })
    case 'Given': {
      if (!work.state.isRequested || message.starts !== work.starts) {
        // A producer that was replaced may still have been at work.
        shell.context.system.deadLetters.tell(message.message)
        return work
      }
      const payloads = payloadsOf(shell, message.message)
      return advance(shell, work, { _tag: 'Given', payloads, replyTo: message.replyTo })
    }
    case 'StoreEnded':
      return storeEnded(shell, work, message)
    case 'StoreAgain':
      store(shell, message.store, message.attempt)
      return work
    default:
      return advance(shell, work, message)
  }
}

const payloadsOf = <A>({ options: { chunking } }: Shell<A>, message: A): readonly Payload<A>[] =>
  chunking === undefined ? [{ _tag: 'Whole', message }] : split(chunking.codec.encode(message), chunking.chunkBytes)

const storeEnded = <A>(shell: Shell<A>, work: Work<A>, ended: StoreEnded<Store<A>>): Work<A> => {
  const kept = keptOrAgain(shell.context, shell.timers, shell.options, ended)
  return kept?._tag === 'Store' ? advance(shell, work, { ...kept, _tag: 'Stored' }) : work
}

/** One step, and what comes of it. */
const advance = <A>(
  shell: Shell<A>,
  work: Work<A>,
  event: Parameters<typeof stepProducer<A, ActorRef<number>>>[1],
): Work<A> => {
  const [state, effects] = stepProducer(work.state, event)
  for (const effect of effects) carryOut(shell, { ...work, state }, effect)
  const { timers, options } = shell
  if (!isWaiting(state)) timers.cancel(Ticked)
  else if (!timers.isTimerActive(Ticked))
    timers.startSingleTimer(Ticked, new Ticked(), options.resendIntervalMs ?? 1_000)
  return { ...work, state }
}

const carryOut = <A>(shell: Shell<A>, work: Work<A>, effect: Effect<A>): void => {
  const { producer, consumer } = work
  const { producerId, numbering, context } = shell
  const producerController = context.self
  switch (effect._tag) {
    case 'Send': {
      const { seqNr, payload, ack } = effect.numbered
      const { first } = effect
      const _tag = 'SequencedMessage'
      consumer?.tell({ _tag, producerId, seqNr, payload, first, ack, numbering, producerController })
      return
    }
    case 'Poll':
      consumer?.tell({ _tag: 'Poll', producerId, lastSeqNr: effect.lastSeqNr, numbering, producerController })
      return
    case 'RequestNext':
      producer?.tell(requestNext(shell, work))
      return
    case 'Reply':
      effect.replyTo.tell(effect.seqNr)
      return
    case 'Store':
    case 'StoreConfirmed':
      store(shell, effect, 1)
  }
}

const requestNext = <A>({ context, producerId }: Shell<A>, { state, starts }: Work<A>): RequestNext<A> => {
  const { currentSeqNr, confirmedSeqNr } = state
  const oneMessage = turn(
    `${context.self.path.toString()}: the producer '${producerId}' has sent a second message for one RequestNext. ` +
      'Send one, and wait for the next RequestNext.',
  )
  const given = (message: A, replyTo: ActorRef<number> | undefined): Message<A> => {
    requireMessage(message, context.self)
    return new Given(starts, message, replyTo)
  }
  return {
    _tag: 'RequestNext',
    producerId,
    currentSeqNr,
    confirmedSeqNr,
    sendNextTo: once(context.self, oneMessage, (message: A) => given(message, undefined)),
    askNextTo: once(context.self, oneMessage, ({ message, replyTo }: MessageWithConfirmation<A>) =>
      given(message, replyTo),
    ),
  }
}

const store = <A>({ context, options: { durableQueue } }: Shell<A>, effect: Store<A>, attempt: number): void => {
  if (durableQueue === undefined) return
  const operation = (): TaskEither<unknown, void> =>
    effect._tag === 'Store'
      ? durableQueue.storeSent(effect.numbered.map(({ seqNr, payload }): MessageSent<A> => ({ seqNr, payload })))
      : durableQueue.storeConfirmed(effect.seqNr)
  keep(context, operation, effect, attempt)
}

/**
 * The producer's side of reliable delivery.
 *
 * A producer is told `RequestNext` when it may send, and sends one message. The controller gives it a number and keeps it until the consumer
 * has confirmed it. What the other side misses is sent again. It stops when the producer stops.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, type Behavior } from 'troupe'
 * import { Confirmed, ConsumerController, ProducerController, type Delivery, type RequestNext } from 'troupe/delivery'
 *
 * const consumer = Behaviors.receiveMessageWithSame<Delivery<number>>(({ message, confirmTo }) => {
 *   console.log(message)
 *   confirmTo.tell(Confirmed)
 * })
 * const counting = (n: number): Behavior<RequestNext<number>> =>
 *   Behaviors.receiveMessage<RequestNext<number>>(({ sendNextTo }) => {
 *     sendNextTo.tell(n)
 *     return n < 3 ? counting(n + 1) : Behaviors.ignore
 *   })
 * const main = Behaviors.setup<never>((context) => {
 *   const producing = context.spawn(ProducerController.of<number>('counter'), 'producing')
 *   const consuming = context.spawn(ConsumerController.of<number>(), 'consuming')
 *   producing.tell(ProducerController.start(context.spawn(counting(1), 'producer')))
 *   consuming.tell(ConsumerController.start(context.spawn(consumer, 'consumer')))
 *   consuming.tell(ConsumerController.registerToProducerController(producing))
 *   return Behaviors.ignore
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/reliable-delivery.html
 * @category constructors
 * @since 0.1.0
 */
export const ProducerController: {
  /**
   * The behavior of a controller. `producerId` tells its producer from others.
   *
   * @throws TroupeError IllegalArgument for an id that is empty or an option that is out of range
   */
  readonly of: <A>(producerId: string, options?: ProducerControllerOptions<A>) => Behavior<ProducerControllerCommand<A>>
  /** Names the producer, which is told when it may send. A producer that was restarted tells this again. */
  readonly start: <A>(
    producer: ActorRef<RequestNext<A>>,
  ) => Extract<ProducerControllerCommand<A>, { readonly _tag: 'Start' }>
  /** Names the consumer controller. With another one than before, all that is unconfirmed is sent to it. */
  readonly registerConsumer: <A>(
    consumerController: ActorRef<ConsumerControllerCommand<A>>,
  ) => Extract<ProducerControllerCommand<A>, { readonly _tag: 'RegisterConsumer' }>
} = {
  of: producerController,
  start: (producer) => ({ _tag: 'Start', producer }),
  registerConsumer: (consumerController) => ({ _tag: 'RegisterConsumer', consumerController }),
}
