/**
 * The actor beside a producer whose messages are work for whoever asks.
 */
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { Behaviors } from '../behavior/index.js'
import { Receptionist, type Listing, type ServiceKey } from '../discovery/index.js'
import type { ActorContext, ActorRef, Behavior, TimerScheduler } from '../model/index.js'
import { TroupeError } from '../model/index.js'
import { contramapRef } from '../runtime/index.js'
import { requireMessage } from '../runtime/internal.js'
import { keep, keptOrAgain, loading } from './durable.js'
import type { DurableOptions, StoreAgain, StoreEnded } from './durable.js'
import type { DurableProducerState, MessageSent } from './DurableProducerQueue.js'
import type {
  ConsumerControllerCommand,
  MessageWithConfirmation,
  ProducerControllerCommand,
  RequestNext,
} from './messages.js'
import { ProducerController, type ProducerControllerOptions } from './ProducerController.js'
import { replaceWatch } from './replaceWatch.js'
import { once, turn } from './turn.js'
import { nobody, stepSharing, type Sharing, type SharingEffect, type SharingEvent } from './workPulling.js'

/**
 * Tells a producer that a worker asks for work: it may send one message, by one of two references. The reply of `askNextTo` comes when a
 * worker has confirmed the message; it is the number of messages that were confirmed so far. With a durable queue it comes when the message is
 * stored, and is its number there.
 *
 * @category model
 * @since 0.1.0
 */
export interface WorkRequestNext<A> extends Pick<RequestNext<A>, '_tag' | 'sendNextTo' | 'askNextTo'> {}

/**
 * How many workers there are.
 *
 * @category model
 * @since 0.1.0
 */
export interface WorkerStats {
  readonly _tag: 'WorkerStats'
  readonly numberOfWorkers: number
}

/**
 * What a work pulling producer controller handles. The functions of `WorkPullingProducerController` make these.
 *
 * @category model
 * @since 0.1.0
 */
export type WorkPullingCommand<A> =
  | { readonly _tag: 'Start'; readonly producer: ActorRef<WorkRequestNext<A>> }
  | { readonly _tag: 'GetWorkerStats'; readonly replyTo: ActorRef<WorkerStats> }

/**
 * Options of a work pulling producer controller.
 *
 * @category model
 * @since 0.1.0
 */
export interface WorkPullingOptions<A>
  extends Pick<ProducerControllerOptions<A>, 'chunking' | 'resendIntervalMs'>, DurableOptions<A> {}

/** A piece of work, its number in the durable queue (0 without one), and who wants to know of it. */
interface Item<A> {
  readonly message: A
  readonly seqNr: number
  readonly replyTo: ActorRef<number> | undefined
}

type Ask<A> = ActorRef<MessageWithConfirmation<A>>
type Worker<A> = ActorRef<ConsumerControllerCommand<A>>

/** What happened, as this actor tells itself. A class, so that no message can pass for it. */
class Happened<A> {
  readonly _tag = 'Happened'
  readonly event: SharingEvent<Item<A>, Ask<A>>
  /** With 'Listed': who is listed. */
  readonly refs: readonly Worker<A>[]

  constructor(event: SharingEvent<Item<A>, Ask<A>>, refs: readonly Worker<A>[] = []) {
    this.event = event
    this.refs = refs
  }
}

/** What the producer has told. A class, too. */
class Given<A> {
  readonly _tag = 'Given'
  readonly starts: number
  readonly item: Item<A>

  constructor(starts: number, item: Item<A>) {
    this.starts = starts
    this.item = item
  }
}

/** What the durable queue is to keep, or may let go. */
type Store<A> =
  { readonly _tag: 'Store'; readonly item: Item<A> } | { readonly _tag: 'StoreConfirmed'; readonly seqNr: number }

type Message<A> = WorkPullingCommand<A> | Happened<A> | Given<A> | StoreEnded<Store<A>> | StoreAgain<Store<A>>

interface Shell<A> {
  readonly producerId: string
  readonly context: ActorContext<Message<A>>
  readonly timers: TimerScheduler<Message<A>>
  readonly options: WorkPullingOptions<A>
}

interface Work<A> {
  readonly state: Sharing<Item<A>, Ask<A>>
  readonly producer: ActorRef<WorkRequestNext<A>> | undefined
  /** How often a producer has started: what one of before was asked for is not what this one is. */
  readonly starts: number
  /** The controllers of those who work, by worker. */
  readonly controllers: ReadonlyMap<string, ActorRef<ProducerControllerCommand<A>>>
  readonly confirmed: number
  /** What the next message gets in the durable queue. */
  readonly nextSeqNr: number
  /** The durable queue was told that all up to this number are confirmed. */
  readonly storedSeqNr: number
  /** Confirmed numbers beyond that one. It is changed in place: it is as long as the queue when the oldest piece of work takes long. */
  readonly beyond: Set<number>
}

