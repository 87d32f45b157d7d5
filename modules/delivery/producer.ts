/**
 * A producer controller as a value: what it has numbered and who has asked for what, and what it does next when something happens. Nothing
 * here sends anything; the shell carries out what comes out.
 *
 * ```
 *   confirmedSeqNr          nextSeqNr       currentSeqNr
 *         │ sent, unconfirmed │ not sent yet  │
 *   ──────┴───────────────────┴───────────────┴──────  numbers
 *         └────────── buffer ─────────────────┘
 * ```
 *
 * What is sent again is nothing special: `nextSeqNr` goes back, and what lies between it and the demand is sent.
 */
import type { ConsumerReply, Payload } from './messages.js'

/** Something that has its number. */
export interface Numbered<A> {
  readonly seqNr: number
  readonly payload: Payload<A>
  readonly ack: boolean
}

/** Somebody who waits for a confirmation. */
interface Owed<R> {
  readonly seqNr: number
  readonly replyTo: R
}

export interface Producer<A, R> {
  readonly isDurable: boolean
  readonly hasProducer: boolean
  readonly hasConsumer: boolean
  /** The producer was told that it may send. */
  readonly isRequested: boolean
  readonly isStoring: boolean
  /** False when the consumer wants nothing twice. */
  readonly supportResend: boolean
  /** What the next gets. */
  readonly currentSeqNr: number
  readonly confirmedSeqNr: number
  /** The demand. */
  readonly requestedSeqNr: number
  /** The first for this consumer controller. */
  readonly firstSeqNr: number
  /** The next to be sent. */
  readonly nextSeqNr: number
  readonly buffer: readonly Numbered<A>[]
  readonly owed: readonly Owed<R>[]
}

export type ProducerEvent<A, R> =
  | ConsumerReply
  | { readonly _tag: 'Started' | 'ConsumerRegistered' | 'ConsumerEnded' | 'Ticked' }
  | { readonly _tag: 'Given'; readonly payloads: readonly Payload<A>[]; readonly replyTo: R | undefined }
  | { readonly _tag: 'Stored'; readonly numbered: readonly Numbered<A>[]; readonly replyTo: R | undefined }

export type ProducerEffect<A, R> =
  | { readonly _tag: 'Send'; readonly numbered: Numbered<A>; readonly first: boolean }
  | { readonly _tag: 'RequestNext' }
  | { readonly _tag: 'Store'; readonly numbered: readonly Numbered<A>[]; readonly replyTo: R | undefined }
  | { readonly _tag: 'StoreConfirmed'; readonly seqNr: number }
  | { readonly _tag: 'Reply'; readonly replyTo: R; readonly seqNr: number }
  | { readonly _tag: 'Poll'; readonly lastSeqNr: number }

type Step<A, R> = readonly [Producer<A, R>, readonly ProducerEffect<A, R>[]]

/** Where numbers begin: at 1, or where a durable queue has come to. */
export const producerFrom = <A, R>(
  stored: { readonly currentSeqNr: number; readonly unconfirmed: readonly Numbered<A>[] } | undefined,
): Producer<A, R> => {
  const currentSeqNr = stored?.currentSeqNr ?? 1
  const buffer = stored?.unconfirmed ?? []
  const firstSeqNr = buffer[0]?.seqNr ?? currentSeqNr
  return {
    isDurable: stored !== undefined,
    hasProducer: false,
    hasConsumer: false,
    isRequested: false,
    isStoring: false,
    supportResend: true,
    currentSeqNr,
    confirmedSeqNr: firstSeqNr - 1,
    requestedSeqNr: firstSeqNr,
    firstSeqNr,
    nextSeqNr: firstSeqNr,
    buffer,
    owed: [],
  }
}

/** Whether there is something that may have to be asked for again. */
export const isWaiting = <A, R>(state: Producer<A, R>): boolean =>
  state.hasConsumer && (state.confirmedSeqNr < state.nextSeqNr - 1 || state.owed.length > 0)

/** What comes of an event. */
export const stepProducer = <A, R>(state: Producer<A, R>, event: ProducerEvent<A, R>): Step<A, R> => {
  const [changed, effects] = change(state, event)
  const [flushed, sent] = flush(changed)
  const [asked, requests] = requestNext(flushed)
  return [asked, [...effects, ...sent, ...requests]]
}

const change = <A, R>(state: Producer<A, R>, event: ProducerEvent<A, R>): Step<A, R> => {
  switch (event._tag) {
    case 'Started':
      // One that was told before does not know of it any more.
      return [{ ...state, hasProducer: true, isRequested: false }, []]
    case 'ConsumerRegistered':
      return [beginAnew({ ...state, hasConsumer: true, supportResend: true }), []]
    case 'ConsumerEnded':
      return [{ ...state, hasConsumer: false }, []]
    case 'Given':
      return give(state, event.payloads, event.replyTo)
    case 'Stored': {
      const effects: readonly ProducerEffect<A, R>[] =
        event.replyTo === undefined
          ? []
          : [{ _tag: 'Reply', replyTo: event.replyTo, seqNr: event.numbered.at(-1)?.seqNr ?? 0 }]
      return [append({ ...state, isStoring: false }, event.numbered), effects]
    }
    case 'Request': {
      const [confirmed, effects] = confirm(state, event.confirmedSeqNr)
      const { supportResend } = event
      const requestedSeqNr = Math.max(confirmed.requestedSeqNr, event.requestUpToSeqNr)
      return [letGo({ ...confirmed, requestedSeqNr, supportResend }), effects]
    }
    case 'Ack':
      return confirm(state, event.confirmedSeqNr)
    case 'Resend':
      return [resend(state, event.fromSeqNr), []]
    case 'Ticked':
      return tick(state)
  }
}

