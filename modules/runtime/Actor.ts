/**
 * The state of one actor, as the steps of its life see it. `Cell` implements `Actor`; what changes hands between the two types
 * shares this file.
 */
import type { RingBuffer } from '../base/index.js'
import type { Abortable, Active, AnyBehavior, Frames, Host, OpenWait, Waiting } from '../behavior/internal.js'
import type { TimerHandle } from '../model/index.js'
import { none, type Either, type Option } from '../model/internal.js'
import type { ActorId } from './ActorId.js'
import type { AdapterOwner } from './Adapter.js'
import type { Adapters } from './Adapters.js'
import type { Ref } from './Ref.js'
import type { Readings } from './Readings.js'
import type { ReceiveTimeout } from './ReceiveTimeout.js'
import type { Runtime } from './Runtime.js'
import type { Stash, StashOwner } from './Stash.js'
import type { TimerOwner, Timers } from './Timers.js'
import type { ActorWatch, WatchingActor, Watches } from './watching.js'
import type { WatchList } from './WatchList.js'

export interface Actor extends Host, AdapterOwner, StashOwner, TimerOwner, WatchingActor {
  readonly ref: Ref
  readonly runtime: Runtime
  /** Undefined for the roots of the tree. */
  readonly parent: Actor | undefined
  readonly id: ActorId
  /** Bits of flags.ts. */
  flags: number
  /** What it does; before its first start, what it is to start with. */
  behavior: Active | AnyBehavior
  firstChild: Actor | undefined
  /** Siblings: younger before, older after. */
  previous: Actor | undefined
  next: Actor | undefined
  readonly extra: Extra | undefined
  /** The extra, made if there was none. */
  need(): Extra
  /** Asks for a turn, even in a state in which messages wait. */
  wake(): void
  /** Asks it to stop, in a turn of its own. */
  requestStop(): void
  /** Asks it to end at once, without PostStop. */
  kill(): void
  /** Warns when more messages wait than should. */
  noteGrowth(size: number): void
  /** Becomes an active behavior; what is stopped stops it. */
  enter(active: Active): void
  /** A child has ended: takes it out of the tree and goes on with what waited for it. */
  childGone(child: Actor): void
  /** The next thing in the mailbox proper, undefined when there is none. */
  takeMail(): unknown
  /** It is dead and everybody knows: all that is left is its place in the tree, for its path. */
  bury(): void
}

/** A restart on its way. */
export interface Restart {
  /** The number of the frame that decided it. */
  readonly frame: number
  readonly stopChildren: boolean
  /** How many messages may wait; undefined when the mailbox decides. */
  /** So many more messages are held back; undefined when they stay in the mailbox. */
  room: number | undefined
  /** True when the old behavior has seen PreRestart. */
  isTold: boolean
  /** True when what belonged to the old behavior is gone or going. */
  isCleared: boolean
  /** The timer of the pause; undefined when there is none, or it is over. */
  pause: TimerHandle
}

/** What the actor waits for. */
export interface Wait extends Waiting {
  /** What runs for it. */
  work: OpenWait | undefined
  result: Either<unknown, unknown> | undefined
}

/** Told once: the first successful start, or what ended starting. */
export type StartNotice = (result: Either<unknown, void>) => void

/** What only some actors need: made when first used, so that an idle actor costs ten fields. */
export class Extra implements Watches {
  /** Living children that were given a name. */
  names: Map<string, Actor> | undefined = undefined
  watching: Map<object, ActorWatch> | undefined = undefined
  watches: WatchList | undefined = undefined
  timers: Timers | undefined = undefined
  timeout: ReceiveTimeout | undefined = undefined
  /** Stashes with something in them, in the order in which they came to it. */
  stashes: Set<Stash> | undefined = undefined
  /** Stashes being read. */
  unstashing: Readings | undefined = undefined
  /** Messages that were postponed. */
  kept: RingBuffer<unknown> | undefined = undefined
  /** Messages that come before the mailbox: held back through a restart, or postponed and offered again. */
  held: RingBuffer<unknown> | undefined = undefined
  frames: Frames | undefined = undefined
  restart: Restart | undefined = undefined
  wait: Wait | undefined = undefined
  /** Tasks piped to this actor that have not settled. */
  pipes: Set<Abortable> | undefined = undefined
  /** Why it failed. */
  cause: Option<unknown> = none
  onStopped: (() => void) | undefined = undefined
  startNotice: StartNotice | undefined = undefined
  /** Asks the next children to stop, once they all have to; undefined when they are asked all at once. */
  stopNext: (() => void) | undefined = undefined
  adapters: Adapters | undefined = undefined
}

export type { Active, AnyBehavior }