const workPulling = <A>(
  producerId: string,
  workerKey: ServiceKey<ConsumerControllerCommand<A>>,
  options: WorkPullingOptions<A> = {},
): Behavior<WorkPullingCommand<A>> => {
  if (typeof producerId !== 'string' || producerId === '')
    throw new TroupeError(
      'IllegalArgument',
      'The producerId of a WorkPullingProducerController is empty. Give it a name that no other producer of its workers has.',
    )
  // Options are looked at here, not when the first worker comes.
  ProducerController.of<A>(producerId, options)
  return Behaviors.setup<Message<A>>((context) =>
    Behaviors.withTimers<Message<A>>((timers) => {
      const listings = context.messageAdapter(
        ({ refs }: Listing<ConsumerControllerCommand<A>>) =>
          // Who is listed under this key handles what the key says.
          new Happened<A>({ _tag: 'Listed', keys: refs.map(String) }, refs as readonly Worker<A>[]),
      )
      const shell = { producerId, context, timers, options }
      const begin = (stored?: DurableProducerState<A>): Behavior<Message<A>> => {
        Receptionist.get(context.system).tell(Receptionist.subscribe(workerKey, listings))
        const nextSeqNr = stored?.currentSeqNr ?? 1
        const state = nobody<Item<A>, Ask<A>>(stored?.unconfirmed.map((sent) => itemOf(context, sent)))
        const storedSeqNr = (stored?.unconfirmed[0]?.seqNr ?? nextSeqNr) - 1
        const beyond = confirmedIn(stored, storedSeqNr)
        const counts = { starts: 0, confirmed: 0, nextSeqNr, storedSeqNr }
        return running(shell, { state, producer: undefined, controllers: new Map(), beyond, ...counts })
      }
      const { durableQueue } = options
      return durableQueue === undefined ? begin() : loading(context, durableQueue, options, begin)
    }),
  )
}

/** The numbers from this one on that a queue which lets go of each by itself holds no more. */
const confirmedIn = <A>(stored: DurableProducerState<A> | undefined, storedSeqNr: number): Set<number> => {
  const beyond = new Set<number>()
  for (let seqNr = storedSeqNr + 1; seqNr < (stored?.currentSeqNr ?? 1); seqNr++) beyond.add(seqNr)
  for (const { seqNr } of stored?.unconfirmed ?? []) beyond.delete(seqNr)
  return beyond
}

/** Whoever waited for its confirmation is not known any more. */
const itemOf = <A>(context: ActorContext<never>, { seqNr, payload }: MessageSent<A>): Item<A> => {
  if (payload._tag === 'Whole') return { message: payload.message, seqNr, replyTo: undefined }
  throw new TroupeError(
    'IllegalArgument',
    `${context.self.path.toString()}: its durable queue holds message ${String(seqNr)} in pieces, as a ProducerController with chunking ` +
      'stores them. Give each controller a queue of its own.',
  )
}

const running = <A>(shell: Shell<A>, work: Work<A>): Behavior<Message<A>> =>
  Behaviors.receive<Message<A>>(
    (_, message) => running(shell, handle(shell, work, message)),
    (_, signal) =>
      signal._tag === 'Terminated' && work.producer?.equals(signal.ref) === true ? Behaviors.stopped : Behaviors.same,
  )

const handle = <A>(shell: Shell<A>, work: Work<A>, message: Message<A>): Work<A> => {
  const { context } = shell
  switch (message._tag) {
    case 'Start':
      replaceWatch(context, work.producer, message.producer)
      return advance(shell, { ...work, producer: message.producer, starts: work.starts + 1 }, { _tag: 'Started' })
    case 'GetWorkerStats':
      message.replyTo.tell({ _tag: 'WorkerStats', numberOfWorkers: work.state.workers.length })
      return work
    case 'Happened':
      return advance(shell, work, message.event, message.refs)
    case 'Given':
      if (work.state.isRequested && message.starts === work.starts) return give(shell, work, message.item)
      // A producer that was replaced may still have been at work.
      context.system.deadLetters.tell(message.item.message)
      return work
    case 'StoreEnded':
      return storeEnded(shell, work, message)
    case 'StoreAgain':
      store(shell, message.store, message.attempt)
      return work
  }
}