/** For a consumer controller that knows nothing yet: the first alone, and the rest when it asks. */
const beginAnew = <A, R>(state: Producer<A, R>): Producer<A, R> => {
  const firstSeqNr = state.buffer[0]?.seqNr ?? state.currentSeqNr
  return { ...state, firstSeqNr, requestedSeqNr: firstSeqNr, nextSeqNr: firstSeqNr }
}

const give = <A, R>(state: Producer<A, R>, payloads: readonly Payload<A>[], replyTo: R | undefined): Step<A, R> => {
  const numbered = payloads.map((payload, i) => ({
    seqNr: state.currentSeqNr + i,
    payload,
    ack: replyTo !== undefined && !state.isDurable && i === payloads.length - 1,
  }))
  const taken = { ...state, isRequested: false }
  if (state.isDurable) return [{ ...taken, isStoring: true }, [{ _tag: 'Store', numbered, replyTo }]]
  const seqNr = state.currentSeqNr + payloads.length - 1
  const owed = replyTo === undefined ? state.owed : [...state.owed, { seqNr, replyTo }]
  return [append({ ...taken, owed }, numbered), []]
}

const append = <A, R>(state: Producer<A, R>, numbered: readonly Numbered<A>[]): Producer<A, R> => ({
  ...state,
  currentSeqNr: state.currentSeqNr + numbered.length,
  buffer: [...state.buffer, ...numbered],
})

const confirm = <A, R>(state: Producer<A, R>, upTo: number): Step<A, R> => {
  // More than was ever sent cannot be confirmed.
  const seqNr = Math.min(upTo, state.currentSeqNr - 1)
  if (seqNr <= state.confirmedSeqNr) return [state, []]
  const replies = state.owed
    .filter((owed) => owed.seqNr <= seqNr)
    .map((owed): ProducerEffect<A, R> => ({ _tag: 'Reply', ...owed }))
  const stored: readonly ProducerEffect<A, R>[] = state.isDurable ? [{ _tag: 'StoreConfirmed', seqNr }] : []
  return [
    {
      ...state,
      confirmedSeqNr: seqNr,
      nextSeqNr: Math.max(state.nextSeqNr, seqNr + 1),
      buffer: state.buffer.filter((numbered) => numbered.seqNr > seqNr),
      owed: state.owed.filter((owed) => owed.seqNr > seqNr),
    },
    [...replies, ...stored],
  ]
}

const resend = <A, R>(state: Producer<A, R>, fromSeqNr: number): Producer<A, R> => {
  if (!state.supportResend) return state
  if (fromSeqNr <= 0) return beginAnew(state)
  return { ...state, nextSeqNr: Math.min(state.nextSeqNr, Math.max(fromSeqNr, state.confirmedSeqNr + 1)) }
}

/** Nobody has confirmed for a while: the first is sent again, and later ones are asked for by whoever misses them. */
const tick = <A, R>(state: Producer<A, R>): Step<A, R> => {
  if (!isWaiting(state)) return [state, []]
  const { supportResend, buffer, firstSeqNr, nextSeqNr } = state
  const again = buffer.filter(({ seqNr }) => supportResend && seqNr === firstSeqNr)
  const sends = again.map((numbered): ProducerEffect<A, R> => ({ _tag: 'Send', numbered, first: true }))
  const lastSeqNr = nextSeqNr - 1
  return [state, again[0]?.seqNr === lastSeqNr ? sends : [...sends, { _tag: 'Poll', lastSeqNr }]]
}

/** Sends what may be sent. */
const flush = <A, R>(state: Producer<A, R>): Step<A, R> => {
  if (!state.hasConsumer) return [state, []]
  const due = state.buffer.filter(({ seqNr }) => seqNr >= state.nextSeqNr && seqNr <= state.requestedSeqNr)
  const last = due.at(-1)
  if (last === undefined) return [state, []]
  const sent = due.map((numbered): ProducerEffect<A, R> => ({
    _tag: 'Send',
    numbered,
    first: numbered.seqNr === state.firstSeqNr,
  }))
  return [letGo({ ...state, nextSeqNr: last.seqNr + 1 }), sent]
}

/** What is sent is kept, unless nobody wants it twice. */
const letGo = <A, R>(state: Producer<A, R>): Producer<A, R> =>
  state.supportResend ? state : { ...state, buffer: state.buffer.filter(({ seqNr }) => seqNr >= state.nextSeqNr) }

const requestNext = <A, R>(state: Producer<A, R>): Step<A, R> => {
  const { hasProducer, hasConsumer, isRequested, isStoring, currentSeqNr, nextSeqNr, requestedSeqNr } = state
  const mayAsk = hasProducer && hasConsumer && !isRequested && !isStoring
  return mayAsk && nextSeqNr === currentSeqNr && currentSeqNr <= requestedSeqNr
    ? [{ ...state, isRequested: true }, [{ _tag: 'RequestNext' }]]
    : [state, []]
}