const give = <A>(shell: Shell<A>, work: Work<A>, item: Item<A>): Work<A> => {
  const { nextSeqNr } = work
  const numbered = { ...item, seqNr: nextSeqNr }
  return advance(shell, { ...work, nextSeqNr: nextSeqNr + 1 }, { _tag: 'Given', item: numbered })
}

const store = <A>({ context, options: { durableQueue } }: Shell<A>, effect: Store<A>, attempt: number): void => {
  if (durableQueue === undefined) return
  const operation = (): TaskEither<unknown, void> =>
    effect._tag === 'Store'
      ? durableQueue.storeSent([{ seqNr: effect.item.seqNr, payload: { _tag: 'Whole', message: effect.item.message } }])
      : durableQueue.storeConfirmed(effect.seqNr)
  keep(context, operation, effect, attempt)
}

const storeEnded = <A>(shell: Shell<A>, work: Work<A>, ended: StoreEnded<Store<A>>): Work<A> => {
  const kept = keptOrAgain(shell.context, shell.timers, shell.options, ended)
  if (kept?._tag !== 'Store') return work
  const { item } = kept
  item.replyTo?.tell(item.seqNr)
  return advance(shell, work, { _tag: 'Stored', item })
}

/** One step, and what comes of it. */
const advance = <A>(
  shell: Shell<A>,
  work: Work<A>,
  event: SharingEvent<Item<A>, Ask<A>>,
  refs: readonly Worker<A>[] = [],
): Work<A> => {
  const [state, effects] = stepSharing(work.state, event)
  return effects.reduce((left, effect) => carryOut(shell, left, effect, refs), { ...work, state })
}

const carryOut = <A>(
  shell: Shell<A>,
  work: Work<A>,
  effect: SharingEffect<Item<A>, Ask<A>>,
  refs: readonly Worker<A>[],
): Work<A> => {
  const { context } = shell
  const controllers = new Map(work.controllers)
  switch (effect._tag) {
    case 'Begin':
      for (const ref of refs.filter((each) => each.toString() === effect.key))
        controllers.set(effect.key, begin(shell, ref))
      return { ...work, controllers }
    case 'End': {
      const controller = controllers.get(effect.key)
      if (controller !== undefined) context.stop(controller)
      controllers.delete(effect.key)
      return { ...work, controllers }
    }
    case 'Assign': {
      const { message } = effect.item
      effect.ask.tell({ _tag: 'MessageWithConfirmation', message, replyTo: doneTo(shell, work, effect.item) })
      return work
    }
    case 'Store':
      store(shell, { _tag: 'Store', item: effect.item }, 1)
      return work
    case 'Confirm':
      return confirm(shell, work, effect.item)
    case 'RequestNext':
      work.producer?.tell(requestNext(shell, work))
      return work
  }
}

/** Whoever waits for it is told; a durable queue is told how far all is confirmed. */
const confirm = <A>(shell: Shell<A>, work: Work<A>, { seqNr, replyTo }: Item<A>): Work<A> => {
  const confirmed = work.confirmed + 1
  if (!work.state.isDurable) {
    replyTo?.tell(confirmed)
    return { ...work, confirmed }
  }
  const storedSeqNr = confirmedUpTo(work, seqNr)
  if (storedSeqNr > work.storedSeqNr) store(shell, { _tag: 'StoreConfirmed', seqNr: storedSeqNr }, 1)
  return { ...work, confirmed, storedSeqNr }
}

/** Up to which number all is confirmed, now that this one is. */
const confirmedUpTo = <A>({ storedSeqNr, beyond }: Work<A>, seqNr: number): number => {
  beyond.add(seqNr)
  let upTo = storedSeqNr
  while (beyond.delete(upTo + 1)) upTo++
  return upTo
}

/** A controller for one worker, whose producer this actor is. */
const begin = <A>(
  { context, producerId, options }: Shell<A>,
  worker: Worker<A>,
): ActorRef<ProducerControllerCommand<A>> => {
  const key = worker.toString()
  // What is durable is shared by all workers, and is the affair of this actor.
  const { durableQueue: _queue, storeAttempts: _attempts, ...ofEach } = options
  const controller = context.spawn(ProducerController.of<A>(producerId, ofEach))
  const asks = contramapRef(
    ({ askNextTo }: RequestNext<A>): Message<A> => new Happened<A>({ _tag: 'Asked', key, ask: askNextTo }),
  )(context.self)
  controller.tell(ProducerController.start(asks))
  controller.tell(ProducerController.registerConsumer(worker))
  return controller
}

/** Whoever has the work just now is the one who confirms it. */
const doneTo = <A>({ context }: Shell<A>, { state }: Work<A>, item: Item<A>): ActorRef<number> => {
  const key = state.workers.find(({ items }) => items.includes(item))?.key ?? ''
  return contramapRef((_: number): Message<A> => new Happened<A>({ _tag: 'Done', key }))(context.self)
}

const requestNext = <A>({ context, producerId }: Shell<A>, { starts }: Work<A>): WorkRequestNext<A> => {
  const oneMessage = turn(
    `${context.self.path.toString()}: the producer '${producerId}' has sent a second message for one RequestNext. ` +
      'Send one, and wait for the next RequestNext.',
  )
  const given = (message: A, replyTo: ActorRef<number> | undefined): Message<A> => {
    requireMessage(message, context.self)
    return new Given<A>(starts, { message, seqNr: 0, replyTo })
  }
  return {
    _tag: 'RequestNext',
    sendNextTo: once(context.self, oneMessage, (message: A) => given(message, undefined)),
    askNextTo: once(context.self, oneMessage, ({ message, replyTo }: MessageWithConfirmation<A>) =>
      given(message, replyTo),
    ),
  }
}

/**
 * The producer's side of work pulling: workers come and go, and a message goes to a worker that asks for one.
 *
 * Workers are consumers whose controllers are registered under a key, see the option `serviceKey` of `ConsumerController.of`. What a worker that
 * has ended had not confirmed goes to another, so that a message may be processed twice, and not always in order.
 *
 * With a `durableQueue` a message is stored before a worker gets it, and what is unconfirmed when the controller ends goes to the workers of
 * the next one on that queue. The queue lets go what is confirmed up to the oldest that is not, so that a message beyond may be processed
 * again.
 *
 * @example
 * ```ts
 * import { ActorSystem, Behaviors, ServiceKey, type Behavior } from 'troupe'
 * import { Confirmed, ConsumerController, WorkPullingProducerController } from 'troupe/delivery'
 * import type { ConsumerControllerCommand, Delivery, WorkRequestNext } from 'troupe/delivery'
 *
 * const key = ServiceKey.of<ConsumerControllerCommand<string>>('painters')
 * const painter = Behaviors.setup<Delivery<string>>((context) => {
 *   const controller = context.spawn(ConsumerController.of<string>({ serviceKey: key }))
 *   controller.tell(ConsumerController.start(context.self))
 *   return Behaviors.receiveMessageWithSame(({ message, confirmTo }) => {
 *     console.log(`${context.self.path.name} paints ${message}`)
 *     confirmTo.tell(Confirmed)
 *   })
 * })
 * const rooms = (left: readonly string[]): Behavior<WorkRequestNext<string>> =>
 *   Behaviors.receiveMessage<WorkRequestNext<string>>(({ sendNextTo }) => {
 *     const [room, ...rest] = left
 *     if (room !== undefined) sendNextTo.tell(room)
 *     return rooms(rest)
 *   })
 * const main = Behaviors.setup<never>((context) => {
 *   for (const name of ['ada', 'bob']) context.spawn(painter, name)
 *   const controller = context.spawn(WorkPullingProducerController.of<string>('house', key))
 *   controller.tell(WorkPullingProducerController.start(context.spawn(rooms(['hall', 'attic', 'cellar']))))
 *   return Behaviors.ignore
 * })
 * const system = ActorSystem.create(main, 'demo')
 * ```
 *
 * @see https://pekko.apache.org/docs/pekko/current/typed/reliable-delivery.html
 * @category constructors
 * @since 0.1.0
 */
export const WorkPullingProducerController: {
  /**
   * The behavior of a controller. `producerId` tells its producer from others.
   *
   * @throws TroupeError IllegalArgument for an id that is empty or an option that is out of range
   */
  readonly of: <A>(
    producerId: string,
    workerKey: ServiceKey<ConsumerControllerCommand<A>>,
    options?: WorkPullingOptions<A>,
  ) => Behavior<WorkPullingCommand<A>>
  /** Names the producer, which is told when a worker asks. A producer that was restarted tells this again. */
  readonly start: <A>(
    producer: ActorRef<WorkRequestNext<A>>,
  ) => Extract<WorkPullingCommand<A>, { readonly _tag: 'Start' }>
  /** A request: how many workers there are. */
  readonly getWorkerStats: (
    replyTo: ActorRef<WorkerStats>,
  ) => Extract<WorkPullingCommand<never>, { readonly _tag: 'GetWorkerStats' }>
} = {
  of: workPulling,
  start: (producer) => ({ _tag: 'Start', producer }),
  getWorkerStats: (replyTo) => ({ _tag: 'GetWorkerStats', replyTo }),
}
